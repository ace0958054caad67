/** Finds frames of the Тензо-М protocol: from FF to FF FF, an FF inside being followed by FE. A lone FF begins anew. */
import type { FrameCutter } from "../frame-cutter.ts";

const MARK = 0xff;
const STUFFING = 0xfe;
/** The longest frames carry some twenty bytes. */
const LENGTH_MAX = 64;

export class TensoCutter implements FrameCutter {
    noise = 0;
    /** With its first FF; empty between frames. */
    #held: number[] = [];
    #wasMark = false;

    push(bytes: Uint8Array): readonly Uint8Array[] {
        const frames: Uint8Array[] = [];
        for (const byte of bytes) {
            if (this.#take(byte)) {
                frames.push(Uint8Array.from(this.#held));
                this.#held = [];
            }
            if (this.#held.length > LENGTH_MAX) this.#drop([]);
        }
        return frames;
    }

    /** True when `byte` ends a frame. */
    #take(byte: number): boolean {
        if (this.#held.length === 0) {
            if (byte === MARK) this.#held = [byte];
            else this.noise += 1;
            return false;
        }
        // The two FF at the end of the frame before may run into the one at the start.
        if (this.#held.length === 1 && byte === MARK) {
            this.noise += 1;
            return false;
        }
        const wasMark = this.#wasMark;
        this.#wasMark = false;
        if (!wasMark) {
            this.#wasMark = byte === MARK;
            this.#held.push(byte);
            return false;
        }
        if (byte === MARK || byte === STUFFING) this.#held.push(byte);
        else this.#drop([MARK, byte]);
        return byte === MARK;
    }

    #drop(instead: number[]): void {
        this.noise += this.#held.length;
        this.#held = instead;
        this.#wasMark = false;
    }
}
