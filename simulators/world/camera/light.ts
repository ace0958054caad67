/** What the hour of day does to colours: baked into textures once, so that a frame costs the same by day and by night. */
import type { SceneLight } from "../scene-view.ts";
import type { Shade } from "./texture.ts";

/** How a surface answers light: paint, glass-bead sheeting (plates, boom stripes), far backdrop, the lit road. */
export type Surface = "paint" | "flank" | "sheeting" | "backdrop" | "ground";

interface Tone {
    readonly gain: readonly [r: number, g: number, b: number];
    /** Added after the gain: haze or sensor floor. */
    readonly floor: number;
    /** 0 colour … 1 grey: cameras switch to infra-red at night. */
    readonly grey: number;
}

const TONES: Readonly<Record<SceneLight["kind"], Readonly<Record<Surface, Tone>>>> = {
    day: {
        paint: { gain: [1.04, 1.04, 1.05], floor: 6, grey: 0.05 },
        flank: { gain: [0.74, 0.77, 0.83], floor: 8, grey: 0.05 },
        sheeting: { gain: [1, 1.01, 1.02], floor: 5, grey: 0 },
        backdrop: { gain: [1.06, 1.06, 1.06], floor: 6, grey: 0.05 },
        ground: { gain: [1.14, 1.13, 1.1], floor: 5, grey: 0.05 },
    },
    dusk: {
        paint: { gain: [0.5, 0.5, 0.57], floor: 8, grey: 0.15 },
        flank: { gain: [0.32, 0.34, 0.43], floor: 8, grey: 0.15 },
        sheeting: { gain: [0.68, 0.68, 0.71], floor: 6, grey: 0.1 },
        backdrop: { gain: [0.5, 0.48, 0.58], floor: 7, grey: 0.1 },
        ground: { gain: [0.52, 0.52, 0.58], floor: 6, grey: 0.15 },
    },
    night: {
        paint: { gain: [0.72, 0.72, 0.72], floor: 7, grey: 1 },
        flank: { gain: [0.34, 0.34, 0.34], floor: 6, grey: 1 },
        sheeting: { gain: [1.06, 1.06, 1.06], floor: 12, grey: 1 },
        backdrop: { gain: [0.1, 0.1, 0.1], floor: 5, grey: 1 },
        ground: { gain: [0.72, 0.72, 0.72], floor: 6, grey: 1 },
    },
};

export function shadeFor(light: SceneLight, surface: Surface): Shade {
    const { gain, floor, grey } = TONES[light.kind][surface];
    const [red, green, blue] = gain;
    const exposure = exposureOf(light);
    return (rgba, i) => {
        const r = rgba[i] ?? 0;
        const g = rgba[i + 1] ?? 0;
        const b = rgba[i + 2] ?? 0;
        const luma = 0.3 * r + 0.59 * g + 0.11 * b;
        rgba[i] = (r + (luma - r) * grey) * red * exposure + floor;
        rgba[i + 1] = (g + (luma - g) * grey) * green * exposure + floor;
        rgba[i + 2] = (b + (luma - b) * grey) * blue * exposure + floor;
    };
}

/** How long the shutter is open. */
export const SHUTTER_MS: Readonly<Record<SceneLight["kind"], number>> = { day: 2, dusk: 8, night: 5 };

/** Equal keys give equal shades: part of every texture cache's key. */
export function lightKey(light: SceneLight): string {
    return `${light.kind}/${exposureOf(light)}`;
}

/** In tenths: a slow dusk must not have everything painted anew with every picture. */
export function exposureOf(light: SceneLight): number {
    return Math.round(light.exposure * 10) / 10;
}

/** By night only the camera's own infra-red lamp lights the lane, so what is far is dark. 1 = full. */
export function lampGain(light: SceneLight, distanceM: number): number {
    return light.kind === "night" ? Math.min(1, Math.max(0.16, (8 / distanceM) ** 1.4)) : 1;
}

export function headlampsOn(light: SceneLight): boolean {
    return light.kind !== "day";
}
