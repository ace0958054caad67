/**
 * Shows a drawn film to the judgement of liveness as the vision child does, and tells what a lane would have heard of its plate.
 * Plates are found by the real networks and tracker, or, which takes a tenth of the time, taken from the film with the errors
 * that a detector makes.
 */
import { type ClipFrame, type ClipPlan, gateClip } from "../../simulators/world/camera/gate-clip.ts";
import type { ReadDoubt, Travel } from "../../src/core/decision/read-doubt.ts";
import { type PlateKey, toPlateKey } from "../../src/core/plate/plate-key.ts";
import { CameraSight, SightLimits } from "../../src/vision/camera-sight.ts";
import { cv, type Mat } from "../../src/vision/opencv.ts";
import { PlateLiveness } from "../../src/vision/plate-liveness.ts";
import { PlateTracker } from "../../src/vision/plate-tracker.ts";
import type { Corner } from "../../src/vision/row-straightener.ts";
import { lookAt } from "../../src/vision/scene-look.ts";
import { SceneMotion } from "../../src/vision/scene-motion.ts";
import type { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";

export interface ClipVerdict {
    /** Reads of the plate that the lane heard, in order, from the first while the loop was occupied. */
    readonly reads: readonly {
        readonly atMs: number;
        readonly doubts: readonly ReadDoubt[];
        readonly travel: Travel | undefined;
    }[];
    /** Every doubt that any of them had. */
    readonly doubts: ReadonlySet<ReadDoubt>;
    /** Reads that a lane could have admitted by. */
    readonly undoubted: number;
}

interface Seen {
    readonly track: string;
    readonly key: PlateKey;
    readonly corners: readonly Corner[];
}

export type FindPlates = (frame: ClipFrame, grey: Mat) => Promise<{ seen: readonly Seen[]; gone: readonly string[] }>;

/** With the networks and the tracker of the vision child. */
export function byNetworks(reader: TrainedFrameReader): FindPlates {
    const tracker = new PlateTracker("clip");
    return async ({ atMs }, grey) => {
        const { seen, gone } = tracker.update(await reader.read(grey), atMs);
        return { seen: seen.map(({ track, vote, corners }) => ({ track, key: vote.key, corners })), gone };
    };
}

const WIDTH_MIN = 22;
/** Of the plate's width; the finder's corners were seen to be off by less. */
const CORNER_ERROR = 0.02;

/** From the film itself: one track while the plate is large enough, its corners a little off, and every fifteenth time far off. */
export function byTruth(plate: string, seed: number): FindPlates {
    let state = seed * 2_654_435_761;
    const random = (): number => {
        state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 1) >>> 0;
        return (state / 2 ** 32) * 2 - 1;
    };
    let count = 0;
    return async ({ corners }) => {
        const [topLeft, topRight] = corners ?? [];
        if (corners === undefined || topLeft === undefined || topRight === undefined) return { seen: [], gone: [] };
        const width = Math.hypot(topRight[0] - topLeft[0], topRight[1] - topLeft[1]);
        if (width < WIDTH_MIN) return { seen: [], gone: [] };
        const error = width * (++count % 15 === 0 ? 0.15 : CORNER_ERROR);
        const found = corners.map(([x, y]): Corner => [x + random() * error, y + random() * error]);
        return { seen: [{ track: "truth", key: toPlateKey(plate), corners: found }], gone: [] };
    };
}

export async function judgeClip(plan: ClipPlan, find: FindPlates): Promise<ClipVerdict> {
    const limits = SightLimits.parse({});
    const [sight, motion, liveness] = [
        new CameraSight(limits),
        new SceneMotion(),
        new PlateLiveness(limits.stillMsMax),
    ];
    const reads: ClipVerdict["reads"][number][] = [];
    for await (const frame of gateClip(plan)) {
        const { atMs, jpeg, isAwaited } = frame;
        const grey = await cv.imdecodeAsync(jpeg, cv.IMREAD_GRAYSCALE);
        const look = await lookAt(grey, atMs);
        sight.look(look);
        const isMoving = motion.look(look);
        if (isAwaited || atMs - motion.movedAtMs <= 2_000) {
            const { seen, gone } = await find(frame, grey);
            for (const track of gone) liveness.end(track);
            for (const { track, key, corners } of seen) {
                const news = { isMoving, isAwaited, stillMs: sight.stillMs, liveShare: sight.liveShare };
                const { doubts, travel } = liveness.judge(track, key, corners, look, news);
                if (isAwaited && key === toPlateKey(plan.plate.text)) reads.push({ atMs, doubts, travel });
            }
        }
        grey.release();
    }
    const undoubted = reads.filter(({ doubts }) => doubts.length === 0).length;
    return { reads, doubts: new Set(reads.flatMap(({ doubts }) => doubts)), undoubted };
}
