/**
 * A world in which everything is well: the arm follows orders, nothing stands anywhere, every reading is fresh, and an officer
 * does what the lane's mode calls for. From every state the lane must find back to idle here.
 */
import type { ContactName } from "../../../src/core/lane/contacts.ts";
import type { LaneImage, LaneRequest } from "../../../src/core/lane/lane-image.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import type { LaneMode, LaneState } from "../../../src/core/lane/lane-state.ts";
import { step } from "../../../src/core/lane/lane-step.ts";
import { SLOT_UTC_MS } from "./lane-harness.ts";
import { TICK_MS } from "./lane-model.ts";
import { NOW_MS } from "./lazy-image.ts";

/** Heights of the arm: down, stopped half-way, up. */
export const ARM_PLACES = [0, 1, 2] as const;

const OFFICER_ASKS: { readonly [at in LaneMode["at"]]?: LaneRequest["asks"] } = {
    fault: "reset",
    "emergency-open": "reset",
    manual: "close",
    "out-of-service": "in-service",
};

/** Ticks until the lane is idle with the boom down, or undefined when it does not get there within `ticksMax`. */
export function ticksToIdle(start: LaneState, plan: LanePlan, arm: number, ticksMax: number): number | undefined {
    let state = start;
    let height = arm;
    let direction = 0;
    for (let tick = 1; tick <= ticksMax; tick++) {
        const image = imageOf(state, plan, height, tick);
        const result = step(state, image, plan);
        state = result.next;
        for (const { order } of result.orders) direction = order === "raise" ? 1 : -1;
        height = Math.min(2, Math.max(0, height + direction));
        if (state.mode.at === "idle" && height === 0) return tick;
        // Without switches nobody can see that the arm is up; the officer who can, has it closed by its key.
        if (state.mode.at === "idle" && !plan.contacts.includes("limitClosed")) height = 0;
    }
    return undefined;
}

function imageOf(state: LaneState, plan: LanePlan, height: number, tick: number): LaneImage {
    const active: { readonly [name in ContactName]?: boolean } = { limitOpen: height === 2, limitClosed: height === 0 };
    const asks = OFFICER_ASKS[state.mode.at];
    const by = { kind: "officer", name: "A. Officer" } as const;
    return {
        nowMs: NOW_MS + (tick - 1) * TICK_MS,
        utcMs: SLOT_UTC_MS,
        isClockTrusted: true,
        isCameraWell: true,
        contacts: Object.fromEntries(
            plan.contacts.map((name) => [name, { isActive: active[name] === true, ageMs: 0 }]),
        ),
        reads: [],
        list: { version: 1, hash: "", ageMs: 0 },
        checkpoint: "nur-zholy",
        requests: asks === undefined ? [] : [{ id: `${tick}`, asks, by, reason: "well again", expiresMs: Infinity }],
        echo: { order: "raise", number: state.orders, status: "applied" },
        isInterlockFree: true,
        freshPassage: `fresh-${tick}`,
    };
}
