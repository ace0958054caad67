/**
 * Which lines this site has taken since the machine started. A line that is found taken is either ours, left behind by a
 * process that was killed, or somebody else's and not to be touched; the kernel does not say which.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

const Lease = z.strictObject({ boot: z.string(), numbers: z.array(z.int().min(0)) });

export class GpioLease {
    readonly #file: string;
    readonly #boot: string;

    /** `boot` differs from start to start of the machine. */
    constructor(file: string, boot: string) {
        this.#file = file;
        this.#boot = boot;
    }

    /** Kernel numbers taken since this start of the machine; none where the file is missing or not readable. */
    numbers(): ReadonlySet<number> {
        try {
            const lease = Lease.parse(JSON.parse(readFileSync(this.#file, "utf8")));
            return new Set(lease.boot === this.#boot ? lease.numbers : []);
        } catch {
            return new Set();
        }
    }

    /** Written before a line is taken: what is taken and not written down would be somebody else's after a crash. */
    add(numbers: readonly number[]): void {
        this.#write(new Set([...this.numbers(), ...numbers]));
    }

    remove(numbers: readonly number[]): void {
        this.#write(new Set([...this.numbers()].filter((number) => !numbers.includes(number))));
    }

    #write(numbers: ReadonlySet<number>): void {
        mkdirSync(dirname(this.#file), { recursive: true, mode: 0o750 });
        const partial = `${this.#file}.partial`;
        writeFileSync(partial, JSON.stringify({ boot: this.#boot, numbers: [...numbers] }));
        renameSync(partial, this.#file);
    }
}

/** The kernel's own name for this start of the machine. */
export function bootId(): string {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
