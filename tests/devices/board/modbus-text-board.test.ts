/** The text board over real Modbus TCP against a board in a process of its own, with every fault that its wire and it can have. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadBoardProfile, type ModbusTextProfile } from "../../../devices/board/board-profile.ts";
import type { Charset } from "../../../devices/board/charset.ts";
import { ModbusTextBoard } from "../../../devices/board/modbus-text/modbus-text-board.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { ModbusBus } from "../../../src/transport/modbus-bus.ts";
import { modbusTcp } from "../../../src/transport/modbus-wire.ts";
import { BoardChild, faceOf } from "./board-child.ts";

const FILE = new URL("../../../devices/board/modbus-text/kordon-text-board-1.json", import.meta.url);
const profile = loadBoardProfile(JSON.parse(readFileSync(FILE, "utf8"))) as ModbusTextProfile;
const GOOD_FOR_MS = 60_000;

let child: BoardChild;
let bus: ModbusBus;

beforeEach(async () => {
    child = await BoardChild.start({ speaks: "modbus-text" });
    const open = modbusTcp({ host: "127.0.0.1", port: child.port }, systemClock);
    const backOff = { minMs: 1, maxMs: 1, random: Math.random };
    bus = new ModbusBus({ id: "bus", open, clock: systemClock, timeoutMs: 200, backOff });
});

afterEach(async () => {
    await bus.close();
    await child.end();
});

const board = (charset: Charset = "kz-1048") =>
    new ModbusTextBoard({
        id: "board-1",
        unit: bus.unit(1),
        profile: { ...profile, applyMsMax: 300 },
        charset,
        lostLines: ["Байланыс жоқ", "Нет связи"],
        clock: systemClock,
    });

describe("a good board", () => {
    test.each(["kz-1048", "utf-8"] as const)(
        "%s: shows a Kazakh text whole, in its colour, and proves it",
        async (charset) => {
            const lines = ["Шақырылды", "123ABC02        1 14:05", "Қызметкерді күтіңіз"];
            const proof = await board(charset).show(faceOf(lines, { tone: "wait" }), GOOD_FOR_MS);
            expect(proof).toEqual({ proof: "read-back", replaced: 0 });
            await expect.poll(() => child.shown.at(-1)).toEqual({ is: "shows", lines, tone: "wait", by: "daemon" });
        },
    );

    test("letters that its set lacks are replaced visibly and counted", async () => {
        const proof = await board("cp1251").show(faceOf(["Қызметкер"]), GOOD_FOR_MS);
        expect(proof.replaced).toBe(1);
        await expect.poll(() => child.text).toBe("?ызметкер");
    });

    test("a text of 500 bytes goes in many writes and is never seen in part", async () => {
        const one = board();
        const [long, other] = ["Я", "Ж"].map((sign) => Array.from({ length: 10 }, () => sign.repeat(48)));
        await one.show(faceOf(long ?? []), GOOD_FOR_MS);
        await one.show(faceOf(other ?? []), GOOD_FOR_MS);
        await expect.poll(() => child.shown.map(({ lines }) => lines)).toEqual([long, other]);
        await expect(one.show(faceOf(Array(11).fill("Я".repeat(48))), GOOD_FOR_MS)).rejects.toMatchObject({
            code: "REFUSED",
        });
    });

    test("when nobody speaks any more it falls back by itself to its text for lost connections", async () => {
        await board().show(faceOf(["Проезжайте"]), 1_000);
        await child.until("its time ran out", () => child.shown.at(-1)?.by === "lost");
        await expect.poll(() => child.text).toBe("Байланыс жоқ|Нет связи");
    });

    test("after its power was gone it gets the present text, and the same face again proves that it is there", async () => {
        const one = board();
        await one.show(faceOf(["A"]), GOOD_FOR_MS);
        await child.powerCycle();
        await expect.poll(() => child.shown.at(-1)?.by).toBe("lost");
        await one.show(faceOf(["A"]), GOOD_FOR_MS);
        await expect.poll(() => child.shown.at(-1)).toMatchObject({ lines: ["A"], by: "daemon" });
    });
});

describe("faults", () => {
    test.each([
        ["silence", { kind: "silence" }, "NO_REPLY"],
        ["a reply that is lost", { kind: "lost-reply" }, "NO_REPLY"],
        ["a late reply", { kind: "delay", ms: 400 }, "NO_REPLY"],
        ["garbage", { kind: "garbage" }, /BAD_REPLY|NO_REPLY|NOT_CONNECTED/],
        ["half a reply", { kind: "partial" }, /BAD_REPLY|NO_REPLY/],
        ["another unit's answer", { kind: "wrong-unit" }, /BAD_REPLY|NO_REPLY/],
        ["a cut line", { kind: "disconnect" }, "NOT_CONNECTED"],
        ["an exception", { kind: "exception", code: 2 }, "BAD_REPLY"],
        ["commits that are taken and not shown", { kind: "frozen" }, "NOT_APPLIED"],
        ["a register that is lost on the way", { kind: "torn" }, "NOT_APPLIED"],
    ] as const)("%s: is said, nothing half is shown, and all is well when it is over", async (_name, fault, code) => {
        const one = board();
        await one.show(faceOf(["old text"]), GOOD_FOR_MS);
        await child.fault(fault);
        const after = child.shown.length;
        const said = one.show(faceOf(["another text, and longer"]), GOOD_FOR_MS);
        await expect(said).rejects.toMatchObject({
            code: typeof code === "string" ? code : expect.stringMatching(code),
        });
        for (const { lines } of child.shown.slice(after)) expect(lines).toEqual(["another text, and longer"]);
        await child.fault({ kind: "none" });
        await expect
            .poll(() =>
                one.show(faceOf(["fresh"]), GOOD_FOR_MS).then(
                    () => child.text,
                    (error) => error.code,
                ),
            )
            .toBe("fresh");
    });

    test("something else behind the address is told from a board", async () => {
        const unit = { readHolding: async () => Array(12).fill(0), writeHoldings: async () => expect.unreachable() };
        const other = new ModbusTextBoard({
            id: "b",
            unit,
            profile,
            charset: "utf-8",
            lostLines: [],
            clock: systemClock,
        });
        await expect(other.show(faceOf(["x"]), GOOD_FOR_MS)).rejects.toThrow(/no text board of register map 1/);
    });
});
