/**
 * A trained network, run on one thread of the processor by ONNX Runtime: two to three times as fast as the DNN module of
 * Debian's OpenCV, whose pictures it takes. The numbers of both are in docs/explanation/reading-plates.md.
 */
import { fileURLToPath } from "node:url";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Mat } from "./opencv.ts";

/** Where the weights lie that come with the program. */
export function modelPath(name: string): string {
    return fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
}

/**
 * A camera has one core, and the capture of the next frame must not starve. The memory plan that the runtime would keep of each
 * size of picture is of no use where many sizes come.
 */
const OPTIONS: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableMemPattern: false,
};

export class Network {
    readonly #session: InferenceSession;

    private constructor(session: InferenceSession) {
        this.#session = session;
    }

    /** Rejects when the file is missing or no network. */
    static async load(path: string): Promise<Network> {
        try {
            return new Network(await InferenceSession.create(path, OPTIONS));
        } catch (error) {
            throw new Error(`${path}: cannot load the network; restore the file from the package (${String(error)})`);
        }
    }

    /** Runs a CV_8UC1 picture with its values made (value - mean) × scale; answers `count` numbers, rejects if the network has others. */
    async run(picture: Mat, mean: number, scale: number, count: number): Promise<Float32Array> {
        const pixels = picture.getData();
        const values = new Float32Array(pixels.length);
        for (let at = 0; at < pixels.length; at++) values[at] = ((pixels[at] ?? 0) - mean) * scale;
        const said = await this.#session.run({ in: new Tensor("float32", values, [1, 1, picture.rows, picture.cols]) });
        const out = said["out"]?.data;
        if (!(out instanceof Float32Array) || out.length !== count)
            throw new Error(
                `the network answers something else than ${count} numbers; are its weights of this version?`,
            );
        return out;
    }
}
