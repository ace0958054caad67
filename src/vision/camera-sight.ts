/**
 * Whether a camera that delivers pictures also sees: frozen, covered, dark or dazzled pictures are a fault of the device.
 * Pure: looks in, a verdict out. Any noise is life; the clock that a camera writes into its picture is not.
 */
import { z } from "zod";
import { CELLS, changedShares, fineMeansOf, levelsAt } from "./cell-grid.ts";
import type { SceneLook } from "./scene-look.ts";

export const SightLimits = z.strictObject({
    /** Pictures without any change but the clock's for this long are frozen. */
    frozenMsMax: z.number().int().min(5_000).max(3_600_000).default(60_000),
    /** A plate whose pixels do not change at all for this long is no plate before the camera. */
    stillMsMax: z.number().int().min(1_000).max(600_000).default(10_000),
    /** Dark, dazzled or without any edge for this long is blind. */
    blindMsMax: z.number().int().min(5_000).max(3_600_000).default(60_000),
    /** Dark: 99 of 100 pixels are at most this bright (0..255). -1: never. */
    darkLevelMax: z.number().int().min(-1).max(255).default(16),
    /** Dazzled: 9 of 10 pixels are at least this bright (0..255). 256: never. */
    brightLevelMin: z.number().int().min(0).max(256).default(250),
    /** Covered: 49 of 50 neighbouring places of the picture differ by less than this. 0: never. */
    edgeLevelMin: z.number().min(0).max(255).default(4),
});

export type SightLimits = z.infer<typeof SightLimits>;

export type BlindCode = "PICTURE_FROZEN" | "PICTURE_DARK" | "PICTURE_DAZZLED" | "LENS_COVERED";
export type Sight =
    | { readonly state: "well" }
    | { readonly state: "failed"; readonly code: BlindCode; readonly detail: string };

/** A cell has changed when this share of its pixels has; the finest noise tips more. */
const CELL_CHANGED = 0.01;
/** What a clock and a name in the picture may cover, as a share of its cells: two lines of text. */
const CLOCK_SHARE = 0.06;
/** Fewer looks prove nothing, and a gap between looks counts no longer than this. */
const LOOKS_MIN = 5;
const GAP_MS_MAX = 2_000;

const WHAT_TO_DO = "look at the camera and clean or free its lens";
const DETAIL: Readonly<Record<BlindCode, string>> = {
    PICTURE_FROZEN: "pictures come and nothing in them changes, not even noise; restart the camera",
    PICTURE_DARK: `the picture is dark; ${WHAT_TO_DO}, or its light and its exposure`,
    PICTURE_DAZZLED: `the picture is white; ${WHAT_TO_DO}, or its exposure`,
    LENS_COVERED: `there is nothing to see in the picture; ${WHAT_TO_DO}`,
};

export class CameraSight {
    readonly #limits: SightLimits;
    #before: SceneLook | undefined;
    /** Cells that have changed in the present still stretch, how long that is, and how many looks it has. */
    #changed = new Uint8Array(CELLS);
    #liveShare = 0;
    #stillMs = 0;
    #stillLooks = 0;
    #blind: { readonly code: BlindCode; readonly sinceMs: number } | undefined;

    constructor(limits: SightLimits) {
        this.#limits = limits;
    }

    /** For how long, up to the newest look, nothing but a clock has changed. */
    get stillMs(): number {
        return this.#stillMs;
    }

    /** Share (0..1) of the picture that changed up to the newest look, be it by noise. */
    get liveShare(): number {
        return this.#liveShare;
    }

    look(look: SceneLook): Sight {
        this.#noteChange(look);
        this.#noteBlindness(look);
        this.#before = look;
        const { frozenMsMax, blindMsMax } = this.#limits;
        if (this.#stillMs >= frozenMsMax && this.#stillLooks >= LOOKS_MIN) return failed("PICTURE_FROZEN");
        const blind = this.#blind;
        if (blind !== undefined && look.atMs - blind.sinceMs >= blindMsMax) return failed(blind.code);
        return { state: "well" };
    }

    /** A plate has just been read: whatever the picture is like, it shows what it is there for. */
    noteRead(): void {
        this.#blind = undefined;
    }

    /** The connection was lost: nobody knows what was to be seen meanwhile. */
    forget(): void {
        this.#before = undefined;
        this.#blind = undefined;
        this.#beginStretch();
    }

    #noteChange(look: SceneLook): void {
        const before = this.#before;
        this.#liveShare = 0;
        if (before === undefined) return;
        if (before.width !== look.width || before.height !== look.height) {
            this.#beginStretch();
            return;
        }
        const shares = changedShares(before, look);
        let live = 0;
        for (const [cell, share] of shares.entries()) {
            if (share < CELL_CHANGED) continue;
            this.#changed[cell] = 1;
            live++;
        }
        this.#liveShare = live / CELLS;
        const changedCells = this.#changed.reduce((sum, isChanged) => sum + isChanged, 0);
        if (changedCells > CELLS * CLOCK_SHARE) {
            this.#beginStretch();
            return;
        }
        this.#stillMs += Math.min(look.atMs - before.atMs, GAP_MS_MAX);
        this.#stillLooks++;
    }

    #beginStretch(): void {
        this.#changed.fill(0);
        this.#stillMs = 0;
        this.#stillLooks = 0;
    }

    #noteBlindness(look: SceneLook): void {
        const code = this.#blindnessOf(look);
        if (code === undefined) this.#blind = undefined;
        else this.#blind = { code, sinceMs: this.#blind?.sinceMs ?? look.atMs };
    }

    #blindnessOf(look: SceneLook): BlindCode | undefined {
        const { darkLevelMax, brightLevelMin, edgeLevelMin } = this.#limits;
        const [brightest = 0, darkest = 0] = levelsAt(look, [0.99, 0.1]);
        if (brightest <= darkLevelMax) return "PICTURE_DARK";
        if (darkest >= brightLevelMin) return "PICTURE_DAZZLED";
        return edgeLevelOf(look) < edgeLevelMin ? "LENS_COVERED" : undefined;
    }
}

function failed(code: BlindCode): Sight {
    return { state: "failed", code, detail: DETAIL[code] };
}

/** How much the most different fiftieth of neighbouring places differ. @internal for tests. */
export function edgeLevelOf(look: SceneLook): number {
    const { across, means } = fineMeansOf(look);
    const steps = new Float32Array(2 * means.length);
    let count = 0;
    for (let at = 0; at < means.length; at++) {
        const here = means[at] ?? 0;
        if ((at + 1) % across !== 0) steps[count++] = Math.abs((means[at + 1] ?? here) - here);
        if (at + across < means.length) steps[count++] = Math.abs((means[at + across] ?? here) - here);
    }
    return steps.subarray(0, count).sort()[Math.floor(count * 0.98)] ?? 0;
}
