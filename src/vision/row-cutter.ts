/**
 * Cuts a straightened row into its characters. Frame, bolts, flags, small print and the lines between the groups stay
 * behind because they are no members of the row.
 */
import { type Blob, type BlobPicture, type Box, labelBlobs } from "./blobs.ts";
import { groupRows, median } from "./character-rows.ts";
import { countHoles, topShare } from "./ink-shape.ts";
import { cv, withPictures } from "./opencv.ts";
import { type GreyImage, ROW_PX } from "./recogniser.ts";

/** One character: where it stands in the row, which pixels of its box are ink, and what its shape tells. */
export interface CutCharacter extends Box {
    /** Brightness from 0 (ink) to 255 (paper), box by rows; neighbours that reach into the box are blanked. */
    readonly pixels: Uint8Array;
    /** Closed counters: 0 in a C, 1 in a D, 2 in a B. Blur closes small ones, so there may be fewer, hardly ever more. */
    readonly holes: number;
    /** Share of its width that has ink at the very top: all of a 7, half of a 1. */
    readonly topShare: number;
}

export interface CutRow {
    /** From left to right; empty when the crop holds no row. */
    readonly characters: readonly CutCharacter[];
    /** False when something as tall as a character stands among or beside them that could not be cut out: one may be missing. */
    readonly isWhole: boolean;
}

interface Cut extends CutCharacter {
    readonly contrast: number;
    readonly fill: number;
}

/** Window and contrast of the local threshold, for characters `ROW_PX` high. */
const WINDOW_PX = 45;
const CONTRAST_MIN = 12;
/** A line between groups is a thin bar; a thin letter I is at least this much of its height wide and ends where the others end. */
const BAR_WIDTH_MIN = 0.11;
const BAR_WIDTH_MAX = 0.26;
const BAR_MISFIT_MAX = 0.09;
/** Russian plates set their region code apart from, and higher than, the letters beside it. */
const WITHIN_PLATE = { offsetMax: 0.45, gapMax: 1.5 };
/** What is paler than this share of the row's contrast, or this full of ink, is dirt or a strip at the end of the plate. */
const CONTRAST_SHARE_MIN = 0.45;
const FILL_MAX = 0.78;
/** A strip with the sign of the country is less full, but taller than the characters. */
const STRIP_FILL_MIN = 0.56;
const STRIP_HEIGHT_MIN = 1.12;
const LEFTOVER_REACH = 0.9;
const LEFTOVER_WIDTH_MIN = 0.22;
const INK_MIN = 0.16;

/** Cuts a crop as `straightenRow` gives it. */
export async function cutRow(crop: GreyImage): Promise<CutRow> {
    const { blobs, labels } = await inkBlobs(crop);
    const members = rowMembers(
        blobs.filter((blob) => isOfCharacterSize(blob) && isInside(blob, crop)),
        crop.height,
    );
    const characters = withoutEnds(members.map((blob) => cut(blob, crop, labels)));
    return { characters, isWhole: !hasLeftover(characters, blobs, labels, crop.width) };
}

async function inkBlobs({ width, height, pixels }: GreyImage): Promise<BlobPicture> {
    return await withPictures(async (own) => {
        const picture = own(new cv.Mat(Buffer.from(pixels), height, width, cv.CV_8UC1));
        const { ADAPTIVE_THRESH_MEAN_C: byMean, THRESH_BINARY_INV: inverted } = cv;
        const mask = own(await picture.adaptiveThresholdAsync(255, byMean, inverted, WINDOW_PX, CONTRAST_MIN));
        return await labelBlobs(mask, ROW_PX * 0.55);
    });
}

/** Takes from both ends what is too pale or too full to be a character. */
function withoutEnds(characters: readonly Cut[]): Cut[] {
    const contrast = median(characters.map((character) => character.contrast)) * CONTRAST_SHARE_MIN;
    const height = median(characters.map((character) => character.height)) * STRIP_HEIGHT_MIN;
    const isSound = (one: Cut) => {
        if (one.contrast < contrast) return false;
        return one.width < one.height * BAR_WIDTH_MAX || one.fill <= (one.height > height ? STRIP_FILL_MIN : FILL_MAX);
    };
    const first = characters.findIndex(isSound);
    return first < 0 ? [] : characters.slice(first, characters.findLastIndex(isSound) + 1);
}

/** What touches the end of the crop may go on behind it. */
function isInside({ x, width }: Blob, crop: GreyImage): boolean {
    return x > 0 && x + width < crop.width;
}

function isOfCharacterSize({ width, height, area }: Blob): boolean {
    const isSized = height <= ROW_PX * 1.45 && width <= ROW_PX * 1.4 && width >= ROW_PX * 0.08;
    return isSized && area > width * height * INK_MIN;
}

/** Looks for ink of tall blobs between and beside the characters: bars and frames are thin, what lies outside is solid. */
function hasLeftover(characters: readonly Cut[], all: readonly Blob[], labels: Int32Array, width: number): boolean {
    const [first, last] = [characters[0], characters.at(-1)];
    if (first === undefined || last === undefined) return false;
    const top = median(characters.map(({ y }) => y)) + ROW_PX * 0.2;
    const bottom = median(characters.map(({ y, height }) => y + height)) - ROW_PX * 0.2;
    const tall = new Set(all.filter((blob) => blob.width > blob.height * BAR_WIDTH_MAX).map(({ label }) => label));
    const from = Math.max(0, Math.round(first.x - ROW_PX * LEFTOVER_REACH));
    const to = Math.min(width, Math.round(last.x + last.width + ROW_PX * LEFTOVER_REACH));
    let run = 0;
    for (let x = from; x < to; x++) {
        const owner = characters.find((character) => x >= character.x - 1 && x <= character.x + character.width);
        let ink = 0;
        for (let y = Math.round(top); owner === undefined && y < bottom; y++) {
            if (tall.has(labels[y * width + x] ?? 0)) ink++;
        }
        const share = ink / (bottom - top);
        run = share > 0.12 && share < 0.8 ? run + 1 : 0;
        if (run >= ROW_PX * LEFTOVER_WIDTH_MIN) return true;
    }
    return false;
}

/** The longest row that passes through the middle of the crop, without bars. */
function rowMembers(all: readonly Blob[], cropHeight: number): Blob[] {
    const central = all.filter((blob) => Math.abs(blob.y + blob.height / 2 - cropHeight / 2) < ROW_PX * 0.42);
    const broad = central.filter((blob) => blob.width > blob.height * BAR_WIDTH_MAX);
    const letters = central.filter((blob) => !isBar(blob, broad));
    const byBox = new Map<Box, Blob>(letters.map((blob) => [blob, blob]));
    const [longest] = groupRows(letters, 2, WITHIN_PLATE).sort((a, b) => b.boxes.length - a.boxes.length);
    return (longest?.boxes ?? []).flatMap((box) => byBox.get(box) ?? []);
}

function isBar(blob: Blob, broad: readonly Blob[]): boolean {
    if (blob.width > blob.height * BAR_WIDTH_MAX) return false;
    const top = median(broad.map(({ y }) => y));
    const bottom = median(broad.map(({ y, height }) => y + height));
    const misfit = Math.max(Math.abs(blob.y - top), Math.abs(blob.y + blob.height - bottom));
    return blob.width < blob.height * BAR_WIDTH_MIN || misfit > ROW_PX * BAR_MISFIT_MAX;
}

function cut(blob: Blob, crop: GreyImage, labels: Int32Array): Cut {
    const { x, y, width, height, label } = blob;
    const { dark, light } = levels(blob, crop, labels);
    const pixels = new Uint8Array(width * height);
    const ink = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
            const from = (y + row) * crop.width + x + column;
            const at = row * width + column;
            const owner = labels[from] ?? 0;
            ink[at] = owner === label ? 1 : 0;
            const value =
                owner === label || owner === 0 ? (((crop.pixels[from] ?? 255) - dark) / (light - dark)) * 255 : 255;
            pixels[at] = Math.max(0, Math.min(255, Math.round(value)));
        }
    }
    return {
        ...{
            x,
            y,
            width,
            height,
            pixels,
            holes: countHoles(ink, width, height),
            topShare: topShare(ink, width, height),
        },
        ...{ contrast: light - dark, fill: blob.area / (width * height) },
    };
}

/** Brightness of ink and paper inside one character's box: light falls unevenly over a plate. */
function levels(blob: Blob, crop: GreyImage, labels: Int32Array): { dark: number; light: number } {
    const inks: number[] = [];
    const papers: number[] = [];
    for (let y = blob.y; y < blob.y + blob.height; y++) {
        for (let x = blob.x; x < blob.x + blob.width; x++) {
            const at = y * crop.width + x;
            if (labels[at] === blob.label) inks.push(crop.pixels[at] ?? 0);
            else if (labels[at] === 0) papers.push(crop.pixels[at] ?? 255);
        }
    }
    const dark = quantile(inks, 0.25, 0);
    return { dark, light: Math.max(dark + 16, quantile(papers, 0.6, 255)) };
}

function quantile(values: number[], share: number, otherwise: number): number {
    return values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? otherwise;
}
