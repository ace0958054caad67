/**
 * A vision child as the daemon runs it, against cameras on the wire: the simulated MJPEG camera with its faults, and an RTSP
 * server of somebody else. What arrives at the parent is what counts.
 */
import { afterEach, describe, expect, test } from "vitest";
import { type CameraServer, startCameraServer } from "../../simulators/world/camera/camera-server.ts";
import type { SceneView } from "../../simulators/world/scene-view.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { superviseWith } from "../../src/runtime/supervisor.ts";
import { VisionPlateSource } from "../../src/vision/vision-plate-source.ts";
import { NEEDS_GSTREAMER, startGStreamerCamera } from "./gstreamer-camera.ts";

const PLATE = "375SN04";
const closing: (() => Promise<unknown>)[] = [];
/** What children wrote on stderr. */
const said: string[] = [];

afterEach(async () => {
    said.splice(0);
    for (const close of closing.splice(0).reverse()) await close();
});

function scene(): SceneView {
    const plate = { text: PLATE, country: "KZ", rows: 1 } as const;
    return {
        lorries: [{ id: 1, frontAtM: -4.5, lateralM: 0, colour: "#2f5d8a", cab: 3, plate, dirt: 0 }],
        armAngleDeg: 0,
        light: { kind: "day", exposure: 1 },
        weather: "clear",
        worldMs: 0,
    };
}

async function openCamera(): Promise<CameraServer> {
    const camera = await startCameraServer({ port: 0, fps: 8, width: 1280, height: 720, seed: 5, scene });
    closing.push(() => camera.close());
    return camera;
}

function openSource(url: string, frameMsMax = 2_000, environment = process.env): VisionPlateSource {
    const log = { warn: () => undefined, debug: (fields: object) => said.push(JSON.stringify(fields)) };
    const source = new VisionPlateSource(
        { camera: "cam-1", url, frameMsMax },
        superviseWith(systemClock, log, environment),
        systemClock,
    );
    closing.push(() => source.stop());
    return source;
}

/** Looks at the source until it is as wanted; the source has no events of its own, as the lane polls it. */
async function until(what: string, look: () => boolean, deadlineMs = 60_000): Promise<void> {
    const lateMs = systemClock.monotonicMs() + deadlineMs;
    while (!look()) {
        if (systemClock.monotonicMs() > lateMs) throw new Error(`waited in vain until ${what}`);
        await systemClock.sleep(20);
    }
}

const streamOf = (camera: CameraServer): string => `http://127.0.0.1:${camera.port}/stream.mjpg`;

describe("an MJPEG camera", () => {
    test("a standing lorry's plate is read, agreed upon by frames, with its pictures", {
        timeout: 120_000,
    }, async () => {
        const source = openSource(streamOf(await openCamera()));
        await until("pictures come", () => source.health().state === "well");
        expect(source.reads()).toEqual([]); // Nobody asked yet.
        source.watch(true);
        const seen = () => source.reads().find(({ text, agreeing }) => text === PLATE && agreeing >= 3);
        await until("three frames agree", () => seen() !== undefined);
        const read = seen();
        expect(read?.confidence).toBeGreaterThan(0.6);
        expect(read?.lastSeenMs).toBeGreaterThan(read?.firstSeenMs ?? Number.POSITIVE_INFINITY);
        expect(read?.evidence.map(({ kind }) => kind).sort()).toEqual(["frame", "plate"]);
        for (const { jpeg } of read?.evidence ?? []) expect([jpeg[0], jpeg[1]]).toEqual([0xff, 0xd8]);
        source.watch(false);
        expect(source.reads()).toEqual([]);
    });

    test("where the networks cannot be run, the old way of reading is left, and the child says so", {
        timeout: 120_000,
    }, async () => {
        const refusing = `import { registerHooks } from "node:module";
            registerHooks({ resolve(name, context, next) {
                if (name === "onnxruntime-node") throw new Error("no such library here");
                return next(name, context);
            } });`;
        const hook = `--import=data:text/javascript,${encodeURIComponent(refusing)}`;
        const source = openSource(streamOf(await openCamera()), 2_000, { ...process.env, NODE_OPTIONS: hook });
        source.watch(true);
        await until("the plate is read", () => source.reads().some(({ text }) => text === PLATE));
        expect(source.reads().find(({ text }) => text === PLATE)?.recogniser).toMatch(/^tesseract/);
        expect(said.join("\n")).toMatch(/reading without them.*no such library here/);
    });

    test("a child that is killed takes its reads with it, is a failed device, and comes back", {
        timeout: 120_000,
    }, async () => {
        const source = openSource(streamOf(await openCamera()));
        source.watch(true);
        await until("something is read", () => source.reads().length > 0);
        const pid = Number(source.reads()[0]?.track.match(/^cam-1-(\d+)-/)?.[1]);
        process.kill(pid, "SIGKILL");
        await until("the device is failed", () => source.health().state === "failed");
        expect(source.health()).toMatchObject({ device: "cam-1", code: "CHILD_DIED" });
        expect(source.reads()).toEqual([]);
        // The new child is told again that a vehicle is there.
        await until("it reads again", () => source.reads().some(({ text }) => text === PLATE));
        expect(source.health().state).toBe("well");
    });

    test.each(["silent", "disconnect"] as const)(
        "%s: the camera is failed, and well again when it comes back",
        { timeout: 120_000 },
        async (fault) => {
            const camera = await openCamera();
            const source = openSource(streamOf(camera), 1_000);
            await until("pictures come", () => source.health().state === "well");
            camera.fault(fault);
            await until("it is noticed", () => source.health().state === "failed");
            expect(["FRAME_TIMEOUT", "NOT_CONNECTED"]).toContain(source.health().code);
            camera.fault("none");
            await until("it is well again", () => source.health().state === "well");
        },
    );

    test("broken pictures are counted and survived", { timeout: 120_000 }, async () => {
        const camera = await openCamera();
        const source = openSource(streamOf(camera));
        source.watch(true);
        await until("something is read", () => source.reads().length > 0);
        camera.fault("broken-jpeg");
        await until(
            "they are noticed",
            () => (source.beat()?.badFrames ?? 0) > 0 || source.health().state === "failed",
        );
        camera.fault("none");
        await until(
            "it reads again",
            () => source.health().state === "well" && source.reads().some(({ text }) => text === PLATE),
        );
    });

    test("a camera that is not there is failed and tried again", { timeout: 120_000 }, async () => {
        const source = openSource("http://127.0.0.1:9/stream.mjpg", 500);
        await until("it is noticed", () => source.health().state === "failed");
        expect(source.health().detail).toBeTruthy();
    });
});

const TEST_PICTURE =
    "videotestsrc is-live=true ! video/x-raw,format=I420,width=640,height=360,framerate=10/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26";

test("an RTSP camera, served by GStreamer, delivers frames that are read", { timeout: 120_000 }, async (context) => {
    const camera = await startGStreamerCamera(TEST_PICTURE);
    if (camera === undefined) return context.skip(NEEDS_GSTREAMER);
    closing.push(async () => camera.process.kill("SIGKILL"));
    const source = openSource(camera.url, 8_000);
    await until("pictures come", () => source.health().state === "well");
    source.watch(true);
    await until("frames are read", () => (source.beat()?.framesRead ?? 0) >= 3);
    camera.process.kill("SIGKILL");
    await until("its end is noticed", () => source.health().state === "failed");
});
