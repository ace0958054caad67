/**
 * One JPEG per call of what the camera sees now. A picture is drawn only when the scene has changed visibly; a standing
 * scene shows a few kept pictures in turn that differ in their noise, as a real camera's never stands still either.
 */
import type { SceneLorry, SceneView } from "../scene-view.ts";
import { FrameRenderer, GATE_MOUNT } from "./frame-renderer.ts";
import { JpegPress } from "./jpeg-press.ts";
import { exposureOf, SHUTTER_MS } from "./light.ts";

/** Pictures kept of a standing scene. */
const VARIANTS = 6;
/** Smaller movements are not drawn anew: 4 mm at 7 m is half a pixel, and the same half pixel grows with the distance squared. */
const STEP_M = 0.004;
const STEP_AT_M = 7;
const STEP_DEG = 0.2;

export class CameraFilm {
    readonly #renderer: FrameRenderer;
    readonly #press: JpegPress;
    #previous: SceneView | undefined;
    #key = "";
    #kept = new Map<number, Buffer>();
    #count = 0;
    #last: Promise<unknown> = Promise.resolve();

    constructor(width: number, height: number, seed: number) {
        this.#renderer = new FrameRenderer(width, height, seed);
        this.#press = new JpegPress(width, height);
    }

    /** Equal sequences of scenes give equal sequences of bytes. Calls wait for one another; the encoder runs off the main loop. */
    next(scene: SceneView): Promise<Buffer> {
        const picture = this.#last.then(() => this.#take(scene));
        this.#last = picture.catch(() => undefined);
        return picture;
    }

    /** Resolves when every picture asked for so far is done. */
    async idle(): Promise<void> {
        await this.#last;
    }

    async #take(given: SceneView): Promise<Buffer> {
        const scene = visible(given);
        const travelM = travels(this.#previous, given);
        this.#previous = given;
        const key = JSON.stringify([scene, [...travelM]]);
        if (key !== this.#key) {
            this.#key = key;
            this.#kept = new Map();
        }
        const variant = this.#count++ % VARIANTS;
        const kept = this.#kept.get(variant);
        if (kept !== undefined) return kept;
        const jpeg = await this.#press.pack(this.#renderer.render(scene, variant, travelM));
        this.#kept.set(variant, jpeg);
        return jpeg;
    }
}

/** The scene without what no picture shows: time, and movements below a pixel. */
function visible(scene: SceneView): SceneView {
    return {
        ...scene,
        worldMs: 0,
        light: { ...scene.light, exposure: exposureOf(scene.light) },
        armAngleDeg: snap(scene.armAngleDeg, STEP_DEG),
        lorries: scene.lorries.map((lorry) => ({ ...lorry, frontAtM: snapPlace(lorry.frontAtM) })),
    };
}

/** How far each lorry moves while the shutter is open, in metres. */
function travels(before: SceneView | undefined, now: SceneView): ReadonlyMap<SceneLorry["id"], number> {
    const elapsedMs = now.worldMs - (before?.worldMs ?? now.worldMs);
    if (before === undefined || elapsedMs <= 0) return new Map();
    const placeOf = new Map(before.lorries.map(({ id, frontAtM }) => [id, frontAtM]));
    const moved = now.lorries.map(({ id, frontAtM }) => {
        const speed = (frontAtM - (placeOf.get(id) ?? frontAtM)) / elapsedMs;
        return [id, snap(speed * SHUTTER_MS[now.light.kind], STEP_M)] as const;
    });
    return new Map(moved.filter(([, travelM]) => travelM !== 0));
}

function snapPlace(frontAtM: number): number {
    const distanceM = Math.abs(GATE_MOUNT.at[0] - frontAtM);
    return snap(frontAtM, STEP_M * Math.max(1, 2 ** Math.floor(2 * Math.log2(distanceM / STEP_AT_M))));
}

function snap(value: number, step: number): number {
    return Math.round(value / step) * step;
}
