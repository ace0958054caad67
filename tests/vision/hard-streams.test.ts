/**
 * Streams that hang a reader: what FFmpeg does with them was found out by trying, so each is tried here with the real child.
 * Pictures are sent by the test; it waits for what the child makes of them, never for a time.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { superviseWith } from "../../src/runtime/supervisor.ts";
import { VisionPlateSource } from "../../src/vision/vision-plate-source.ts";
import { jpegOf, plate, type Scene, sceneWith } from "./drawn-scene.ts";
import { NEEDS_GSTREAMER, startGStreamerCamera } from "./gstreamer-camera.ts";
import { MjpegServer } from "./mjpeg-server.ts";

const FRAME_MS = 100;
const closing: (() => unknown)[] = [];

afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
});

function openSource(url: string, frameMsMax: number): VisionPlateSource {
    const log = { warn: () => undefined, debug: () => undefined };
    const supervise = superviseWith(systemClock, log, process.env);
    const source = new VisionPlateSource({ camera: "gate", url, frameMsMax }, supervise, systemClock);
    closing.push(() => source.stop());
    return source;
}

/** Looks until `look` gives something; the lane polls the source just so. `meanwhile` is done before every look. */
async function until<T>(what: string, look: () => T | undefined, meanwhile: () => void = () => {}): Promise<T> {
    const lateMs = systemClock.monotonicMs() + 60_000;
    for (;;) {
        meanwhile();
        const found = look();
        if (found !== undefined) return found;
        if (systemClock.monotonicMs() > lateMs) throw new Error(`waited in vain until ${what}`);
        await systemClock.sleep(FRAME_MS);
    }
}

const isWell = (source: VisionPlateSource) => (source.health().state === "well" ? true : undefined);
const fault = (source: VisionPlateSource): DeviceHealth | undefined => {
    return source.health().state === "failed" ? source.health() : undefined;
};
const readOf = (source: VisionPlateSource, text: string) => source.reads().find((read) => read.text === text);

async function openCamera(): Promise<MjpegServer> {
    const server = await MjpegServer.start();
    closing.push(() => server.close());
    return server;
}

test("a stream that changes its size goes on being read, and shows the new picture, not the old one", async () => {
    const camera = await openCamera();
    const source = openSource(camera.url, 4_000);
    source.watch(true);
    const small = jpegOf({ ...sceneWith(plate("274KQA08"), 180), width: 960, height: 640 });
    await until(
        "the small picture is read",
        () => readOf(source, "274KQA08"),
        () => camera.picture(small),
    );
    const large: Scene = { ...sceneWith(plate("566LJ18"), 220), width: 1920, height: 1080 };
    const picture = jpegOf(large);
    const read = await until(
        "the large picture is read",
        () => readOf(source, "566LJ18"),
        () => camera.picture(picture),
    );
    const xs = read.corners.map(([x]) => x * large.width);
    // The plate itself is 220 px wide; its corners are found to a few pixels.
    expect(Math.min(...xs)).toBeGreaterThan(640 - 120);
    expect(Math.max(...xs)).toBeLessThan(640 + 120);
    expect(camera.connections).toBe(1);
});

test("tiny, huge, cut and senseless pictures between good ones are counted, and the child lives", async () => {
    const camera = await openCamera();
    const source = openSource(camera.url, 4_000);
    source.watch(true);
    const good = jpegOf(sceneWith(plate("274KQA08"), 180));
    await until(
        "the good one is read",
        () => readOf(source, "274KQA08"),
        () => camera.picture(good),
    );
    const tiny = jpegOf({ width: 16, height: 16, background: "#888", plates: [] });
    const bad = [tiny, good.subarray(0, 2_000), Buffer.from("<html>busy</html>"), Buffer.alloc(64)];
    let index = 0;
    const counted = () => ((source.beat()?.badFrames ?? 0) >= 6 ? true : undefined);
    await until("six are counted", counted, () =>
        camera.picture(++index % 2 === 0 ? good : (bad[(index >> 1) % 4] ?? tiny)),
    );
    const framesRead = source.beat()?.framesRead ?? 0;
    const goesOn = () => ((source.beat()?.framesRead ?? 0) > framesRead + 3 ? true : undefined);
    await until("good ones are read again", goesOn, () => camera.picture(good));
    expect(source.health()).toMatchObject({ state: "well", failures: 0 });
});

test("a camera that sends nothing but broken pictures is failed, and read again with pictures when it mends", async () => {
    const camera = await openCamera();
    const source = openSource(camera.url, 4_000);
    source.watch(true);
    const good = jpegOf(sceneWith(plate("274KQA08"), 180));
    await until(
        "the plate is read",
        () => readOf(source, "274KQA08"),
        () => camera.picture(good),
    );
    const health = await until(
        "it is noticed",
        () => fault(source),
        () => camera.picture(good.subarray(0, 3_000)),
    );
    expect(health).toMatchObject({ code: "BAD_REPLY", failures: 1 });
    expect(source.reads()).toEqual([]);
    const read = await until(
        "it is read again",
        () => readOf(source, "274KQA08"),
        () => camera.picture(good),
    );
    expect(source.health().state).toBe("well");
    expect(read.evidence.map(({ kind }) => kind)).toEqual(["frame", "plate"]);
});

test("a server that takes the connection and stays silent is a failed camera, and a well one as soon as it talks", async () => {
    const camera = await openCamera();
    camera.isAnswering = false;
    const source = openSource(camera.url, 600);
    expect(await until("it is noticed", () => fault(source))).toMatchObject({ code: "FRAME_TIMEOUT" });
    camera.isAnswering = true;
    const good = jpegOf(sceneWith(plate("274KQA08"), 180));
    await until(
        "it is well",
        () => isWell(source),
        () => camera.picture(good),
    );
});

test("a stream that drips bytes hangs FFmpeg: the child ends itself, and a new one serves", async () => {
    const camera = await openCamera();
    const source = openSource(camera.url, 800);
    const good = jpegOf(sceneWith(plate("274KQA08"), 180));
    await until(
        "it is well",
        () => isWell(source),
        () => camera.picture(good),
    );
    camera.raw("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 9999999\r\n\r\n");
    const died = () => (source.health().code === "CHILD_DIED" ? source.health() : undefined);
    const health = await until("the child has ended", died, () => camera.raw("x"));
    expect(health.failures).toBeGreaterThanOrEqual(1);
    await until(
        "a new child serves",
        () => isWell(source),
        () => camera.picture(good),
    );
});

/** What cameras send, as GStreamer makes it. A key frame a second: a camera that is joined in between gives grey mud until then. */
const CODECS = {
    "Motion JPEG": "jpegenc quality=90 ! rtpjpegpay pt=26",
    "H.264": "x264enc tune=zerolatency key-int-max=8 bitrate=4000 ! rtph264pay pt=96 config-interval=1",
    "H.265": "x265enc tune=zerolatency key-int-max=8 bitrate=4000 ! h265parse ! rtph265pay pt=96 config-interval=1",
} as const;

test.for(Object.entries(CODECS))(
    "a plate is read from an RTSP camera that sends %s, served by GStreamer",
    {
        timeout: 120_000,
    },
    async ([, codec], context) => {
        const folder = await mkdtemp(join(tmpdir(), "kordon-rtsp-"));
        closing.push(() => rm(folder, { recursive: true }));
        const file = join(folder, "gate.jpg");
        await writeFile(file, jpegOf(sceneWith(plate("274KQA08"), 220)));
        const pictures = `multifilesrc location=${file} loop=true caps=image/jpeg,framerate=8/1 ! jpegdec ! videoconvert`;
        const camera = await startGStreamerCamera(
            `${pictures} ! video/x-raw,format=I420 ! identity sync=true ! ${codec} name=pay0`,
        );
        if (camera === undefined) return context.skip(NEEDS_GSTREAMER);
        closing.push(() => camera.process.kill("SIGKILL"));
        const source = openSource(camera.url, 8_000);
        source.watch(true);
        const read = await until("the plate is read", () => readOf(source, "274KQA08"));
        expect(read.evidence.map(({ kind }) => kind)).toEqual(["frame", "plate"]);
    },
);
