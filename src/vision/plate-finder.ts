/**
 * Finds plates in a frame with the trained detector: for each eighth pixel it says how likely the middle of a plate lies there
 * and where the four corners are. How it was made: training/; how well it finds: models/plate-detector.md.
 */
import { modelPath, Network } from "./network.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import type { Corner } from "./row-straightener.ts";

export interface FoundPlate {
    /** Clockwise from the top left of the plate, in pixels of the frame; may lie a little outside. */
    readonly corners: readonly Corner[];
    /** 0..1, of the detector alone. */
    readonly score: number;
}

/** As in training/networks.py. */
const STRIDE = 8;
const CORNER_UNIT = 16;
const MAPS = 9;
const MEAN = 128;
const SCALE = 1 / 64;
/** Below this a place is not worth reading. */
const SCORE_MIN = 0.25;
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
            return await this.#network.run(whole, MEAN, SCALE, MAPS, cellsX * cellsY);
        });
        const [scaleX, scaleY] = [grey.cols / width, grey.rows / height];
        return bestOfEachPlace(peaksOf(maps, cellsX, cellsY)).map(({ score, corners }) => ({
            score,
            corners: corners.map(([x, y]) => [x * scaleX, y * scaleY] as const),
        }));
    }
}

/** Cells that are likelier than their eight neighbours. */
function peaksOf(maps: Float32Array, cellsX: number, cellsY: number): readonly FoundPlate[] {
    const logitMin = Math.log(SCORE_MIN / (1 - SCORE_MIN));
    const peaks: FoundPlate[] = [];
    for (let y = 0; y < cellsY; y++) {
        for (let x = 0; x < cellsX; x++) {
            const logit = maps[y * cellsX + x] ?? Number.NEGATIVE_INFINITY;
            if (logit < logitMin || !isPeak(maps, cellsX, cellsY, x, y, logit)) continue;
            const middle: Corner = [(x + 0.5) * STRIDE, (y + 0.5) * STRIDE];
            const offset = (map: number): number => (maps[map * cellsX * cellsY + y * cellsX + x] ?? 0) * CORNER_UNIT;
            const corners = [0, 1, 2, 3].map(
                (corner): Corner => [middle[0] + offset(1 + 2 * corner), middle[1] + offset(2 + 2 * corner)],
            );
            peaks.push({ score: 1 / (1 + Math.exp(-logit)), corners });
        }
    }
    return peaks;
}

function isPeak(maps: Float32Array, cellsX: number, cellsY: number, x: number, y: number, logit: number): boolean {
    for (let ny = Math.max(0, y - 1); ny <= Math.min(cellsY - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(cellsX - 1, x + 1); nx++) {
            if ((maps[ny * cellsX + nx] ?? 0) > logit) return false;
        }
    }
    return true;
}

/** A plate may show as two peaks, or be found at two sizes: of places that overlap the best stays. Best first. */
export function bestOfEachPlace(found: readonly FoundPlate[]): readonly FoundPlate[] {
    const kept: FoundPlate[] = [];
    for (const plate of found.toSorted((a, b) => b.score - a.score)) {
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
