/** Draws what the camera sees: backdrop, lorries far to near, boom. Pure in its picture: equal scenes give equal frames. */
import type { SceneLight, SceneLorry, SceneSign, SceneView } from "../scene-view.ts";
import { drawBackdrop } from "./backdrop.ts";
import { boomSheets, boomTexture } from "./boom.ts";
import { drawCaption, stamp } from "./caption.ts";
import { headlampsOn, lightKey } from "./light.ts";
import { headlamps, type LorrySkin, lorrySheets } from "./lorry-body.ts";
import { FRONT } from "./lorry-front.ts";
import { skinOf } from "./lorry-skin.ts";
import { smear } from "./motion-blur.ts";
import { type Mount, PinHole } from "./pin-hole.ts";
import { drawSheet, type Frame, type Sheet } from "./rasteriser.ts";
import { type Glow, Sensor } from "./sensor.ts";
import { type SignArt, signArtOf, signSheets } from "./sign.ts";
import type { Level, Texture } from "./texture.ts";

/** Beside the boom on the kerb, looking back along the lane at oncoming lorries. */
export const GATE_MOUNT: Mount = { at: [2.2, 2.4, 1.55], lookAt: [-6.5, -0.5, 0.75], focal: 1.74 };

const SKINS_MAX = 6;
/** Lorries farther back than this are a few pixels behind the first one. */
const SIGHT_FROM_M = -55;
/** With the front this far past the boom even the trailer's tail is out of the picture. */
const SIGHT_TO_M = 20;
const STANDING: ReadonlyMap<SceneLorry["id"], number> = new Map();

export class FrameRenderer {
    readonly lens: PinHole;
    readonly #seed: number;
    readonly #frame: Frame;
    readonly #scratch: Int32Array;
    readonly #sensor: Sensor;
    readonly #caption: Level;
    readonly #skins = new Map<string, LorrySkin>();
    #sign: { readonly key: string; readonly art: SignArt } | undefined;
    #stage: { readonly key: string; readonly backdrop: Frame; readonly boom: Texture } | undefined;

    constructor(width: number, height: number, seed: number) {
        this.lens = new PinHole(GATE_MOUNT, width, height);
        this.#seed = seed;
        this.#sensor = new Sensor(seed);
        this.#caption = drawCaption(height);
        this.#scratch = new Int32Array(width * height);
        this.#frame = { width, height, pixels: new Int32Array(width * height) };
    }

    /**
     * Equal arguments give equal frames; `variant` picks the noise and the flakes, `travelM` says how far each lorry moves
     * while the shutter is open. The returned frame is reused by the next call.
     */
    render(scene: SceneView, variant = 0, travelM: ReadonlyMap<SceneLorry["id"], number> = STANDING): Frame {
        const stage = this.#stageFor(scene);
        this.#frame.pixels.set(stage.backdrop.pixels);
        const inSight = scene.lorries.filter(({ frontAtM }) => frontAtM > SIGHT_FROM_M && frontAtM < SIGHT_TO_M);
        for (const lorry of inSight.toSorted((a, b) => a.frontAtM - b.frontAtM)) {
            const sheets = lorrySheets(lorry, this.#skinFor(lorry, scene.light), this.lens.at, scene.light);
            for (const sheet of sheets) drawSheet(this.#frame, this.lens, sheet);
            this.#smear(lorry, sheets, travelM.get(lorry.id) ?? 0);
        }
        for (const sign of scene.signs ?? []) {
            for (const sheet of signSheets(sign, this.#signArt(sign, scene.light)))
                drawSheet(this.#frame, this.lens, sheet);
        }
        for (const sheet of boomSheets(scene.armAngleDeg, stage.boom)) drawSheet(this.#frame, this.lens, sheet);
        this.#sensor.expose(this.#frame, scene.light, scene.weather, variant, this.#glows(scene));
        stamp(this.#frame, this.#caption);
        return this.#frame;
    }

    #smear(lorry: SceneLorry, sheets: readonly Sheet[], travelM: number): void {
        if (travelM === 0) return;
        const at = (frontAtM: number): readonly [number, number] | undefined =>
            this.lens.project([frontAtM, lorry.lateralM, FRONT.plateMidM]);
        const [from, to] = [at(lorry.frontAtM - travelM), at(lorry.frontAtM)];
        if (from === undefined || to === undefined) return;
        const corners = sheets.flatMap(({ plane }) => this.lens.outline(plane));
        const xs = corners.map(([x]) => x);
        const ys = corners.map(([, y]) => y);
        const region = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
        smear(this.#frame, region, to[0] - from[0], to[1] - from[1], this.#scratch);
    }

    #glows({ lorries, light }: SceneView): readonly Glow[] {
        if (!headlampsOn(light)) return [];
        return lorries
            .filter(({ frontAtM }) => frontAtM < this.lens.at[0])
            .flatMap((lorry) =>
                headlamps(lorry).flatMap((lamp) => {
                    const pixel = this.lens.project(lamp);
                    if (pixel === undefined) return [];
                    const radiusPx = (this.lens.focalPx / this.lens.depthOf(lamp)) * 0.7;
                    return [{ x: pixel[0], y: pixel[1], radiusPx, strength: light.kind === "night" ? 0.9 : 0.6 }];
                }),
            );
    }

    #stageFor({ light, weather }: SceneView): { readonly backdrop: Frame; readonly boom: Texture } {
        const key = `${lightKey(light)}/${weather}`;
        if (this.#stage?.key !== key) {
            this.#stage = {
                key,
                backdrop: drawBackdrop(this.lens, light, weather, this.#seed),
                boom: boomTexture(light),
            };
        }
        return this.#stage;
    }

    #signArt(sign: SceneSign, light: SceneLight): SignArt {
        const key = JSON.stringify([sign.plate, sign.printedCab, sign.isPerson, lightKey(light)]);
        if (this.#sign?.key !== key) this.#sign = { key, art: signArtOf(sign, light) };
        return this.#sign.art;
    }

    /** Least recently used skins go first. */
    #skinFor(lorry: SceneLorry, light: SceneLight): LorrySkin {
        const key = JSON.stringify([lorry.cab, lorry.colour, lorry.plate, lorry.dirt, lightKey(light)]);
        const skin = this.#skins.get(key) ?? skinOf(lorry, light);
        this.#skins.delete(key);
        this.#skins.set(key, skin);
        const oldest = this.#skins.keys().next();
        if (this.#skins.size > SKINS_MAX && oldest.done !== true) this.#skins.delete(oldest.value);
        return skin;
    }
}
