/**
 * Where each surely read plate stands or stood a moment ago, over all lanes of the site: the same plate at two lanes within
 * minutes is two lorries, and one of them has a false plate. Kept in memory; after a restart it is told from the journal.
 */
import { LANE_ROLES, type LaneRole } from "../core/decision/lane-role.ts";
import type { Fact, FactKind } from "../core/fact/fact.ts";
import { type PlateKey, toPlateKey } from "../core/plate/plate-key.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal, JournalArchive } from "../ports/journal.ts";

export interface SightingTimes {
    /** Another lane within this time is an alarm. */
    readonly twiceMsMax: number;
    /** But for a lane further on its way, after this time. */
    readonly onwardMsMin: number;
}

/** Who looks where. */
export interface Watcher {
    readonly id: string;
    readonly role: LaneRole;
}

interface Sighting {
    readonly lane: Watcher;
    readonly passage: string;
    atMs: number;
    /** Through the lane; one that drove away again is forgotten. */
    hasPassed: boolean;
}

/** After these the vehicle stands there no more. */
const ENDED: ReadonlySet<FactKind> = new Set([
    "passage.completed",
    "vehicle.left",
    "passage.backed-out",
    "passage.recorded",
]);

/** The last run's facts that are looked through for plates: more than eight busy lanes tell in the minutes that count. */
const RECALLED_MAX = 2_000;

/** With what the last run's lanes saw: a false plate does not become a true one by a restart. Throws `StoreFault`. */
export function recalledSightings(
    journal: Pick<Journal, "head"> & Pick<JournalArchive, "factsAfter">,
    times: SightingTimes,
    watchers: readonly Watcher[],
    clock: Clock,
): Sightings {
    const sightings = new Sightings(times);
    const facts = journal.factsAfter(Math.max(0, journal.head().sequence - RECALLED_MAX), RECALLED_MAX);
    const lanes = new Map(watchers.map((watcher) => [watcher.id, watcher]));
    sightings.recall(facts, lanes, { nowMs: clock.monotonicMs(), utcMs: clock.utcMs() });
    return sightings;
}

export class Sightings {
    readonly #times: SightingTimes;
    readonly #byPlate = new Map<PlateKey, Sighting[]>();
    #revision = 0;

    constructor(times: SightingTimes) {
        this.#times = times;
    }

    /** Grows whenever `elsewhere` may have another answer for another reason than time. */
    get revision(): number {
        return this.#revision;
    }

    /**
     * What an earlier run saw, from its last facts in their order. Ages are told by the wall clock, the only one that two runs
     * share: a fact that seems to come from the future was seen just now, so that a clock set back forgets no false plate.
     */
    recall(
        facts: readonly Fact[],
        lanes: ReadonlyMap<string, Watcher>,
        { nowMs, utcMs }: { readonly nowMs: number; readonly utcMs: number },
    ): void {
        const keys = new Map<string, Set<PlateKey>>();
        for (const fact of facts) {
            const { kind, lane = "", passage, data } = fact;
            const watcher = lanes.get(lane);
            if (watcher === undefined || passage === undefined) continue;
            const seen = keys.get(passage) ?? new Set();
            if (kind === "vehicle.recognised" && data["isSure"] === true) seen.add(toPlateKey(String(data["key"])));
            keys.set(passage, seen);
            const atMs = nowMs - Math.max(0, utcMs - fact.utcMs);
            if (this.#isRecent(atMs, nowMs)) for (const key of seen) this.note(watcher, passage, key, atMs);
            this.hear([fact]);
            if (ENDED.has(kind)) keys.delete(passage);
        }
    }

    /** A sure read of the vehicle that stands at this lane now. Monotonic milliseconds. */
    note(lane: Watcher, passage: string, key: PlateKey, nowMs: number): void {
        const ofPlate = this.#byPlate.get(key) ?? [];
        const same = ofPlate.find((sighting) => sighting.passage === passage);
        if (same?.hasPassed === true) return;
        if (same === undefined || !this.#isRecent(same.atMs, nowMs)) this.#revision += 1;
        if (same !== undefined) {
            same.atMs = nowMs;
            return;
        }
        this.#prune(nowMs);
        const others = ofPlate.filter(({ lane: { id } }) => id !== lane.id);
        this.#byPlate.set(key, [...others, { lane, passage, atMs: nowMs, hasPassed: false }]);
    }

    /** Another lane where one lorry with this plate cannot have been, or undefined. */
    elsewhere(lane: Watcher, key: PlateKey, nowMs: number): string | undefined {
        return this.#byPlate.get(key)?.find((sighting) => this.#isOdd(sighting, lane, nowMs))?.lane.id;
    }

    /** Facts just committed: who has passed may be met further on, who has left may be met anywhere. */
    hear(facts: readonly Fact[]): void {
        for (const { kind, passage } of facts) {
            if (passage === undefined) continue;
            if (kind === "passage.completed") this.#passed(passage);
            if (kind === "vehicle.left" || kind === "passage.backed-out") this.#forget(passage);
        }
    }

    /** Plates that nobody has seen for long; looked for whenever a lorry comes. */
    #prune(nowMs: number): void {
        for (const [key, sightings] of this.#byPlate) {
            if (sightings.every(({ atMs }) => !this.#isRecent(atMs, nowMs))) this.#byPlate.delete(key);
        }
    }

    #isRecent(atMs: number, nowMs: number): boolean {
        return nowMs - atMs <= this.#times.twiceMsMax;
    }

    #isOdd(sighting: Sighting, lane: Watcher, nowMs: number): boolean {
        if (sighting.lane.id === lane.id || !this.#isRecent(sighting.atMs, nowMs)) return false;
        const isOnward = LANE_ROLES.indexOf(lane.role) > LANE_ROLES.indexOf(sighting.lane.role);
        return !(sighting.hasPassed && isOnward && nowMs - sighting.atMs >= this.#times.onwardMsMin);
    }

    #passed(passage: string): void {
        for (const sighting of this.#all()) if (sighting.passage === passage) sighting.hasPassed = true;
        this.#revision += 1;
    }

    #forget(passage: string): void {
        this.#revision += 1;
        for (const [key, sightings] of this.#byPlate) {
            this.#byPlate.set(
                key,
                sightings.filter((sighting) => sighting.passage !== passage),
            );
        }
    }

    #all(): readonly Sighting[] {
        return [...this.#byPlate.values()].flat();
    }
}
