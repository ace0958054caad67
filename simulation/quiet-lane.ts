/**
 * The real lane runner, spared ticks in which nothing can happen. `step` is a pure function of state, image and plan, and in
 * modes without a time limit it looks at no clock: the same image gives the same nothing again, however often it is asked.
 */
import type { Fact } from "../src/core/fact/fact.ts";
import { SILENT_AFTER_AGES } from "../src/core/lane/alarms.ts";
import type { LaneRequest } from "../src/core/lane/lane-image.ts";
import type { LaneMode, LaneState } from "../src/core/lane/lane-state.ts";
import { LaneRunner, type SiteImage } from "../src/runtime/lane-runner.ts";

/** What the lane can see beside time, boiled down to a number that changes when any of it does. */
export interface LaneSurroundings {
    /** Grows with every change of contacts, read-backs, health and reads. */
    readonly changes: () => number;
    /** Nothing is under way, everything answers or has long been silent: what is seen now will be seen again. */
    readonly isSteady: () => boolean;
    readonly nowMs: () => number;
    readonly onTick: () => void;
}

/** Modes that only something from outside ends. */
const TIMELESS: ReadonlySet<LaneMode["at"]> = new Set(["idle", "fault", "out-of-service"]);
/** An alarm that time alone ends. */
const FLAPPING = "FLAPPING";
const MINUTE_MS = 60_000;
/** Ticks without any change before one is spared. */
const UNCHANGED_TICKS = 4;

export class QuietLane extends LaneRunner {
    readonly #surroundings: LaneSurroundings;
    readonly #isSparing: boolean;
    #unchanged = 0;
    #dueMs = Number.NEGATIVE_INFINITY;
    #seen = { changes: -1, isClockTrusted: false, version: -1, isListOld: false };

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

    /** The next tick would do nothing unless something changes first. */
    get isQuiet(): boolean {
        return this.#unchanged >= UNCHANGED_TICKS && this.#surroundings.isSteady();
    }

    /** When time alone may change something: that tick is never spared. Monotonic milliseconds. */
    get dueMs(): number {
        return this.#dueMs;
    }

    override ask(request: LaneRequest): void {
        this.#unchanged = 0;
        super.ask(request);
    }

    override tick(site: SiteImage): readonly Fact[] {
        const isNew = this.#isAnythingNew(site);
        const nowMs = this.#surroundings.nowMs();
        if (this.#isSparing && !isNew && this.isQuiet && nowMs < this.#dueMs) return [];
        const before = this.state;
        const unchanged = this.#unchanged;
        this.#unchanged = 0;
        this.#surroundings.onTick();
        const facts = super.tick(site);
        const isSame = !isNew && facts.length === 0 && before.mode === this.state.mode;
        if (isSame && isTimeless(this.state) && this.#surroundings.isSteady()) this.#unchanged = unchanged + 1;
        if (this.#unchanged >= UNCHANGED_TICKS) this.#dueMs = this.#nextDueMs(nowMs);
        return facts;
    }

    /** The lane counts changes by the minute, and a contact that stays active becomes presence, and then an alarm. */
    #nextDueMs(nowMs: number): number {
        const { watch } = this.state;
        const { presenceMsMin, occupiedMsMax, readingAgeMsMax } = this.plan.limits;
        if (watch === undefined) return nowMs;
        const moments = Object.values(watch.contacts).flatMap(({ isActive, sinceMs }) =>
            isActive ? [sinceMs + presenceMsMin, sinceMs + occupiedMsMax] : [],
        );
        // A contact that never spoke is called silent some time after the start.
        moments.push(watch.startedMs + SILENT_AFTER_AGES * readingAgeMsMax + 1);
        return Math.min(watch.minuteMs + MINUTE_MS, ...moments.filter((moment) => moment > nowMs));
    }

    /** Beside the lock, which no timeless mode looks at. Remembers what it has seen. */
    #isAnythingNew({ isClockTrusted, list }: SiteImage): boolean {
        const changes = this.#surroundings.changes();
        const isListOld = list.ageMs > this.plan.policy.listAgeMsMax;
        const seen = this.#seen;
        const isNew =
            seen.changes !== changes ||
            seen.isClockTrusted !== isClockTrusted ||
            seen.version !== list.version ||
            seen.isListOld !== isListOld;
        if (isNew) this.#seen = { changes, isClockTrusted, version: list.version, isListOld };
        return isNew;
    }
}

/** Nothing in this state waits for a moment to come. */
function isTimeless({ mode, visit, resumed, armDoubtSinceMs, raisedMs, alarms, platform }: LaneState): boolean {
    return (
        TIMELESS.has(mode.at) &&
        visit === undefined &&
        resumed === undefined &&
        armDoubtSinceMs === undefined &&
        raisedMs === undefined &&
        platform?.holds !== "crossed" &&
        !alarms.some((code) => code.startsWith(FLAPPING))
    );
}
