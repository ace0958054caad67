import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/ports/clock.ts";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import type { PlateRead } from "../../src/ports/plate-source.ts";
import type { ChildPlan, Supervise } from "../../src/ports/supervised-child.ts";
import { VisionPlateSource } from "../../src/vision/vision-plate-source.ts";

/** A source with a child that exists on paper only. */
function open() {
    const told: unknown[] = [];
    let nowMs = 1_000;
    let health: DeviceHealth = { device: "front", state: "well", failures: 0 };
    let plan: ChildPlan | undefined;
    const supervise: Supervise = (given) => {
        plan = given;
        return {
            send: (message) => told.push(message),
            health: () => health,
            stop: async () => undefined,
        };
    };
    const clock: Clock = {
        monotonicMs: () => nowMs,
        utcMs: () => 0,
        after: () => () => undefined,
        every: () => () => undefined,
        sleep: async () => undefined,
    };
    const source = new VisionPlateSource({ camera: "front", url: "http://c/x", frameMsMax: 1_000 }, supervise, clock);
    return {
        source,
        told,
        hear: (message: unknown) => plan?.onMessage(message),
        start: () => plan?.onStart(),
        setHealth: (next: DeviceHealth) => (health = next),
        wait: (byMs: number) => (nowMs += byMs),
        plan: () => plan,
    };
}

function read(track: string, more: Partial<PlateRead> = {}): PlateRead {
    return {
        ...{ camera: "front", track, text: "123ABC02", confidence: 0.9, frames: 3, agreeing: 3, recogniser: "r" },
        ...{ firstSeenMs: 500, lastSeenMs: 900, evidence: [] },
        corners: [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
        ],
        ...more,
    };
}

const beat = (frameAgeMs: number | null) => ({
    is: "beat",
    ...{ frameAgeMs, fps: 8, badFrames: 0, framesRead: 1, readMs: 40 },
});
const failed = { is: "health", state: "failed", code: "NOT_CONNECTED", detail: "gone" };

describe("reads", () => {
    test("are the newest of each track, newest first", () => {
        const { source, hear } = open();
        source.watch(true);
        hear({ is: "read", read: read("a", { lastSeenMs: 700 }) });
        hear({ is: "read", read: read("b", { lastSeenMs: 800 }) });
        hear({ is: "read", read: read("a", { lastSeenMs: 900, agreeing: 4, frames: 4 }) });
        expect(source.reads().map(({ track, agreeing }) => [track, agreeing])).toEqual([
            ["a", 4],
            ["b", 3],
        ]);
        hear({ is: "gone", track: "a" });
        expect(source.reads().map(({ track }) => track)).toEqual(["b"]);
    });

    test("keep the best pictures until better ones come", () => {
        const { source, hear } = open();
        source.watch(true);
        const pictures = [1, 2].map((byte) => [{ jpeg: new Uint8Array([byte]), kind: "plate" as const }]);
        hear({ is: "read", read: read("a", { evidence: pictures[0] ?? [] }) });
        hear({ is: "read", read: read("a") });
        expect(source.reads()[0]?.evidence).toEqual(pictures[0]);
        hear({ is: "read", read: read("a", { evidence: pictures[1] ?? [] }) });
        expect(source.reads()[0]?.evidence).toEqual(pictures[1]);
    });

    test("end with the wish for them, and late ones do not count", () => {
        const { source, hear, told } = open();
        source.watch(true);
        hear({ is: "read", read: read("a") });
        source.watch(false);
        hear({ is: "read", read: read("b") });
        expect(source.reads()).toEqual([]);
        expect(told).toEqual([
            { do: "watch", isWanted: true },
            { do: "watch", isWanted: false },
        ]);
    });

    test("end with the child, and a new child is told what is wanted", () => {
        const { source, hear, start, setHealth, told } = open();
        source.watch(true);
        hear({ is: "read", read: read("a") });
        setHealth({ device: "front", state: "failed", code: "CHILD_DIED", failures: 1 });
        expect(source.reads()).toEqual([]);
        setHealth({ device: "front", state: "starting", failures: 1 });
        expect(source.reads()).toEqual([]);
        start();
        expect(told.at(-1)).toEqual({ do: "watch", isWanted: true });
    });

    test("end when the camera is lost", () => {
        const { source, hear } = open();
        source.watch(true);
        hear({ is: "read", read: read("a") });
        hear(failed);
        expect(source.reads()).toEqual([]);
    });

    test("of another camera, and malformed messages, are dropped; those are counted", () => {
        const { source, hear } = open();
        source.watch(true);
        hear({ is: "read", read: read("a", { camera: "rear" }) });
        hear({ is: "read", read: { ...read("a"), confidence: 7 } });
        hear("nonsense");
        expect(source.reads()).toEqual([]);
        expect(source.rejected).toBe(2);
    });

    test("are bounded", () => {
        const { source, hear } = open();
        source.watch(true);
        for (let index = 0; index < 500; index++) hear({ is: "read", read: read(`t${index}`) });
        expect(source.reads().length).toBe(32);
        expect(source.reads().some(({ track }) => track === "t499")).toBe(true);
    });
});

describe("health", () => {
    test("is starting until the first frame, then well", () => {
        const { source, hear } = open();
        expect(source.health().state).toBe("starting");
        hear(beat(null));
        expect(source.health().state).toBe("starting");
        hear({ is: "health", state: "well" });
        expect(source.health()).toEqual({ device: "front", state: "well", failures: 0 });
    });

    test("is the camera's when it fails, and counts each failure once", () => {
        const { source, hear } = open();
        hear(failed);
        hear(failed);
        expect(source.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED", failures: 1 });
        hear({ is: "health", state: "well" });
        hear(failed);
        expect(source.health().failures).toBe(2);
    });

    test("is the child's before the camera's", () => {
        const { source, hear, setHealth } = open();
        hear(failed);
        setHealth({ device: "front", state: "failed", code: "CHILD_SILENT", failures: 3 });
        expect(source.health()).toMatchObject({ code: "CHILD_SILENT", failures: 4 });
    });

    test("fails when frames grow old, whatever the child says", () => {
        const { source, hear, wait } = open();
        hear({ is: "health", state: "well" });
        hear(beat(100));
        expect(source.health().state).toBe("well");
        wait(1_901);
        expect(source.health()).toMatchObject({ state: "failed", code: "FRAME_TIMEOUT" });
        hear(beat(50));
        expect(source.health().state).toBe("well");
    });
});

test("the child gets its plan out of sight, and more time than a blocked opening takes", () => {
    const { plan } = open();
    expect(plan()?.args).toEqual([]);
    expect(plan()?.env["KORDON_CAMERA"]).toContain("http://c/x");
    expect(plan()?.silentMsMax).toBeGreaterThan(3_000);
    expect(plan()?.module).toMatch(/vision-main\.ts$/);
});
