/**
 * A million damaged messages, of every make, through the multipart reader and the dialects to the reads: nothing is thrown,
 * nothing grows, and no read has a text that was not on the wire. `KORDON_FUZZ=5000000` makes it five million.
 */
import { expect, test } from "vitest";
import { DIALECT_OF } from "../../../devices/camera/dialects.ts";
import { DIALECTS } from "../../../devices/camera/reading-camera-profile.ts";
import { multipartOf } from "../../../simulators/wire/reading-camera/maker-words.ts";
import { Random } from "../../../simulators/world/random.ts";
import { BadMultipart, MultipartReader } from "../../../src/transport/multipart-reader.ts";
import { openCamera, part } from "./camera-bench.ts";
import { bytesOf, GOLDEN, type GoldenMessage } from "./golden-messages.ts";

const MESSAGES = Number(process.env["KORDON_FUZZ"] ?? 1_000_000);
const PROFILES = {
    "hikvision-isapi": "camera/hikvision-isapi/http-push",
    "dahua-itc": "camera/dahua-itc/attach-file",
    "dahua-itsapi": "camera/dahua-itc/itsapi-push",
    "onvif-m": "camera/onvif-m/profile-m-mqtt",
    "ff-json": "camera/axis-ff/license-plate-verifier",
} as const satisfies Readonly<Record<(typeof DIALECTS)[number], string>>;

/** Pieces that parsers trip over. */
const CHARMS = [
    "<!DOCTYPE a>",
    "&lt;",
    "<licensePlate>777KKK05</licensePlate>",
    "]]>",
    "<![CDATA[",
    "\r\n--b\r\n",
    "--b--",
    '"__proto__":{"x":1},',
    "\\u0000",
    "Events[0].TrafficCar.PlateNumber=999ZZZ01\r\n",
    "\ud800",
    "\u0000",
    "<?xml version='1.0'?>",
    "Content-Length: 3\r\n",
    "{",
    "}",
    "[[[[[[[[[[[[[[[[",
].map((charm) => Buffer.from(charm));

/** One to three injuries: a bit, a byte, a stretch gone, a stretch doubled, a charm put in, the rest gone, a sign for a sign. */
function injured(good: Buffer, dice: Random): Buffer {
    let bytes: Buffer = Buffer.from(good);
    for (let left = 1 + dice.int(3); left > 0 && bytes.length > 0; left--) {
        const at = dice.int(bytes.length);
        const stretch = 1 + dice.int(40);
        switch (dice.int(7)) {
            case 0:
                bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.int(8));
                break;
            case 1:
                bytes[at] = dice.int(256);
                break;
            case 2:
                bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + stretch)]);
                break;
            case 3:
                bytes = Buffer.concat([bytes.subarray(0, at + stretch), bytes.subarray(at)]);
                break;
            case 4:
                bytes = Buffer.concat(
                    [bytes.subarray(0, at), CHARMS[dice.int(CHARMS.length)] ?? "", bytes.subarray(at)].map(Buffer.from),
                );
                break;
            case 5:
                bytes = bytes.subarray(0, at);
                break;
            case 6:
                bytes[at] = '0123456789ABCXYZ<>"{}[]=;'.charCodeAt(dice.int(25));
        }
    }
    return bytes;
}

/** Whether a text stands in the bytes as they came: in UTF-8, in GBK, or in the escapes of JSON. */
function isOnWire(text: string, wire: Buffer): boolean {
    if (wire.includes(Buffer.from(text))) return true;
    // XML 1.0, section 2.11: a line end is one sign, however it was written.
    const written = ["utf-8", "gbk"].map((charset) => new TextDecoder(charset).decode(wire).replaceAll(/\r\n?/g, "\n"));
    if (written.some((each) => each.includes(text))) return true;
    // Escapes of JSON, from left to right (RFC 8259, section 7).
    const meant = wire
        .toString("utf8")
        .replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, hex: string | undefined, sign: string) =>
            hex === undefined ? (SHORT_ESCAPES[sign] ?? sign) : String.fromCharCode(Number.parseInt(hex, 16)),
        );
    return meant.includes(text);
}

const SHORT_ESCAPES: { readonly [sign: string]: string } = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

const goldens = GOLDEN.map((golden) => ({ golden, bytes: bytesOf(golden) }));
const oneOf = (dice: Random): (typeof goldens)[number] =>
    goldens[dice.int(goldens.length)] ?? { golden: GOLDEN[0] as GoldenMessage, bytes: Buffer.alloc(0) };

test(`${MESSAGES} damaged messages give no read that was not on the wire`, { timeout: 600_000 }, () => {
    const dice = new Random(20_261_124, "fuzz");
    const cameras = new Map(DIALECTS.map((dialect) => [dialect, openCamera(PROFILES[dialect])]));
    let reads = 0;
    for (let n = 0; n < MESSAGES; n++) {
        const { golden, bytes } = oneOf(dice);
        const wire = injured(bytes, dice);
        const heard = DIALECT_OF[golden.dialect](part(golden.type, wire));
        if (heard.is !== "plates") continue;
        for (const { text } of heard.events) {
            reads++;
            if (!isOnWire(text, wire)) expect({ n, text, wire: wire.toString("latin1") }).toBe("on the wire");
        }
        // Every fourth goes on to the camera: its memory must stay small and its reads clean.
        if (n % 4 === 0) cameras.get(golden.dialect)?.feed.say(part(golden.type, wire));
    }
    for (const { camera } of cameras.values()) {
        expect(camera.reads().length).toBeLessThanOrEqual(8);
        for (const { text, confidence } of camera.reads()) {
            expect(text).toMatch(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\s.·•_/-]{0,23}$/u);
            expect(confidence).toBeGreaterThanOrEqual(0);
            expect(confidence).toBeLessThanOrEqual(1);
        }
    }
    console.log(`${MESSAGES} damaged messages, ${reads} still with a plate text`);
    // An oracle that never judges proves nothing.
    expect(reads).toBeGreaterThan(MESSAGES / 20);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
});

test("damaged multipart streams: parts lie on the wire as they are, and nothing is held beyond the limits", {
    timeout: 600_000,
}, () => {
    const dice = new Random(20_261_125, "fuzz");
    const streams = Math.ceil(MESSAGES / 20);
    let parts = 0;
    let lost = 0;
    for (let n = 0; n < streams; n++) {
        const bodies = Array.from({ length: 4 }, () => oneOf(dice));
        const whole = multipartOf(
            bodies.map(({ golden, bytes }) => ({ type: golden.type, name: "x", body: bytes })),
            "b",
            dice.int(2) === 0,
        );
        const wire = injured(injured(whole, dice), dice);
        const reader = new MultipartReader("b");
        try {
            for (let at = 0; at < wire.length; ) {
                const length = 1 + dice.int(wire.length);
                for (const cut of reader.push(wire.subarray(at, at + length))) {
                    const bytes = Buffer.from(cut.bytes);
                    parts++;
                    if (!wire.includes(bytes)) expect({ n, part: bytes.toString("latin1") }).toBe("on the wire");
                }
                at += length;
            }
        } catch (error) {
            expect(error).toBeInstanceOf(BadMultipart);
            lost++;
        }
    }
    console.log(`${streams} damaged streams, ${parts} parts, ${lost} given up`);
    expect(parts).toBeGreaterThan(streams);
});
