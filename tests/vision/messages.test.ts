import { describe, expect, test } from "vitest";
import { ToChild, ToParent } from "../../src/vision/messages.ts";

const corner = [0.5, 0.5];
const read = {
    camera: "front",
    track: "front-1-1",
    text: "123ABC02",
    confidence: 0.9,
    frames: 4,
    agreeing: 4,
    firstSeenMs: 1,
    lastSeenMs: 2,
    recogniser: "r",
    corners: [corner, corner, corner, corner],
    evidence: [{ jpeg: new Uint8Array([1]), kind: "frame" }],
};
const beat = { is: "beat", frameAgeMs: null, fps: 8, badFrames: 0, framesRead: 0, readMs: null };

const good: readonly unknown[] = [
    { is: "ready", recogniser: "r" },
    beat,
    { ...beat, frameAgeMs: 3.5, readMs: 40 },
    { is: "read", read },
    { is: "read", read: { ...read, evidence: [] } },
    { is: "gone", track: "t" },
    { is: "health", state: "well" },
    { is: "health", state: "failed", code: "FRAME_TIMEOUT", detail: "d" },
    { is: "health", state: "failed", code: "REFUSED", detail: "d" },
];

const bad: readonly unknown[] = [
    undefined,
    null,
    "read",
    {},
    { is: "unheard-of" },
    { ...beat, fps: -1 },
    { ...beat, extra: 1 },
    { is: "read", read: { ...read, confidence: 1.01 } },
    { is: "read", read: { ...read, confidence: Number.NaN } },
    { is: "read", read: { ...read, text: "" } },
    { is: "read", read: { ...read, text: "A".repeat(33) } },
    { is: "read", read: { ...read, corners: [corner] } },
    { is: "read", read: { ...read, evidence: [{ jpeg: "base64", kind: "frame" }] } },
    { is: "health", state: "well", code: "FRAME_TIMEOUT" },
    { is: "health", state: "failed", detail: "no code" },
    { is: "health", state: "failed", code: "UNHEARD_OF", detail: "d" },
];

describe("messages of the child", () => {
    test.each(good.map((message) => [message]))("accepts %j", (message) => {
        expect(ToParent.safeParse(message).success).toBe(true);
    });

    test.each(bad.map((message) => [message]))("refuses %j", (message) => {
        expect(ToParent.safeParse(message).success).toBe(false);
    });
});

describe("messages of the parent", () => {
    test.each([[{ do: "watch", isWanted: true }], [{ do: "watch", isWanted: false }], [{ do: "stop" }]])(
        "accepts %j",
        (message) => {
            expect(ToChild.safeParse(message).success).toBe(true);
        },
    );

    test.each([[null], [{ do: "watch" }], [{ do: "watch", isWanted: 1 }], [{ do: "stop", now: true }], [{ do: "go" }]])(
        "refuses %j",
        (message) => {
            expect(ToChild.safeParse(message).success).toBe(false);
        },
    );
});
