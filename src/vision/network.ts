/**
 * A trained network run by OpenCV on the processor. One run at a time: OpenCV keeps the results in the network, and the next
 * run writes over them.
 */
import { fileURLToPath } from "node:url";
import { cv, type Mat, withPictures } from "./opencv.ts";

/** Where the weights lie that come with the program. */
export function modelPath(name: string): string {
    return fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
}

export class Network {
    readonly #net: ReturnType<typeof cv.readNetFromONNX>;
    #last: Promise<unknown> = Promise.resolve();

    private constructor(net: ReturnType<typeof cv.readNetFromONNX>) {
        this.#net = net;
    }

    /** Rejects when the file is missing or no network that OpenCV reads. */
    static async load(path: string): Promise<Network> {
        try {
            return new Network(await cv.readNetFromONNXAsync(path));
        } catch (error) {
            throw new Error(`${path}: cannot load the network; restore the file from the package (${String(error)})`);
        }
    }

    /** Runs a grey picture with its values made (value - mean) × scale; answers `rows` × `cols` numbers. */
    async run(picture: Mat, mean: number, scale: number, rows: number, cols: number): Promise<Float32Array> {
        const run = this.#last.then(() => this.#run(picture, mean, scale, rows, cols));
        this.#last = run.catch(() => undefined);
        return await run;
    }

    async #run(picture: Mat, mean: number, scale: number, rows: number, cols: number): Promise<Float32Array> {
        return await withPictures(async (own) => {
            const size = new cv.Size(picture.cols, picture.rows);
            const blob = own(await cv.blobFromImageAsync(picture, scale, size, new cv.Vec3(mean, 0, 0), false, false));
            await this.#net.setInputAsync(blob);
            const flat = own(own(await this.#net.forwardAsync()).flattenFloat(rows, cols));
            const bytes = flat.getData();
            return new Float32Array(bytes.buffer, bytes.byteOffset, rows * cols);
        });
    }
}
