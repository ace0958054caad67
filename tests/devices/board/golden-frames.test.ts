/** Bytes written by hand, against the bytes that the drivers make: frames, registers, activation codes, check sums. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LineDisplayProfile, loadBoardProfile, type NtcipProfile } from "../../../devices/board/board-profile.ts";
import { displayFrame } from "../../../devices/board/line-display/display-frame.ts";
import { settingsWords, statusOf, textCrc, textWords } from "../../../devices/board/modbus-text/text-registers.ts";
import {
    activationCode,
    isSameCrc,
    messageCrc,
    messageId,
    messageObject,
} from "../../../devices/board/ntcip-1203/dms-objects.ts";
import { multiText } from "../../../devices/board/ntcip-1203/multi-text.ts";

const profile = (name: string) =>
    loadBoardProfile(JSON.parse(readFileSync(new URL(`../../../devices/board/${name}.json`, import.meta.url), "utf8")));
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const CHECK = new TextEncoder().encode("123456789");

describe("line display", () => {
    const framed = profile("line-display/kordon-line-display") as LineDisplayProfile;
    const shape = { lines: 2, columns: 20 };

    test("STX, number, tone, lines, ETX, check", () => {
        const display = { lines: ["GO", "1A2"], tone: "go", shape, charset: "kz-1048", address: 7 } as const;
        const { bytes } = displayFrame(display, framed);
        // 30 37 47 47 4F 0D 31 41 32 exclusive-ored: 07^47=40, ^47=07, ^4F=48, ^0D=45, ^31=74, ^41=35, ^32=07
        expect(text(bytes)).toBe("\x0207GGO\r1A2\x0307");
    });

    test("Kazakh goes out in KZ-1048", () => {
        const { bytes, replaced } = displayFrame(
            { lines: ["Өтіңіз"], tone: "go", shape, charset: "kz-1048", address: 1 },
            framed,
        );
        expect(Buffer.from(bytes).subarray(4, -3).toString("hex")).toBe("a5f2b3beb3e7");
        expect(replaced).toBe(0);
    });

    test("a display that does not clear gets full lines", () => {
        const { bytes } = displayFrame(
            { lines: ["STOP"], tone: "stop", shape, charset: "cp1251", address: 1 },
            profile("line-display/escpos-customer-display") as LineDisplayProfile,
        );
        expect(text(bytes)).toBe(`\x1b@\x0c${"STOP".padEnd(20)}\r\n${" ".repeat(20)}\x1b_\x00`);
    });

    test("no text can end a frame or begin another: control characters never come so far, and none is made here", () => {
        fc.assert(
            fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 4 }), (raw) => {
                const lines = raw.map((line) => line.replace(/\p{C}/gu, " "));
                const { bytes } = displayFrame({ lines, tone: "info", shape, charset: "kz-1048", address: 1 }, framed);
                expect([...bytes].filter((byte) => byte === 2 || byte === 3)).toEqual([2, 3]);
            }),
        );
    });
});

describe("Modbus text board", () => {
    test("the CRC is the published one", () => expect(textCrc(CHECK)).toBe(0x4b37));

    test("two characters a register and a zero behind them", () => {
        expect(textWords(Buffer.from("ABC"))).toEqual([0x4142, 0x4300]);
        expect(textWords(Buffer.from("ABCD"))).toEqual([0x4142, 0x4344, 0]);
        expect(textWords(Buffer.from(""))).toEqual([0]);
    });

    test("settings and status stand where the map says", () => {
        const settings = { charset: "kz-1048", tone: "go", isBlinking: true, goodForMs: 15_000, crc: 0xbeef } as const;
        expect(settingsWords(settings)).toEqual([2, 2, 1, 15, 0xbeef]);
        expect(settingsWords({ ...settings, goodForMs: 1 })[3]).toBe(1);
        expect(statusOf([0x4b54, 1, 4, 20, 512, 0b110, 9, 1, 0x1234, 14, 0, 1])).toMatchObject({
            ...{ isOurs: true, lines: 4, columns: 20, textBytesMax: 512, charsets: 6 },
            ...{ echo: 9, result: 1, shownCrc: 0x1234, ttlLeftS: 14, state: 1 },
        });
        expect(statusOf([0x4b54, 2]).isOurs).toBe(false);
    });
});

describe("NTCIP 1203", () => {
    const sign = profile("ntcip-1203/colour-sign") as NtcipProfile;

    test("the CRC of ISO/IEC 3309 is the published one, over text, beacon and pixel service", () => {
        // CRC-16/X-25 of "123456789" is 906E; here the last two signs are the two numbers behind the text.
        expect(messageCrc(CHECK.subarray(0, 7), 0x38, 0x39)).toBe(0x906e);
        expect([isSameCrc(0x906e, 0x906e), isSameCrc(0x6e90, 0x906e), isSameCrc(0x906f, 0x906e)]).toEqual([
            true,
            true,
            false,
        ]);
    });

    test("object numbers and codes", () => {
        const place = { memory: 3, number: 258 };
        expect(messageObject("multiString", place)).toBe("1.3.6.1.4.1.1206.4.2.3.5.8.1.3.3.258");
        expect(messageObject("status", place)).toBe("1.3.6.1.4.1.1206.4.2.3.5.8.1.9.3.258");
        const id = messageId(place, 0xabcd);
        expect(Buffer.from(id).toString("hex")).toBe("030102abcd");
        expect(Buffer.from(activationCode(2, 200, id)).toString("hex")).toBe("0002c8030102abcd7f000001");
    });

    test.each([
        ["lines and colour", ["Drive on", "123ABC02"], "go", "[jp3][jl3][cf3]Drive on[nl]123ABC02"],
        ["flashing", ["STOP"], "stop", "[jp3][jl3][cf1][fl]STOP[/fl]"],
        ["brackets are doubled", ["[fl]GO[/fl]", "]["], "info", "[jp3][jl3][cf9][[fl]]GO[[/fl]][nl]]][["],
    ] as const)("MULTI: %s", (_name, lines, tone, multi) => {
        expect(text(multiText({ lines, tone }, sign, "kz-1048").bytes)).toBe(multi);
    });

    test("no text can make a tag: what is left when doubled brackets and our own tags are taken away has none", () => {
        fc.assert(
            fc.property(fc.array(fc.string({ unit: "grapheme-ascii" }), { minLength: 1, maxLength: 4 }), (lines) => {
                const multi = text(
                    multiText({ lines, tone: "info" }, { ...sign, before: "", colours: {} }, "ascii").bytes,
                );
                const tags =
                    multi
                        .replaceAll("[[", "")
                        .replaceAll("]]", "")
                        .match(/\[[^\]]*\]/g) ?? [];
                expect(tags).toEqual(lines.slice(1).map(() => "[nl]"));
            }),
        );
    });
});
