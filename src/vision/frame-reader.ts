/** What finds and reads the plates of one frame: the trained networks, or what came before them. Everything else stays. */

import type { Mat } from "./opencv.ts";
import type { PlateReading } from "./plate-reader.ts";

export interface FrameReader {
    /** For records, e.g. `kordon networks`. At most 64 characters. */
    readonly name: string;
    /**
     * Reads a CV_8UC1 frame of at least 64×64. `look` counts the frames: a reader may prepare every look differently, so
     * that one error does not come every time. Plates in no order; the frame stays the caller's.
     */
    read(grey: Mat, look: number): Promise<readonly PlateReading[]>;
    close(): Promise<void>;
}
