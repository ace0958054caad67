/** What each board of a site file is for. Apart from what opens boards, so that the simulation needs none of their wires. */
import type { Site } from "../config/site-schema.ts";
import type { FacePlan } from "../core/board/lane-face.ts";
import type { BoardPlan } from "../runtime/board-desk.ts";

/** What each board of the site is for. */
export function boardPlans({ boards, queue }: Pick<Site, "boards" | "queue">): ReadonlyMap<string, BoardPlan> {
    const { utcOffsetMinutes } = queue.calendar;
    return new Map(
        Object.entries(boards).map(([id, { lines, columns, languages, pageMs, oldAfterMs, lane, gates = {} }]) => {
            const face: FacePlan = { shape: { lines, columns }, languages, pageMs };
            const plan: BoardPlan =
                lane === undefined
                    ? { of: "waiting-area", face: { ...face, oldAfterMs, utcOffsetMinutes }, gates }
                    : { of: "lane", lane, face };
            return [id, plan];
        }),
    );
}
