/** What reads the characters of one straightened plate. Tesseract today, a trained network later; everything else stays. */
import type { CharacterChoice } from "../core/plate/plate-vote.ts";

/** Eight bits a pixel, row after row without padding; 0 is black. */
export interface GreyImage {
    readonly width: number;
    readonly height: number;
    readonly pixels: Uint8Array;
}

/** Height of a typical character in a straightened row. */
export const ROW_PX = 36;

/** For each character from left to right what it may be, best first. */
export type RowChoices = readonly (readonly CharacterChoice[])[];

export interface Recognition {
    /** Letters and digits in reading order, upper case; empty when nothing was read. */
    readonly text: string;
    /** 0..1: how sure the recogniser is of the whole text; never above its least sure character. */
    readonly confidence: number;
    /** The same by rows and characters, as many rows as were given. */
    readonly rows: readonly RowChoices[];
}

export interface PlateRecogniser {
    /** For records, e.g. `tesseract.js 7.0.0 eng`. */
    readonly name: string;
    /**
     * Reads the rows of one plate, top first. Each is as `straightenRow` gives it: upright, dark on light, `ROW_PX` of its
     * height are characters. `look` counts the frames: a recogniser may prepare every look differently, so that one error
     * does not come every time.
     */
    read(rows: readonly GreyImage[], look: number): Promise<Recognition>;
    close(): Promise<void>;
}
