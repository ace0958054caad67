/**
 * Cuts a straightened row into its characters. Frame, bolts, flags, small print and the lines between the groups stay
 * behind because they are no members of the row.
 */
import { type Blob, type BlobPicture, type Box, labelBlobs } from "./blobs.ts";
import { groupRows, median } from "./character-rows.ts";
import { countHoles, strokeWidth, topShare } from "./ink-shape.ts";
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
    /** Brightness of the paper around it, and how much darker the ink is. */
    readonly light: number;
    readonly contrast: number;
    /** Typical width of its strokes in pixels. */
    readonly stroke: number;
}

/** Window and contrast of the local threshold, for characters `ROW_PX` high. */
const WINDOW_PX = 45;
const CONTRAST_MIN = 12;
/** A line between groups is a thin bar; a thin letter I is at least this much of its height wide and ends where the others end. */
const BAR_WIDTH_MIN = 0.11;
const BAR_WIDTH_MAX = 0.26;
const BAR_MISFIT_MAX = 0.09;
const BAR_PEN_MIN = 0.75;
const BAR_CONTRAST_MIN = 0.75;
/** Russian plates set their region code apart from, and higher than, the letters beside it. */
const WITHIN_PLATE = { offsetMax: 0.45, gapMax: 1.5 };
/** What is paler than this share of the row's contrast, or drawn with so much broader a pen, is dirt, or the country's strip. */
const CONTRAST_SHARE_MIN = 0.45;
const PEN_MAX = 1.7;
const STICK_OUT_MAX = 0.08;
/** How far, in character heights, a character may stand off its row, and how much its paper may differ, of the contrast. */
const STRANGER_OFFSET_MAX = 0.8;
const STRANGER_REACH = 2.2;
const PAPER_DIFFERENCE_MAX = 0.25;
/** Columns with less ink are clean; as many solid ones together as this are no stroke any more. */
const TRACE_SHARE = 0.12;
const SOLID_SHARE = 0.85;
const SOLID_PX = 6;
/** A run of inked columns is as broad as a character from this many character heights on. */
const LEFTOVER_WIDTH_MIN = 0.18;
/** Size of a character in character heights, and the least of its box that is ink. */
const HEIGHT_MIN = 0.55;
const HEIGHT_MAX = 1.45;
const WIDTH_MIN = 0.08;
const WIDTH_MAX = 1.4;
const INK_MIN = 0.16;
/** How far the middle of a member may lie off the middle of the crop, in character heights. */
const OFF_MIDDLE_MAX = 0.42;

/** Cuts a crop as `straightenRow` gives it. */
export async function cutRow(crop: GreyImage): Promise<CutRow> {
    const { blobs, labels } = await inkBlobs(crop);
    const eligible = blobs.filter((blob) => isOfCharacterSize(blob) && isInside(blob, crop));
    const members = rowMembers(eligible, crop.height);
    const characters = withoutEnds(withoutBars(members.map((blob) => cut(blob, crop, labels))));
    const strangers = eligible.filter((blob) => !members.includes(blob)).map((blob) => cut(blob, crop, labels));
    const isWhole =
        !strangers.some((stranger) => belongsBeside(stranger, characters, crop.height)) &&
        !hasLeftover(characters, blobs, labels, crop.width);
    return { characters, isWhole };
}

async function inkBlobs({ width, height, pixels }: GreyImage): Promise<BlobPicture> {
    return await withPictures(async (own) => {
        const picture = own(new cv.Mat(Buffer.from(pixels), height, width, cv.CV_8UC1));
        const { ADAPTIVE_THRESH_MEAN_C: byMean, THRESH_BINARY_INV: inverted } = cv;
        const mask = own(await picture.adaptiveThresholdAsync(255, byMean, inverted, WINDOW_PX, CONTRAST_MIN));
        return await labelBlobs(mask, ROW_PX * HEIGHT_MIN);
    });
}

/** Takes out upright lines: they are drawn with a finer pen than the characters, or are paler. */
function withoutBars(characters: readonly Cut[]): Cut[] {
    const broad = characters.filter((one) => one.width > one.height * BAR_WIDTH_MAX);
    const pen = median(broad.map(({ stroke }) => stroke)) * BAR_PEN_MIN;
    const contrast = median(broad.map((one) => one.contrast)) * BAR_CONTRAST_MIN;
    return characters.filter((one) => broad.includes(one) || (one.stroke >= pen && one.contrast >= contrast));
}

/** Takes from both ends what is too pale or too coarse to be a character, or sticks out above and below the row. */
function withoutEnds(characters: readonly Cut[]): Cut[] {
    const isAlike = likeness(characters);
    const head = median(characters.map(({ y }) => y)) - ROW_PX * STICK_OUT_MAX;
    const foot = median(characters.map(({ y, height }) => y + height)) + ROW_PX * STICK_OUT_MAX;
    const isSound = (one: Cut) => isAlike(one) && (one.y >= head || one.y + one.height <= foot);
    const first = characters.findIndex(isSound);
    return first < 0 ? [] : characters.slice(first, characters.findLastIndex(isSound) + 1);
}

/** Whether ink is like that of most of the row. */
function likeness(characters: readonly Cut[]): (one: Cut) => boolean {
    const contrast = median(characters.map((character) => character.contrast)) * CONTRAST_SHARE_MIN;
    const pen = median(characters.map(({ stroke }) => stroke)) * PEN_MAX;
    return (one) => one.contrast >= contrast && one.stroke <= pen;
}

/** What touches the end of the crop may go on behind it. */
function isInside({ x, width }: Blob, crop: GreyImage): boolean {
    return x > 0 && x + width < crop.width;
}

function isOfCharacterSize({ width, height, area }: Blob): boolean {
    const isSized = height <= ROW_PX * HEIGHT_MAX && width <= ROW_PX * WIDTH_MAX && width >= ROW_PX * WIDTH_MIN;
    return isSized && area > width * height * INK_MIN;
}

/** Whether a blob that is no member stands on the same paper, close to the row: a character set off, or out of line. */
function belongsBeside(stranger: Cut, characters: readonly Cut[], cropHeight: number): boolean {
    const [first, last] = [characters[0], characters.at(-1)];
    if (first === undefined || last === undefined || stranger.width <= stranger.height * BAR_WIDTH_MAX) return false;
    const isLevel = Math.abs(stranger.y + stranger.height / 2 - cropHeight / 2) < ROW_PX * STRANGER_OFFSET_MAX;
    const reach = ROW_PX * STRANGER_REACH;
    const isNear = stranger.x + stranger.width > first.x - reach && stranger.x < last.x + last.width + reach;
    const contrast = median(characters.map((character) => character.contrast));
    const paper = median(characters.map((character) => character.light));
    const isOnPaper = Math.abs(stranger.light - paper) < contrast * PAPER_DIFFERENCE_MAX;
    return isLevel && isNear && isOnPaper && likeness(characters)(stranger);
}

/**
 * Looks for ink of tall blobs between and beside the characters, as where a character has grown together with the frame.
 * Bars are thin, and what lies outside of the plate is solid: there the search ends.
 */
function hasLeftover(characters: readonly Cut[], all: readonly Blob[], labels: Int32Array, width: number): boolean {
    const [first, last] = [characters[0], characters.at(-1)];
    if (first === undefined || last === undefined) return false;
    const top = Math.round(median(characters.map(({ y }) => y)) + ROW_PX * 0.2);
    const bottom = Math.round(median(characters.map(({ y, height }) => y + height)) - ROW_PX * 0.2);
    const tall = new Set(all.filter((blob) => blob.width > blob.height * BAR_WIDTH_MAX).map(({ label }) => label));
    const shareAt = (x: number): number => {
        if (characters.some((character) => x >= character.x - 1 && x <= character.x + character.width)) return 0;
        let ink = 0;
        for (let y = top; y < bottom; y++) if (tall.has(labels[y * width + x] ?? 0)) ink++;
        return ink / (bottom - top);
    };
    const end = last.x + last.width;
    const reach = Math.round(ROW_PX * STRANGER_REACH);
    const columns = (from: number, count: number, step: 1 | -1) => {
        const inside = Math.max(0, Math.min(count, step === 1 ? width - from : from + 1));
        return Array.from({ length: inside }, (_, index) => shareAt(from + index * step));
    };
    const stretches = [columns(first.x, end - first.x, 1), columns(end, reach, 1), columns(first.x - 1, reach, -1)];
    return stretches.some(showsCharacter);
}

/** Whether a run of inked columns is as broad as a character. What is solid over some columns is outside, and ends the search. */
function showsCharacter(shares: readonly number[]): boolean {
    let run = 0;
    let solid = 0;
    for (const share of [...shares, 0]) {
        solid = share >= SOLID_SHARE ? solid + 1 : 0;
        if (solid === SOLID_PX) return run + 1 - SOLID_PX >= ROW_PX * LEFTOVER_WIDTH_MIN;
        if (share > TRACE_SHARE) run++;
        else if (run >= ROW_PX * LEFTOVER_WIDTH_MIN) return true;
        else run = 0;
    }
    return false;
}

/** The longest row that passes through the middle of the crop, without bars. */
function rowMembers(all: readonly Blob[], cropHeight: number): Blob[] {
    const central = all.filter((blob) => Math.abs(blob.y + blob.height / 2 - cropHeight / 2) < ROW_PX * OFF_MIDDLE_MAX);
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
    const shape = { holes: countHoles(ink, width, height), topShare: topShare(ink, width, height) };
    return { x, y, width, height, pixels, ...shape, stroke: strokeWidth(ink, width), light, contrast: light - dark };
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
