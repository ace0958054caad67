/**
 * Size of a picture file before anybody pays for decoding it: a decoder allocates what the header asks for, and a header may
 * ask for gigabytes. Knows JPEG, PNG and BMP.
 */

export interface PictureSize {
    readonly width: number;
    readonly height: number;
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];
const BMP_SIGNATURE = [0x42, 0x4d];
const START_OF_SCAN = 0xda;

/** Smaller ones hold no plate; larger ones are no gate camera's, and decoding them would stall the child. */
const SIDE_PX_MIN = 64;
const SIDE_PX_MAX = 8_192;
const PIXELS_MAX = 40_000_000;

/** Whether a camera's picture is worth decoding at all. */
export function hasUsableSize({ width, height }: PictureSize): boolean {
    const [short, long] = [Math.min(width, height), Math.max(width, height)];
    return short >= SIDE_PX_MIN && long <= SIDE_PX_MAX && width * height <= PIXELS_MAX;
}

/** Undefined for other formats, and for files that end before their size. Cut files with a whole header have a size. */
export function pictureSize(bytes: Uint8Array): PictureSize | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (startsWith(bytes, PNG_SIGNATURE) && bytes.length >= 24) {
        return { width: view.getUint32(16), height: view.getUint32(20) };
    }
    if (startsWith(bytes, BMP_SIGNATURE) && bytes.length >= 26) {
        return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
    }
    return startsWith(bytes, JPEG_SIGNATURE) ? sizeOfJpeg(view) : undefined;
}

/** Whether a JPEG goes on to its end mark; phones add other pictures behind it, so it may stand anywhere after the header. */
export function hasJpegEnd(bytes: Uint8Array): boolean {
    if (!startsWith(bytes, JPEG_SIGNATURE)) return true;
    for (let at = bytes.length - 2; at > bytes.length / 2; at--) {
        if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
    }
    return false;
}

/** Walks the segments to the frame header (ITU-T T.81, annex B): SOF0 to SOF15 without DHT, JPG and DAC. */
function sizeOfJpeg(view: DataView): PictureSize | undefined {
    let at = 2;
    while (at + 9 < view.byteLength) {
        const marker = view.getUint8(at + 1);
        if (view.getUint8(at) !== 0xff || marker === START_OF_SCAN) return undefined;
        if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
            return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
        }
        at += 2 + view.getUint16(at + 2);
    }
    return undefined;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
    return signature.every((byte, index) => bytes[index] === byte);
}
