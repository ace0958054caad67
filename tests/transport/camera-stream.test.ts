/** A camera's stream over real HTTP with digest, against simulated cameras of two makes and their faults. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { ReadingCamera } from "../../devices/camera/reading-camera.ts";
import { StreamCamera, type StreamCameraOptions } from "../../simulators/wire/reading-camera/stream-camera.ts";
import { realClock } from "../../simulators/world/clock.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { CameraStream } from "../../src/transport/camera-stream.ts";
import { profile } from "../devices/camera/camera-bench.ts";

const ACCOUNT = { username: "kordon", password: "s3cret: ok" };
const PROFILE = {
    hikvision: profile("camera/hikvision-isapi/alert-stream"),
    dahua: profile("camera/dahua-itc/attach-file"),
};
const backOff = { minMs: 20, maxMs: 40, random: () => 0.5 };

/** How long the stream waited before it asked again. */
let slept: number[] = [];
const clock: Clock = {
    ...systemClock,
    sleep: (delayMs, signal) => {
        slept.push(delayMs);
        return systemClock.sleep(delayMs, signal);
    },
};

let simulated: StreamCamera;
let camera: ReadingCamera;

async function open(
    make: StreamCameraOptions["make"],
    options: Partial<StreamCameraOptions> = {},
    password = ACCOUNT.password,
) {
    simulated = await StreamCamera.listen({ make, account: ACCOUNT, clock: realClock, heartbeatMs: 40, ...options });
    const model = PROFILE[make];
    if (model.transport !== "http-pull") throw new Error("not asked for");
    const feed = new CameraStream({
        device: "anpr",
        url: simulated.url,
        path: model.path.replace("{channel}", "1"),
        credentials: { ...ACCOUNT, password },
        clock,
        silentMsMax: 300,
        backOff,
    });
    slept = [];
    camera = new ReadingCamera({ camera: "anpr", profile: model, feed, clock: systemClock, silentMsMax: 400 });
    camera.start();
}

const isWell = () => vi.waitFor(() => expect(camera.health()).toMatchObject({ state: "well" }), 5_000);
const sees = (plate: string) =>
    vi.waitFor(() => expect(camera.reads().map(({ text }) => text)).toContain(plate), { timeout: 5_000, interval: 5 });
const fails = (code: string) =>
    vi.waitFor(() => expect(camera.health()).toMatchObject({ state: "failed", code }), 5_000);

afterEach(async () => {
    await camera.stop();
    await simulated.close();
});

describe.each(["hikvision", "dahua"] as const)("%s", (make) => {
    test("logs in, is well by heart-beats alone, and gives reads with pictures at once", async () => {
        await open(make);
        await isWell();
        expect(simulated.requests).toBe(2);
        simulated.see("123ABC02");
        await sees("123ABC02");
        await vi.waitFor(() => expect(camera.reads()[0]?.evidence.length).toBeGreaterThan(0));
        expect(camera.reads()[0]).toMatchObject({ text: "123ABC02", frames: 1, told: { line: "1" } });
        expect(camera.reads()[0]?.confidence).toBeCloseTo(0.97, 2);
    });

    test("the same three times is one read, seen once", async () => {
        await open(make);
        await isWell();
        simulated.fault = { kind: "duplicates", times: 3 };
        simulated.see("123ABC02");
        await vi.waitFor(() => expect(camera.count("repeated")).toBe(2));
        expect(camera.reads()).toMatchObject([{ text: "123ABC02", frames: 1 }]);
        expect(camera.reads()[0]?.firstSeenMs).toBe(camera.reads()[0]?.lastSeenMs);
    });

    test("silence is a failure, and the stream is asked for again", async () => {
        await open(make);
        await isWell();
        simulated.fault = { kind: "silence" };
        await fails("NO_REPLY");
        simulated.fault = { kind: "none" };
        await isWell();
        simulated.see("123ABC02");
        await sees("123ABC02");
    });

    test("a cut connection is a failure, and made anew", async () => {
        await open(make);
        await isWell();
        simulated.fault = { kind: "disconnect" };
        await fails("NOT_CONNECTED");
        simulated.fault = { kind: "none" };
        await isWell();
    });

    test("bytes in between are skipped; the next event counts", async () => {
        await open(make);
        await isWell();
        simulated.fault = { kind: "garbage" };
        simulated.see("123ABC02");
        await sees("123ABC02");
    });

    test("an event that breaks off is none, and what follows is understood again", async () => {
        await open(make);
        await isWell();
        simulated.fault = { kind: "partial" };
        simulated.see("111AAA01");
        simulated.fault = { kind: "none" };
        await vi.waitFor(() => {
            simulated.see("222BBB02");
            expect(camera.reads().map(({ text }) => text)).toContain("222BBB02");
        }, 5_000);
        expect(camera.reads().map(({ text }) => text)).not.toContain("111AAA01");
    });

    test("a wrong password says so, and the account is not hammered on", async () => {
        await open(make, {}, "guess");
        await fails("BAD_REPLY");
        expect(camera.health().detail).toContain("refuses user name or password");
        await vi.waitFor(() => expect(slept).toEqual([60_000]));
    });

    test("a camera that refuses names its status", async () => {
        await open(make);
        simulated.fault = { kind: "refusal", status: 503 };
        await vi.waitFor(() => expect(camera.health().detail).toContain("HTTP 503"), 5_000);
    });

    test("delay: the read is of the moment it came in", async () => {
        await open(make);
        await isWell();
        simulated.fault = { kind: "delay", ms: 150 };
        const saidMs = systemClock.monotonicMs();
        simulated.see("123ABC02");
        await sees("123ABC02");
        expect(camera.reads()[0]?.firstSeenMs).toBeGreaterThanOrEqual(saidMs + 140);
    });
});

test("text in GBK is read as such", async () => {
    await open("hikvision", { charset: "GBK" });
    await isWell();
    simulated.see("123ABC02");
    await sees("123ABC02");
});

test("an ordinary page is no stream", async () => {
    await open("hikvision");
    await camera.stop();
    const feed = new CameraStream({
        device: "anpr",
        url: simulated.url,
        path: "/nothing-here",
        credentials: ACCOUNT,
        clock: systemClock,
        silentMsMax: 300,
        backOff,
    });
    camera = new ReadingCamera({ camera: "anpr", profile: PROFILE.hikvision, feed, clock: systemClock });
    camera.start();
    await vi.waitFor(() => expect(camera.health().detail).toContain("HTTP 404"), 5_000);
});
