/** Pictures for tests: plates on a plain background, at a known place, size and tilt. */
import { type Canvas, createCanvas } from "@napi-rs/canvas";
import { drawPlate } from "../../simulators/world/camera/plate-layout.ts";
import type { ScenePlate } from "../../simulators/world/scene-view.ts";
import { cv, type Mat } from "../../src/vision/opencv.ts";

export interface PlacedPlate {
    readonly plate: ScenePlate;
    /** Middle of the plate and its width in pixels. */
    readonly x: number;
    readonly y: number;
    readonly widthPx: number;
    readonly tiltDeg?: number;
    /** Sideways lean: columns per line. */
    readonly lean?: number;
}

export interface Scene {
    readonly width: number;
    readonly height: number;
    readonly background: string;
    readonly plates: readonly PlacedPlate[];
    /** Further things: badges, slogans, dirt. */
    readonly draw?: (canvas: Canvas) => void;
}

export function plate(text: string, country = "KZ", rows: 1 | 2 = 1): ScenePlate {
    return { text, country, rows };
}

/** A frame of 1280×720 with one plate in the middle. */
export function sceneWith(placed: ScenePlate, widthPx: number, more: Partial<PlacedPlate & Scene> = {}): Scene {
    const { tiltDeg = 0, lean = 0, background = "#4a4d52", draw } = more;
    return {
        ...{ width: 1280, height: 720, background },
        plates: [{ plate: placed, x: 640, y: 400, widthPx, tiltDeg, lean }],
        ...(draw === undefined ? {} : { draw }),
    };
}

function drawScene(scene: Scene): Canvas {
    const canvas = createCanvas(scene.width, scene.height);
    const context = canvas.getContext("2d");
    context.fillStyle = scene.background;
    context.fillRect(0, 0, scene.width, scene.height);
    for (const { plate: what, x, y, widthPx, tiltDeg = 0, lean = 0 } of scene.plates) {
        const art = drawPlate(what).canvas;
        const zoom = widthPx / art.width;
        context.save();
        context.translate(x, y);
        context.rotate((tiltDeg * Math.PI) / 180);
        context.transform(1, 0, lean, 1, 0, 0);
        context.scale(zoom, zoom);
        context.drawImage(art, -art.width / 2, -art.height / 2);
        context.restore();
    }
    scene.draw?.(canvas);
    return canvas;
}

export function jpegOf(scene: Scene): Buffer {
    return drawScene(scene).toBuffer("image/jpeg", 90);
}

/** The scene as the reader gets it; the caller releases it. */
export async function greyScene(scene: Scene): Promise<Mat> {
    return await cv.imdecodeAsync(jpegOf(scene), cv.IMREAD_GRAYSCALE);
}
