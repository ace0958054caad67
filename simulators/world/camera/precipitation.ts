/** Snow and rain in the air before the lens: soft streaks, few near and large, many far and small. */
import type { Random } from "../random.ts";
import type { SceneWeather } from "../scene-view.ts";
import type { Frame } from "./rasteriser.ts";

interface Streak {
    /** Upper end in pixels. */
    readonly x: number;
    readonly y: number;
    readonly radius: number;
    /** Way fallen while the shutter was open. */
    readonly length: number;
    /** Sideways pixels per pixel downwards. */
    readonly slant: number;
    /** Mixed towards this grey … */
    readonly grey: number;
    /** … by this share. */
    readonly alpha: number;
}

const COUNT = { snow: 380, rain: 420 } as const;

/** `bytes` are the frame's own, as RGBA. */
export function drawFall(
    frame: Frame,
    bytes: Uint8ClampedArray,
    weather: Exclude<SceneWeather, "clear">,
    random: Random,
): void {
    for (let drop = 0; drop < COUNT[weather]; drop++) {
        const near = random.next() ** 4;
        const at = { x: random.next() * frame.width, y: random.next() * frame.height };
        drawStreak(frame, bytes, weather === "snow" ? flake(at, near, random) : raindrop(at, near));
    }
}

type Place = Pick<Streak, "x" | "y">;

function flake(at: Place, near: number, random: Random): Streak {
    const slant = random.between(-0.4, 0.4);
    return { ...at, radius: 0.7 + 3.3 * near, length: 1 + 4 * near, slant, grey: 244, alpha: 0.8 - 0.45 * near };
}

function raindrop(at: Place, near: number): Streak {
    return {
        ...at,
        radius: 0.7 + 0.7 * near,
        length: 14 + 46 * near,
        slant: 0.12,
        grey: 214,
        alpha: 0.16 + 0.12 * near,
    };
}

function drawStreak(frame: Frame, bytes: Uint8ClampedArray, streak: Streak): void {
    const { radius, length, grey } = streak;
    const reach = Math.ceil(radius + 1);
    const bottom = Math.min(frame.height - 1, streak.y + length + reach);
    for (let y = Math.max(0, Math.floor(streak.y - reach)); y <= bottom; y++) {
        const along = Math.min(length, Math.max(0, y - streak.y));
        const middle = streak.x + along * streak.slant;
        const off = y - streak.y - along;
        const right = Math.min(frame.width - 1, middle + reach);
        for (let x = Math.max(0, Math.floor(middle - reach)); x <= right; x++) {
            const share = streak.alpha * Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x - middle, off)));
            if (share <= 0) continue;
            const i = (y * frame.width + x) * 4;
            for (let channel = i; channel < i + 3; channel++) {
                const under = bytes[channel] as number;
                bytes[channel] = under + (grey - under) * share;
            }
        }
    }
}
