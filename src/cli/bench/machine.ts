/** Whose figures a bench prints: they mean nothing without the machine and what else it did. */
import { availableParallelism, loadavg } from "node:os";
import { hundredths } from "./spread.ts";

export interface Machine {
    readonly cores: number;
    /** Over the last minute, 1 = one core busy, this bench included. */
    readonly load: number;
    readonly node: string;
}

export function thisMachine(): Machine {
    return { cores: availableParallelism(), load: hundredths(loadavg()[0] ?? 0), node: process.version };
}
