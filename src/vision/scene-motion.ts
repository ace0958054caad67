/** When the scene last moved: something as large as a vehicle, not noise, snow, or the light of the whole picture. Pure. */
import { type FineMeans, fineMeansOf } from "./cell-grid.ts";
import type { SceneLook } from "./scene-look.ts";

/** A place has changed when its level did by more than this, against what most places did. */
const CHANGE_MIN = 12;
/** Share of the places that a vehicle changes while it comes; people on foot change less. */
const MOVED_SHARE = 0.03;
/** Looks are compared over at least this long: a slow lorry must have gone some way, a broken-off comparison is no movement. */
const SPAN_MS_MIN = 350;
const SPAN_MS_MAX = 3_000;

interface Past extends FineMeans {
    readonly atMs: number;
}

export class SceneMotion {
    #past: Past[] = [];
    #movedAtMs = Number.NEGATIVE_INFINITY;

    /** Of the newest look in which the scene had moved; minus infinity before the first. */
    get movedAtMs(): number {
        return this.#movedAtMs;
    }

    /** Takes the next look; true when the scene has moved since some time before it. */
    look(look: SceneLook): boolean {
        const now: Past = { atMs: look.atMs, ...fineMeansOf(look) };
        this.#past = this.#past.filter(({ atMs }) => now.atMs - atMs <= SPAN_MS_MAX);
        const before = this.#past.findLast(({ atMs }) => now.atMs - atMs >= SPAN_MS_MIN);
        this.#past.push(now);
        if (before === undefined || changedShare(before, now) < MOVED_SHARE) return false;
        this.#movedAtMs = now.atMs;
        return true;
    }

    /** The connection was lost: nobody saw what came meanwhile. */
    forget(): void {
        this.#past = [];
        this.#movedAtMs = Number.NEGATIVE_INFINITY;
    }
}

function changedShare(before: FineMeans, now: FineMeans): number {
    if (before.across !== now.across || before.down !== now.down) return 0;
    const changes = now.means.map((mean, cell) => mean - (before.means[cell] ?? 0));
    const common = changes.toSorted()[changes.length >> 1] ?? 0;
    const changed = changes.reduce((count, change) => count + (Math.abs(change - common) > CHANGE_MIN ? 1 : 0), 0);
    return changed / changes.length;
}
