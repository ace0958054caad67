/**
 * An indicator on a line of bytes, of whatever family: listened to, or asked again and again. Silence is a fault and never the
 * last weight; after a loss nothing of the old connection is joined to the new one.
 */
import type { ByteLine } from "../../src/ports/byte-line.ts";
import type { Cancel, Clock } from "../../src/ports/clock.ts";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import type { Scale, ScaleSighting } from "../../src/ports/scale.ts";
import type { FrameCutter } from "./frame-cutter.ts";
import { PolledLine } from "./polled-line.ts";
import type { ScaleProtocol, ScaleWord } from "./scale-protocol.ts";
import type { Weighbridge } from "./weighbridge.ts";

export interface LineScalePlan {
    readonly id: string;
    readonly line: ByteLine;
    readonly protocol: ScaleProtocol;
    readonly bridge: Weighbridge;
    readonly periodMs: number;
    readonly clock: Clock;
}

/** Periods without a good frame after which the scale counts as silent. */
const SILENT_AFTER_PERIODS = 3;
const SILENT_MS_MIN = 600;
/** After so many silences the connection itself is doubted and made anew. */
const RENEW_AFTER_SILENCES = 8;

export class LineScale implements Scale {
    readonly id: string;
    readonly #plan: LineScalePlan;
    readonly #polled: PolledLine | undefined;
    readonly #silentMsMax: number;
    #cutter: FrameCutter;
    #noiseAtGood = 0;
    #isFirst = true;
    #goodMs: number;
    #doubtMs: number;
    #failures = 0;
    #wasWell = true;
    #stopWatch: Cancel = () => undefined;

    constructor(plan: LineScalePlan) {
        this.id = plan.id;
        this.#plan = plan;
        const { protocol, line, clock, periodMs } = plan;
        this.#cutter = protocol.cutter();
        this.#silentMsMax = Math.max(SILENT_MS_MIN, SILENT_AFTER_PERIODS * periodMs);
        this.#goodMs = clock.monotonicMs();
        this.#doubtMs = this.#goodMs;
        const { poll } = protocol;
        if (poll !== undefined) {
            const tell = (word: ScaleWord, frame: Uint8Array, atMs: number): void => this.#take(word, frame, atMs);
            this.#polled = new PolledLine({ line, poll, cutter: protocol.cutter, clock, periodMs, tell });
        }
    }

    start(): void {
        const { line, clock } = this.#plan;
        line.listen({
            opened: () => this.#opened(),
            heard: (bytes, atMs) => (this.#polled === undefined ? this.#heard(bytes, atMs) : this.#polled.heard(bytes)),
        });
        line.start();
        this.#polled?.start();
        this.#stopWatch = clock.every(this.#silentMsMax, () => this.#look());
    }

    async stop(): Promise<void> {
        this.#stopWatch();
        const ended = this.#polled?.stop();
        await this.#plan.line.close();
        await ended;
    }

    sighting(): ScaleSighting | undefined {
        return this.#plan.bridge.sighting;
    }

    health(): DeviceHealth {
        const { line, bridge } = this.#plan;
        const common = { device: this.id, failures: this.#failures };
        const wire = line.health();
        if (wire.state === "failed") return { ...common, state: "failed", ...reasonOf(wire) };
        if (bridge.complaint !== undefined)
            return { ...common, state: "failed", code: "BAD_REPLY", detail: `${this.id}: ${bridge.complaint}` };
        if (!this.#isSilent()) return { ...common, state: bridge.sighting === undefined ? "starting" : "well" };
        const isNoise = this.#noise > this.#noiseAtGood;
        return {
            ...common,
            state: "failed",
            code: isNoise ? "BAD_REPLY" : "NO_REPLY",
            detail: isNoise
                ? `${this.id}: sends nothing that is a frame of its protocol: check line settings and format`
                : `${this.id}: says nothing: check power, wiring, line settings, and that its output is switched on`,
        };
    }

    /** A new connection proves nothing: a scale that was silent before is well when it has said something good. */
    #opened(): void {
        const { protocol, bridge, clock } = this.#plan;
        this.#cutter = protocol.cutter();
        this.#noiseAtGood = 0;
        this.#isFirst = true;
        bridge.interrupt();
        this.#doubtMs = clock.monotonicMs();
        if (!this.#isSilent()) this.#goodMs = this.#doubtMs;
        this.#polled?.opened();
    }

    /** The first frame of a connection may be the rest of one that began before it: it is not used, whatever it looks like. */
    #heard(bytes: Uint8Array, atMs: number): void {
        const { protocol } = this.#plan;
        const noiseBefore = this.#cutter.noise;
        for (const frame of this.#cutter.push(bytes)) {
            if (this.#isFirst) this.#isFirst = false;
            else this.#take(protocol.read(frame), frame, atMs);
        }
        if (this.#cutter.noise > noiseBefore) this.#plan.bridge.interrupt();
    }

    #take(word: ScaleWord, frame: Uint8Array, atMs: number): void {
        if (!this.#plan.bridge.take(word, frame, atMs)) return;
        this.#goodMs = this.#plan.clock.monotonicMs();
        this.#doubtMs = this.#goodMs;
        this.#noiseAtGood = this.#noise;
    }

    get #noise(): number {
        return this.#polled?.noise ?? this.#cutter.noise;
    }

    #isSilent(): boolean {
        return this.#plan.clock.monotonicMs() - this.#goodMs > this.#silentMsMax;
    }

    /** Counts failures as they begin, and doubts a connection on which nothing good has come for long. */
    #look(): void {
        const isWell = this.health().state !== "failed";
        if (!isWell && this.#wasWell) this.#failures++;
        this.#wasWell = isWell;
        if (this.#isSilent()) this.#plan.bridge.interrupt();
        const nowMs = this.#plan.clock.monotonicMs();
        if (nowMs - this.#doubtMs < RENEW_AFTER_SILENCES * this.#silentMsMax) return;
        this.#doubtMs = nowMs;
        this.#plan.line.renew("nothing was heard for long");
    }
}

function reasonOf({ code, detail }: DeviceHealth): Pick<DeviceHealth, "code" | "detail"> {
    return { ...(code === undefined ? {} : { code }), ...(detail === undefined ? {} : { detail }) };
}
