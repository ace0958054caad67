/**
 * The heartbeat of a site: every tick all lanes are frozen, decided and acted upon, one after the other, so that the second
 * of two interlocked lanes sees what the first has just claimed. A contact that was seen to change brings the next tick
 * forward; it is a tick like any other. Device health becomes facts here when it changes.
 */
import type { ListStamp } from "../core/booking/booking.ts";
import { type Fact, type FactDraft, factOf } from "../core/fact/fact.ts";
import { leavesInterlockFree } from "../core/lane/interlock.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import { type Journal, StoreFault } from "../ports/journal.ts";
import type { ClockTrust } from "./clock-trust.ts";
import { type LaneRunner, NO_LIST } from "./lane-runner.ts";
import type { Log } from "./log.ts";

/** One tick; the lane's limits are in tenths of seconds, so 50 ms is fine enough and leaves the processor idle. */
export const TICK_MS = 50;
/** Health is compared and views are shown this often: neither need be faster than people. */
const SHOW_MS = 500;

export interface SiteParts {
    readonly lanes: readonly LaneRunner[];
    readonly journal: Journal;
    readonly clock: Clock;
    readonly trust: ClockTrust;
    readonly log: Log;
    readonly listStamp: () => ListStamp;
    /** Absent: as far as the age of the list tells. */
    readonly isOnline?: () => boolean;
    /** Twice a second: what the site has to say by itself, such as lorries that it calls. Said again when it could not be written. */
    readonly chores?: () => readonly FactDraft[];
    /** All devices whose health is told to the officers and the central system. */
    readonly devices: () => readonly DeviceHealth[];
    readonly onFacts: (facts: readonly Fact[]) => void;
    readonly onHealth: (health: DeviceHealth) => void;
    /** Twice a second: time to show people how things stand. */
    readonly onShow: () => void;
}

export class SiteRunner {
    readonly #parts: SiteParts;
    #cancel: Cancel | undefined;
    #cancelWake: Cancel | undefined;
    #shownMs = Number.NEGATIVE_INFINITY;
    #healths = new Map<string, string>();
    #isClockTrusted: boolean | undefined;
    #isStoreWell = true;
    #isListWell = true;

    constructor(parts: SiteParts) {
        this.#parts = parts;
    }

    start(): void {
        this.#cancel = this.#parts.clock.every(TICK_MS, () => this.tick());
    }

    /** Ends the heartbeat. No order is given: whatever the boom does, it goes on doing. */
    stop(): void {
        this.#cancel?.();
        this.#cancel = undefined;
        this.#cancelWake?.();
        this.#cancelWake = undefined;
    }

    /** Something was seen to change: a tick follows at once, one for all that is seen until then. */
    wake(): void {
        const isRunning = this.#cancel !== undefined;
        if (isRunning) this.#cancelWake ??= this.#parts.clock.after(0, () => this.tick());
    }

    /** False while facts cannot be written; the lanes then move nothing. */
    isStoreWell(): boolean {
        return this.#isStoreWell;
    }

    tick(): void {
        const { clock, trust, lanes } = this.#parts;
        this.#cancelWake?.();
        this.#cancelWake = undefined;
        const nowMs = clock.monotonicMs();
        const isShowing = nowMs - this.#shownMs >= SHOW_MS;
        if (isShowing) this.#shownMs = nowMs;
        const utcMs = clock.utcMs();
        const isClockTrusted = trust.isTrusted();
        const list = this.#listStamp();
        const isOnline = this.#parts.isOnline?.() ?? true;
        const facts: Fact[] = [];
        facts.push(...this.#guarded(() => this.#siteFacts({ utcMs, isClockTrusted }, isShowing)));
        for (const lane of lanes) {
            const isInterlockFree = this.#isInterlockFree(lane);
            facts.push(...this.#guarded(() => lane.tick({ utcMs, isClockTrusted, list, isOnline, isInterlockFree })));
        }
        if (facts.length > 0) this.#parts.onFacts(facts);
        if (isShowing) this.#parts.onShow();
    }

    /** Writes down what no lane says, such as a refused command. What the disk refuses then is in the log only. */
    remember(facts: readonly FactDraft[]): void {
        const { clock, trust, journal, onFacts } = this.#parts;
        const time = { utcMs: clock.utcMs(), isClockTrusted: trust.isTrusted() };
        const written = this.#guarded(() => journal.commit({ facts }, time));
        if (written.length > 0) onFacts(written);
    }

    /** A disk that refuses the list must not stop the heartbeat: without a list the officer decides. */
    #listStamp(): ListStamp {
        try {
            const stamp = this.#parts.listStamp();
            this.#isListWell = true;
            return stamp;
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            if (this.#isListWell) {
                const { code, message } = error;
                this.#parts.log.error({ code, error: message }, "the booking list cannot be read, officers decide");
            }
            this.#isListWell = false;
            return NO_LIST;
        }
    }

    /** A lane that cannot write its facts stands still; the others go on, and everybody hears of it once. */
    #guarded(act: () => readonly Fact[]): readonly Fact[] {
        try {
            const written = act();
            if (written.length > 0 && !this.#isStoreWell) {
                this.#parts.log.info({}, "the journal can be written again");
                this.#isStoreWell = true;
            }
            return written;
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            if (this.#isStoreWell)
                this.#parts.log.error(
                    { code: error.code, error: error.message },
                    "facts cannot be written, lanes stand still",
                );
            this.#isStoreWell = false;
            return [];
        }
    }

    #siteFacts(
        time: { readonly utcMs: number; readonly isClockTrusted: boolean },
        isHealthDue: boolean,
    ): readonly Fact[] {
        const drafts: FactDraft[] = [];
        const changed: DeviceHealth[] = [];
        const isTrustNews = time.isClockTrusted !== this.#isClockTrusted;
        if (isTrustNews) drafts.push(factOf("clock.trust", { isTrusted: time.isClockTrusted }));
        if (isHealthDue) {
            drafts.push(...(this.#parts.chores?.() ?? []));
            for (const health of this.#parts.devices()) {
                if (this.#healths.get(health.device) === stateOf(health)) continue;
                changed.push(health);
                const { device, state, code = null, detail = null } = health;
                drafts.push(factOf("device.health", { device, state, code, detail }));
            }
        }
        if (drafts.length === 0) return [];
        const facts = this.#parts.journal.commit({ facts: drafts }, time);
        // Only after the commit: what could not be written is said again in the next tick.
        this.#isClockTrusted = time.isClockTrusted;
        for (const health of changed) {
            this.#healths.set(health.device, stateOf(health));
            this.#parts.onHealth(health);
        }
        return facts;
    }

    #isInterlockFree(lane: LaneRunner): boolean {
        const { interlockedWith } = lane.plan;
        if (interlockedWith === undefined) return true;
        const other = this.#parts.lanes.find((each) => each.plan.id === interlockedWith);
        return other !== undefined && leavesInterlockFree(other.state);
    }
}

function stateOf(health: DeviceHealth): string {
    return `${health.state} ${health.code ?? ""}`;
}
