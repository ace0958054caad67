/**
 * How the daemon's heap grows. V8 lets garbage lie until the old generation has grown by a half or more, which suits programs
 * that end soon; a box that catches up after an outage makes garbage for minutes and shall leave the memory to its neighbours.
 */
import { setFlagsFromString } from "node:v8";

/** Growth of the old generation, in percent of what was alive, before it is looked through again. */
const GROWING_PERCENT = 20;

/** Room of the young generation, MiB a half: left alone it grows to tens of megabytes under load and never shrinks. The launcher gives it. */
export const YOUNG_HEAP_FLAG = "--max-semi-space-size=8";

/** Before anything is allocated that matters; cannot be taken back. */
export function keepHeapSmall(): void {
    setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
}
