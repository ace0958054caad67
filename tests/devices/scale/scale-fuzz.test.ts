/**
 * More than a million damaged frames, and streams that fast-check makes up: nothing crashes or hangs, and whatever is taken for
 * a weight is a frame of the stream that the maker's rules give the same weight.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScaleProtocol } from "../../../devices/scale/scale-protocol.ts";
import { Random } from "../../../simulators/world/random.ts";
import { ruledWeight } from "./frame-rules.ts";
import { bytesOf, GOLDEN, type GoldenFrame, protocolOf } from "./scale-bench.ts";

const MUTATED_FRAMES = 1_000_000;
const FRAMES_PER_STREAM = 4;

/** One to three injuries: a bit, a byte, a byte gone, a byte too many, two changed about, the rest gone, a digit for a digit. */
function injure(frame: readonly number[], dice: Random): number[] {
    const bytes = [...frame];
    for (let left = 1 + dice.int(3); left > 0 && bytes.length > 0; left--) {
        const at = dice.int(bytes.length);
        const byte = bytes[at] ?? 0;
        switch (dice.int(7)) {
            case 0:
                bytes[at] = byte ^ (1 << dice.int(8));
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
                bytes[at] = bytes[(at + 1) % bytes.length] ?? 0;
                bytes[(at + 1) % bytes.length] = byte;
                break;
            case 5:
                bytes.length = at;
                break;
            case 6:
                bytes[at] = 0x30 + dice.int(10);
        }
    }
    return bytes;
}

/** Weights found in a stream, each held against the rules; the count of them. */
function judged(golden: GoldenFrame, protocol: ScaleProtocol, chunks: readonly Uint8Array[]): number {
    const cutter = protocol.cutter();
    let weights = 0;
    const stream = Buffer.concat(chunks);
    // Where silence ends an answer, all of it is the frame.
    const isWhole = protocol.poll?.answerGapMs !== undefined;
    const frames = isWhole ? [stream] : chunks.flatMap((chunk) => cutter.push(chunk));
    for (const frame of frames) {
        const word = protocol.read(frame);
        if (word.is !== "weight") continue;
        weights++;
        const ruled = ruledWeight(frame, golden);
        const isSame =
            ruled !== undefined && Math.abs(ruled.kg - word.grossKg) < 1e-5 && ruled.stable === word.isStable;
        if (!isSame || !stream.includes(Buffer.from(frame))) {
            expect({ profile: golden.profile, frame: Buffer.from(frame).toString("latin1"), word }).toEqual({ ruled });
        }
    }
    return weights;
}

const wireForm = (golden: GoldenFrame): number[] => [
    ...bytesOf(golden.hex),
    ...(golden.profile.startsWith("mt-sics") ? [0x0d, 0x0a] : []),
];

test(`${MUTATED_FRAMES} damaged golden frames`, { timeout: 120_000 }, () => {
    const dice = new Random(20_261_123, "fuzz");
    const perGolden = Math.ceil(MUTATED_FRAMES / FRAMES_PER_STREAM / GOLDEN.length);
    let frames = 0;
    let weights = 0;
    for (const golden of GOLDEN) {
        const protocol = protocolOf(golden);
        const good = wireForm(golden);
        const isWhole = protocol.poll?.answerGapMs !== undefined;
        for (let run = 0; run < perGolden; run++) {
            if (isWhole) {
                for (let n = 0; n < FRAMES_PER_STREAM; n++)
                    weights += judged(golden, protocol, [Uint8Array.from(injure(good, dice))]);
            } else {
                const parts = Array.from({ length: FRAMES_PER_STREAM }, () => injure(good, dice));
                const stream = Uint8Array.from(parts.flat());
                const cut = dice.int(stream.length + 1);
                weights += judged(golden, protocol, [stream.subarray(0, cut), stream.subarray(cut)]);
            }
            frames += FRAMES_PER_STREAM;
        }
    }
    expect(frames).toBeGreaterThanOrEqual(MUTATED_FRAMES);
    console.log(`${frames} damaged frames of ${GOLDEN.length} golden ones, ${weights} still weights by the rules`);
    // An oracle that never judges proves nothing: a digit for a digit is a weight where there is no checksum.
    expect(weights).toBeGreaterThan(frames / 100);
});

const profiles = [...new Map(GOLDEN.map((golden) => [golden.profile, golden])).values()];

describe("streams made up by fast-check", () => {
    test.each(profiles.map((golden) => [golden.profile, golden] as const))("%s", (_name, golden) => {
        const protocol = protocolOf(golden);
        const good = wireForm(golden);
        const alphabet = fc.constantFrom(...good, 0x02, 0x03, 0x0d, 0x0a, 0x3d, 0xff, 0xfe, 0x30, 0x39, 0x2e, 0x2d);
        const piece = fc.oneof(
            fc.constant(good),
            fc.array(alphabet, { maxLength: 24 }),
            fc.array(fc.nat(255), { maxLength: 24 }),
        );
        fc.assert(
            fc.property(
                fc.array(
                    piece.map((bytes) => Uint8Array.from(bytes)),
                    { maxLength: 12 },
                ),
                (chunks) => {
                    judged(golden, protocol, chunks);
                },
            ),
            { numRuns: 300, seed: 20_261_123 },
        );
    });

    test("nothing is held back for ever: a cutter keeps less than 300 bytes of noise", () => {
        for (const golden of profiles) {
            const cutter = protocolOf(golden).cutter();
            const noise = new Uint8Array(100_000).fill(golden.profile.startsWith("tenso-m/") ? 0xff : 0x02);
            cutter.push(noise);
            expect(cutter.noise, golden.profile).toBeGreaterThan(noise.length - 300);
        }
    });
});
