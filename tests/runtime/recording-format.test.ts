/** Chunks give back exactly the images that went in, and say plainly when they are damaged. */
import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CONTACT_NAMES } from "../../src/core/lane/contacts.ts";
import type { LaneImage } from "../../src/core/lane/lane-image.ts";
import { startingState } from "../../src/core/lane/lane-state.ts";
import {
    changesOf,
    type HeadLine,
    headOf,
    packChunk,
    packImage,
    RecordingDamaged,
    readRecordings,
    type TickLine,
} from "../../src/runtime/recording-format.ts";
import { booking, LaneBench, PLAN, read } from "../core/lane/lane-harness.ts";

const PLAIN = new LaneBench().image();

/** Images that differ in every part that an image has. */
const IMAGES: readonly LaneImage[] = [
    PLAIN,
    { ...PLAIN, nowMs: PLAIN.nowMs + 50, utcMs: PLAIN.utcMs + 51 },
    { ...PLAIN, nowMs: PLAIN.nowMs + 0.1 + 0.2, list: { ...PLAIN.list, ageMs: Number.POSITIVE_INFINITY } },
    { ...PLAIN, contacts: {} },
    { ...PLAIN, contacts: Object.fromEntries(CONTACT_NAMES.map((name, ageMs) => [name, { isActive: true, ageMs }])) },
    { ...PLAIN, contacts: { exitLoop: { isActive: false, ageMs: 3 }, approachLoop: { isActive: true, ageMs: 4.25 } } },
    { ...PLAIN, weighing: { grossKg: 39_980, isStable: true, isInRange: true, raw: "0201", ageMs: 12 } },
    { ...PLAIN, weighing: { grossKg: -20, isStable: false, isInRange: true, raw: "0202", ageMs: 0 }, utcMs: 5 },
    { ...PLAIN, reads: [read("123ABC02", [booking("123ABC02")]), read("Ә9 挂", [], { near: [booking("1")] })] },
    { ...PLAIN, reads: [read("123ABC02", [booking("123ABC02")], { frames: 9 }), read("Ә9 挂", [])] },
    { ...PLAIN, reads: [], echo: { order: "raise", number: 3, status: "failed" }, isInterlockFree: false },
    {
        ...PLAIN,
        requests: [
            { id: "r", asks: "open", by: { kind: "central", name: "c-7" }, reason: "\n\u0000\u2028", expiresMs: 1 },
        ],
        freshPassage: "lane-1-x-9",
    },
];

function linesOf(images: readonly LaneImage[]): (HeadLine | TickLine)[] {
    const [first = PLAIN] = images;
    const lines: (HeadLine | TickLine)[] = [headOf("kordon 1", PLAN, startingState("p-1"), packImage(first))];
    let before = packImage(first);
    for (const image of images) {
        const after = packImage(image);
        lines.push(changesOf(before, after));
        before = after;
    }
    return lines;
}

/** One line a chunk, so that every chunk leans on the ones before it. */
function chunksOf(lines: readonly (HeadLine | TickLine)[]): Uint8Array[] {
    let dictionary: Buffer | undefined;
    return lines.map((line) => {
        const packed = packChunk([line], dictionary);
        dictionary = packed.dictionary;
        return packed.chunk;
    });
}

describe("images", () => {
    test("come back as they were, in every order", () => {
        const many = [...IMAGES, ...IMAGES.toReversed(), ...IMAGES.filter((_, index) => index % 3 === 1)];
        const [recording, ...rest] = readRecordings([packChunk(linesOf(many), undefined).chunk]);
        expect(rest).toEqual([]);
        expect(recording).toMatchObject({ program: "kordon 1", plan: PLAN, state: startingState("p-1") });
        expect(recording?.ticks.map(({ image }) => image)).toEqual(many);
    });

    test("come back from many chunks too, each leaning on those before it, however much went before", () => {
        const many = Array.from({ length: 400 }, (_, n): LaneImage => {
            const image = IMAGES[n % IMAGES.length] ?? PLAIN;
            return { ...image, nowMs: n * 50, freshPassage: `lane-1-${n}-${"x".repeat(n)}` };
        });
        const [recording] = readRecordings(chunksOf(linesOf(many)));
        expect(recording?.ticks.map(({ image }) => image)).toEqual(many);
    });

    test("of which nothing but time differs need no more than the time", () => {
        const later = { ...PLAIN, nowMs: PLAIN.nowMs + 50, utcMs: PLAIN.utcMs + 50 };
        const ages = Object.entries(PLAIN.contacts).map(([name, reading]) => [
            name,
            reading && { ...reading, ageMs: reading.ageMs + 50 },
        ]);
        const aged = {
            ...later,
            contacts: Object.fromEntries(ages),
            list: { ...PLAIN.list, ageMs: PLAIN.list.ageMs + 50 },
        };
        expect(changesOf(packImage(PLAIN), packImage(aged))).toEqual({ ms: 50 });
    });
});

test("lamp, orders and places of facts hold from the tick that says them", () => {
    const image = packImage(PLAIN);
    const lines: (HeadLine | TickLine)[] = [
        headOf("k", PLAN, startingState(), image),
        { ms: 0, light: "red", facts: [7, 2] },
        { ms: 50, light: "green", orders: [{ order: "raise", number: 1 }] },
        { ms: 50 },
    ];
    const [recording] = readRecordings([packChunk(lines, undefined).chunk]);
    expect(recording?.ticks.map(({ light, orders, facts }) => [light, orders.length, facts.count])).toEqual([
        ["red", 0, 2],
        ["green", 1, 0],
        ["green", 0, 0],
    ]);
    expect(recording?.ticks[0]?.facts).toEqual({ first: 7, count: 2 });
});

test("a restart within a passage begins a recording of its own", () => {
    const once = chunksOf(linesOf(IMAGES));
    const recordings = readRecordings([...once.slice(0, 4), ...once]);
    expect(recordings.map(({ ticks }) => ticks.length)).toEqual([3, IMAGES.length]);
});

describe("damage", () => {
    const whole = chunksOf(linesOf(IMAGES));
    const flipped = (chunk: Uint8Array | undefined): Uint8Array => {
        const copy = Uint8Array.from(chunk ?? []);
        copy[Math.floor(copy.length / 2)] = (copy[Math.floor(copy.length / 2)] ?? 0) ^ 0x10;
        return copy;
    };
    test.each<[string, readonly Uint8Array[], string]>([
        ["a chunk taken out", whole.toSpliced(3, 1), "chunk 4 of"],
        ["the first chunk taken out", whole.slice(1), "chunk 1 of"],
        [
            "two chunks exchanged",
            whole.toSpliced(3, 2, whole[4] ?? whole[0] ?? new Uint8Array(), whole[3] ?? new Uint8Array()),
            "chunk 4 of",
        ],
        ["a flipped bit", whole.toSpliced(5, 1, flipped(whole[5])), "chunk 6 of"],
        ["half a chunk", whole.toSpliced(2, 1, (whole[2] ?? new Uint8Array()).slice(0, 5)), "chunk 3 of"],
        ["no bytes", [new Uint8Array()], "chunk 1 of 1"],
        ["something else packed", [deflateSync("[1]")], "chunk 1 of 1"],
        ["no head", [deflateSync('{"ms":1}')], "begin with a head"],
        ["a head without an image", [deflateSync('{"format":1}\n{"ms":1}')], "does not hold images"],
        [
            "facts beyond counting",
            [packChunk(linesOf([PLAIN]).concat({ ms: 1, facts: [1, 1e15] }), undefined).chunk],
            "1000000000000000 facts",
        ],
        ["a newer format", [deflateSync('{"format":9}')], "format 9"],
    ])("%s is named", (_, chunks, named) => {
        expect(() => readRecordings(chunks)).toThrow(RecordingDamaged);
        expect(() => readRecordings(chunks)).toThrow(named);
    });
});
