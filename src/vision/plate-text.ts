/**
 * From what each character may be to a text. A form of plate says where letters and where digits stand; it may only choose
 * between signs that look alike, it never replaces what was seen by what would be right.
 */

import type { PlateFormat } from "../core/plate/plate-format.ts";
import { layoutsOf, matchFormats, PLATE_FORMATS } from "../core/plate/plate-formats.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import type { RowChoices } from "./recogniser.ts";

export interface PlateText {
    readonly text: string;
    /** 0..1; at most `NO_FORM_MAX` when no known form has the text, less when two readings contend. */
    readonly confidence: number;
    readonly hasForm: boolean;
}

/** What a text of no known form may at most be trusted: foreign plates exist, slogans too. */
const NO_FORM_MAX = 0.5;
/** What is left of the confidence when another reading is as likely. */
const CONTENDED = 0.4;

const LAYOUTS: readonly string[] = [...new Set(PLATE_FORMATS.flatMap(layoutsOf))].filter(
    (layout) => !layout.includes("C"),
);

interface Reading {
    readonly text: string;
    /** Probability of all characters together, for ranking. */
    readonly score: number;
    readonly confidence: number;
}

/** The likeliest text of a row that some form of plate allows; else the text as read. */
export function textOfRow(characters: RowChoices): PlateText {
    const readings = readingsOf(characters, () => true);
    return choose(readings, characters);
}

/**
 * The same for two rows, top first. The square Kazakh plate carries its region beside the digits of the upper row; that
 * order goes before the plain one, whose forms are not known to come in two rows.
 */
export function textOfTwoRows(top: RowChoices, bottom: RowChoices): PlateText {
    const regionLast = [...top.slice(0, -2), ...bottom, ...top.slice(-2)];
    const kazakh = readingsOf(regionLast, (format) => format.id.startsWith("kz-2012") && format.rows.includes(2));
    if (kazakh.length > 0) return choose(kazakh, regionLast);
    const asRead = [...top, ...bottom];
    const inTwoRows = readingsOf(asRead, (format) => format.rows.includes(2));
    return choose(inTwoRows.length > 0 ? inTwoRows : readingsOf(asRead, () => true), asRead);
}

/** All texts that some admitted form allows, likeliest first. */
function readingsOf(characters: RowChoices, admits: (format: PlateFormat) => boolean): readonly Reading[] {
    const readings = new Map<string, Reading>();
    for (const layout of LAYOUTS) {
        const reading = layout.length === characters.length ? readAs(characters, layout) : undefined;
        if (reading === undefined || (readings.get(reading.text)?.score ?? 0) >= reading.score) continue;
        const hasForm = matchFormats(toPlateKey(reading.text)).some(({ format }) => admits(format));
        if (hasForm) readings.set(reading.text, reading);
    }
    return [...readings.values()].sort((a, b) => b.score - a.score);
}

function choose([first, second]: readonly Reading[], characters: RowChoices): PlateText {
    if (first === undefined) {
        const text = characters.map(([best]) => best?.sign ?? "").join("");
        const confidence = Math.min(NO_FORM_MAX, ...characters.map(([best]) => best?.probability ?? 0));
        return { text, confidence, hasForm: false };
    }
    const contention = second === undefined ? 0 : second.score / first.score;
    return { text: first.text, confidence: first.confidence * (1 - (1 - CONTENDED) * contention ** 3), hasForm: true };
}

/** The best sign of the right kind at each place; undefined where there is none. */
function readAs(characters: RowChoices, layout: string): Reading | undefined {
    let text = "";
    let score = 1;
    let confidence = 1;
    for (const [index, choices] of characters.entries()) {
        const fitting = choices.filter(({ sign }) => isOfKind(sign, layout.charAt(index)));
        const [best] = fitting.sort((a, b) => b.probability - a.probability);
        if (best === undefined) return undefined;
        text += best.sign;
        score *= best.probability;
        confidence = Math.min(confidence, best.probability);
    }
    return { text, score, confidence };
}

function isOfKind(sign: string, kind: string): boolean {
    if (kind === "D") return /^[0-9]$/.test(sign);
    return kind === "L" ? /^[A-Z]$/.test(sign) : true;
}
