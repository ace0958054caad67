/**
 * A camera read by our own vision child, as the lane sees it: current tracks and one health. What a dead child said is
 * forgotten at once, because nobody follows those plates any more.
 */
import { fileURLToPath } from "node:url";
import type { Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { PlateRead, PlateSource } from "../ports/plate-source.ts";
import type { Supervise, SupervisedChild } from "../ports/supervised-child.ts";
import { type CameraOrder, CameraPlan, environmentOf, silentMsMaxOf } from "./camera-plan.ts";
import { type ToChild, ToParent } from "./messages.ts";

const MODULE = fileURLToPath(new URL("../vision-main.ts", import.meta.url));
/** Opening a camera blocks the child: up to three waits for its answers, and some seconds of FFmpeg looking at the stream. */
const SILENT_FRAMES = 3;
const SILENT_MS_MIN = 8_000;
/** No lane shows more plates than this at once. */
const TRACKS_MAX = 32;

type Beat = Extract<ToParent, { is: "beat" }>;
type CameraFault = Extract<ToParent, { is: "health"; state: "failed" }>;

export class VisionPlateSource implements PlateSource {
    readonly camera: string;
    readonly #plan: CameraPlan;
    readonly #clock: Clock;
    readonly #child: SupervisedChild;
    readonly #tracks = new Map<string, PlateRead>();
    #isWanted = false;
    #fault: CameraFault | undefined;
    #faults = 0;
    #rejected = 0;
    #beat: Beat | undefined;
    #frameAtMs: number | undefined;

    constructor(order: CameraOrder, supervise: Supervise, clock: Clock) {
        const plan = CameraPlan.parse(order);
        this.camera = plan.camera;
        this.#plan = plan;
        this.#clock = clock;
        this.#child = supervise({
            device: plan.camera,
            module: MODULE,
            args: [],
            env: environmentOf(plan),
            silentMsMax: plan.frameMsMax * SILENT_FRAMES + SILENT_MS_MIN,
            onMessage: (message) => this.#hear(message),
            onStart: () => this.#restarted(),
        });
    }

    watch(isWanted: boolean): void {
        if (this.#isWanted === isWanted) return;
        this.#isWanted = isWanted;
        if (!isWanted) this.#tracks.clear();
        this.#tell({ do: "watch", isWanted });
    }

    reads(): readonly PlateRead[] {
        if (this.#child.health().state === "failed") this.#tracks.clear();
        return [...this.#tracks.values()].sort((a, b) => b.lastSeenMs - a.lastSeenMs);
    }

    health(): DeviceHealth {
        const child = this.#child.health();
        const failures = child.failures + this.#faults;
        if (child.state === "failed") return { ...child, failures };
        const device = this.camera;
        if (this.#fault !== undefined) {
            return { device, state: "failed", code: this.#fault.code, detail: this.#fault.detail, failures };
        }
        if (this.#frameAtMs === undefined) return { device, state: "starting", failures };
        const silentMsMax = silentMsMaxOf(this.#plan);
        if (this.#clock.monotonicMs() - this.#frameAtMs <= silentMsMax) return { device, state: "well", failures };
        const detail = `no frame for ${silentMsMax} ms; check camera and cable`;
        return { device, state: "failed", code: "FRAME_TIMEOUT", detail, failures };
    }

    /** Figures of the newest heartbeat, for the metrics; undefined before the first. */
    beat(): Beat | undefined {
        return this.#beat;
    }

    /** Messages of the child that were refused. */
    get rejected(): number {
        return this.#rejected;
    }

    /** Ends the child; it is not started again. */
    async stop(): Promise<void> {
        this.#tracks.clear();
        this.#tell({ do: "stop" });
        await this.#child.stop();
    }

    #restarted(): void {
        this.#tracks.clear();
        this.#fault = undefined;
        this.#frameAtMs = undefined;
        this.#beat = undefined;
        this.#tell({ do: "watch", isWanted: this.#isWanted });
    }

    #tell(message: ToChild): void {
        this.#child.send(message);
    }

    #hear(raw: unknown): void {
        const parsed = ToParent.safeParse(raw);
        if (!parsed.success) {
            this.#rejected++;
            return;
        }
        const message = parsed.data;
        switch (message.is) {
            case "ready":
                return;
            case "beat":
                this.#beat = message;
                if (message.frameAgeMs !== null) this.#frameAtMs = this.#clock.monotonicMs() - message.frameAgeMs;
                return;
            case "read":
                this.#keep(message.read);
                return;
            case "gone":
                this.#tracks.delete(message.track);
                return;
            case "health":
                this.#judge(message);
                return;
        }
    }

    /** Pictures come only when they are better than the last ones; until then those stay. */
    #keep(read: PlateRead): void {
        if (!this.#isWanted || read.camera !== this.camera) return;
        const before = this.#tracks.get(read.track);
        const evidence = read.evidence.length > 0 ? read.evidence : (before?.evidence ?? []);
        this.#tracks.delete(read.track);
        this.#tracks.set(read.track, { ...read, evidence });
        const [oldest] = this.#tracks.keys();
        if (this.#tracks.size > TRACKS_MAX && oldest !== undefined) this.#tracks.delete(oldest);
    }

    #judge(message: Extract<ToParent, { is: "health" }>): void {
        if (message.state === "well") {
            this.#fault = undefined;
            this.#frameAtMs = this.#clock.monotonicMs();
            return;
        }
        if (this.#fault === undefined) this.#faults++;
        this.#fault = message;
        this.#tracks.clear();
    }
}
