/**
 * The daemon under test, as `kordon run` starts it, in a process that holds nothing else but a meter on its heartbeat.
 * Only the cameras are left out: their children would be processes of their own.
 */
import { loadSite } from "../../config/load-site.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Supervise } from "../../ports/supervised-child.ts";
import { systemClock } from "../../runtime/clock.ts";
import { openLog } from "../../runtime/log.ts";
import { TICK_MS } from "../../runtime/site-runner.ts";
import { SiteDaemon } from "../site-daemon.ts";
import { keepHeapSmall } from "../small-heap.ts";
import type { FromDaemon } from "./lane-bench-messages.ts";

const US_PER_MS = 1_000;
const BYTES_PER_MB = 1_000_000;

const noChildren: Supervise = ({ device }) => ({
    send: () => undefined,
    health: () => ({ device, state: "starting", failures: 0 }),
    stop: async () => undefined,
});

let beatMs: number | undefined;
let since = marked();

const clock: Clock = {
    ...systemClock,
    every: (periodMs, act) =>
        systemClock.every(periodMs, () => {
            if (periodMs === TICK_MS) noteBeat();
            act();
        }),
};

function marked(): { atMs: number; cpu: NodeJS.CpuUsage; tickJitterMs: number[] } {
    return { atMs: systemClock.monotonicMs(), cpu: process.cpuUsage(), tickJitterMs: [] };
}

function noteBeat(): void {
    const nowMs = systemClock.monotonicMs();
    if (beatMs !== undefined) since.tickJitterMs.push(Math.abs(nowMs - beatMs - TICK_MS));
    beatMs = nowMs;
}

function report(): FromDaemon {
    const before = since;
    since = marked();
    const cpuUs = since.cpu.user + since.cpu.system - before.cpu.user - before.cpu.system;
    return {
        is: "report",
        wallMs: since.atMs - before.atMs,
        tickJitterMs: before.tickJitterMs,
        cpuMs: cpuUs / US_PER_MS,
        rssMb: process.memoryUsage.rss() / BYTES_PER_MB,
    };
}

function say(message: FromDaemon): void {
    process.send?.(message);
}

keepHeapSmall();
const [siteFile = ""] = process.argv.slice(2);
const daemon = await SiteDaemon.start(loadSite(siteFile), clock, openLog("info"), noChildren);
process.on("message", () => say(report()));
say({ is: "ready" });

let isEnding = false;
const end = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    await daemon.stop();
    process.removeAllListeners("message");
    if (process.connected) process.disconnect();
};
for (const signal of ["SIGINT", "SIGTERM", "disconnect"]) process.once(signal, () => void end());
