/**
 * Finds frames in a stream of bytes that may begin anywhere and lose or gain bytes on the way. What belongs to no frame is
 * counted as noise. A cutter holds less than one frame back and never more than a few hundred bytes.
 */

export interface FrameCutter {
    /** Takes bytes as they come; gives the frames that they complete, each with bytes of its own. */
    push(bytes: Uint8Array): readonly Uint8Array[];
    /** Bytes thrown away so far. */
    readonly noise: number;
}

const HELD_MAX = 256;

/** Frames of one length: found by their first byte and by `isWhole`, which is asked about every place where one could begin. */
export class FixedCutter implements FrameCutter {
    noise = 0;
    #held: Uint8Array = new Uint8Array(0);
    readonly #length: number;
    readonly #isWhole: (frame: Uint8Array) => boolean;

    constructor(length: number, isWhole: (frame: Uint8Array) => boolean) {
        this.#length = length;
        this.#isWhole = isWhole;
    }

    push(bytes: Uint8Array): readonly Uint8Array[] {
        const held = joined(this.#held, bytes);
        const frames: Uint8Array[] = [];
        let at = 0;
        while (at + this.#length <= held.length) {
            const frame = held.slice(at, at + this.#length);
            if (this.#isWhole(frame)) {
                frames.push(frame);
                at += this.#length;
            } else {
                at += 1;
                this.noise += 1;
            }
        }
        this.#held = held.slice(at);
        return frames;
    }
}

/** Frames that carry nothing but a mark at their start: one is whole when the next begins, and exactly so long. */
export class MarkCutter implements FrameCutter {
    noise = 0;
    #held: number[] = [];
    readonly #mark: number;
    readonly #length: number;

    constructor(mark: number, length: number) {
        this.#mark = mark;
        this.#length = length;
    }

    push(bytes: Uint8Array): readonly Uint8Array[] {
        const frames: Uint8Array[] = [];
        for (const byte of bytes) {
            if (byte !== this.#mark) {
                if (this.#held.length > this.#length) this.noise += 1;
                else this.#held.push(byte);
                continue;
            }
            const isFrame = this.#held[0] === this.#mark && this.#held.length === this.#length;
            if (isFrame) frames.push(Uint8Array.from(this.#held));
            else this.noise += this.#held.length;
            this.#held = [byte];
        }
        return frames;
    }
}

/** Lines of text, without their CR LF. A line that is too long is noise up to its end. */
export class LineCutter implements FrameCutter {
    noise = 0;
    #held: number[] = [];
    #isTooLong = false;

    push(bytes: Uint8Array): readonly Uint8Array[] {
        const lines: Uint8Array[] = [];
        for (const byte of bytes) {
            if (byte !== LF) {
                this.#hold(byte);
                continue;
            }
            const isLine = !this.#isTooLong && this.#held.at(-1) === CR && this.#held.length > 1;
            if (isLine) lines.push(Uint8Array.from(this.#held.slice(0, -1)));
            else this.noise += this.#held.length + 1;
            this.#held = [];
            this.#isTooLong = false;
        }
        return lines;
    }

    #hold(byte: number): void {
        if (this.#held.length < HELD_MAX) {
            this.#held.push(byte);
            return;
        }
        this.noise += this.#held.length + 1;
        this.#held = [];
        this.#isTooLong = true;
    }
}

const LF = 0x0a;
const CR = 0x0d;

function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
    if (before.length === 0) return after;
    const all = new Uint8Array(before.length + after.length);
    all.set(before);
    all.set(after, before.length);
    return all;
}
