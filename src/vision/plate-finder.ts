/**
 * Finds plates in a frame with the trained detector: for each eighth pixel it says how likely the middle of a plate lies there
 * and where the four corners are. How it was made: training/; how well it finds: models/plate-detector.md.
 */
import { modelPath, Network } from "./network.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import { sidesOf, straightPlate } from "./plate-straightener.ts";
import type { Corner } from "./row-straightener.ts";

export interface FoundPlate {
    /** Clockwise from the top left of the plate, in pixels of the frame; may lie a little outside. */
    readonly corners: readonly Corner[];
    /** 0..1, of the detector alone. */
    readonly confidence: number;
}

/** As in training/networks.py. */
const STRIDE = 8;
const CORNER_UNIT = 16;
const MAPS = 9;
const MEAN = 128;
const SCALE = 1 / 64;
/** Below this a place is not worth reading. */
const SCORE_MIN = 0.25;
/** Second look: width the plate is brought to, its least height in widths, what is shown around it, and how much must stay in place. */
const REFINED_PX = 128;
const FLATTEST = 0.22;
const BESIDES = 0.35;
const ABOVE = 0.8;
const SAME_MIN = 0.5;
/** Cells that are hardly sure know nothing of corners; squares of scores. */
const WEIGHT_MIN = 0.02;
/** Plates do not cover each other; what overlaps more is one plate seen twice. */
const OVERLAP_MAX = 0.3;

export class PlateFinder {
    readonly #network: Network;

    private constructor(network: Network) {
        this.#network = network;
    }

    static async load(path = modelPath("plate-detector.onnx")): Promise<PlateFinder> {
        return new PlateFinder(await Network.load(path));
    }

    /** Looks at a CV_8UC1 frame made `longSide` pixels long; plates of 8 to 90 px height there are found. Best first. */
    async find(grey: Mat, longSide: number): Promise<readonly FoundPlate[]> {
        const zoom = longSide / Math.max(grey.cols, grey.rows);
        const [width, height] = [
            Math.max(16, Math.round(grey.cols * zoom)),
            Math.max(16, Math.round(grey.rows * zoom)),
        ];
        const [cellsX, cellsY] = [Math.ceil(width / STRIDE), Math.ceil(height / STRIDE)];
        const maps = await withPictures(async (own) => {
            const how = zoom < 1 ? cv.INTER_AREA : cv.INTER_LINEAR;
            const small = own(await grey.resizeAsync(height, width, 0, 0, how));
            const whole = own(
                await small.copyMakeBorderAsync(
                    ...([0, cellsY * STRIDE - height, 0, cellsX * STRIDE - width, cv.BORDER_REPLICATE, 0] as const),
                ),
            );
            return await this.#network.run(whole, MEAN, SCALE, MAPS * cellsX * cellsY);
        });
        const [scaleX, scaleY] = [grey.cols / width, grey.rows / height];
        return bestOfEachPlace(peaksOf(new Maps(maps, cellsX, cellsY))).map(({ confidence, corners }) => ({
            confidence,
            corners: corners.map(([x, y]) => [x * scaleX, y * scaleY] as const),
        }));
    }

    /**
     * The same plate looked at once more by itself, straightened by the corners known so far: there it stands as upright as
     * the detector likes it, however obliquely the camera sees it. Undefined where the second look shows no plate.
     */
    async refine(grey: Mat, corners: readonly Corner[]): Promise<readonly Corner[] | undefined> {
        const { width, height } = sidesOf(corners);
        if (width < 8 || height < 4) return undefined;
        const tall = Math.round(REFINED_PX * Math.min(1, Math.max(FLATTEST, height / width)));
        const [besides, above] = [Math.round(REFINED_PX * BESIDES), Math.round(tall * ABOVE)];
        const onto: readonly Corner[] = [
            [besides, above],
            [besides + REFINED_PX, above],
            [besides + REFINED_PX, above + tall],
            [besides, above + tall],
        ];
        const [wide, high] = [REFINED_PX + 2 * besides, tall + 2 * above];
        const { picture, inFrame } = await straightPlate(grey, corners, onto, wide, high);
        const found = await this.find(picture, wide).finally(() => picture.release());
        return found.find((plate) => overlap(plate.corners, onto) > SAME_MIN)?.corners.map(inFrame);
    }
}

/** What the network said, cell by cell. */
class Maps {
    readonly #values: Float32Array;
    readonly width: number;
    readonly height: number;

    constructor(values: Float32Array, width: number, height: number) {
        this.#values = values;
        this.width = width;
        this.height = height;
    }

    /** 0..1; 0 outside of the picture. */
    score(x: number, y: number): number {
        if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 0;
        return 1 / (1 + Math.exp(-this.#at(0, x, y)));
    }

    corner(x: number, y: number, corner: number): Corner {
        const [dx, dy] = [this.#at(1 + 2 * corner, x, y), this.#at(2 + 2 * corner, x, y)];
        return [(x + 0.5) * STRIDE + dx * CORNER_UNIT, (y + 0.5) * STRIDE + dy * CORNER_UNIT];
    }

    #at(map: number, x: number, y: number): number {
        return this.#values[(map * this.height + y) * this.width + x] ?? 0;
    }
}

const NEIGHBOURS = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const));

/** Cells that are likelier than their eight neighbours. */
function peaksOf(maps: Maps): readonly FoundPlate[] {
    const peaks: FoundPlate[] = [];
    for (let y = 0; y < maps.height; y++) {
        for (let x = 0; x < maps.width; x++) {
            const score = maps.score(x, y);
            if (score < SCORE_MIN || NEIGHBOURS.some(([dx, dy]) => maps.score(x + dx, y + dy) > score)) continue;
            peaks.push({ confidence: score, corners: [0, 1, 2, 3].map((corner) => cornerAround(maps, x, y, corner)) });
        }
    }
    return peaks;
}

/** The neighbours see the same corner from elsewhere; their mean, weighted by how sure they are, is closer than any of them. */
function cornerAround(maps: Maps, x: number, y: number, corner: number): Corner {
    let [sumX, sumY, sum] = [0, 0, 0];
    for (const [dx, dy] of NEIGHBOURS) {
        const weight = maps.score(x + dx, y + dy) ** 2;
        if (weight < WEIGHT_MIN) continue;
        const [cornerX, cornerY] = maps.corner(x + dx, y + dy, corner);
        sumX += cornerX * weight;
        sumY += cornerY * weight;
        sum += weight;
    }
    return [sumX / sum, sumY / sum];
}

/** A plate may show as two peaks, or be found at two sizes: of places that overlap the best stays. Best first. */
export function bestOfEachPlace<Place extends FoundPlate>(found: readonly Place[]): readonly Place[] {
    const kept: Place[] = [];
    for (const plate of found.toSorted((a, b) => b.confidence - a.confidence)) {
        if (!kept.some((other) => overlap(plate.corners, other.corners) > OVERLAP_MAX)) kept.push(plate);
    }
    return kept;
}

/** Common area of the upright boxes as a share of the smaller one. */
function overlap(a: readonly Corner[], b: readonly Corner[]): number {
    const [first, second] = [boxOf(a), boxOf(b)];
    const width = Math.min(first.right, second.right) - Math.max(first.left, second.left);
    const height = Math.min(first.bottom, second.bottom) - Math.max(first.top, second.top);
    if (width <= 0 || height <= 0) return 0;
    return (width * height) / Math.max(1, Math.min(areaOf(first), areaOf(second)));
}

function boxOf(corners: readonly Corner[]) {
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

function areaOf({ left, right, top, bottom }: ReturnType<typeof boxOf>): number {
    return (right - left) * (bottom - top);
}
