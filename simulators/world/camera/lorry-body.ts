/** A lorry as flat sheets in lane coordinates, far ones first: trailer, cab, bumper, plate. */
import type { SceneLight, SceneLorry } from "../scene-view.ts";
import { lampGain } from "./light.ts";
import { FRONT } from "./lorry-front.ts";
import { SIDE } from "./lorry-side.ts";
import type { Plane, Vec3 } from "./pin-hole.ts";
import { HOLDER } from "./plate-holder.ts";
import type { Sheet } from "./rasteriser.ts";
import type { Texture } from "./texture.ts";

export interface LorrySkin {
    readonly front: Texture;
    readonly cabSide: Texture;
    readonly trailerSide: Texture;
    readonly trailerFront: Texture;
    readonly under: Texture;
    readonly shadow: Texture;
    readonly mirror: Texture;
    readonly holder: Texture;
    readonly plate: Texture;
    readonly plateSizeM: readonly [width: number, height: number];
}

/** Width of the bevelled corner between face and flank. */
const BEVEL_M = 0.13;
/** Neighbouring sheets overlap by this much, so that no background shines through the joint. */
const LAP_M = 0.006;
/** Height of what shows below the bumper: wheels and shade, half a metre behind it. */
const UNDER_M = 0.3;
/** Of the trailer's front wall only this much beside the cab is ever seen. */
const WALL_M = 0.7;
const HALF_M = FRONT.widthM / 2;

/** Bands of the face from the roof down: height of the upper and lower edge, and how far each lies behind the bumper. */
const BANDS = [
    [FRONT.roofM, FRONT.screenTopM, 0.62, 0.3],
    [FRONT.screenTopM, FRONT.screenFootM, 0.3, 0.07],
    [FRONT.screenFootM, FRONT.bumperTopM, 0.07, 0.05],
    [FRONT.bumperTopM, FRONT.footM, 0, 0.02],
] as const;

export function lorrySheets(lorry: SceneLorry, skin: LorrySkin, eye: Vec3, light: SceneLight): readonly Sheet[] {
    const gain = lampGain(light, Math.hypot(eye[0] - lorry.frontAtM, eye[1] - lorry.lateralM));
    const sheets = [...trailerSheets(lorry, skin, gain), cabSideSheet(lorry, skin, gain)];
    if (eye[0] > lorry.frontAtM) sheets.push(...faceSheets(lorry, skin, gain));
    return sheets;
}

/** Where the plate is mounted: the middle of the bumper. */
export function platePlane(lorry: SceneLorry, [width, height]: readonly [number, number]): Plane {
    return {
        origin: [lorry.frontAtM + 0.012, lorry.lateralM - width / 2, FRONT.plateMidM + height / 2],
        across: [0, width, 0],
        down: [0, 0, -height],
    };
}

/** Headlamp centres, for glare. */
export function headlamps(lorry: SceneLorry): readonly Vec3[] {
    return [-0.84, 0.84].map((y) => [lorry.frontAtM + 0.02, lorry.lateralM + y, FRONT.lampM] as const);
}

function trailerSheets({ frontAtM: x, lateralM: y }: SceneLorry, skin: LorrySkin, gain: number): Sheet[] {
    const start = x - BEVEL_M - SIDE.cabLengthM - SIDE.trailerGapM;
    const parts = 6;
    const step = SIDE.trailerLengthM / parts;
    const side = Array.from({ length: parts }, (_, index): Sheet => {
        const back = parts - 1 - index;
        return {
            texture: skin.trailerSide,
            part: [back / parts, 0, (back + 1) / parts, 1],
            plane: {
                origin: [start - back * step + LAP_M, y + SIDE.trailerWidthM / 2, SIDE.trailerTopM],
                across: [-step - LAP_M, 0, 0],
                down: [0, 0, -SIDE.trailerTopM],
            },
            gain,
        };
    });
    const front: Sheet = {
        texture: skin.trailerFront,
        part: [1 - WALL_M / SIDE.trailerWidthM, 0, 1, 1],
        plane: {
            origin: [start, y + SIDE.trailerWidthM / 2 - WALL_M, SIDE.trailerTopM],
            across: [0, WALL_M, 0],
            down: [0, 0, SIDE.trailerFootM - SIDE.trailerTopM],
        },
        gain,
    };
    const shadow = (from: number, to: number, left: number, right: number): Sheet => ({
        texture: skin.shadow,
        plane: { origin: [from, y + left, 0.01], across: [0, right - left, 0], down: [to - from, 0, 0] },
    });
    const shadows = [shadow(start - SIDE.trailerLengthM, start + 3, -0.7, 1.6), shadow(x - 1, x + 0.45, -1.6, 1.5)];
    return [...shadows, ...side, front];
}

function cabSideSheet({ frontAtM: x, lateralM: y }: SceneLorry, skin: LorrySkin, gain: number): Sheet {
    const origin: Vec3 = [x - BEVEL_M, y + HALF_M, SIDE.cabTopM];
    return {
        texture: skin.cabSide,
        plane: { origin, across: [-SIDE.cabLengthM, 0, 0], down: [0, 0, -SIDE.cabTopM] },
        gain,
    };
}

function faceSheets(lorry: SceneLorry, skin: LorrySkin, gain: number): Sheet[] {
    const { frontAtM: x, lateralM: y } = lorry;
    const under: Sheet = {
        texture: skin.under,
        plane: { origin: [x - 0.5, y - HALF_M, UNDER_M], across: [0, FRONT.widthM, 0], down: [0, 0, -UNDER_M] },
        gain,
    };
    const mirrors = ([-1, 1] as const).map(
        (side): Sheet => ({
            texture: skin.mirror,
            part: side === -1 ? [0, 0, 1, 1] : [1, 0, 0, 1],
            plane: { origin: [x - 0.2, y + side * 1.32 - 0.2, 2.9], across: [0, 0.4, 0], down: [0, 0, -0.95] },
            gain,
        }),
    );
    const total = FRONT.roofM - FRONT.footM;
    const bands = BANDS.flatMap(([top, foot, topBack, footBack]): Sheet[] => {
        const [t0, t1] = [(FRONT.roofM - top) / total, (FRONT.roofM - foot) / total];
        const down: Vec3 = [topBack - footBack, 0, foot - top - LAP_M];
        const s = BEVEL_M / FRONT.widthM;
        const at = (back: number, across: number): Vec3 => [x - topBack - back, y + across, top];
        const inner = HALF_M - BEVEL_M;
        return [
            {
                texture: skin.front,
                part: [0, t0, s, t1],
                plane: { origin: at(BEVEL_M, -HALF_M), across: [BEVEL_M, BEVEL_M, 0], down },
                gain: gain * 0.8,
            },
            {
                texture: skin.front,
                part: [1 - s, t0, 1, t1],
                plane: { origin: at(0, inner), across: [-BEVEL_M, BEVEL_M, 0], down },
                gain: gain * 0.9,
            },
            {
                texture: skin.front,
                part: [s, t0, 1 - s, t1],
                plane: { origin: at(0, -inner - LAP_M), across: [0, 2 * (inner + LAP_M), 0], down },
                gain,
            },
        ];
    });
    const plate: Sheet = {
        texture: skin.plate,
        plane: platePlane(lorry, skin.plateSizeM),
        samples: 2,
        gain: Math.sqrt(gain),
    };
    return [under, ...mirrors, ...bands, holderSheet(plate.plane, skin, gain), plate];
}

/** The plate's holder, just behind it. */
function holderSheet({ origin, across, down }: Plane, skin: LorrySkin, gain: number): Sheet {
    const [x, y, z] = origin;
    const { rimM, lipM } = HOLDER;
    return {
        texture: skin.holder,
        plane: {
            origin: [x - 0.004, y - rimM, z + rimM],
            across: [0, across[1] + 2 * rimM, 0],
            down: [0, 0, down[2] - rimM - lipM],
        },
        gain,
    };
}
