/** For how long the picture of one plate has not changed by a pixel: no sensor, whatever stands before it, is so quiet. Pure. */
import type { PlatePlace } from "./plate-surroundings.ts";
import { widthOf } from "./plate-surroundings.ts";
import type { SceneLook } from "./scene-look.ts";

/** Of the pixels of the plate; what is around it may reach in when a picture is compressed. */
const CHANGED_SHARE = 0.02;
const HEIGHT_SHARE = 0.16;
/** A gap between looks counts no longer than this, and fewer looks prove nothing. */
const GAP_MS_MAX = 2_000;
const LOOKS_MIN = 5;
/** Where noise changes half of the picture from look to look and the plate not at all, a second proves as much as long stillness. */
const LIVE_SHARE = 0.5;
const INSERTED_MS = 1_000;

interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
}

export class StillCrop {
    #box: Box | undefined;
    #before: SceneLook | undefined;
    #stillMs = 0;
    #looks = 0;
    #insertedMs = 0;
    #insertedLooks = 0;

    /** The plate stands still in a picture that lives all around it: it was put in afterwards. */
    get isInserted(): boolean {
        return this.#insertedLooks >= LOOKS_MIN && this.#insertedMs >= INSERTED_MS;
    }

    /** 0 until enough looks were the same. */
    get stillMs(): number {
        return this.#looks >= LOOKS_MIN ? this.#stillMs : 0;
    }

    /** `liveShare`: how much of the whole picture changed up to this look, 0 to 1. */
    look(look: SceneLook, place: PlatePlace, liveShare: number): void {
        const before = this.#before;
        const isSame = before !== undefined && this.#box !== undefined && isUnchanged(before, look, this.#box);
        this.#before = look;
        if (isSame) {
            const gapMs = Math.min(look.atMs - before.atMs, GAP_MS_MAX);
            this.#stillMs += gapMs;
            this.#looks++;
            if (liveShare >= LIVE_SHARE) {
                this.#insertedMs += gapMs;
                this.#insertedLooks++;
            }
            return;
        }
        this.#box = boxOf(place, look);
        this.#stillMs = 0;
        this.#looks = 0;
        this.#insertedMs = 0;
        this.#insertedLooks = 0;
    }
}

function boxOf(place: PlatePlace, { width, height }: SceneLook): Box {
    const reach = widthOf(place) * HEIGHT_SHARE;
    const half = Math.abs(place.dx) * 0.4;
    const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)));
    return {
        left: within(place.x - half, width),
        right: within(place.x + half, width),
        top: within(place.y - reach / 2, height),
        bottom: within(place.y + reach / 2, height),
    };
}

function isUnchanged(before: SceneLook, now: SceneLook, { left, top, right, bottom }: Box): boolean {
    const count = (right - left) * (bottom - top);
    if (before.width !== now.width || before.height !== now.height || count <= 0) return false;
    let changed = 0;
    for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
            const at = y * now.width + x;
            if (before.pixels[at] !== now.pixels[at]) changed++;
        }
    }
    return changed <= count * CHANGED_SHARE;
}
