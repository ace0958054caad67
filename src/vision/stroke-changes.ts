/** How often a picture changes between dark and light along its lines: signs do so at least twice each, bumpers and lamps hardly ever. */

/** Of the picture's deviation: what goes less far from the line's mean is noise. */
const SWING = 0.4;
/** Grey levels. */
const SWING_MIN = 3;
/** At top and bottom, as a share of the height, lies the plate's edge. */
const MARGIN = 0.125;
/** Every second line tells enough. */
const STEP = 2;
/** The busier lines count: of two rows of signs one may be short, and between them there is nothing. */
const BUSIER = 0.75;

/** Changes along the line that has more of them than three in four. `deviation` is that of all pixels, in grey levels. */
export function strokeChanges(pixels: Uint8Array, width: number, deviation: number): number {
    const height = Math.floor(pixels.length / width);
    const margin = Math.round(height * MARGIN);
    const swing = Math.max(SWING_MIN, deviation * SWING);
    const counts: number[] = [];
    for (let y = margin; y < height - margin; y += STEP) {
        counts.push(changesIn(pixels.subarray(y * width, (y + 1) * width), swing));
    }
    return counts.sort((a, b) => a - b)[Math.floor(counts.length * BUSIER)] ?? 0;
}

function changesIn(line: Uint8Array, swing: number): number {
    const mean = line.reduce((sum, pixel) => sum + pixel, 0) / line.length;
    let [side, changes] = [0, 0];
    for (const pixel of line) {
        const now = pixel > mean + swing ? 1 : pixel < mean - swing ? -1 : side;
        if (now !== side && side !== 0) changes++;
        side = now;
    }
    return changes;
}
