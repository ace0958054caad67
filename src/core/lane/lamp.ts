/** What the lamp at the boom shows. */
import type { LaneMode, LaneState } from "./lane-state.ts";
import type { Arm, Scene } from "./perceive.ts";

/** Green only for a vehicle that was let in, and only with the boom up as far as anybody can tell. */
export function lightOf({ mode }: Pick<LaneState, "mode">, scene: Pick<Scene, "arm">): "red" | "green" {
    return isLetIn(mode) && UP_AS_FAR_AS_SEEN.has(scene.arm) ? "green" : "red";
}

const UP_AS_FAR_AS_SEEN: ReadonlySet<Arm> = new Set(["open", "unseen", "not-closed"]);

function isLetIn(mode: LaneMode): boolean {
    if (mode.at !== "open-waiting" && mode.at !== "passing") return false;
    if (mode.cause.by === "nobody" || mode.cause.by === "found-open") return false;
    return mode.at === "passing" ? !mode.track.isTailgated && !mode.track.isWrongWay : !mode.isWrongWay;
}
