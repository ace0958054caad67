/**
 * The real lane runner, spared ticks in which nothing can happen. `step` is a pure function of state, image and plan, so it
 * can be asked what a tick some time ahead would do if nothing were seen until then. Time only ever lets something become due,
 * and what is due stays so: where the tick ahead does nothing, none before it does. For the same reason what the disk refuses
 * now it refuses until it is well again.
 */
import type { Fact } from "../src/core/fact/fact.ts";
import { CONTACT_NAMES, type ContactName, type Reading } from "../src/core/lane/contacts.ts";
import type { LaneImage, LaneRequest } from "../src/core/lane/lane-image.ts";
import type { LaneMode } from "../src/core/lane/lane-state.ts";
import { step } from "../src/core/lane/lane-step.ts";
import { needsSight, SIGHT_GAP_MS_MAX } from "../src/core/lane/sight.ts";
import { deltaOf } from "../src/core/replay/json-delta.ts";
import { LaneRunner, type SiteImage } from "../src/runtime/lane-runner.ts";
import { TICK_MS } from "../src/runtime/site-runner.ts";

/** What the lane can see beside time, boiled down to numbers that change when any of it does. */
export interface LaneSurroundings {
    /** Grows with every change of contacts, read-backs, health, reads and of what the site's book knows. */
    readonly changes: () => number;
    /** The same of what other lanes have read; who has no read of his own does not compare. */
    readonly sightings: () => number;
    readonly fullQuotas: () => readonly string[];
    /** Nothing is under way, everything answers or has long been silent: what is seen now will be seen again. */
    readonly isSteady: () => boolean;
    /** The journal takes nothing at present. */
    readonly isRefusing: () => boolean;
    /** The journal's newest; recorded inputs name it. */
    readonly sequence: () => number;
    readonly nowMs: () => number;
    readonly onTick: () => void;
}

/** How far ahead is asked. */
const AHEAD_MS = { least: 400, most: 60_000 } as const;
const AHEAD_FACTOR = 4;
const NOT_COMPARED = -1;
const NOW = Number.NEGATIVE_INFINITY;
/** Two readings of a wall clock that nobody has set differ by this much at most from the time between them. */
const WALL_MS = 2;

export class QuietLane extends LaneRunner {
    readonly #surroundings: LaneSurroundings;
    readonly #isSparing: boolean;
    /** Undefined: not asked yet. */
    #dueMs: number | undefined;
    /** The last tick was run because it was due, and not for any news. */
    #cameDue = false;
    #wasSpared = false;
    /** How far it was quiet last time, by mode: an empty lane stays empty for longer than one that somebody drives up to. */
    readonly #aheadMs = new Map<LaneMode["at"], number>();
    #seen = {
        sum: NOT_COMPARED,
        version: NOT_COMPARED,
        written: NOT_COMPARED,
        elsewhere: NOT_COMPARED,
        quotas: "",
        isListOld: false,
        isClockTrusted: false,
        isOnline: false,
        isInterlockFree: false,
    };
    #wallMs = Number.NaN;

    constructor(
        parts: ConstructorParameters<typeof LaneRunner>[0],
        resumed: string | undefined,
        surroundings: LaneSurroundings,
        isSparing: boolean,
    ) {
        super(parts, resumed);
        this.#surroundings = surroundings;
        this.#isSparing = isSparing;
    }

    /** Until then ticks do nothing unless something changes. Monotonic milliseconds; in the past after a tick that was not spared. */
    get quietUntilMs(): number {
        return (this.#wasSpared ? this.#dueMs : undefined) ?? NOW;
    }

    /** Time was passed over, with all its ticks. */
    leap(): void {
        this.passOver(this.#surroundings.nowMs());
    }

    override ask(request: LaneRequest): void {
        this.#dueMs = NOW;
        super.ask(request);
    }

    override tick(site: SiteImage): readonly Fact[] {
        const nowMs = this.#surroundings.nowMs();
        const isNew = this.#isAnythingNew(site);
        this.#wasSpared = this.#isSparing && !isNew && this.#isAsSeen(nowMs) && nowMs < this.#askedDueMs();
        if (this.#wasSpared) {
            this.passOver(nowMs);
            return [];
        }
        this.#dueMs = undefined;
        this.#cameDue = !isNew;
        this.#surroundings.onTick();
        return super.tick(site);
    }

    /** What the last image shows goes on: blindness, a disk that refuses, and devices that answer or have long been silent. */
    #isAsSeen(nowMs: number): boolean {
        const { isSteady, isRefusing } = this.#surroundings;
        const wasBlind = this.image?.wasBlind === true;
        return wasBlind === this.isBlindAt(Math.floor(nowMs)) && (!this.isRefused || isRefusing()) && isSteady();
    }

    /** Asked once after each tick, when a first one has brought nothing new; many are followed by another piece of news. */
    #askedDueMs(): number {
        this.#dueMs ??= this.#nextDueMs();
        return this.#dueMs;
    }

    /** Farther ahead the longer nothing new is seen, and step by step nearer where that is too far. */
    #nextDueMs(): number {
        const { image, state } = this;
        if (image === undefined || this.#isPassing(image)) return NOW;
        const lastMs = this.#aheadMs.get(state.mode.at) ?? AHEAD_MS.least;
        let aheadMs = this.#cameDue ? Math.min(lastMs * AHEAD_FACTOR, AHEAD_MS.most) : lastMs;
        while (aheadMs > TICK_MS && !this.#isAlikeAt(image, aheadMs)) aheadMs /= AHEAD_FACTOR;
        this.#aheadMs.set(state.mode.at, Math.max(aheadMs, AHEAD_MS.least / AHEAD_FACTOR));
        return aheadMs > TICK_MS ? Math.min(image.nowMs + aheadMs, this.#changesMs(image)) : NOW;
    }

    /** What the image shows will not be there in the next one, or is forgotten with time: requests, blindness, a read elsewhere. */
    #isPassing({ requests, wasBlind, reads }: LaneImage): boolean {
        const isOnce = requests.length > 0 || wasBlind === true;
        return (isOnce && !this.isRefused) || reads.some(({ seenElsewhere }) => seenElsewhere !== undefined);
    }

    /** The tick ahead does nothing either, or has as much to write as the one that was refused; an emergency waits for no disk. */
    #isAlikeAt(image: LaneImage, aheadMs: number): boolean {
        const { state, plan } = this;
        const { next, orders, facts } = step(state, later(image, aheadMs, plan.limits.readingAgeMsMax), plan);
        if (this.isRefused)
            return next.mode.at !== "emergency-open" && (facts.length > 0 || this.#isRecordingDue(image));
        return orders.length === 0 && facts.length === 0 && deltaOf(state, next) === undefined;
    }

    #isRecordingDue({ nowMs }: LaneImage): boolean {
        return this.recordingDueMs !== undefined && this.recordingDueMs <= nowMs;
    }

    /** From then on time alone makes the lane do something that `step` does not tell: recorded inputs are due, or a lane counts as blind. */
    #changesMs(image: LaneImage): number {
        if (!this.isRefused) return this.recordingDueMs ?? Number.POSITIVE_INFINITY;
        const becomesBlind = needsSight(this.state) && image.wasBlind !== true;
        return becomesBlind ? (this.lookedMs ?? image.nowMs) + SIGHT_GAP_MS_MAX : Number.POSITIVE_INFINITY;
    }

    /** Remembers what it has seen. */
    #isAnythingNew({ isClockTrusted, utcMs, list, isOnline, isInterlockFree }: SiteImage): boolean {
        const { changes, sightings, fullQuotas, sequence, nowMs } = this.#surroundings;
        const hasReads = this.image !== undefined && this.image.reads.length > 0;
        const isListOld = list.ageMs > this.plan.policy.listAgeMsMax;
        const isRecording = this.recordingDueMs !== undefined;
        const wallMs = utcMs - nowMs();
        const isWallSet = !(Math.abs(wallMs - this.#wallMs) <= WALL_MS);
        if (isWallSet) this.#wallMs = wallMs;
        const sum = changes();
        const written = isRecording ? sequence() : NOT_COMPARED;
        const elsewhere = hasReads ? sightings() : NOT_COMPARED;
        const quotas = fullQuotas().join();
        const seen = this.#seen;
        const isNew =
            isWallSet ||
            seen.sum !== sum ||
            seen.version !== list.version ||
            seen.written !== written ||
            seen.elsewhere !== elsewhere ||
            seen.quotas !== quotas ||
            seen.isListOld !== isListOld ||
            seen.isClockTrusted !== isClockTrusted ||
            seen.isOnline !== isOnline ||
            seen.isInterlockFree !== isInterlockFree;
        if (isNew) {
            const { version } = list;
            this.#seen = {
                sum,
                version,
                written,
                elsewhere,
                quotas,
                isListOld,
                isClockTrusted,
                isOnline,
                isInterlockFree,
            };
        }
        return isNew;
    }
}

/** The image so much later, had nothing been seen but what polls go on to confirm. */
function later(image: LaneImage, ms: number, freshMsMax: number): LaneImage {
    const { nowMs, utcMs, list } = image;
    const contacts: { [name in ContactName]?: Reading } = {};
    for (const name of CONTACT_NAMES) {
        const reading = image.contacts[name];
        if (reading === undefined) continue;
        contacts[name] = reading.ageMs <= freshMsMax ? reading : { ...reading, ageMs: reading.ageMs + ms };
    }
    return { ...image, nowMs: nowMs + ms, utcMs: utcMs + ms, list: { ...list, ageMs: list.ageMs + ms }, contacts };
}
