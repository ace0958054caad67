/** Packs a frame into a JPEG. The packing itself runs outside the event loop. */
import { type Canvas, createCanvas, ImageData } from "@napi-rs/canvas";
import type { Frame } from "./rasteriser.ts";

const QUALITY = 80;

export class JpegPress {
    readonly #canvas: Canvas;

    constructor(width: number, height: number) {
        this.#canvas = createCanvas(width, height);
    }

    /** The frame may be changed as soon as this returns; the next call must wait for the promise. */
    pack(frame: Frame): Promise<Buffer> {
        const bytes = new Uint8ClampedArray(frame.pixels.buffer);
        this.#canvas.getContext("2d").putImageData(new ImageData(bytes, frame.width, frame.height), 0, 0);
        return this.#canvas.encode("jpeg", QUALITY);
    }
}
