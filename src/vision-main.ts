/**
 * Entry of a vision child: one camera, one process, so that a crash in native image code ends here. Its composition root
 * and the only place of it that reads the environment. Talks over IPC; logs go to stderr as JSON lines.
 */
import { systemClock } from "./runtime/clock.ts";
import { openLog } from "./runtime/log.ts";
import { planFrom } from "./vision/camera-plan.ts";
import { ToChild, type ToParent } from "./vision/messages.ts";
import { TesseractRecogniser } from "./vision/tesseract-recogniser.ts";
import { VisionChild } from "./vision/vision-child.ts";

const plan = planFrom(process.env);
const log = openLog(process.env["KORDON_LOG_LEVEL"] ?? "info").child({ camera: plan.camera });
const stop = new AbortController();

function send(message: ToParent, then: () => void = () => {}): void {
    if (process.connected) process.send?.(message, undefined, undefined, then);
    else then();
}

/** A hung native call keeps an ordinary exit waiting for its thread, so the process ends itself the hard way. */
function endNow(): void {
    process.kill(process.pid, "SIGKILL");
}

async function main(): Promise<void> {
    const recogniser = await TesseractRecogniser.start();
    const child = new VisionChild(plan, String(process.pid), { recogniser, clock: systemClock, send });
    process.on("message", (raw) => {
        const message = ToChild.safeParse(raw);
        if (!message.success) log.warn("refused a message of the parent");
        else if (message.data.do === "watch") child.watch(message.data.isWanted);
        else stop.abort();
    });
    await child.run(stop.signal);
    await recogniser.close();
}

// Without its parent a child would hold the camera for ever.
process.once("disconnect", endNow);
process.once("SIGTERM", () => stop.abort());
main().then(endNow, (error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    log.error({ detail }, "vision child ends");
    send({ is: "health", state: "failed", code: "FRAME_TIMEOUT", detail }, endNow);
});
