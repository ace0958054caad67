/**
 * The site that is simulated: lanes with their limits and policy from the real schema, so that a built-in site and a site
 * file are one thing. Contacts are wired by name to the simulated world; module and terminal numbers of a file do not matter.
 */

import { CONTACT } from "../simulators/world/lane-wiring.ts";
import { boardPlans } from "../src/cli/board-plans.ts";
import { planOf } from "../src/config/site-rules.ts";
import { Site } from "../src/config/site-schema.ts";
import type { ContactName } from "../src/core/lane/contacts.ts";
import type { LanePlan } from "../src/core/lane/lane-plan.ts";
import type { BoardPlan } from "../src/runtime/board-desk.ts";
import { PANEL } from "./devices/lane-panel.ts";

export interface SitePlan {
    readonly site: string;
    readonly checkpoint: string;
    readonly queue: Site["queue"];
    readonly boards: ReadonlyMap<string, BoardPlan>;
    readonly lanes: readonly LaneSetup[];
}

export interface LaneSetup {
    readonly plan: LanePlan;
    readonly pulseMs: number;
    readonly gapMsMin: number;
}

export interface ContactWiring {
    readonly module: "boom" | "panel";
    readonly input: number;
    readonly isActiveWhenOn: boolean;
}

/** How the simulated world wires the contacts that it has. */
export const WIRING = {
    approachLoop: { module: "boom", input: CONTACT.approachLoop, isActiveWhenOn: true },
    boomLoop: { module: "boom", input: CONTACT.boomLoop, isActiveWhenOn: true },
    exitLoop: { module: "boom", input: CONTACT.exitLoop, isActiveWhenOn: true },
    photocell1: { module: "boom", input: CONTACT.photocell, isActiveWhenOn: false },
    photocell2: { module: "boom", input: CONTACT.photocell, isActiveWhenOn: false },
    limitOpen: { module: "boom", input: CONTACT.armOpen, isActiveWhenOn: true },
    limitClosed: { module: "boom", input: CONTACT.armClosed, isActiveWhenOn: true },
    armBreak: { module: "panel", input: PANEL.armBreak, isActiveWhenOn: true },
    emergency: { module: "panel", input: PANEL.emergency, isActiveWhenOn: false },
    keySwitch: { module: "panel", input: PANEL.key, isActiveWhenOn: true },
    scaleBeam1: { module: "panel", input: PANEL.beam1, isActiveWhenOn: false },
    scaleBeam2: { module: "panel", input: PANEL.beam2, isActiveWhenOn: false },
} as const satisfies { readonly [name in ContactName]?: ContactWiring };

export type SimulatedContact = keyof typeof WIRING;

/** The contacts of a plan that the world can show. */
export function simulatedContacts(plan: LanePlan): readonly SimulatedContact[] {
    return plan.contacts.filter((name): name is SimulatedContact => Object.hasOwn(WIRING, name));
}

/** A lane of the world has one camera, in front, which reads as our own do: there is no second opinion to wait for. */
function simulatedPlan(plan: LanePlan): LanePlan {
    const { rearCameras: _rear, isReadTwice: _twice, policy, ...rest } = plan;
    const { readers: _readers, ...ownPolicy } = policy;
    return { ...rest, policy: ownPolicy, contacts: simulatedContacts(plan) };
}

const BUILT_IN_CONTACTS = [
    "approachLoop",
    "boomLoop",
    "exitLoop",
    "photocell1",
    "limitOpen",
    "limitClosed",
    "emergency",
    "keySwitch",
    "armBreak",
] as const satisfies readonly ContactName[];

export interface BuiltInSite {
    readonly checkpoint: string;
    readonly lanes: number;
    /** The last two lanes are the two ends of a lock. */
    readonly hasLock?: boolean;
    /** Every lane weighs. */
    readonly hasScales?: boolean;
    readonly listedOnOldList?: "admit" | "refer";
}

export function builtInSite(own: BuiltInSite): SitePlan {
    const { checkpoint, lanes, hasLock = false, hasScales = false, listedOnOldList = "refer" } = own;
    const ids = Array.from({ length: lanes }, (_, index) => `lane-${index + 1}`);
    const lock = hasLock && lanes >= 2 ? ids.slice(-2) : [];
    const site = {
        version: 1,
        site: checkpoint,
        checkpoint,
        stateFolder: "simulated",
        controlSocket: "simulated",
        central: { url: "mqtt://127.0.0.1" },
        modules: {},
        cameras: {},
        boards: Object.fromEntries(ids.map((id) => [`${id}-display`, displayAt(id)])),
        lanes: Object.fromEntries(
            ids.map((id) => {
                const other = lock.includes(id) ? lock.find((each) => each !== id) : undefined;
                return [id, builtInLane(other, listedOnOldList)];
            }),
        ),
    };
    const plan = planFrom(Site.parse(site));
    return hasScales ? { ...plan, lanes: plan.lanes.map(withScale) } : plan;
}

/** Which indicator it is makes no difference here: `simulated-scale.ts` stands for all of them. */
function withScale(lane: LaneSetup): LaneSetup {
    const contacts: readonly ContactName[] = [...lane.plan.contacts, "scaleBeam1", "scaleBeam2"];
    return { ...lane, plan: { ...lane.plan, hasScale: true, contacts } };
}

/** What stands on it is not looked at here; texts are ordered onto it, judged and written down. */
function displayAt(lane: string): object {
    const line = { kind: "serial", path: "simulated" };
    return { profile: "board/line-display/kordon-line-display", line, lane, lines: 2, columns: 20 };
}

function builtInLane(interlockedWith: string | undefined, listedOnOldList: "admit" | "refer"): object {
    return {
        role: "checkpoint-entry",
        barrier: { open: "io:0", close: "io:1" },
        lamps: { red: "io:2", green: "io:3" },
        contacts: Object.fromEntries(BUILT_IN_CONTACTS.map((name) => [name, "io:0"])),
        cameras: ["front"],
        policy: { listedOnOldList },
        ...(interlockedWith === undefined ? {} : { interlockedWith }),
    };
}

/** The lanes of a site file, on the simulated world's wiring; contacts and further cameras that the world has not are left out. */
export function planFrom(site: Site): SitePlan {
    return {
        site: site.site,
        checkpoint: site.checkpoint,
        queue: site.queue,
        boards: boardPlans(site),
        lanes: Object.entries(site.lanes).map(([id, lane]) => ({
            plan: simulatedPlan(planOf(id, lane, site)),
            // The world's barriers are on relays; a camera's own pulse is as long as a site's usual one.
            pulseMs: "camera" in lane.barrier ? 700 : lane.barrier.pulseMs,
            gapMsMin: "camera" in lane.barrier ? 500 : lane.barrier.gapMsMin,
        })),
    };
}
