/** The simulators' clock with the wall time that the simulated central system writes on its commands. */
import { type Clock, realClock } from "../world/clock.ts";

export interface CentralClock extends Clock {
    /** Milliseconds since the Unix epoch. */
    utcMs(): number;
}

export const realCentralClock: CentralClock = { ...realClock, utcMs: () => Date.now() };
