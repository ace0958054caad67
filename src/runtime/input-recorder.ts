/**
 * Keeps the inputs of a lane from the tick in which something begins until the lane is at rest again, so that `kordon replay`
 * can run the same pure functions years later. The inputs of a tick go to the journal in the transaction of its facts.
 *
 * What is recorded together belongs to one passage: from its vehicle's approach through the closing of the boom, or up to the
 * next vehicle. Openings without a vehicle (emergency, an officer's order at an empty lane, closing a boom held open) get a
 * passage id of their own. Nothing is recorded while nobody is there and nothing is ordered: idle, out of service, waiting for
 * a reset, a boom that others hold open. Ticks that changed nothing (same state, no order, no fact, nothing new to be seen)
 * are left out. The last fact of a recording, `passage.recorded`, binds its chunks into the hash chain of the facts.
 */
import { createHash, type Hash } from "node:crypto";
import { type FactDraft, factOf } from "../core/fact/fact.ts";
import type { LaneImage } from "../core/lane/lane-image.ts";
import type { LanePlan } from "../core/lane/lane-plan.ts";
import type { LaneMode, LaneState } from "../core/lane/lane-state.ts";
import type { Step } from "../core/lane/lane-step.ts";
import { deltaOf } from "../core/replay/json-delta.ts";
import type { JournalEntry, PassageRecord } from "../ports/journal.ts";
import {
    changesOf,
    type HeadLine,
    headOf,
    type PackedImage,
    packChunk,
    packImage,
    type TickLine,
} from "./recording-format.ts";

/**
 * A crash loses at most this much of the ticks that had no fact. Each chunk is a flush of the disk, and a lorry that waits for
 * an officer gives one after the other.
 */
const CHUNK_MS = 5_000;

export interface TickInputs {
    readonly before: LaneState;
    readonly image: LaneImage;
    readonly result: Step;
}

/** One transaction for the journal; `keep` is for when it is on the disk. Without that call the tick never was. */
export interface NotedEntry {
    readonly entry: JournalEntry;
    readonly keep: () => void;
}

/** A recording in the making. */
interface Running {
    /** The passage; unknown until a fact or an order says whose it is. */
    readonly passage: string | undefined;
    /** First fact that the recording covers. */
    readonly from: number | undefined;
    readonly chunks: number;
    /** Of the chunks that are in the journal. */
    readonly hash: Hash;
    readonly dictionary: Buffer | undefined;
    /** Not yet in the journal. */
    readonly lines: readonly (HeadLine | TickLine)[];
    /** When the first of them was seen. */
    readonly sinceMs: number;
    readonly image: PackedImage;
    readonly light: Step["light"] | undefined;
}

export class InputRecorder {
    readonly #plan: LanePlan;
    readonly #program: string;
    readonly #earlier: PassageRecord | undefined;
    #running: Running | undefined;

    /** `earlier`: what the journal holds of the passage that the last run left open and this one takes up. */
    constructor(plan: LanePlan, program: string, earlier?: PassageRecord) {
        this.#plan = plan;
        this.#program = program;
        this.#earlier = earlier;
    }

    /** From when on a tick without news writes down what waits; Infinity when nothing does, undefined when nothing is recorded. */
    get dueMs(): number | undefined {
        const running = this.#running;
        if (running === undefined) return undefined;
        const isWaiting = running.passage !== undefined && running.lines.length > 0;
        return isWaiting ? running.sinceMs + CHUNK_MS : Number.POSITIVE_INFINITY;
    }

    /** What to commit for this tick, one after the other, and nothing else; `sequence` is the journal's newest before it. */
    note(tick: TickInputs, sequence: number): readonly NotedEntry[] {
        const running = this.#running;
        const passage = passageOf(tick);
        if (running === undefined && isUneventful(tick, passage)) {
            return [{ entry: { facts: tick.result.facts }, keep: () => undefined }];
        }
        const isNextVehicle = running?.passage !== undefined && passage !== undefined && passage !== running.passage;
        if (!isNextVehicle) return [this.#record(running ?? this.#begin(tick), tick, sequence)];
        const end = this.#write(running, running.passage, [], sequence, true);
        return [end, this.#record(this.#begin(tick), tick, sequence + end.entry.facts.length)];
    }

    #begin({ before, image }: TickInputs): Running {
        const packed = packImage(image);
        const running: Running = {
            passage: before.resumed,
            from: undefined,
            chunks: 0,
            hash: createHash("sha256"),
            dictionary: undefined,
            lines: [headOf(this.#program, this.#plan, before, packed)],
            sinceMs: image.nowMs,
            image: packed,
            light: undefined,
        };
        if (before.resumed === undefined || this.#earlier === undefined) return running;
        const { facts, inputs } = this.#earlier;
        for (const chunk of inputs) running.hash.update(chunk);
        return { ...running, from: facts[0]?.sequence, chunks: inputs.length };
    }

    #record(running: Running, tick: TickInputs, sequence: number): NotedEntry {
        const { image, result } = tick;
        const isOver = isAtRest(result.next);
        const isEvent = result.orders.length > 0 || (isOver && result.facts.length > 0);
        const passage = running.passage ?? passageOf(tick) ?? (isEvent ? image.freshPassage : undefined);
        const noted = { ...addLine(running, tick, sequence), passage };
        const isLate = noted.lines.length > 0 && image.nowMs - noted.sinceMs >= CHUNK_MS;
        const isDue = isOver || result.facts.length > 0 || isLate;
        if (passage !== undefined && isDue) return this.#write(noted, passage, result.facts, sequence, isOver);
        const keep = (): void => {
            this.#running = isOver ? undefined : noted;
        };
        return { entry: { facts: result.facts }, keep };
    }

    /** Everything not yet in the journal, with this tick's facts; at the end of a recording the fact that seals it. */
    #write(
        running: Running,
        passage: string,
        facts: readonly FactDraft[],
        sequence: number,
        isOver: boolean,
    ): NotedEntry {
        const lane = this.#plan.id;
        const packed = running.lines.length === 0 ? undefined : packChunk(running.lines, running.dictionary);
        const chunks = running.chunks + (packed === undefined ? 0 : 1);
        const seal = (): FactDraft => {
            const hash = running.hash.copy();
            if (packed !== undefined) hash.update(packed.chunk);
            const data = { from: running.from ?? sequence + 1, chunks, sha256: hash.digest("hex") };
            return factOf("passage.recorded", data, { lane, passage });
        };
        const entry: JournalEntry = {
            facts: isOver ? [...facts, seal()] : facts,
            ...(packed === undefined ? {} : { inputs: { lane, passage, chunk: packed.chunk } }),
        };
        const dictionary = packed?.dictionary ?? running.dictionary;
        const keep = (): void => {
            if (packed !== undefined) running.hash.update(packed.chunk);
            this.#running = isOver ? undefined : { ...running, chunks, dictionary, lines: [] };
        };
        return { entry, keep };
    }
}

/** The recording with this tick's line, or as it was when the tick changed nothing. */
function addLine(running: Running, { before, image, result }: TickInputs, sequence: number): Running {
    const { orders, facts, light, next } = result;
    const packed = packImage(image);
    const changes = changesOf(running.image, packed);
    const isNews =
        changes.seen !== undefined ||
        light !== running.light ||
        orders.length + facts.length > 0 ||
        deltaOf(before, next) !== undefined;
    if (!isNews) return running;
    const line: TickLine = {
        ...changes,
        ...(light === running.light ? {} : { light }),
        ...(orders.length === 0 ? {} : { orders }),
        ...(facts.length === 0 ? {} : { facts: [sequence + 1, facts.length] }),
    };
    return {
        ...running,
        from: running.from ?? (facts.length > 0 ? sequence + 1 : undefined),
        lines: [...running.lines, line],
        sinceMs: running.lines.length === 0 ? image.nowMs : running.sinceMs,
        image: packed,
        light,
    };
}

/** Whose tick this is, where it says so. */
function passageOf({ result }: TickInputs): string | undefined {
    return result.next.visit?.passage ?? result.facts.find((fact) => fact.passage !== undefined)?.passage;
}

function isUneventful({ before, result }: TickInputs, passage: string | undefined): boolean {
    return passage === undefined && result.orders.length === 0 && isAtRest(before) && isAtRest(result.next);
}

const RESTING: ReadonlySet<LaneMode["at"]> = new Set(["starting", "idle", "manual", "fault", "out-of-service"]);

/** Nobody in front of or under the boom, none to be taken up, and the arm where the lane believes it. */
function isAtRest({ mode, visit, resumed, armDoubtSinceMs }: LaneState): boolean {
    return RESTING.has(mode.at) && visit === undefined && resumed === undefined && armDoubtSinceMs === undefined;
}
