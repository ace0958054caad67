/** A plate on no vehicle, as flat sheets: on a board in somebody's hands or on a stand, or within a printed lorry's face. */
import { createCanvas } from "@napi-rs/canvas";
import type { SceneLight, SceneSign } from "../scene-view.ts";
import { shadeFor } from "./light.ts";
import { drawFront, FRONT } from "./lorry-front.ts";
import { liveryOf } from "./lorry-livery.ts";
import type { Plane } from "./pin-hole.ts";
import { drawPlate } from "./plate-layout.ts";
import type { Sheet } from "./rasteriser.ts";
import { type Texture, textureOf } from "./texture.ts";

export interface SignArt {
    readonly texture: Texture;
    /** Width and height against the plate's width, and the place of the plate's middle within, 0 to 1. */
    readonly width: number;
    readonly height: number;
    readonly middle: readonly [x: number, y: number];
}

/** The board is so much larger than the plate on it. */
const BOARD_MARGIN = 0.08;
/** Of a photograph only the lower part of the face is printed. */
const PRINT_TOP_M = 1.6;

/** Height of a person in widths of one. */
const PERSON_HEIGHT = 4.2;

export function signArtOf({ plate, printedCab, isPerson = false }: SceneSign, light: SceneLight): SignArt {
    if (isPerson) return personArt(light);
    const art = drawPlate(plate);
    const shade = shadeFor(light, "paint");
    const [width, height] = [art.canvas.width, art.canvas.height];
    if (printedCab === undefined) {
        const margin = Math.round(width * BOARD_MARGIN);
        const board = createCanvas(width + 2 * margin, height + 2 * margin);
        const context = board.getContext("2d");
        context.fillStyle = "#b9a98c";
        context.fillRect(0, 0, board.width, board.height);
        context.drawImage(art.canvas, margin, margin);
        const texture = textureOf(board, shade);
        return { texture, width: board.width / width, height: board.height / width, middle: [0.5, 0.5] };
    }
    const front = drawFront(liveryOf(printedCab, "#7a2430"));
    const pxPerM = front.width / FRONT.widthM;
    const print = createCanvas(front.width, Math.round((PRINT_TOP_M - FRONT.footM) * pxPerM));
    const context = print.getContext("2d");
    context.drawImage(front, 0, print.height - front.height);
    const [plateW, plateH] = [(art.widthMm / 1000) * pxPerM, (art.heightMm / 1000) * pxPerM];
    const middleY = print.height - (FRONT.plateMidM - FRONT.footM) * pxPerM;
    context.drawImage(art.canvas, (print.width - plateW) / 2, middleY - plateH / 2, plateW, plateH);
    const texture = textureOf(print, shade);
    return {
        texture,
        width: print.width / plateW,
        height: print.height / plateW,
        middle: [0.5, middleY / print.height],
    };
}

function personArt(light: SceneLight): SignArt {
    const canvas = createCanvas(100, 100 * PERSON_HEIGHT);
    const context = canvas.getContext("2d");
    context.fillStyle = "#4b3a2e";
    context.fillRect(36, 0, 28, 60);
    context.fillStyle = "#27364a";
    context.fillRect(5, 60, 90, 170);
    context.fillStyle = "#1c1d22";
    context.fillRect(18, 225, 64, 195);
    return {
        texture: textureOf(canvas, shadeFor(light, "paint")),
        width: 1,
        height: PERSON_HEIGHT,
        middle: [0.5, 0.5],
    };
}

/** The plate itself on the sign; `aspect` is its height against its width. */
export function signPlatePlane({ at: [x, y, z], widthM }: SceneSign, aspect: number): Plane {
    const heightM = widthM * aspect;
    return { origin: [x, y - widthM / 2, z + heightM / 2], across: [0, widthM, 0], down: [0, 0, -heightM] };
}

export function signSheets(
    { at: [x, y, z], widthM }: SceneSign,
    { texture, width, height, middle }: SignArt,
): readonly Sheet[] {
    const [w, h] = [width * widthM, height * widthM];
    return [
        {
            texture,
            plane: { origin: [x, y - w * middle[0], z + h * middle[1]], across: [0, w, 0], down: [0, 0, -h] },
            samples: 2,
        },
    ];
}
