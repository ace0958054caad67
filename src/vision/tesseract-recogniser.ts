/**
 * Reads rows with tesseract.js: offline from the language data in node_modules, one worker thread. The crop is cut into its
 * characters first, so that what Tesseract says can be held against how many there are and what shape each has.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createWorker, OEM, PSM, type Worker } from "tesseract.js";
import { shapeFit, typicalProportion } from "./glyph-shape.ts";
import type { GreyImage, PlateRecogniser, Recognition, RowChoices } from "./recogniser.ts";
import { composeRow, type Setting } from "./row-composer.ts";
import { type CutCharacter, cutRow } from "./row-cutter.ts";
import { alignSymbols, type TextSymbol } from "./symbol-alignment.ts";

const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const CHARACTERS_MIN = 2;
const CHARACTERS_MAX = 14;
/** The three settings that read most drawn plates rightly; their errors are mostly different ones. */
const SETTINGS: readonly Setting[] = [
    { heightPx: 28, gapPx: 2, stretch: 1.25 },
    { heightPx: 24, gapPx: 2, stretch: 1 },
    { heightPx: 22, gapPx: 1, stretch: 1.1 },
];
/** Signs that faces draw alike, and how much of one's probability the other may claim when its shape fits as well. */
const LOOK_ALIKES: readonly (readonly [string, string, number])[] = [
    ["0", "O", 0.95],
    ["1", "I", 0.7],
    ["2", "Z", 0.5],
    ["5", "S", 0.5],
    ["8", "B", 0.5],
];
/** What is left of the trust in a row that may miss a character. */
const NOT_WHOLE = 0.5;
const NOTHING: Recognition = { text: "", confidence: 0, rows: [] };

export class TesseractRecogniser implements PlateRecogniser {
    readonly name = "tesseract.js 7.0.0 eng";
    readonly #worker: Worker;

    private constructor(worker: Worker) {
        this.#worker = worker;
    }

    /** Loads engine and language data (about half a second). Rejects when the packages are damaged. */
    static async start(): Promise<TesseractRecogniser> {
        const packageFile = createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json");
        const options = {
            langPath: join(dirname(packageFile), "4.0.0_best_int"),
            gzip: true,
            cacheMethod: "none",
            errorHandler: () => undefined, // Failures reach the caller as rejections; the default throws them a second time.
        };
        const noDictionary = { load_system_dawg: "0", load_freq_dawg: "0", load_punc_dawg: "0", load_number_dawg: "0" };
        const worker = await createWorker("eng", OEM.LSTM_ONLY, options, noDictionary);
        await worker.setParameters({
            tessedit_pageseg_mode: PSM.SINGLE_LINE,
            tessedit_char_whitelist: LETTERS_AND_DIGITS,
            user_defined_dpi: "150",
        });
        return new TesseractRecogniser(worker);
    }

    async read(rows: readonly GreyImage[], look: number): Promise<Recognition> {
        const cuts = await Promise.all(rows.map(cutRow));
        const characters = cuts.flatMap((row) => row.characters);
        const setting = SETTINGS[look % SETTINGS.length];
        const isReadable = characters.length >= CHARACTERS_MIN && characters.length <= CHARACTERS_MAX;
        if (setting === undefined || !isReadable) return NOTHING;
        // Two rows are set as one line: Tesseract needs neighbours to read by.
        const { image, spans } = composeRow(characters, setting);
        const trust = cuts.every(({ isWhole }) => isWhole) ? 1 : NOT_WHOLE;
        const choices = weigh(characters, alignSymbols(await this.#symbolsOf(image), spans), trust);
        const ends = cuts.map((_row, index) => cuts.slice(0, index + 1).flatMap((row) => row.characters).length);
        return {
            text: choices.map(([best]) => best?.sign ?? "").join(""),
            confidence: Math.min(...choices.map(([best]) => best?.probability ?? 0)),
            rows: ends.map((end, index) => choices.slice(ends[index - 1] ?? 0, end)),
        };
    }

    async #symbolsOf(image: GreyImage): Promise<TextSymbol[]> {
        const { data } = await this.#worker.recognize(portableGreyMap(image), {}, { blocks: true });
        const lines = (data.blocks ?? []).flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
        return lines
            .flatMap((line) => line.words.flatMap((word) => word.symbols))
            .map(({ text, confidence, bbox }) => ({
                text,
                confidence: confidence / 100,
                middle: (bbox.x0 + bbox.x1) / 2,
            }));
    }

    async close(): Promise<void> {
        await this.#worker.terminate();
    }
}

/** Each choice is worth what Tesseract says of it times how well its shape fits; look-alikes are choices of their own. */
function weigh(row: readonly CutCharacter[], aligned: readonly (readonly TextSymbol[])[], trust: number): RowChoices {
    const proportion = typicalProportion(row);
    return row.map((character, index) => {
        const said = (aligned[index] ?? []).flatMap(({ text, confidence }) => [
            { sign: text, probability: confidence },
            ...lookAlikesOf(text).map(([sign, share]) => ({ sign, probability: confidence * share })),
        ]);
        return said
            .map(({ sign, probability }) => ({
                sign,
                probability: probability * trust * shapeFit(sign, character, proportion),
            }))
            .sort((a, b) => b.probability - a.probability);
    });
}

function lookAlikesOf(text: string): (readonly [sign: string, share: number])[] {
    return LOOK_ALIKES.flatMap(([a, b, share]) =>
        text === a ? [[b, share] as const] : text === b ? [[a, share] as const] : [],
    );
}

/** PGM, the one uncompressed grey format that needs no encoder. */
function portableGreyMap({ width, height, pixels }: GreyImage): Buffer {
    return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, "latin1"), pixels]);
}
