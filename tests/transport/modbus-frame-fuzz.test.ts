/**
 * A million damaged Modbus answers, cut anywhere, on TCP and on a serial line: nothing but `BadFrame` is thrown, and what is taken
 * for the answer is a frame of the right unit, function, length and check sum that stood on the wire as it is.
 */
import { expect, test } from "vitest";
import { Random } from "../../simulators/world/random.ts";
import { BadFrame, type ModbusFraming } from "../../src/transport/modbus-frame.ts";
import { ModbusRtuFraming } from "../../src/transport/modbus-rtu-framing.ts";
import { ModbusTcpFraming } from "../../src/transport/modbus-tcp-framing.ts";

const FRAMES = 1_000_000;

/** The check sum by the book's second method, a table of 256 entries: not the product's bit by bit. */
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value % 2 === 1 ? 0xa001 ^ ((value - 1) / 2) : value / 2;
    return value;
});
function checkSum(bytes: Uint8Array): number {
    return bytes.reduce((crc, byte) => (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0), 0xffff);
}
function summed(...body: readonly number[]): Buffer {
    const sum = checkSum(Uint8Array.from(body));
    return Buffer.from([...body, sum & 0xff, sum >>> 8]);
}

/** A request, its right answer, and how long answers to it are without unit and check sum. */
const TALKS = [
    { request: summed(3, 1, 0, 16, 0, 6), answer: [3, 1, 1, 0x2d] },
    { request: summed(3, 2, 0, 0, 0, 12), answer: [3, 2, 2, 0x2d, 0x05] },
    { request: summed(3, 3, 0, 6, 0, 2), answer: [3, 3, 4, 0, 0, 0x7a, 0x58] },
    { request: summed(3, 5, 0, 1, 0xff, 0), answer: [3, 5, 0, 1, 0xff, 0] },
    { request: summed(3, 6, 0, 8, 0, 30), answer: [3, 6, 0, 8, 0, 30] },
    { request: summed(3, 3, 0, 6, 0, 2), answer: [3, 0x83, 2] },
] as const;

function injured(good: readonly number[], dice: Random): Buffer {
    const bytes = [...good];
    // One in eight comes whole, so that there is something to take.
    for (let left = dice.int(8) === 0 ? 0 : 1 + dice.int(3); left > 0 && bytes.length > 0; left--) {
        const at = dice.int(bytes.length);
        switch (dice.int(6)) {
            case 0:
                bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.int(8));
                break;
            case 1:
                bytes[at] = dice.int(256);
                break;
            case 2:
                bytes.splice(at, 1);
                break;
            case 3:
                bytes.splice(at, 0, dice.int(256));
                break;
            case 4:
                bytes.length = at;
                break;
            case 5:
                bytes.unshift(...Array.from({ length: 1 + dice.int(6) }, () => dice.int(256)));
        }
    }
    return Buffer.from(bytes);
}

/** What the framing takes for the answer, fed in two pieces; `refused` when it threw as it may. */
function taken(framing: ModbusFraming, wire: Buffer, cut: number): Buffer | "refused" | undefined {
    try {
        const first = framing.accept(wire.subarray(0, cut)).reply;
        return first ?? framing.accept(wire.subarray(cut)).reply;
    } catch (error) {
        if (error instanceof BadFrame) return "refused";
        throw error;
    }
}

/** The book's view of a frame in serial form. */
function isRight(frame: Buffer, { request, answer }: (typeof TALKS)[number]): boolean {
    const functionCode = request[1] ?? 0;
    const count = request.readUInt16BE(4);
    const sizes: { readonly [code: number]: number } = {
        1: 3 + Math.ceil(count / 8),
        2: 3 + Math.ceil(count / 8),
        3: 3 + 2 * count,
    };
    const isException = frame[1] === functionCode + 0x80;
    const size = isException ? 3 : (sizes[functionCode] ?? 6);
    return (
        frame.length === size + 2 &&
        frame[0] === answer[0] &&
        (isException || frame[1] === functionCode) &&
        checkSum(frame.subarray(0, -2)) === frame.readUInt16LE(size)
    );
}

test.each(["tcp", "rtu"] as const)("%s: half a million damaged answers", { timeout: 120_000 }, (kind) => {
    const dice = new Random(kind === "tcp" ? 20_261_126 : 20_261_127, "fuzz");
    let answers = 0;
    for (let n = 0; n < FRAMES / 2; n++) {
        const talk = TALKS[n % TALKS.length] ?? TALKS[0];
        const framing = kind === "tcp" ? new ModbusTcpFraming() : new ModbusRtuFraming();
        const sent = framing.wrap(talk.request);
        const header = [sent[0] ?? 0, sent[1] ?? 0, 0, 0, 0, talk.answer.length];
        const good = kind === "tcp" ? [...header, ...talk.answer] : [...summed(...talk.answer)];
        const wire = injured(good, dice);
        const frame = taken(framing, wire, dice.int(wire.length + 1));
        if (frame === undefined || frame === "refused") continue;
        answers++;
        const onWire = kind === "tcp" ? frame.subarray(0, -2) : frame;
        const hasHeader =
            kind === "rtu" || wire.subarray(0, 6).equals(Buffer.from([...header.slice(0, 5), onWire.length]));
        if (!isRight(frame, talk) || !wire.includes(onWire) || !hasHeader) {
            expect({ n, wire: wire.toString("hex"), frame: frame.toString("hex") }).toBe("the right answer");
        }
    }
    console.log(`${kind}: ${FRAMES / 2} damaged answers, ${answers} still right`);
    expect(answers).toBeGreaterThan(FRAMES / 20);
});
