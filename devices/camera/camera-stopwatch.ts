/**
 * Tells late messages from fresh ones by a clock that nobody trusts. What hour a camera believes it is does not matter; but a
 * message that takes longer than the quickest one did, by that clock and ours, has lain somewhere. It can only refuse.
 */

/** A queue in a camera or network drains within this; the lorry still stands there [U]: a choice, not a measurement. */
const LATE_MS = 5_000;
/** Crystals of cameras drift less than this per millisecond, 17 s a day [U]. */
const DRIFT_PER_MS = 0.000_2;
/** A clock that was set back looks like lateness; it is believed when it has stayed so for this long. */
const SET_BACK_MS = 60_000;

export class CameraStopwatch {
    #quickest: { readonly delayMs: number; readonly atMs: number } | undefined;
    #setBack: { readonly delayMs: number; readonly sinceMs: number } | undefined;

    /** `cameraMs`: what its clock showed; undefined: it did not say, so nothing can be told. */
    isLate(cameraMs: number | undefined, nowMs: number): boolean {
        if (cameraMs === undefined || !Number.isFinite(cameraMs)) return false;
        const delayMs = nowMs - cameraMs;
        const quickest = this.#quickest;
        const allowedMs =
            quickest === undefined ? delayMs : quickest.delayMs + (nowMs - quickest.atMs) * DRIFT_PER_MS + LATE_MS;
        if (delayMs <= allowedMs) {
            if (quickest === undefined || delayMs <= quickest.delayMs) this.#quickest = { delayMs, atMs: nowMs };
            this.#setBack = undefined;
            return false;
        }
        return !this.#isSetBack(delayMs, nowMs);
    }

    /** A stored backlog drains, so its delays shrink; those of a clock that was set back stay as they are. */
    #isSetBack(delayMs: number, nowMs: number): boolean {
        const before = this.#setBack;
        if (before === undefined || Math.abs(before.delayMs - delayMs) > LATE_MS / 2) {
            this.#setBack = { delayMs, sinceMs: nowMs };
            return false;
        }
        if (nowMs - before.sinceMs < SET_BACK_MS) return false;
        this.#quickest = { delayMs, atMs: nowMs };
        this.#setBack = undefined;
        return true;
    }
}
