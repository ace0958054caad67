/**
 * Pin-hole camera: lane coordinates (x along the lane towards the gate, y across it towards the camera, z up, metres)
 * to pixels and back. A plane in space and the picture are tied by a homography, so a flat texture is warped exactly.
 */

export type Vec3 = readonly [x: number, y: number, z: number];

/** Nine numbers by rows. */
export type Mat3 = readonly [number, number, number, number, number, number, number, number, number];

/** A parallelogram in space: `origin` is its top left corner as seen, `across` and `down` span it. */
export interface Plane {
    readonly origin: Vec3;
    readonly across: Vec3;
    readonly down: Vec3;
}

export interface Mount {
    readonly at: Vec3;
    readonly lookAt: Vec3;
    /** Focal length against the picture's width: 1.7 is a 33° lens. */
    readonly focal: number;
}

/** Nothing nearer than this to the lens is drawn. */
const NEAR_M = 0.15;

export class PinHole {
    readonly width: number;
    readonly height: number;
    readonly at: Vec3;
    readonly focalPx: number;
    readonly #right: Vec3;
    readonly #up: Vec3;
    readonly #forward: Vec3;

    constructor(mount: Mount, width: number, height: number) {
        this.width = width;
        this.height = height;
        this.at = mount.at;
        this.focalPx = mount.focal * width;
        this.#forward = unit(minus(mount.lookAt, mount.at));
        this.#right = unit(cross(this.#forward, [0, 0, 1]));
        this.#up = cross(this.#right, this.#forward);
    }

    /** Metres along the optical axis; not positive behind the lens. */
    depthOf(point: Vec3): number {
        return dot(minus(point, this.at), this.#forward);
    }

    /** Pixel of a point in front of the lens; undefined for one behind it. */
    project(point: Vec3): readonly [x: number, y: number] | undefined {
        const [x, y, w] = this.#lens(minus(point, this.at));
        return w < NEAR_M ? undefined : [x / w, y / w];
    }

    /** Takes (s, t, 1) on the plane to a homogeneous pixel. */
    homography(plane: Plane): Mat3 {
        const a = this.#lens(plane.across);
        const b = this.#lens(plane.down);
        const o = this.#lens(minus(plane.origin, this.at));
        return [a[0], b[0], o[0], a[1], b[1], o[1], a[2], b[2], o[2]];
    }

    /** The plane's visible outline in pixels, cut at the near limit: 0 or 3 to 5 corners in order. */
    outline(plane: Plane): readonly (readonly [number, number])[] {
        const h = this.homography(plane);
        const corners = (
            [
                [0, 0],
                [1, 0],
                [1, 1],
                [0, 1],
            ] as const
        ).map(
            ([s, t]) => [h[0] * s + h[1] * t + h[2], h[3] * s + h[4] * t + h[5], h[6] * s + h[7] * t + h[8]] as const,
        );
        return cutNear(corners).map(([x, y, w]) => [x / w, y / w] as const);
    }

    #lens(v: Vec3): Vec3 {
        const w = dot(v, this.#forward);
        return [
            this.focalPx * dot(v, this.#right) + (this.width / 2) * w,
            -this.focalPx * dot(v, this.#up) + (this.height / 2) * w,
            w,
        ];
    }
}

/** Sutherland-Hodgman against w = NEAR_M, on homogeneous pixels. */
function cutNear(corners: readonly Vec3[]): readonly Vec3[] {
    const kept: Vec3[] = [];
    for (const [index, to] of corners.entries()) {
        const from = corners[(index + corners.length - 1) % corners.length] ?? to;
        if (from[2] < NEAR_M !== to[2] < NEAR_M) kept.push(mix(from, to, (NEAR_M - from[2]) / (to[2] - from[2])));
        if (to[2] >= NEAR_M) kept.push(to);
    }
    return kept;
}

/** Undefined for a plane seen exactly edge-on, which shows nothing. */
export function invert(m: Mat3): Mat3 | undefined {
    const [a, b, c, d, e, f, g, h, i] = m;
    const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    if (Math.abs(det) < 1e-9) return undefined;
    const k = 1 / det;
    return [
        (e * i - f * h) * k,
        (c * h - b * i) * k,
        (b * f - c * e) * k,
        (f * g - d * i) * k,
        (a * i - c * g) * k,
        (c * d - a * f) * k,
        (d * h - e * g) * k,
        (b * g - a * h) * k,
        (a * e - b * d) * k,
    ];
}

function minus(a: Vec3, b: Vec3): Vec3 {
    return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function plus(a: Vec3, b: Vec3, scale = 1): Vec3 {
    return [a[0] + b[0] * scale, a[1] + b[1] * scale, a[2] + b[2] * scale];
}

function mix(a: Vec3, b: Vec3, share: number): Vec3 {
    return plus(a, minus(b, a), share);
}

function dot(a: Vec3, b: Vec3): number {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: Vec3): Vec3 {
    const length = Math.sqrt(dot(v, v));
    return [v[0] / length, v[1] / length, v[2] / length];
}
