/**
 * Short films of a gate for the judgement of liveness: honest lorries, and plates on no vehicle. Each film says for every
 * picture whether the loop is occupied; which plate is to be seen, and whether it is a fraud, is known beforehand.
 */
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { Random } from "../random.ts";
import type { ScenePlate, SceneSign, SceneView } from "../scene-view.ts";
import { CameraFilm } from "./camera-film.ts";
import { GATE_MOUNT } from "./frame-renderer.ts";
import { platePlane } from "./lorry-body.ts";
import { FRONT } from "./lorry-front.ts";
import { PinHole } from "./pin-hole.ts";
import { plateSizeM } from "./plate-layout.ts";
import { plateBox } from "./plate-truth.ts";
import { signPlatePlane } from "./sign.ts";

/**
 * Honest: `drives-up` and stops; `stands` for half a minute; `walked-around` while it stands; `followed` by another one that
 * comes close behind; `lamp-glare` that goes when the driver dims. Frauds: a plate `held-up` before a lorry without a readable
 * one, or `swapped` for its own; a `photograph` of a lorry held up; a plate `left-behind` on a stand; a `frozen` camera; a plate `pasted` into the picture.
 */
export const HONEST_CLIPS = ["drives-up", "stands", "walked-around", "followed", "dims"] as const;
export const FRAUD_CLIPS = ["held-up", "swapped", "photograph", "left-behind", "frozen", "pasted"] as const;
export type ClipKind = (typeof HONEST_CLIPS)[number] | (typeof FRAUD_CLIPS)[number];

export interface ClipFrame {
    readonly atMs: number;
    readonly jpeg: Buffer;
    /** A vehicle is on the loop. */
    readonly isAwaited: boolean;
    /** Corners of the plate in pixels, clockwise from top left, while it is wholly in the picture. */
    readonly corners?: readonly (readonly [x: number, y: number])[];
}

export interface ClipPlan {
    readonly kind: ClipKind;
    readonly seed: number;
    readonly plate: ScenePlate;
    readonly light: SceneView["light"]["kind"];
    readonly width: number;
    readonly height: number;
    readonly fps: number;
}

const STARTS_AT_M = -20;
const LOOP_AT_M = -5.75;
const UNREADABLE: ScenePlate = { text: "", country: "KZ", rows: 1 };
const OWN: ScenePlate = { text: "940KZB17", country: "KZ", rows: 1 };

/** Draws the pictures one after the other; the same plan gives the same film. */
export async function* gateClip(plan: ClipPlan): AsyncGenerator<ClipFrame> {
    const film = new CameraFilm(plan.width, plan.height, plan.seed);
    const story = storyOf(plan);
    const stepMs = 1_000 / plan.fps;
    const lens = new PinHole(GATE_MOUNT, plan.width, plan.height);
    let frozen: Buffer | undefined;
    let crop: Crop | undefined;
    for (let atMs = 0; atMs <= story.lastsMs; atMs += stepMs) {
        const scene = { ...story.scene(atMs), worldMs: atMs };
        let jpeg = frozen ?? (await film.next(scene));
        let corners = cornersIn(scene, plan, lens);
        if (plan.kind === "frozen") frozen = jpeg;
        if (plan.kind === "pasted") {
            crop ??= await cropOf(plan);
            if (atMs >= story.stopsMs + 1_500) {
                jpeg = await pasted(jpeg, crop, plan);
                corners = crop.corners;
            }
        }
        const shown = corners === undefined ? {} : { corners };
        yield { atMs: Math.round(atMs) + 1_000, jpeg, isAwaited: story.isAwaited(atMs), ...shown };
    }
}

/** Where the plate of the plan is, on its lorry or on its sign. */
function cornersIn(scene: SceneView, { plate }: ClipPlan, lens: PinHole): ClipFrame["corners"] {
    const lorry = scene.lorries.find((each) => each.plate === plate);
    const sign = scene.signs?.find((each) => each.plate === plate);
    const size = plateSizeM(plate);
    const plane = lorry === undefined ? sign && signPlatePlane(sign, size[1] / size[0]) : platePlane(lorry, size);
    const outline = plane === undefined ? [] : lens.outline(plane);
    const isInside = outline.every(([x, y]) => x >= 0 && y >= 0 && x < lens.width && y < lens.height);
    return outline.length === 4 && isInside ? outline : undefined;
}

interface Story {
    readonly lastsMs: number;
    readonly stopsMs: number;
    readonly scene: (atMs: number) => SceneView;
    readonly isAwaited: (atMs: number) => boolean;
}

function storyOf({ kind, seed, plate, light }: ClipPlan): Story {
    const random = new Random(seed, kind);
    const stopAtM = -random.between(2.6, 3.8);
    const stopsMs = random.between(6_000, 10_000);
    const lateralM = random.between(-0.25, 0.25);
    const cab = Math.floor(random.between(1, 1_000));
    const isHonest = HONEST_CLIPS.some((honest) => honest === kind);
    // It brakes evenly from twice its mean speed.
    const frontAt = (atMs: number): number => {
        const rest = Math.max(0, 1 - atMs / stopsMs);
        return stopAtM + (STARTS_AT_M - stopAtM) * rest * rest;
    };
    const own = isHonest || kind === "frozen";
    const lastsMs = stopsMs + (kind === "stands" ? 30_000 : 9_000);
    return {
        stopsMs,
        lastsMs: kind === "frozen" ? 12_000 : lastsMs,
        isAwaited: (atMs) => (kind === "frozen" ? atMs > 4_000 : frontAt(atMs) > LOOP_AT_M),
        scene: (atMs) => {
            const lorry = {
                ...{ id: 1, frontAtM: kind === "frozen" ? stopAtM : frontAt(atMs), lateralM, cab, colour: "#2f5d8a" },
                ...(own ? { plate, dirt: 0.1 } : { plate: kind === "swapped" ? OWN : UNREADABLE, dirt: 0.1 }),
            };
            const next = { ...lorry, id: 2, cab: cab + 1, colour: "#8a8f2f", plate: UNREADABLE, dirt: 0.1 };
            const followsAtM = STARTS_AT_M - 24 + Math.max(0, atMs - stopsMs) * 0.0022;
            const signs = signsOf(kind, plate, { atMs, stopsMs, stopAtM, lateralM, cab });
            return {
                lorries: kind === "followed" ? [lorry, { ...next, frontAtM: Math.min(-19, followsAtM) }] : [lorry],
                signs: kind === "walked-around" ? walkers(atMs - stopsMs, stopAtM) : signs,
                armAngleDeg: 0,
                light: { kind: light, exposure: kind === "dims" ? (atMs > stopsMs + 3_000 ? 1 : 1.9) : 1 },
                weather: "clear",
                worldMs: atMs,
            };
        },
    };
}

interface Moment {
    readonly atMs: number;
    readonly stopsMs: number;
    readonly stopAtM: number;
    readonly lateralM: number;
    readonly cab: number;
}

function signsOf(
    kind: ClipKind,
    plate: ScenePlate,
    { atMs, stopsMs, stopAtM, lateralM, cab }: Moment,
): readonly SceneSign[] {
    const seconds = atMs / 1_000;
    // Hands are never still: a slow sway of some centimetres and a quicker tremor.
    const sway = (phase: number): number =>
        0.035 * Math.sin(2.1 * seconds + phase) + 0.012 * Math.sin(7.3 * seconds + 2 * phase);
    if (kind === "left-behind") {
        return [{ plate, at: [stopAtM + 0.7, lateralM + 0.25, 0.75], widthM: 0.52 }];
    }
    if ((kind !== "held-up" && kind !== "swapped" && kind !== "photograph") || atMs < stopsMs + 1_200) return [];
    const raisedM = Math.min(0, (atMs - stopsMs - 2_000) / 1_600);
    const [dy, dz] = [sway(cab), sway(cab + 1.7) + raisedM];
    if (kind === "swapped") {
        return [{ plate, at: [stopAtM + 0.12, lateralM + dy, FRONT.plateMidM + 0.04 + dz], widthM: 0.52 }];
    }
    return kind === "held-up"
        ? [{ plate, at: [stopAtM + 0.5, lateralM + 0.35 + dy, 0.95 + dz], widthM: 0.52 }]
        : [{ plate, at: [stopAtM + 1.6, lateralM + 0.5 + dy, 0.95 + dz], widthM: 0.3, printedCab: cab + 7 }];
}

/** Somebody in front of the lorry, now at one side of the plate and now at the other: a board as tall as a person. */
function walkers(sinceMs: number, stopAtM: number): readonly SceneSign[] {
    if (sinceMs < 1_000) return [];
    const way = ((sinceMs - 1_000) / 1_000) % 6;
    const y = way < 3 ? -1.8 + way * 1.2 : 1.8 - (way - 3) * 1.2;
    return [{ plate: { text: "", country: "KZ", rows: 2 }, at: [stopAtM + 0.7, y, 0.9], widthM: 0.42, isPerson: true }];
}

interface Crop {
    readonly corners: ClipFrame["corners"];
    readonly picture: Awaited<ReturnType<typeof loadImage>>;
    readonly box: readonly [x: number, y: number, width: number, height: number];
}

/** A plate with what is around it, cut out of an earlier picture of the same gate. */
async function cropOf(plan: ClipPlan): Promise<Crop> {
    const film = new CameraFilm(plan.width, plan.height, plan.seed + 1);
    const { scene, stopsMs } = storyOf({ ...plan, kind: "drives-up" });
    const standing = scene(stopsMs + 1);
    const picture = await loadImage(await film.next(standing));
    const [lorry] = standing.lorries;
    const lens = new PinHole(GATE_MOUNT, plan.width, plan.height);
    const plate = lorry && plateBox(lens, lorry);
    if (plate === undefined) throw new Error("the standing lorry's plate is out of the picture");
    const margin = Math.round(plate.w * 0.3);
    const corners = cornersIn(standing, plan, lens);
    return { picture, corners, box: [plate.x - margin, plate.y - margin, plate.w + 2 * margin, plate.h + 2 * margin] };
}

async function pasted(jpeg: Buffer, { picture, box: [x, y, width, height] }: Crop, plan: ClipPlan): Promise<Buffer> {
    const canvas = createCanvas(plan.width, plan.height);
    const context = canvas.getContext("2d");
    context.drawImage(await loadImage(jpeg), 0, 0);
    context.drawImage(picture, x, y, width, height, x, y, width, height);
    return canvas.toBuffer("image/jpeg", 90);
}
