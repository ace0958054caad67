/**
 * Reads one plate, of one row or two, with the trained reader. The plate is pressed into 160×48 whatever its shape; the network
 * says 40 steps for its upper half and 40 for the lower, so nobody decides beforehand how many rows there are.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { CharacterChoice } from "../core/plate/plate-vote.ts";
import { Calibration, calibrated } from "./calibration.ts";
import { likeliestPath, type SpelledSign, type Spelling, type StepProbabilities, spellings } from "./ctc-decoder.ts";
import { modelPath, Network } from "./network.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import { straightPlate } from "./plate-straightener.ts";
import { mayNameProvince, type ProvinceShares, weighProvinces } from "./province-weighing.ts";
import type { Corner } from "./row-straightener.ts";
import { strokeChanges } from "./stroke-changes.ts";

const Description = z.object({
    signs: z.string().min(10),
    width: z.int().min(16),
    height: z.int().min(16),
    /** What the province network tells apart, and how much of the plate's left it sees; its last answer is «no province». */
    provinces: z.string().min(2),
    provinceWidth: z.int().min(16),
    /** What a text of the network's is worth, and what the confidence is worth that comes of it in frames and cut-out plates. */
    calibration: z.object({ texts: Calibration, frames: Calibration, crops: Calibration }),
});

export interface NetworkText {
    readonly text: string;
    /** The text row by row, one entry or two. */
    readonly rows: readonly string[];
    /** Where the middles of the upper row's signs lie, from left to right, in widths of the plate; empty where it is not known. */
    readonly upperMiddles: readonly number[];
    /** 0..1: how often texts of this likelihood are right. */
    readonly probability: number;
}

export interface NetworkRead {
    /** Texts the picture may show, likeliest first; the empty text stands for «no plate». */
    readonly texts: readonly NetworkText[];
    /** For each sign of the likeliest path what else it may be. */
    readonly characters: readonly (readonly CharacterChoice[])[];
}

interface JoinedSpelling {
    /** Class numbers of the upper and the lower half, either may be empty. */
    readonly rows: readonly (readonly number[])[];
    readonly probability: number;
}

const STEPS_OF_ROW = 40;
const STEPS = 2 * STEPS_OF_ROW;
const BEAM = 8;
/** The plate is cut out at twice the reader's size and then averaged, as in training. */
const FINE = 2;
/** Added to the deviation, so that a plain grey picture does not become noise; as in training. */
const DEVIATION_MIN = 4;

export class PlateNetworkReader {
    readonly #network: Network;
    readonly #provinceNetwork: Network;
    readonly #signs: readonly string[];
    /** The empty sign at the end stands for «no province». */
    readonly #provinces: readonly string[];
    readonly #description: z.infer<typeof Description>;

    private constructor(network: Network, provinceNetwork: Network, description: z.infer<typeof Description>) {
        this.#network = network;
        this.#provinceNetwork = provinceNetwork;
        this.#signs = [...description.signs];
        this.#provinces = [...description.provinces, ""];
        this.#description = description;
    }

    /** Rejects when weights or their description are missing or damaged. */
    static async load(): Promise<PlateNetworkReader> {
        const path = modelPath("plate-reader.json");
        const description = Description.safeParse(JSON.parse(await readFile(path, "utf8")));
        if (!description.success) throw new Error(`${path}: ${z.prettifyError(description.error)}`);
        const [reader, provinces] = [modelPath("plate-reader.onnx"), modelPath("plate-province.onnx")];
        return new PlateNetworkReader(await Network.load(reader), await Network.load(provinces), description.data);
    }

    /**
     * Reads what lies between the corners, clockwise from the top left, of a CV_8UC1 picture. Where that changes less often
     * between dark and light than `changesMin` it is no plate: undefined, and the network is not asked.
     */
    async read(grey: Mat, corners: readonly Corner[], changesMin = 0): Promise<NetworkRead | undefined> {
        return await withPictures(async (own) => {
            const crop = own(await this.#cut(grey, corners));
            const pixels = crop.getData();
            const { mean, deviation } = spread(pixels);
            if (changesMin > 0 && strokeChanges(pixels, crop.cols, deviation) < changesMin) return undefined;
            const scale = 1 / (deviation + DEVIATION_MIN);
            const classes = this.#signs.length + 1;
            const values = await this.#network.run(crop, mean, scale, STEPS * classes);
            const read = this.#readOf(values, classes);
            if (!mayNameProvince(read.texts, this.#provinces)) return read;
            const left = own(own(crop.getRegion(new cv.Rect(0, 0, this.#description.provinceWidth, crop.rows))).copy());
            const shares = await this.#provinceNetwork.run(left, mean, scale, this.#provinces.length);
            const seen: ProvinceShares = new Map(this.#provinces.map((sign, index) => [sign, shares[index] ?? 0]));
            return { ...read, texts: weighProvinces(read.texts, seen) };
        });
    }

    /** How often a reading of this confidence is right, by what became of drawn plates in frames or cut out of them. */
    worth(confidence: number, kind: "frames" | "crops"): number {
        return calibrated(confidence, this.#description.calibration[kind]);
    }

    #readOf(values: Float32Array, classes: number): NetworkRead {
        const halves = [values.subarray(0, STEPS_OF_ROW * classes), values.subarray(STEPS_OF_ROW * classes)].map(
            (half): StepProbabilities => ({ values: half, steps: STEPS_OF_ROW, classes }),
        );
        const paths = halves.map(likeliestPath);
        const upperMiddles = (paths[0] ?? []).map(({ middle }) => (middle + 0.5) / STEPS_OF_ROW);
        const found = joined(halves.map((half) => spellings(half, BEAM))).slice(0, BEAM);
        const first = found[0]?.probability ?? 0;
        const worth = calibrated(first, this.#description.calibration.texts);
        // What the first text loses or gains by the calibration, the others gain or lose.
        const ofOthers = (1 - worth) / Math.max(1e-9, 1 - first);
        const texts = found.map(({ rows, probability }, index): NetworkText => {
            const texts = rows
                .filter(({ length }) => length > 0)
                .map((row) => row.map((sign) => this.#signOf(sign)).join(""));
            return {
                text: texts.join(""),
                rows: texts,
                upperMiddles: rows[0]?.length === upperMiddles.length ? upperMiddles : [],
                probability: index === 0 ? worth : probability * ofOthers,
            };
        });
        return { texts, characters: paths.flat().map((place) => this.#choicesOf(place)) };
    }

    #choicesOf({ choices }: SpelledSign): readonly CharacterChoice[] {
        return choices.map(({ sign, probability }) => ({ sign: this.#signOf(sign), probability }));
    }

    #signOf(sign: number): string {
        return this.#signs[sign - 1] ?? "";
    }

    async #cut(grey: Mat, corners: readonly Corner[]): Promise<Mat> {
        const { width, height } = this.#description;
        const [fineWidth, fineHeight] = [width * FINE, height * FINE];
        const onto: readonly Corner[] = [
            [0, 0],
            [fineWidth, 0],
            [fineWidth, fineHeight],
            [0, fineHeight],
        ];
        return await withPictures(async (own) => {
            const { picture } = await straightPlate(grey, corners, onto, fineWidth, fineHeight);
            return await own(picture).resizeAsync(height, width, 0, 0, cv.INTER_AREA);
        });
    }
}

/** Texts of both halves together, likeliest first; one that falls into halves in several ways has the rows of the likeliest. */
function joined([upper = [], lower = []]: readonly (readonly Spelling[])[]): readonly JoinedSpelling[] {
    const found = new Map<string, JoinedSpelling>();
    const pairs = upper.flatMap((above) =>
        lower.map((below) => ({
            rows: [above.signs, below.signs],
            probability: above.probability * below.probability,
        })),
    );
    for (const pair of pairs.sort((a, b) => b.probability - a.probability)) {
        const key = pair.rows.flat().join(",");
        const { rows, probability } = found.get(key) ?? { ...pair, probability: 0 };
        found.set(key, { rows, probability: probability + pair.probability });
    }
    return [...found.values()].sort((a, b) => b.probability - a.probability);
}

function spread(pixels: Uint8Array): { readonly mean: number; readonly deviation: number } {
    let [sum, squares] = [0, 0];
    for (const pixel of pixels) {
        sum += pixel;
        squares += pixel * pixel;
    }
    const mean = sum / pixels.length;
    return { mean, deviation: Math.sqrt(Math.max(0, squares / pixels.length - mean * mean)) };
}
