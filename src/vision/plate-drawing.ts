/** Draws what was read into a picture: for looking at, never for evidence. */
import { cv, type Mat } from "./opencv.ts";
import type { FilePlate } from "./read-files-messages.ts";

/** A plate that is surely read is green, a doubtful one orange. */
const SURE = 0.9;
const GREEN = [60, 200, 60] as const;
const ORANGE = [0, 140, 255] as const;

/** Writes `picture` with its plates to `path`; the ending names the format. Rejects when it cannot be written. */
export async function drawPlates(picture: Mat, plates: readonly FilePlate[], path: string): Promise<void> {
    const thick = Math.max(1, Math.round(picture.cols / 640));
    for (const { text, confidence, corners } of plates) {
        const [blue, green, red] = confidence >= SURE ? GREEN : ORANGE;
        const colour = new cv.Vec3(blue, green, red);
        const points = corners.map(([x, y]) => new cv.Point2(Math.round(x), Math.round(y)));
        picture.drawPolylines([points], true, colour, thick);
        const [first] = points;
        if (first === undefined) continue;
        const below = new cv.Point2(first.x, Math.max(12, first.y - 3 * thick));
        // OpenCV's built-in letters are Latin only.
        const label = `${text.replace(/[^\x20-\x7e]/gu, "?")} ${Math.round(confidence * 100)}%`;
        picture.putText(label, below, cv.FONT_HERSHEY_SIMPLEX, 0.5 * thick, colour, thick);
    }
    await cv.imwriteAsync(path, picture);
}
