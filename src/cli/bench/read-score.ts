/** What reads are worth against the truth: counted row by row, so that every figure has its sample size. */
import type { FilePlate } from "../../vision/read-files-messages.ts";
import { isSamePlate } from "../same-plate.ts";
import type { TruthRow } from "./truth-file.ts";

/** What became of one row of the truth. */
export interface RowResult {
    readonly row: TruthRow;
    /** A plate was found where the truth has one (box known), or anywhere in its picture. */
    readonly isDetected: boolean;
    /** What was read for it; undefined for nothing. */
    readonly read: { readonly text: string; readonly confidence: number } | undefined;
    readonly isExact: boolean;
}

export interface ReadBenchResult {
    readonly images: number;
    /** Rows of the truth; those without a text count for detection only. */
    readonly plates: number;
    readonly detected: number;
    readonly exact: number;
    readonly wrong: number;
    readonly none: number;
    /** exact / rows with a text. */
    readonly exactRate: number;
    /** Wrong reads of at least `CONFIDENT` / rows with a text. */
    readonly wrongConfidentRate: number;
    /** Expected calibration error over ten bins of confidence, over all rows that were read. */
    readonly ece: number;
    readonly ms: { readonly median: number; readonly p95: number };
    readonly perCountry: Readonly<Record<string, { readonly plates: number; readonly exact: number }>>;
}

/** From here a read opens a barrier at most sites. */
const CONFIDENT = 0.9;
const OVERLAP_MIN = 0.3;
const BINS = 10;

/** Gives each row of one picture the read that fits it: the exact one, else the one on its box, else the surest left. */
export function scorePicture(rows: readonly TruthRow[], plates: readonly FilePlate[]): readonly RowResult[] {
    const free = new Set(plates);
    const exact = rows.map((row) => {
        const match = row.text === "" ? undefined : [...free].find(({ text }) => isSamePlate(text, row.text));
        if (match !== undefined) free.delete(match);
        return match;
    });
    return rows.map((row, index) => {
        const match = exact[index];
        if (match !== undefined) return { row, isDetected: true, read: match, isExact: true };
        const nearest = [...free].sort((a, b) => overlap(row, b) - overlap(row, a) || b.confidence - a.confidence)[0];
        const isThere = nearest !== undefined && (row.box === undefined || overlap(row, nearest) >= OVERLAP_MIN);
        if (!isThere) return { row, isDetected: false, read: undefined, isExact: false };
        free.delete(nearest);
        return { row, isDetected: true, read: nearest.text === "" ? undefined : nearest, isExact: false };
    });
}

export function readBenchResult(images: number, results: readonly RowResult[], ms: readonly number[]): ReadBenchResult {
    const told = results.filter(({ row }) => row.text !== "");
    const read = told.filter((result) => result.read !== undefined);
    const exact = told.filter(({ isExact }) => isExact).length;
    const surelyWrong = read.filter(
        ({ isExact, read: said }) => !isExact && (said?.confidence ?? 0) >= CONFIDENT,
    ).length;
    const share = (count: number): number => (told.length === 0 ? 0 : rounded(count / told.length));
    const countries = [...new Set(told.map(({ row }) => row.country))].sort();
    return {
        images,
        plates: results.length,
        detected: results.filter(({ isDetected }) => isDetected).length,
        exact,
        wrong: read.length - exact,
        none: told.length - read.length,
        exactRate: share(exact),
        wrongConfidentRate: share(surelyWrong),
        ece: rounded(calibrationError(read)),
        ms: { median: quantile(ms, 0.5), p95: quantile(ms, 0.95) },
        perCountry: Object.fromEntries(
            countries.map((country) => {
                const own = told.filter(({ row }) => row.country === country);
                return [country, { plates: own.length, exact: own.filter(({ isExact }) => isExact).length }];
            }),
        ),
    };
}

/** Mean distance between what was promised and what came true, bin by bin, weighted by how many fell into each. */
function calibrationError(read: readonly RowResult[]): number {
    const bins = Array.from({ length: BINS }, () => ({ count: 0, promised: 0, right: 0 }));
    for (const { read: said, isExact } of read) {
        const confidence = said?.confidence ?? 0;
        const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
        if (bin === undefined) continue;
        bin.count++;
        bin.promised += confidence;
        bin.right += isExact ? 1 : 0;
    }
    const total = Math.max(1, read.length);
    return bins.reduce((sum, { promised, right }) => sum + Math.abs(promised - right) / total, 0);
}

/** Intersection over union of the truth's box and the upright box around the read's corners; 0 without a box. */
function overlap({ box }: TruthRow, { corners }: FilePlate): number {
    if (box === undefined || corners.length === 0) return 0;
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const width = Math.min(right, box.x + box.w) - Math.max(left, box.x);
    const height = Math.min(bottom, box.y + box.h) - Math.max(top, box.y);
    if (width <= 0 || height <= 0) return 0;
    return (width * height) / ((right - left) * (bottom - top) + box.w * box.h - width * height);
}

export function quantile(values: readonly number[], share: number): number {
    const sorted = values.toSorted((a, b) => a - b);
    return Math.round((sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) * 10) / 10;
}

function rounded(value: number): number {
    return Math.round(value * 10_000) / 10_000;
}
