/** What lens and sensor add to a clean picture: glare, darker corners, noise, and what falls before the lens. All from the seed. */
import { Random } from "../random.ts";
import type { SceneLight, SceneWeather } from "../scene-view.ts";
import { drawFall } from "./precipitation.ts";
import type { Frame } from "./rasteriser.ts";

/** Largest deviation of the noise in grey levels; it is even between 0 and twice this, which lifts black as sensors do. */
const NOISE: Readonly<Record<SceneLight["kind"], number>> = { day: 5, dusk: 8, night: 9 };
const NOISE_TABLE = 1 << 17;
/** Light lost in the picture's corners. */
const CORNER_LOSS = 0.3;
const GLOW_STEPS = 1024;
const EVEN = 0xff00ff;

export interface Glow {
    readonly x: number;
    readonly y: number;
    readonly radiusPx: number;
    /** 1 = white in the middle. */
    readonly strength: number;
}

interface Film {
    /** Per pixel: what is left of the light in 256ths, with headroom for the noise, so that no sum leaves its byte. */
    readonly shares: Uint8Array;
    /** Packed RGB noise to be added. */
    readonly noise: Int32Array;
}

export class Sensor {
    readonly #seed: number;
    readonly #films = new Map<SceneLight["kind"], Film>();

    constructor(seed: number) {
        this.#seed = seed;
    }

    /** Changes the frame in place. Frames with equal seed and `variant` get equal noise and equal flakes. */
    expose(frame: Frame, light: SceneLight, weather: SceneWeather, variant: number, glows: readonly Glow[]): void {
        const bytes = new Uint8ClampedArray(frame.pixels.buffer);
        for (const glow of glows) addGlow(frame, bytes, glow);
        if (weather !== "clear") drawFall(frame, bytes, weather, new Random(this.#seed, `fall/${variant}`));
        const { shares, noise } = this.#filmFor(frame, light.kind);
        const random = new Random(this.#seed, `noise/${variant}`);
        const pixels = frame.pixels;
        for (let y = 0, at = 0; y < frame.height; y++) {
            let from = random.int(NOISE_TABLE - frame.width);
            for (const end = at + frame.width; at < end; at++, from++) {
                const colour = pixels[at] as number;
                const share = shares[at] as number;
                const even = (Math.imul(colour & EVEN, share) >>> 8) & EVEN;
                const odd = Math.imul((colour >>> 8) & 0xff, share) & 0xff00;
                pixels[at] = ((even | odd) + (noise[from] as number)) | 0xff000000;
            }
        }
    }

    #filmFor(frame: Frame, kind: SceneLight["kind"]): Film {
        const known = this.#films.get(kind);
        if (known !== undefined) return known;
        const random = new Random(this.#seed, "noise");
        const spread = NOISE[kind];
        const grain = (): number => (random.next() + random.next()) * spread;
        const noise = Int32Array.from({ length: NOISE_TABLE }, () => {
            // Mostly grey, a little colour; infra-red pictures have none.
            const luma = grain();
            const tint = kind === "night" ? 0 : 0.35;
            const [r, g, b] = [0, 1, 2].map(() => Math.round(luma + (grain() - luma) * tint));
            return (r ?? 0) | ((g ?? 0) << 8) | ((b ?? 0) << 16);
        });
        const film = { shares: sharesOf(frame.width, frame.height, 255 - 2 * spread), noise };
        this.#films.set(kind, film);
        return film;
    }
}

function sharesOf(width: number, height: number, full: number): Uint8Array {
    const shares = new Uint8Array(width * height);
    const corner2 = (width * width + height * height) / 4;
    for (let y = 0, at = 0; y < height; y++) {
        for (let x = 0; x < width; x++, at++) {
            const r2 = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / corner2;
            shares[at] = full * (1 - CORNER_LOSS * r2 * Math.sqrt(r2));
        }
    }
    return shares;
}

/** Lightens a disc around the lamp: a small core and a wide veil. Looked up by the squared distance, because it is wide. */
function addGlow(frame: Frame, bytes: Uint8ClampedArray, { x: middle, y: height, radiusPx, strength }: Glow): void {
    const lights = Int32Array.from({ length: GLOW_STEPS }, (_, step) => {
        const r2 = step / GLOW_STEPS;
        return 256 * Math.min(1, strength * (2 / (1 + 220 * r2) + 0.25 * (1 - r2) ** 3 - 2 / 221));
    });
    const perStep = GLOW_STEPS / radiusPx ** 2;
    const bottom = Math.min(frame.height - 1, Math.ceil(height + radiusPx));
    for (let y = Math.max(0, Math.floor(height - radiusPx)); y <= bottom; y++) {
        const dy2 = (y - height) ** 2;
        const reach = Math.sqrt(Math.max(0, radiusPx ** 2 - dy2));
        const right = Math.min(frame.width - 1, Math.floor(middle + reach));
        for (let x = Math.max(0, Math.ceil(middle - reach)); x <= right; x++) {
            const light = lights[(((x - middle) ** 2 + dy2) * perStep) | 0] ?? 0;
            const i = (y * frame.width + x) * 4;
            for (let channel = i; channel < i + 3; channel++) {
                const under = bytes[channel] as number;
                bytes[channel] = under + (((255 - under) * light) >> 8);
            }
        }
    }
}
