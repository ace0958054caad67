/**
 * Seeded random numbers (xoshiro128** started by splitmix32): every surprise in the simulated world is drawn from here,
 * so that a seed replays exactly. Named streams keep one part's draws from shifting another's.
 */

export class Random {
    readonly #state: Uint32Array;

    /** Equal seed and stream give the equal sequence on every machine. */
    constructor(seed: number, stream: string) {
        this.#state = new Uint32Array(4);
        let mix = hash(`${seed}/${stream}`);
        for (let i = 0; i < 4; i++) {
            mix = (mix + 0x9e3779b9) >>> 0;
            let word = mix;
            word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
            word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
            this.#state[i] = word ^ (word >>> 15);
        }
    }

    /** 32 random bits. */
    bits(): number {
        const [a = 0, b = 0, c = 0, d = 0] = this.#state;
        const times5 = Math.imul(b, 5);
        const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
        const e = c ^ a;
        const f = d ^ b;
        this.#state[1] = b ^ e;
        this.#state[0] = a ^ f;
        this.#state[2] = e ^ (b << 9);
        this.#state[3] = (f << 11) | (f >>> 21);
        return result;
    }

    /** From 0 up to, but without, 1. */
    next(): number {
        return this.bits() / 0x1_0000_0000;
    }

    /** A whole number from 0 to `below - 1`. */
    int(below: number): number {
        return Math.floor(this.next() * below);
    }

    between(from: number, to: number): number {
        return from + (to - from) * this.next();
    }

    chance(share: number): boolean {
        return this.next() < share;
    }

    /** Waiting time between independent arrivals. */
    exponential(mean: number): number {
        return -Math.log(1 - this.next()) * mean;
    }

    pick<T>(list: readonly T[]): T {
        const item = list[this.int(list.length)];
        if (item === undefined) throw new RangeError("nothing to pick from: the list is empty");
        return item;
    }

    /** A key of `shares`, each as likely as its weight. */
    weighted<K extends string>(shares: Readonly<Partial<Record<K, number | undefined>>>): K {
        const entries = Object.entries(shares) as [K, number | undefined][];
        let left = this.next() * entries.reduce((sum, [, weight]) => sum + (weight ?? 0), 0);
        let chosen: K | undefined;
        for (const [key, weight = 0] of entries) {
            if (weight <= 0) continue;
            chosen = key;
            left -= weight;
            if (left < 0) break;
        }
        if (chosen === undefined) throw new RangeError("nothing to pick from: no weight is above zero");
        return chosen;
    }
}

/** FNV-1a with a final mix. */
function hash(text: string): number {
    let value = 0x811c9dc5;
    for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 0x01000193);
    value ^= value >>> 15;
    return Math.imul(value, 0x2c1b3c6d) >>> 0;
}
