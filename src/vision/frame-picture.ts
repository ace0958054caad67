/** From a frame as it came to the grey picture that is searched, and to the JPEG that is kept as evidence. */
import type { Evidence } from "../ports/plate-source.ts";
import type { Frame } from "./frame.ts";
import { jpegSize } from "./jpeg-frame.ts";
import { cv, type Mat, withPictures } from "./opencv.ts";
import { hasUsableSize } from "./picture-size.ts";
import type { Corner } from "./row-straightener.ts";

const JPEG_QUALITY = 90;
/** How much around the characters the picture of a plate shows, in heights of the characters. */
const PLATE_MARGIN = 0.8;

/** Grey picture (CV_8UC1) of a frame, to be released by the caller; undefined for a broken, tiny or huge one. */
export async function greyOf(frame: Frame): Promise<Mat | undefined> {
    if (frame.kind === "picture") {
        const { bgr } = frame;
        if (!hasUsableSize({ width: bgr.cols, height: bgr.rows })) return undefined;
        return bgr.channels === 1 ? await eightBitOf(bgr) : await bgr.bgrToGrayAsync();
    }
    const size = jpegSize(frame.bytes);
    if (size === undefined || !hasUsableSize(size)) return undefined;
    const grey = await decode(frame.bytes, cv.IMREAD_GRAYSCALE);
    return grey === undefined || grey.empty ? undefined : grey;
}

/** Heat and infrared cameras give one channel, some of them with sixteen bits. */
async function eightBitOf(grey: Mat): Promise<Mat> {
    return grey.type === cv.CV_16UC1 ? await grey.convertToAsync(cv.CV_8U, 1 / 256) : grey.copy();
}

/** The whole frame, as the camera compressed it where it did, and the plate cut out of it in colour. */
export async function evidenceOf(frame: Frame, corners: readonly Corner[]): Promise<readonly Evidence[]> {
    return await withPictures(async (own) => {
        const bgr = frame.kind === "picture" ? frame.bgr : await decode(frame.bytes, cv.IMREAD_COLOR);
        if (bgr === undefined || bgr.empty) return [];
        if (bgr !== (frame.kind === "picture" ? frame.bgr : undefined)) own(bgr);
        const plate = own(bgr.getRegion(plateRegion(corners, bgr)));
        const quality = [cv.IMWRITE_JPEG_QUALITY, JPEG_QUALITY];
        const whole = frame.kind === "jpeg" ? frame.bytes : await cv.imencodeAsync(".jpg", bgr, quality);
        return [
            { jpeg: whole, kind: "frame" },
            { jpeg: await cv.imencodeAsync(".jpg", plate, quality), kind: "plate" },
        ];
    });
}

function plateRegion(corners: readonly Corner[], { cols, rows }: Mat): InstanceType<typeof cv.Rect> {
    const xs = corners.map(([x]) => x);
    const ys = corners.map(([, y]) => y);
    const margin = (Math.max(...ys) - Math.min(...ys)) * PLATE_MARGIN;
    const left = Math.max(0, Math.floor(Math.min(...xs) - margin));
    const top = Math.max(0, Math.floor(Math.min(...ys) - margin));
    const right = Math.min(cols, Math.ceil(Math.max(...xs) + margin));
    const bottom = Math.min(rows, Math.ceil(Math.max(...ys) + margin));
    return new cv.Rect(
        Math.min(left, cols - 1),
        Math.min(top, rows - 1),
        Math.max(1, right - left),
        Math.max(1, bottom - top),
    );
}

/** The add-on rejects for some broken pictures and gives an empty one for others. */
async function decode(bytes: Buffer, mode: number): Promise<Mat | undefined> {
    return await cv.imdecodeAsync(bytes, mode).catch(() => undefined);
}
