/**
 * The heartbeat of a site: every tick all lanes are frozen, decided and acted upon, one after the other, so that the second
 * of two interlocked lanes sees what the first has just claimed. Device health becomes facts here when it changes.
 */
import type { ListStamp } from "../core/booking/booking.ts";
import type { Fact, FactDraft } from "../core/fact/fact.ts";
import type { LaneState } from "../core/lane/lane-state.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import { type Journal, StoreFault } from "../ports/journal.ts";
import type { ClockTrust } from "./clock-trust.ts";
import type { LaneRunner } from "./lane-runner.ts";
import type { Log } from "./log.ts";

/** One tick; the lane's limits are in tenths of seconds, so 50 ms is fine enough and leaves the processor idle. */
const TICK_MS = 50;
/** Health is compared and views are shown this often: neither need be faster than people. */
const SHOW_TICKS = 10;

export interface SiteParts {
    readonly lanes: readonly LaneRunner[];
    readonly journal: Journal;
    readonly clock: Clock;
    readonly trust: ClockTrust;
    readonly log: Log;
    readonly listStamp: () => ListStamp;
    /** All devices whose health is told to the officers and the central system. */
    readonly devices: () => readonly DeviceHealth[];
    readonly onFacts: (facts: readonly Fact[]) => void;
    readonly onHealth: (health: DeviceHealth) => void;
    /** Twice a second: time to show people how things stand. */
    readonly onShow: () => void;
}

export class SiteRunner {
    readonly #parts: SiteParts;
    #cancel: Cancel = () => {};
    #ticks = 0;
    #healths = new Map<string, string>();
    #isClockTrusted: boolean | undefined;
    #isStoreWell = true;

    constructor(parts: SiteParts) {
        this.#parts = parts;
    }

    start(): void {
        this.#cancel = this.#parts.clock.every(TICK_MS, () => this.tick());
    }

    /** Ends the heartbeat. No order is given: whatever the boom does, it goes on doing. */
    stop(): void {
        this.#cancel();
    }

    /** False while facts cannot be written; the lanes then move nothing. */
    isStoreWell(): boolean {
        return this.#isStoreWell;
    }

    tick(): void {
        const { clock, trust, lanes, listStamp } = this.#parts;
        const utcMs = clock.utcMs();
        const isClockTrusted = trust.isTrusted();
        const list = listStamp();
        const facts: Fact[] = [];
        facts.push(...this.#guarded(() => this.#siteFacts({ utcMs, isClockTrusted })));
        for (const lane of lanes) {
            const isInterlockFree = this.#isInterlockFree(lane);
            facts.push(...this.#guarded(() => lane.tick({ utcMs, isClockTrusted, list, isInterlockFree })));
        }
        if (facts.length > 0) this.#parts.onFacts(facts);
        if (this.#ticks % SHOW_TICKS === 0) this.#parts.onShow();
        this.#ticks += 1;
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

    #siteFacts(time: { readonly utcMs: number; readonly isClockTrusted: boolean }): readonly Fact[] {
        const drafts: FactDraft[] = [];
        const changed: DeviceHealth[] = [];
        const isTrustNews = time.isClockTrusted !== this.#isClockTrusted;
        if (isTrustNews) drafts.push({ kind: "clock.trust", data: { isTrusted: time.isClockTrusted } });
        if (this.#ticks % SHOW_TICKS === 0) {
            for (const health of this.#parts.devices()) {
                if (this.#healths.get(health.device) === stateOf(health)) continue;
                changed.push(health);
                drafts.push({
                    kind: "device.health",
                    data: {
                        device: health.device,
                        state: health.state,
                        code: health.code ?? null,
                        detail: health.detail ?? null,
                    },
                });
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
        const other = this.#parts.lanes.find((each) => each.plan.id === lane.plan.interlockedWith);
        if (lane.plan.interlockedWith === undefined) return true;
        return other !== undefined && isClosedAndUnclaimed(other.state);
    }
}

const UNCLAIMED: ReadonlySet<LaneState["mode"]["at"]> = new Set([
    "idle",
    "arriving",
    "deciding",
    "referred",
    "refused",
    "out-of-service",
]);

/** The other boom was seen closed and nobody there has asked it to rise. */
function isClosedAndUnclaimed(state: LaneState): boolean {
    return UNCLAIMED.has(state.mode.at) && state.arm === "closed";
}

function stateOf(health: DeviceHealth): string {
    return `${health.state} ${health.code ?? ""}`;
}
