/** Connected blobs of a mask: what characters, frames and dirt look like before anybody knows which is which. */
import { cv, type Mat } from "./opencv.ts";

/** Axis-parallel box in pixels. */
export interface Box {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
}

export interface Blob extends Box {
    /** Its number in the label picture, from 1. */
    readonly label: number;
    /** Pixels of ink. */
    readonly area: number;
}

export interface BlobPicture {
    readonly blobs: readonly Blob[];
    /** For each pixel, by rows, the label of its blob; 0 where there is none. Blobs left out keep their label. */
    readonly labels: Int32Array;
}

const STAT_COLUMNS = 5;

/** Blobs at least `heightMin` high of a CV_8UC1 mask, joined along edges, not corners; in order from the top. */
export async function findBlobs(mask: Mat, heightMin: number): Promise<readonly Blob[]> {
    const { labels, stats, centroids } = await mask.connectedComponentsWithStatsAsync(4, cv.CV_32S);
    const blobs = blobsOf(int32(stats.getData()), heightMin);
    for (const mat of [labels, stats, centroids]) mat.release();
    return blobs;
}

/** The same with the label picture, for small masks. */
export async function labelBlobs(mask: Mat, heightMin: number): Promise<BlobPicture> {
    const { labels, stats, centroids } = await mask.connectedComponentsWithStatsAsync(4, cv.CV_32S);
    const blobs = blobsOf(int32(stats.getData()), heightMin);
    const picture = { blobs, labels: int32(labels.getData()) };
    for (const mat of [labels, stats, centroids]) mat.release();
    return picture;
}

/** `stats` has five numbers a blob, the background first. */
function blobsOf(stats: Int32Array, heightMin: number): readonly Blob[] {
    const blobs: Blob[] = [];
    for (let at = STAT_COLUMNS; at < stats.length; at += STAT_COLUMNS) {
        const height = stats[at + 3] ?? 0;
        if (height < heightMin) continue;
        const [x = 0, y = 0, width = 0, , area = 0] = stats.subarray(at, at + STAT_COLUMNS);
        blobs.push({ label: at / STAT_COLUMNS, x, y, width, height, area });
    }
    return blobs;
}

function int32(buffer: Buffer): Int32Array {
    return new Int32Array(buffer.buffer, buffer.byteOffset, buffer.byteLength / 4);
}
