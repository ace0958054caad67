/**
 * Lays textures on planes into a frame: inverse homography per pixel, bilinear sampling on the level that fits the
 * distance, sub-samples for what must stay readable (the plate), and exact coverage along the outline.
 */
import { invert, type Mat3, type PinHole, type Plane } from "./pin-hole.ts";
import type { Level, Texture } from "./texture.ts";

export interface Frame {
    readonly width: number;
    readonly height: number;
    /** Packed RGBA as in `Level`; alpha is always 255. Fills its buffer, which may thus be read as bytes too. */
    readonly pixels: Int32Array;
}

export interface Sheet {
    readonly plane: Plane;
    readonly texture: Texture;
    /** Part of the texture to use, 0–1: left, top, right, bottom. Whole by default. */
    readonly part?: readonly [number, number, number, number];
    /** 0 black … 1 as painted. */
    readonly gain?: number;
    /** Samples per pixel and direction: 1 by default, 2 for plates. */
    readonly samples?: number;
}

/** Red and blue, or green and alpha moved down: two channels are computed in one number. */
const EVEN = 0xff00ff;
const BLOCK_PX = 16;

/** Draws one sheet over what is already in the frame. Nothing happens where it is out of view. */
export function drawSheet(frame: Frame, lens: PinHole, sheet: Sheet): void {
    const outline = lens.outline(sheet.plane);
    const inverse = invert(lens.homography(sheet.plane));
    if (outline.length < 3 || inverse === undefined) return;
    const edges = edgesOf(outline);
    const rows = outline.map(([, y]) => y);
    const top = Math.max(0, Math.floor(Math.min(...rows) - 0.5));
    const bottom = Math.min(frame.height - 1, Math.ceil(Math.max(...rows) + 0.5));
    const samples = sheet.samples ?? 1;
    const fill = new Filler(frame, sheet, inverse, samples, footprint(outline, inverse, sheet));
    for (let y = top; y <= bottom; y++) {
        const outer = spanAt(edges, y + 0.5, -0.5, frame.width);
        if (outer === undefined) continue;
        const inner = spanAt(edges, y + 0.5, 0.5, frame.width) ?? [outer[1] + 1, outer[1]];
        for (let x = outer[0]; x < inner[0]; x++) fill.edge(x, y, coverage(edges, x + 0.5, y + 0.5));
        if (inner[1] >= inner[0]) fill.span(inner[0], inner[1], y);
        for (let x = Math.max(inner[1] + 1, inner[0]); x <= outer[1]; x++) {
            fill.edge(x, y, coverage(edges, x + 0.5, y + 0.5));
        }
    }
}

/** Half-planes a·x + b·y + c ≥ 0, normalised, so that the value is the distance in pixels from the edge inwards. */
type Edge = readonly [a: number, b: number, c: number];

function edgesOf(outline: readonly (readonly [number, number])[]): readonly Edge[] {
    let twiceArea = 0;
    const sides = outline.map((from, index) => {
        const to = outline[(index + 1) % outline.length] ?? from;
        twiceArea += from[0] * to[1] - to[0] * from[1];
        return [from, to] as const;
    });
    const turn = twiceArea > 0 ? 1 : -1;
    return sides.flatMap(([from, to]) => {
        const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
        if (length < 1e-6) return [];
        const a = (-(to[1] - from[1]) * turn) / length;
        const b = ((to[0] - from[0]) * turn) / length;
        return [[a, b, -(a * from[0] + b * from[1])] as const];
    });
}

/** First and last pixel of the row whose middle lies at least `inset` inside every edge. */
function spanAt(
    edges: readonly Edge[],
    y: number,
    inset: number,
    width: number,
): readonly [number, number] | undefined {
    let left = 0;
    let right = width - 1;
    for (const [a, b, c] of edges) {
        const rest = b * y + c - inset;
        if (Math.abs(a) < 1e-9) {
            if (rest < 0) return undefined;
        } else if (a > 0) left = Math.max(left, Math.ceil(-rest / a - 0.5));
        else right = Math.min(right, Math.floor(-rest / a - 0.5));
    }
    return right >= left ? [left, right] : undefined;
}

function coverage(edges: readonly Edge[], x: number, y: number): number {
    let share = 1;
    for (const [a, b, c] of edges) share = Math.min(share, a * x + b * y + c + 0.5);
    return Math.max(0, share);
}

/** Texels of level 0 per pixel in the middle of the outline: the smaller of the two directions, so that nothing blurs. */
function footprint(outline: readonly (readonly [number, number])[], inverse: Mat3, sheet: Sheet): number {
    const base = sheet.texture.levels[0];
    if (base === undefined) return 1;
    const [left, top, right, bottom] = sheet.part ?? [0, 0, 1, 1];
    const x = outline.reduce((sum, [px]) => sum + px, 0) / outline.length;
    const y = outline.reduce((sum, [, py]) => sum + py, 0) / outline.length;
    const at = (px: number, py: number): readonly [number, number] => {
        const w = inverse[6] * px + inverse[7] * py + inverse[8];
        const s = (inverse[0] * px + inverse[1] * py + inverse[2]) / w;
        const t = (inverse[3] * px + inverse[4] * py + inverse[5]) / w;
        return [s * (right - left) * base.width, t * (bottom - top) * base.height];
    };
    const [u, v] = at(x, y);
    const [ux, vx] = at(x + 1, y);
    const [uy, vy] = at(x, y + 1);
    return Math.max(1e-3, Math.min(Math.hypot(ux - u, vx - v), Math.hypot(uy - u, vy - v)));
}

/** Samples one sheet. A class, so that the loops find their numbers in fields and allocate nothing. */
class Filler {
    readonly #out: Int32Array;
    readonly #outWidth: number;
    readonly #level: Level;
    /** Inverse homography scaled to texels of the level. */
    readonly #m: Float64Array;
    readonly #gain: number;
    readonly #samples: number;

    constructor(frame: Frame, sheet: Sheet, inverse: Mat3, samples: number, texels: number) {
        this.#out = frame.pixels;
        this.#outWidth = frame.width;
        const wanted = Math.round(Math.log2(texels / samples) - 0.2);
        const levels = sheet.texture.levels;
        const level = levels[Math.min(levels.length - 1, Math.max(0, wanted))];
        if (level === undefined) throw new RangeError("a texture has at least one level");
        this.#level = level;
        const [left, top, right, bottom] = sheet.part ?? [0, 0, 1, 1];
        const [a, b, c, d, e, f, g, h, i] = inverse;
        const sx = (right - left) * level.width;
        const sy = (bottom - top) * level.height;
        const ox = left * level.width - 0.5;
        const oy = top * level.height - 0.5;
        this.#m = Float64Array.of(
            a * sx + g * ox,
            b * sx + h * ox,
            c * sx + i * ox,
            d * sy + g * oy,
            e * sy + h * oy,
            f * sy + i * oy,
            g,
            h,
            i,
        );
        this.#gain = Math.round(256 * Math.min(1, Math.max(0, sheet.gain ?? 1)));
        this.#samples = samples;
    }

    edge(x: number, y: number, share: number): void {
        const part = Math.round(share * 256);
        const at = y * this.#outWidth + x;
        if (part > 0) this.#out[at] = over(fade(this.#sample(x, y), part), this.#out[at] as number);
    }

    /** Perspective is exact every 16 pixels and straight between: the error stays far below a texel. */
    span(from: number, to: number, y: number): void {
        const row = y * this.#outWidth;
        if (this.#samples > 1) {
            for (let at = row + from; at <= row + to; at++)
                this.#out[at] = over(this.#sample(at - row, y), this.#out[at] as number);
            return;
        }
        const m = this.#m;
        const [du, dv, dw] = [m[0] as number, m[3] as number, m[6] as number];
        let un = du * (from + 0.5) + (m[1] as number) * (y + 0.5) + (m[2] as number);
        let vn = dv * (from + 0.5) + (m[4] as number) * (y + 0.5) + (m[5] as number);
        let wn = dw * (from + 0.5) + (m[7] as number) * (y + 0.5) + (m[8] as number);
        const right = this.#level.width - 1.01;
        const foot = this.#level.height - 1.01;
        let u = (Math.min(right, Math.max(0, un / wn)) * 65536) | 0;
        let v = (Math.min(foot, Math.max(0, vn / wn)) * 65536) | 0;
        for (let x = from; x <= to; ) {
            const count = Math.min(BLOCK_PX, to + 1 - x);
            un += du * count;
            vn += dv * count;
            wn += dw * count;
            const nextU = (Math.min(right, Math.max(0, un / wn)) * 65536) | 0;
            const nextV = (Math.min(foot, Math.max(0, vn / wn)) * 65536) | 0;
            run(
                this.#out,
                this.#level,
                this.#gain,
                row + x,
                count,
                u,
                v,
                ((nextU - u) / count) | 0,
                ((nextV - v) / count) | 0,
            );
            x += count;
            u = nextU;
            v = nextV;
        }
    }

    /** Mean of n×n samples inside the pixel. */
    #sample(x: number, y: number): number {
        const n = this.#samples;
        const m = this.#m;
        const [a, b, c] = [m[0] as number, m[1] as number, m[2] as number];
        const [d, e, f] = [m[3] as number, m[4] as number, m[5] as number];
        const [g, h, i] = [m[6] as number, m[7] as number, m[8] as number];
        let even = 0;
        let odd = 0;
        for (let row = 0; row < n; row++) {
            const py = y + (row + 0.5) / n;
            for (let column = 0; column < n; column++) {
                const px = x + (column + 0.5) / n;
                const k = 1 / (g * px + h * py + i);
                const colour = this.#texel((a * px + b * py + c) * k, (d * px + e * py + f) * k);
                even += colour & EVEN;
                odd += (colour >>> 8) & EVEN;
            }
        }
        const k = 1 / (n * n);
        const [low, high] = [((even & 0xffff) * k) | 0, ((even >>> 16) * k) | 0];
        return low | (high << 16) | ((((odd & 0xffff) * k) | 0) << 8) | (((odd >>> 16) * k) << 24);
    }

    #texel(u: number, v: number): number {
        const { width, height, pixels } = this.#level;
        const cu = Math.min(width - 1.01, Math.max(0, u));
        const cv = Math.min(height - 1.01, Math.max(0, v));
        return mix(pixels, (cv | 0) * width + (cu | 0), width, (cu * 256) & 255, (cv * 256) & 255, this.#gain);
    }
}

/** The inner loop, in whole numbers only: `count` pixels from `from` on, texture coordinates times 65536. */
function run(
    out: Int32Array,
    level: Level,
    gain: number,
    from: number,
    count: number,
    u0: number,
    v0: number,
    du: number,
    dv: number,
): void {
    const { width, pixels } = level;
    let u = u0;
    let v = v0;
    const end = from + count;
    for (let at = from; at < end; at++) {
        const colour = mix(pixels, (v >> 16) * width + (u >> 16), width, (u >> 8) & 255, (v >> 8) & 255, gain);
        u = (u + du) | 0;
        v = (v + dv) | 0;
        if (colour >>> 24 === 255) out[at] = colour;
        else if (colour !== 0) out[at] = over(colour, out[at] as number);
    }
}

/** Bilinear between four texels, in 256ths; the gain darkens colour but not alpha. */
function mix(pixels: Int32Array, texel: number, width: number, fu: number, fv: number, gain: number): number {
    const p = pixels[texel] as number;
    const q = pixels[texel + 1] as number;
    const r = pixels[texel + width] as number;
    const s = pixels[texel + width + 1] as number;
    const even = lerp(lerp(p & EVEN, q & EVEN, fu), lerp(r & EVEN, s & EVEN, fu), fv);
    const odd = lerp(lerp((p >>> 8) & EVEN, (q >>> 8) & EVEN, fu), lerp((r >>> 8) & EVEN, (s >>> 8) & EVEN, fu), fv);
    if (gain === 256) return even | (odd << 8);
    return ((Math.imul(even, gain) >>> 8) & EVEN) | (Math.imul(odd & 0xff, gain) & 0xff00) | ((odd & 0xff0000) << 8);
}

/** Two channels at once; borrows between them cancel out, so that each is the exact floor. */
function lerp(a: number, b: number, share: number): number {
    return (a + (Math.imul(b - a, share) >>> 8)) & EVEN;
}

/** Premultiplied colour over an opaque one. */
export function over(colour: number, under: number): number {
    const alpha = colour >>> 24;
    const rest = 256 - alpha - (alpha >>> 7);
    const even = (colour & EVEN) + ((Math.imul(under & EVEN, rest) >>> 8) & EVEN);
    const green = (colour & 0xff00) + (Math.imul((under >>> 8) & 0xff, rest) & 0xff00);
    return even | green | 0xff000000;
}

/** `part` of 256 of a colour, alpha included. */
function fade(colour: number, part: number): number {
    return ((Math.imul(colour & EVEN, part) >>> 8) & EVEN) | (Math.imul((colour >>> 8) & EVEN, part) & ~EVEN);
}
