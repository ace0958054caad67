/**
 * Тензо-М, the maker's own protocol: `FF address code data checksum FF FF`, and FE after every FF in between. Asked for the
 * gross weight (C3), the indicator answers with six decimal digits, low pair first, and a byte of state.
 */
import { garbled, noWeight, type ScaleProtocol, type ScaleSettings, type ScaleWord } from "../scale-protocol.ts";
import { kilograms } from "../weight-text.ts";
import { TensoCutter } from "./tenso-cutter.ts";

const GROSS = 0xc3;
const POLYNOMIAL = 0x69;
/** Address, code, three pairs of digits, state, checksum. */
const REPLY = 7;
const STATE = { minus: 0x80, stable: 0x10, overload: 0x08, point: 0x07 } as const;
const DIGITS = 6;

export function tensoM(settings: ScaleSettings): ScaleProtocol {
    const read = (frame: Uint8Array): ScaleWord => readTensoM(frame, settings);
    return {
        cutter: () => new TensoCutter(),
        read,
        poll: {
            asks: [framed([settings.unit, GROSS])],
            answerMsMax: 800,
            join: ([answer]) => (answer === undefined ? garbled("no answer") : read(answer)),
        },
    };
}

function readTensoM(frame: Uint8Array, { unit, weightUnit }: ScaleSettings): ScaleWord {
    const body = unstuffed(frame);
    if (body?.length !== REPLY) return garbled("length or stuffing");
    const [address, code, low = 0, middle = 0, high = 0, state = 0, sum] = body;
    if (address !== unit || code !== GROSS) return garbled("address or code");
    if (crc8(body.slice(0, -1)) !== sum) return garbled("checksum");
    const digits = [high, middle, low].map((pair) => pair.toString(16).padStart(2, "0")).join("");
    const decimals = state & STATE.point;
    if (!/^\d{6}$/.test(digits) || decimals > DIGITS) return garbled("digits or point");
    if ((state & STATE.overload) !== 0) return noWeight("over", "overload");
    const kg = kilograms(Number(digits), decimals, weightUnit);
    return {
        is: "weight",
        grossKg: (state & STATE.minus) !== 0 ? 0 - kg : kg,
        isStable: (state & STATE.stable) !== 0,
    };
}

/** What stands between `FF` and `FF FF`, without the FE behind each FF; undefined when there is an FF without one. */
function unstuffed(frame: Uint8Array): readonly number[] | undefined {
    if (frame[0] !== 0xff || frame.at(-1) !== 0xff || frame.at(-2) !== 0xff) return undefined;
    const inner = frame.subarray(1, -2);
    const body: number[] = [];
    for (let at = 0; at < inner.length; at++) {
        const byte = inner[at] ?? 0;
        body.push(byte);
        if (byte !== 0xff) continue;
        at += 1;
        if (inner[at] !== 0xfe) return undefined;
    }
    return body;
}

function framed(body: readonly number[]): Uint8Array {
    const inner = [...body, crc8(body)].flatMap((byte) => (byte === 0xff ? [0xff, 0xfe] : [byte]));
    return Uint8Array.from([0xff, ...inner, 0xff, 0xff]);
}

/** Polynomial 69h, start 0, highest bit first; the maker's zero byte at the end is the same as shifting through. */
function crc8(bytes: readonly number[]): number {
    let crc = 0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ POLYNOMIAL) & 0xff : (crc << 1) & 0xff;
    }
    return crc;
}
