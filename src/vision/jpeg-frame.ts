/** What the first and last bytes of a JPEG tell before anybody pays for decoding it: whether it is whole, and how large. */

export interface JpegSize {
    readonly width: number;
    readonly height: number;
}

const MARKER = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** Cameras pad their frames; nothing was seen to pad more than a few bytes. */
const PADDING_MAX = 64;

/**
 * Size of a complete JPEG (ITU-T T.81, annex B); undefined when it does not start as one, ends early or has no frame header.
 * Decoders fill what is missing with grey and call it a picture, so a cut one must be found here.
 */
export function jpegSize(bytes: Uint8Array): JpegSize | undefined {
    if (bytes[0] !== MARKER || bytes[1] !== START_OF_IMAGE || !hasEnd(bytes)) return undefined;
    let at = 2;
    while (at + 9 < bytes.length) {
        const marker = bytes[at + 1] ?? 0;
        if (bytes[at] !== MARKER || marker === START_OF_SCAN) return undefined;
        if (isFrameHeader(marker)) return { height: number16(bytes, at + 5), width: number16(bytes, at + 7) };
        at += 2 + number16(bytes, at + 2);
    }
    return undefined;
}

/** SOF0 to SOF15 without the tables DHT, JPG and DAC that share the range. */
function isFrameHeader(marker: number): boolean {
    return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function hasEnd(bytes: Uint8Array): boolean {
    const last = Math.max(2, bytes.length - PADDING_MAX);
    for (let at = bytes.length - 2; at >= last; at--) {
        if (bytes[at] === MARKER && bytes[at + 1] === END_OF_IMAGE) return true;
    }
    return false;
}

function number16(bytes: Uint8Array, at: number): number {
    return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
}
