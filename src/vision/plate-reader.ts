/** Reads one frame: finds what may be plates, straightens each, has it read and keeps what looks like a plate. */
import { isPlausiblePlate } from "../core/plate/plate-formats.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { findCharacterBoxes } from "./character-boxes.ts";
import type { Mat } from "./opencv.ts";
import { type PlateCandidate, plateCandidates } from "./plate-candidates.ts";
import { edgeBeside } from "./plate-field.ts";
import { textOfRow, textOfTwoRows } from "./plate-text.ts";
import type { PlateRecogniser, RowChoices } from "./recogniser.ts";
import { type Corner, type StraightRow, straightenRow } from "./row-straightener.ts";

/** One plate as one frame shows it. */
export interface PlateReading {
    readonly text: string;
    /** 0..1, of this frame alone. */
    readonly confidence: number;
    /** Whether some known form of plate has the text. */
    readonly hasForm: boolean;
    readonly characters: RowChoices;
    /** All texts that the picture may show with their probabilities, where the reader knows them. */
    readonly texts?: readonly { readonly text: string; readonly probability: number }[];
    /** Corners of the plate or of its characters in pixels of the frame, clockwise from top left. */
    readonly corners: readonly Corner[];
}

/** Rows that are read per frame: enough for two plates among badges and slogans. */
const CANDIDATES_MAX = 6;
/** Shorter plates exist, but not on lorries, and every cab has a badge of four or five signs. */
const LENGTH_MIN = 6;
/** Rows without an edge above or below stand on no plate. */
const FIELD_MIN = 0.35;

/** Reads a CV_8UC1 frame of at least 64×64; `look` is the number of the frame. Best reading of each place, in no order. */
export async function readPlates(grey: Mat, recogniser: PlateRecogniser, look: number): Promise<PlateReading[]> {
    const candidates = plateCandidates(await findCharacterBoxes(grey), CANDIDATES_MAX);
    const readings: PlateReading[] = [];
    for (const candidate of candidates) {
        const reading = await readCandidate(grey, candidate, recogniser, look);
        if (reading !== undefined) readings.push(reading);
    }
    return bestOfEachPlace(readings);
}

async function readCandidate(
    grey: Mat,
    candidate: PlateCandidate,
    recogniser: PlateRecogniser,
    look: number,
): Promise<PlateReading | undefined> {
    const straight = await Promise.all(candidate.rows.map((row) => straightenRow(grey, row, candidate.polarity)));
    const field = fieldOf(straight);
    if (field < FIELD_MIN) return undefined;
    const { rows } = await recogniser.read(
        straight.map(({ image }) => image),
        look,
    );
    const [top, bottom] = rows;
    if (top === undefined) return undefined;
    const { text, confidence, hasForm } = bottom === undefined ? textOfRow(top) : textOfTwoRows(top, bottom);
    if (!looksLikePlate(text, hasForm)) return undefined;
    const corners = outlineOf(straight.map((row) => row.corners));
    return { text, confidence: confidence * field, hasForm, characters: rows.flat(), corners };
}

/** Some digits always, and letters unless a form does without: digits alone are telephone numbers. */
function looksLikePlate(text: string, hasForm: boolean): boolean {
    return text.length >= LENGTH_MIN && isPlausiblePlate(toPlateKey(text)) && (hasForm || /[A-Z]/.test(text));
}

/** The weaker of the edges above the first row and below the last. */
function fieldOf(rows: readonly StraightRow[]): number {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return 0;
    return Math.min(
        edgeBeside(first.image, first.left, first.right, "above"),
        edgeBeside(last.image, last.left, last.right, "below"),
    );
}

/** Upper corners of the first row, lower corners of the last. */
function outlineOf(outlines: readonly (readonly Corner[])[]): readonly Corner[] {
    const [first, last] = [outlines[0] ?? [], outlines.at(-1) ?? []];
    return [...first.slice(0, 2), ...last.slice(2, 4)];
}

function bestOfEachPlace(readings: readonly PlateReading[]): PlateReading[] {
    const kept: PlateReading[] = [];
    for (const reading of [...readings].sort(
        (a, b) => Number(b.hasForm) - Number(a.hasForm) || b.confidence - a.confidence,
    )) {
        if (!kept.some((other) => contains(other.corners, middleOf(reading.corners)))) kept.push(reading);
    }
    return kept;
}

export function middleOf(corners: readonly Corner[]): Corner {
    const count = Math.max(1, corners.length);
    return [corners.reduce((sum, [x]) => sum + x, 0) / count, corners.reduce((sum, [, y]) => sum + y, 0) / count];
}

/** Whether a point lies in the upright box around the corners. */
function contains(corners: readonly Corner[], [x, y]: Corner): boolean {
    const xs = corners.map(([cornerX]) => cornerX);
    const ys = corners.map(([, cornerY]) => cornerY);
    return x >= Math.min(...xs) && x <= Math.max(...xs) && y >= Math.min(...ys) && y <= Math.max(...ys);
}
