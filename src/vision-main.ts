/**
 * Entry of a vision child: one camera, one process, so that a crash in native image code ends here. Its composition root
 * and the only place of it that reads arguments and environment. Talks over IPC; logs go to stderr as JSON lines.
 * With `--files` it reads picture and video files for a command instead, with `--passages` films of passages, one order after
 * the other.
 */
import { DeviceFault } from "./ports/device-health.ts";
import { systemClock } from "./runtime/clock.ts";
import { CameraHttpClient } from "./transport/camera-http-client.ts";
import { type CameraPlan, planFrom } from "./vision/camera-plan.ts";
import { ClassicalFrameReader } from "./vision/classical-frame-reader.ts";
import { FileReader } from "./vision/file-reader.ts";
import { FolderFeed } from "./vision/folder-feed.ts";
import type { FrameFeed } from "./vision/frame.ts";
import type { FrameReader } from "./vision/frame-reader.ts";
import { ToChild, type ToParent } from "./vision/messages.ts";
import { PassageReader } from "./vision/passage-reader.ts";
import { type FileAnswer, FileOrder } from "./vision/read-files-messages.ts";
import { type PassageAnswer, PassageOrder } from "./vision/read-passages-messages.ts";
import { SecondOpinion } from "./vision/second-opinion.ts";
import { SnapshotFeed } from "./vision/snapshot-feed.ts";
import { TesseractRecogniser } from "./vision/tesseract-recogniser.ts";
import type { TrainedFrameReader } from "./vision/trained-frame-reader.ts";
import { VideoFeed } from "./vision/video-feed.ts";
import { VisionChild } from "./vision/vision-child.ts";

const stop = new AbortController();

function send(message: ToParent | FileAnswer | PassageAnswer, then: () => void = () => {}): void {
    if (process.connected) process.send?.(message, undefined, undefined, then);
    else then();
}

/** Written at once, unlike by a logger with a buffer: the process may be about to end. */
function log(level: "warn" | "error", msg: string, error?: unknown): void {
    const detail = error instanceof Error ? error.stack : error;
    process.stderr.write(`${JSON.stringify({ level, msg, detail })}\n`);
}

/** A hung native call keeps an ordinary exit waiting for its thread for half a minute. */
function endNow(): void {
    process.kill(process.pid, "SIGKILL");
}

function fail(error: unknown): void {
    log("error", "vision child ends", error);
    const hasHung = error instanceof DeviceFault && error.code === "FRAME_TIMEOUT";
    if (hasHung) send({ is: "health", state: "failed", code: "FRAME_TIMEOUT", detail: error.message }, endNow);
    else endNow();
}

/** Loaded only here, for a machine may refuse what runs the networks. */
async function trainedReader(isThorough: boolean): Promise<TrainedFrameReader> {
    const { TrainedFrameReader } = await import("./vision/trained-frame-reader.ts");
    return await TrainedFrameReader.start(isThorough);
}

async function serveFiles(): Promise<void> {
    const reader = new FileReader(await trainedReader(true), systemClock);
    let last: Promise<void> = Promise.resolve();
    process.on("message", (raw) => {
        const order = FileOrder.parse(raw);
        last = last.then(async () => send(await reader.read(order)));
    });
}

async function servePassages(): Promise<void> {
    const reader = new PassageReader({ ...(await readers()), clock: systemClock });
    let last: Promise<void> = Promise.resolve();
    process.on("message", (raw) => {
        const order = PassageOrder.parse(raw);
        last = last.then(async () => send(await reader.read(order)));
    });
}

/** A lane whose networks cannot be had still reads, worse; the name of the reader in its reads and this warning tell. */
async function readers(): Promise<{ readonly reader: FrameReader; readonly second?: SecondOpinion }> {
    try {
        return { reader: await trainedReader(false), second: new SecondOpinion(TesseractRecogniser.start) };
    } catch (error) {
        log("warn", "no trained networks, reading without them", error);
        return { reader: new ClassicalFrameReader(await TesseractRecogniser.start()) };
    }
}

/** A JPEG of forty megapixels, the largest that is read, has no more. */
const PICTURE_BYTES_MAX = 32_000_000;

function feedOf(plan: CameraPlan): FrameFeed {
    if (plan.kind === "folder") return new FolderFeed(plan, systemClock);
    if (plan.kind !== "snapshot") return new VideoFeed(plan, systemClock);
    const { origin, pathname, search } = new URL(plan.url);
    const client = new CameraHttpClient({
        device: plan.camera,
        url: origin,
        clock: systemClock,
        timeoutMs: plan.frameMsMax,
        ...(plan.login === undefined ? {} : { credentials: plan.login, mayBeBasic: plan.login.mayBeBasic }),
    });
    const path = `${pathname}${search}`;
    return new SnapshotFeed(plan.everyMs, (signal) => client.fetch(path, PICTURE_BYTES_MAX, signal), systemClock);
}

async function serveCamera(): Promise<void> {
    const plan = planFrom(process.env);
    const onTrouble = (error: unknown) => log("warn", "a frame could not be read", error);
    const parts = { ...(await readers()), feed: feedOf(plan), clock: systemClock, send, onTrouble };
    const child = new VisionChild(plan, String(process.pid), parts);
    process.on("message", (raw) => {
        const message = ToChild.safeParse(raw);
        if (!message.success) log("warn", "refused a message of the parent");
        else if (message.data.do === "watch") child.watch(message.data.isWanted);
        else stop.abort();
    });
    await child.run(stop.signal);
}

process.once("uncaughtException", fail);
process.once("unhandledRejection", fail);
// Without its parent a child would hold the camera for ever; what the terminal sends to all is the parent's to judge.
process.once("disconnect", endNow);
process.on("SIGINT", () => {});
process.once("SIGTERM", () => stop.abort());
const isForFiles = process.argv.includes("--files");
const isForPassages = process.argv.includes("--passages");
// Nothing but a camera has to be let go of.
if (isForFiles || isForPassages) stop.signal.addEventListener("abort", endNow);
if (isForFiles) serveFiles().catch(fail);
else if (isForPassages) servePassages().catch(fail);
else serveCamera().then(endNow, fail);
