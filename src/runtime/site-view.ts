/** How the site stands, for people: the strip and the lane tiles, put together from the last tick. */
import type { LaneMode } from "../core/lane/lane-state.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { ClockTrust } from "./clock-trust.ts";
import type { LaneView, SiteView } from "./control-protocol.ts";
import type { LaneRunner } from "./lane-runner.ts";
import type { SiteRunner } from "./site-runner.ts";

export function viewOf(
    site: string,
    lanes: readonly LaneRunner[],
    link: { isOnline(): boolean; listAgeMs(): number; refusedMessages(): number },
    journal: { depth(): number },
    runner: SiteRunner,
    trust: ClockTrust,
    alarms: readonly string[],
    devices: readonly DeviceHealth[],
): SiteView {
    const ageMs = link.listAgeMs();
    return {
        site,
        isOnline: link.isOnline(),
        listVersion: lanes[0]?.image?.list.version ?? 0,
        listAgeS: Number.isFinite(ageMs) ? Math.round(ageMs / 1_000) : null,
        outbox: journal.depth(),
        refusedMessages: link.refusedMessages(),
        isClockTrusted: trust.isTrusted(),
        isStoreWell: runner.isStoreWell(),
        failedDevices: devices.filter(({ state }) => state === "failed").map(({ device }) => device),
        alarms: [...alarms],
        lanes: lanes.map(laneView),
    };
}

function laneView({ plan, state, image }: LaneRunner): LaneView {
    const decision = state.visit?.decision;
    const [read] = (image?.reads ?? []).toSorted((a, b) => b.confidence - a.confidence);
    return {
        lane: plan.id,
        role: plan.role,
        mode: state.mode.at,
        why: whyOf(state.mode) ?? decision?.reason ?? null,
        passage: state.visit?.passage ?? null,
        arm: state.arm,
        plate: read?.text ?? null,
        confidence: read?.confidence ?? null,
        bookingId: decision?.bookingId ?? null,
        candidates: [...(decision?.candidates ?? [])],
        comparisons: (decision?.comparisons ?? []).map(({ differences, ...about }) => ({
            ...about,
            differences: differences.map((difference) => ({ ...difference })),
        })),
        alarms: [...state.alarms],
    };
}

function whyOf(mode: LaneMode): string | undefined {
    if (mode.at === "fault") return mode.code;
    return mode.at === "manual" ? mode.why : undefined;
}
