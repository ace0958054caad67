/** Reads frames without the trained networks: rows of characters found with classical means, read by tesseract.js. */
import type { FrameReader } from "./frame-reader.ts";
import type { Mat } from "./opencv.ts";
import { type PlateReading, readPlates } from "./plate-reader.ts";
import type { PlateRecogniser } from "./recogniser.ts";

export class ClassicalFrameReader implements FrameReader {
    readonly name: string;
    readonly #recogniser: PlateRecogniser;

    constructor(recogniser: PlateRecogniser) {
        this.name = recogniser.name;
        this.#recogniser = recogniser;
    }

    async read(grey: Mat, look: number): Promise<readonly PlateReading[]> {
        return await readPlates(grey, this.#recogniser, look);
    }

    async close(): Promise<void> {
        await this.#recogniser.close();
    }
}
