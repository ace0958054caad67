/** From the start of something lasting to its end: a word to end that comes while it starts is heard, and a second one is final. */
import type { EventEmitter } from "node:events";

interface Lasting {
    stop(): Promise<void>;
}

interface RunPlan {
    readonly start: () => Promise<Lasting>;
    /** It runs, and nobody has asked it to end yet. */
    readonly running: () => void;
    readonly asked: (signal: NodeJS.Signals) => void;
    /** Where signals come from. */
    readonly signals: Pick<EventEmitter, "once" | "removeListener">;
}

const ENDS = ["SIGINT", "SIGTERM"] as const;

/**
 * Gives the signal that ended it. Rejects as `start` does. Listens to signals no longer than to the first one, or to a failed
 * start: whatever hangs then, the next signal ends the process as it would any other.
 */
export async function runUntilAsked({ start, running, asked, signals }: RunPlan): Promise<NodeJS.Signals> {
    let ended: NodeJS.Signals | undefined;
    let hear: (signal: NodeJS.Signals) => void = () => undefined;
    const deaf = (): void => {
        for (const signal of ENDS) signals.removeListener(signal, hear);
    };
    const told = new Promise<NodeJS.Signals>((resolve) => {
        hear = (signal) => {
            deaf();
            ended = signal;
            asked(signal);
            resolve(signal);
        };
        for (const signal of ENDS) signals.once(signal, hear);
    });
    const lasting = await start().catch((error: unknown) => {
        deaf();
        throw error;
    });
    if (ended === undefined) running();
    const signal = await told;
    await lasting.stop();
    return signal;
}
