/**
 * Entry of a vision child: one camera, one process, so that a crash in native image code ends here. Its composition root
 * and the only place of it that reads arguments and environment. Talks over IPC; logs go to stderr as JSON lines.
 * Started by hand with pictures as arguments it reads those instead: one JSON line each, among what the add-on prints.
 */
import { DeviceFault } from "./ports/device-health.ts";
import { systemClock } from "./runtime/clock.ts";
import { planFrom } from "./vision/camera-plan.ts";
import { ToChild, type ToParent } from "./vision/messages.ts";
import { readImageFile } from "./vision/read-image-file.ts";
import { TesseractRecogniser } from "./vision/tesseract-recogniser.ts";
import { VisionChild } from "./vision/vision-child.ts";

const pictures = process.argv.slice(2);
const stop = new AbortController();

function send(message: ToParent, then: () => void = () => {}): void {
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

async function readPictures(): Promise<void> {
    const recogniser = await TesseractRecogniser.start();
    for (const file of pictures) {
        const startedMs = systemClock.monotonicMs();
        const plates = (await readImageFile(file, recogniser)).map(({ vote, corners }) => ({ ...vote, corners }));
        const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
        process.stdout.write(`${JSON.stringify({ file, tookMs, plates })}\n`);
    }
    await recogniser.close();
}

async function serveCamera(): Promise<void> {
    const plan = planFrom(process.env);
    const recogniser = await TesseractRecogniser.start();
    const onTrouble = (error: unknown) => log("warn", "a frame could not be read", error);
    const child = new VisionChild(plan, String(process.pid), { recogniser, clock: systemClock, send, onTrouble });
    process.on("message", (raw) => {
        const message = ToChild.safeParse(raw);
        if (!message.success) log("warn", "refused a message of the parent");
        else if (message.data.do === "watch") child.watch(message.data.isWanted);
        else stop.abort();
    });
    await child.run(stop.signal);
}

process.once("uncaughtException", fail);
if (pictures.length > 0) readPictures().catch(fail);
else {
    // Without its parent a child would hold the camera for ever; what the terminal sends to all is the parent's to judge.
    process.once("disconnect", endNow);
    process.on("SIGINT", () => {});
    process.once("SIGTERM", () => stop.abort());
    serveCamera().then(endNow, fail);
}
