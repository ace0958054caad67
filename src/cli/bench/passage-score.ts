/** What the reads of a passage are worth against the plate that passed, and what many passages together say of reading. */
import { z } from "zod";
import { Policy } from "../../config/site-schema.ts";
import type { HeardRead, PassageAnswer } from "../../vision/read-passages-messages.ts";
import { isSamePlate } from "../same-plate.ts";
import { quantile } from "./read-score.ts";

/** `passage.json` beside a film, see simulators/world/camera/passages/main.ts. */
export const PassageTruth = z.object({
    number: z.int(),
    seed: z.int(),
    plate: z.object({ text: z.string(), country: z.string(), rows: z.literal([1, 2]) }),
    light: z.string(),
    weather: z.string(),
    loopFromMs: z.number(),
});

export type PassageTruth = z.infer<typeof PassageTruth>;

export interface PassageResult {
    readonly truth: PassageTruth;
    /** The surest of what the tracks were voted to at last; undefined when no plate was told. */
    readonly read: HeardRead | undefined;
    readonly isExact: boolean;
    /** The first read of another plate that a lane with a site file's defaults would have taken for sure. */
    readonly wrongSure: HeardRead | undefined;
    /** Milliseconds on the loop until the plate was told exactly, surely and without a doubt; undefined for never. */
    readonly sureAfterMs: number | undefined;
    readonly frameMs: readonly number[];
    readonly cpuMs: readonly number[];
}

/** How many of how many, and between which rates the truth lies in 95 of 100 cases. */
export interface Share {
    readonly passages: number;
    readonly exact: number;
    readonly interval: readonly [number, number];
}

export interface PassageBenchResult {
    readonly passages: number;
    readonly exact: number;
    readonly wrong: number;
    readonly none: number;
    /** Passages in which some sure read was wrong. */
    readonly wrongSure: number;
    /** exact / passages. */
    readonly rate: number;
    readonly interval: readonly [number, number];
    readonly wrongSureInterval: readonly [number, number];
    /** Passages in which the plate was told exactly, surely and without a doubt: a lane needs nobody for these. */
    readonly sure: number;
    /** On the loop until then, milliseconds of the film. */
    readonly sureAfterMs: { readonly median: number; readonly p95: number };
    readonly byCountry: Readonly<Record<string, Share>>;
    readonly byRows: Readonly<Record<string, Share>>;
    readonly byLight: Readonly<Record<string, Share>>;
    readonly byWeather: Readonly<Record<string, Share>>;
    /** From JPEG to told reads of one frame that was read: by the clock, and of the processor. */
    readonly frameMs: { readonly median: number; readonly p95: number };
    readonly cpuMs: { readonly median: number; readonly p95: number };
}

const { confidenceMin, framesMin } = Policy.parse({});

export function scorePassage(truth: PassageTruth, { reads, frameMs, cpuMs }: PassageAnswer): PassageResult {
    const isExact = ({ text }: HeardRead): boolean => isSamePlate(text, truth.plate.text);
    const isSure = (read: HeardRead): boolean => read.confidence >= confidenceMin && read.agreeing >= framesMin;
    const last = new Map(reads.map((read) => [read.track, read]));
    const [read] = [...last.values()].sort((a, b) => b.confidence - a.confidence || b.frames - a.frames);
    const settled = reads.find((each) => isSure(each) && isExact(each) && each.doubts.length === 0);
    return {
        ...{ truth, read, frameMs, cpuMs },
        isExact: read !== undefined && isExact(read),
        wrongSure: reads.find((each) => isSure(each) && !isExact(each)),
        sureAfterMs: settled === undefined ? undefined : settled.atMs - truth.loopFromMs,
    };
}

export function passageBenchResult(results: readonly PassageResult[]): PassageBenchResult {
    const all = shareOf(results);
    const wrongSure = results.filter((result) => result.wrongSure !== undefined).length;
    const none = results.filter(({ read }) => read === undefined).length;
    const after = results.flatMap(({ sureAfterMs }) => sureAfterMs ?? []);
    return {
        passages: all.passages,
        exact: all.exact,
        wrong: all.passages - all.exact - none,
        none,
        wrongSure,
        rate: rounded(all.exact / Math.max(1, all.passages)),
        interval: all.interval,
        wrongSureInterval: wilson(wrongSure, all.passages),
        sure: after.length,
        sureAfterMs: spread(after),
        byCountry: grouped(results, ({ truth }) => truth.plate.country),
        byRows: grouped(results, ({ truth }) => String(truth.plate.rows)),
        byLight: grouped(results, ({ truth }) => truth.light),
        byWeather: grouped(results, ({ truth }) => truth.weather),
        frameMs: spread(results.flatMap((result) => result.frameMs)),
        cpuMs: spread(results.flatMap((result) => result.cpuMs)),
    };
}

function grouped(
    results: readonly PassageResult[],
    nameOf: (result: PassageResult) => string,
): Readonly<Record<string, Share>> {
    const names = [...new Set(results.map(nameOf))].sort();
    return Object.fromEntries(
        names.map((name) => [name, shareOf(results.filter((result) => nameOf(result) === name))]),
    );
}

function shareOf(results: readonly PassageResult[]): Share {
    const exact = results.filter(({ isExact }) => isExact).length;
    return { passages: results.length, exact, interval: wilson(exact, results.length) };
}

/** Wilson's interval of 95 % for a rate (Wilson 1927): holds for small samples and for rates near 0 and 1. @internal for tests. */
export function wilson(hits: number, of: number): readonly [number, number] {
    if (of === 0) return [0, 1];
    const z2 = 1.96 ** 2;
    const middle = (hits + z2 / 2) / (of + z2);
    const half = (Math.sqrt(z2) / (of + z2)) * Math.sqrt((hits * (of - hits)) / of + z2 / 4);
    return [rounded(Math.max(0, middle - half)), rounded(Math.min(1, middle + half))];
}

function spread(values: readonly number[]): { readonly median: number; readonly p95: number } {
    return { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}

function rounded(value: number): number {
    return Math.round(value * 10_000) / 10_000;
}
