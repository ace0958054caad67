/**
 * Sets cut characters side by side on white, at one height and evenly spaced: the kind of line that a recogniser made for
 * printed text reads best. Different settings make it err differently, so that frames of one plate can outvote an error.
 */
import { median } from "./character-rows.ts";
import type { GreyImage } from "./recogniser.ts";
import type { CutCharacter } from "./row-cutter.ts";

export interface Setting {
    readonly heightPx: number;
    readonly gapPx: number;
    /** Plate faces are narrower than printed text. */
    readonly stretch: number;
}

export interface ComposedRow {
    readonly image: GreyImage;
    /** Columns of each character: first, and the one behind the last. */
    readonly spans: readonly (readonly [number, number])[];
}

const MARGIN_PX = 14;
/** Room that every character gets at least, against the typical width. */
const ROOM_MIN = 0.8;

export function composeRow(characters: readonly CutCharacter[], setting: Setting): ComposedRow {
    const widths = characters.map(({ width, height }) =>
        Math.max(4, Math.round((width * setting.heightPx * setting.stretch) / height)),
    );
    // Two slender ones side by side would look like one broad letter: "11" like an N.
    const roomMin = Math.round(median(widths) * ROOM_MIN);
    const spans: [number, number][] = [];
    let right = MARGIN_PX;
    for (const wide of widths) {
        const spare = Math.max(0, roomMin - wide);
        const left = right + Math.floor(spare / 2);
        spans.push([left, left + wide]);
        right = left + wide + Math.ceil(spare / 2) + setting.gapPx;
    }
    const width = right - setting.gapPx + MARGIN_PX;
    const height = setting.heightPx + 2 * MARGIN_PX;
    const pixels = new Uint8Array(width * height).fill(255);
    for (const [index, character] of characters.entries()) {
        const [left, end] = spans[index] ?? [0, 0];
        for (let y = 0; y < setting.heightPx; y++) {
            for (let x = left; x < end; x++) {
                const u = ((x - left + 0.5) / (end - left)) * character.width - 0.5;
                const v = ((y + 0.5) / setting.heightPx) * character.height - 0.5;
                pixels[(y + MARGIN_PX) * width + x] = sample(character, u, v);
            }
        }
    }
    return { image: { width, height, pixels }, spans };
}

/** Bilinear; beyond the box lies paper's edge, repeated. */
function sample({ pixels, width, height }: CutCharacter, u: number, v: number): number {
    const x = Math.min(width - 1, Math.max(0, u));
    const y = Math.min(height - 1, Math.max(0, v));
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [x1, y1] = [Math.min(width - 1, x0 + 1), Math.min(height - 1, y0 + 1)];
    const at = (column: number, row: number) => pixels[row * width + column] ?? 255;
    const top = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * (x - x0);
    const bottom = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * (x - x0);
    return Math.round(top + (bottom - top) * (y - y0));
}
