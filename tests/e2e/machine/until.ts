/** Waiting, inside the virtual machine, for something that nobody tells of: it is looked at again and again. */
import { systemClock } from "../../../src/runtime/clock.ts";

const LOOK_MS = 20;
const PATIENCE_MS = 180_000;

/** Gives what `look` found as soon as that is something; rejects after three minutes with what was waited for. */
export async function until<T>(what: string, look: () => T | undefined): Promise<T> {
    const lateMs = systemClock.monotonicMs() + PATIENCE_MS;
    for (let found = look(); ; found = look()) {
        if (found !== undefined) return found;
        if (systemClock.monotonicMs() > lateMs) throw new Error(`waited in vain until ${what}`);
        await systemClock.sleep(LOOK_MS);
    }
}
