/** Rules of a site file that go across its parts: every name points at something, no terminal serves two, every lane is safe. */
import { CONTACT_NAMES } from "../core/lane/contacts.ts";
import { type LanePlan, objectionsTo } from "../core/lane/lane-plan.ts";
import type { QueueRules } from "../core/queue/queue-rules.ts";
import { boardProblems } from "./board-rules.ts";
import { lineProblems } from "./line-rules.ts";
import { isReadTwice, readersOf, readingCameraProblems } from "./reading-camera-rules.ts";
import type { Site, SiteLane } from "./site-schema.ts";

const HOUR_MS = 3_600_000;

/** Where in the file, and what is wrong there. */
export interface SiteProblem {
    readonly path: readonly (string | number)[];
    readonly message: string;
}

/** The part of a site file that the core needs for one lane. */
export function planOf(
    id: string,
    lane: SiteLane,
    site: Pick<Site, "lanes" | "queue"> & Partial<Pick<Site, "readingCameras">>,
): LanePlan {
    const hasOwnExit = Object.values(site.lanes).some(({ role }) => role === "waiting-area-exit");
    const { waitingAreaWay = hasOwnExit ? "required" : "not-checked", ...policy } = lane.policy;
    return {
        id,
        role: lane.role,
        contacts: CONTACT_NAMES.filter((name) => lane.contacts[name] !== undefined),
        isClosingAutomatic: lane.closing === "automatic",
        ...(lane.interlockedWith === undefined ? {} : { interlockedWith: lane.interlockedWith }),
        ...(lane.scale === undefined ? {} : { hasScale: true }),
        ...(isReadTwice(lane, site.readingCameras ?? {}) ? { isReadTwice: true } : {}),
        rearCameras: lane.rearCameras,
        limits: lane.limits,
        policy: {
            ...policy,
            ...readersOf(lane, site.readingCameras ?? {}),
            combinationKg: combinationsOf(lane),
            waitingAreaWay,
            calendar: site.queue.calendar,
        },
    };
}

/** What the core needs of the queue as a whole. */
export function queueRulesOf({ queue }: Pick<Site, "queue">): QueueRules {
    const { calendar, capacityPerDay, capacityPerHour, quotaPercent, awayMsMin, callMsMax, insideMsMax } = queue;
    const perHour = capacityPerHour ?? (capacityPerDay === undefined ? undefined : Math.ceil(capacityPerDay / 24));
    return {
        calendar,
        ...(capacityPerDay === undefined ? {} : { capacityPerDay }),
        ...(perHour === undefined ? {} : { capacityPerHour: perHour }),
        quotaPercent,
        isContinuityAllowed: queue.continuity === "allowed",
        continuityMsMax: queue.continuityHoursMax * HOUR_MS,
        awayMsMin,
        callMsMax,
        insideMsMax,
    };
}

/** By which limits lorries are called: those of a lane into the checkpoint, else out of the waiting area, else of any. */
export function callPolicyOf(site: Pick<Site, "lanes" | "queue">): LanePlan["policy"] {
    const lanes = Object.entries(site.lanes);
    const found =
        lanes.find(([, { role }]) => role === "checkpoint-entry") ??
        lanes.find(([, { role }]) => role === "waiting-area-exit") ??
        lanes[0];
    if (found === undefined) throw new Error("a site without lanes is refused when its file is read");
    return planOf(...found, site).policy;
}

/** Combinations that the file has a limit for. */
function combinationsOf({ policy: { combinationKg } }: SiteLane): LanePlan["policy"]["combinationKg"] {
    return Object.fromEntries(Object.entries(combinationKg).filter(([, limits]) => limits !== undefined));
}

/** `io-1:3` → module and terminal number. */
export function terminalOf(text: string): { readonly module: string; readonly terminal: number } {
    const [module = "", terminal = ""] = text.split(":");
    return { module, terminal: Number(terminal) };
}

/** `barrier:0`, `barrier:1`: what the lane's own barrier says of the boom, where that is wired to a camera: up, down. */
export function isBoomTerminal(text: string): boolean {
    return terminalOf(text).module === "barrier";
}

/** All problems of a well-formed site file, in file order. */
export function problemsOf(site: Site): readonly SiteProblem[] {
    const problems: SiteProblem[] = [];
    const wired = new Map<string, string>();
    for (const [id, lane] of Object.entries(site.lanes)) {
        const at = ["lanes", id];
        checkTerminals(site, lane, at, wired, problems);
        checkCameras(site, lane, at, problems);
        checkInterlock(site, id, lane, problems);
        checkScale(site, id, lane, problems);
        for (const objection of objectionsTo(planOf(id, lane, site))) {
            problems.push({ path: at, message: `${objection.code}: ${objection.message}` });
        }
    }
    if ("barrier" in site.modules) {
        problems.push({
            path: ["modules", "barrier"],
            message: "barrier:0 is the barrier's own word: give another name",
        });
    }
    problems.push(...loginProblems(site));
    problems.push(...readingCameraProblems(site));
    checkCgr(site, problems);
    problems.push(...boardProblems(site));
    problems.push(...lineProblems(site));
    const { continuity, capacityPerDay, capacityPerHour } = site.queue;
    if (continuity === "allowed" && capacityPerDay === undefined && capacityPerHour === undefined) {
        problems.push({
            path: ["queue", "continuity"],
            message: "calling lorries needs a capacity: give capacityPerDay or capacityPerHour",
        });
    }
    if (Object.keys(site.lanes).length === 0) problems.push({ path: ["lanes"], message: "at least one lane" });
    return problems;
}

/** A user name without a password, or the other way round, is refused by every camera: said here, before one locks the account. */
function loginProblems({ lanes, cameras }: Site): readonly SiteProblem[] {
    const logins = [
        ...Object.entries(lanes).flatMap(([id, { barrier }]) =>
            "camera" in barrier ? [[["lanes", id, "barrier", "camera"], barrier.camera] as const] : [],
        ),
        ...Object.entries(cameras).flatMap(([id, camera]) =>
            camera.kind === "snapshot" ? [[["cameras", id], camera] as const] : [],
        ),
    ];
    return logins.flatMap(([path, { username, passwordFile }]) => {
        if ((username === undefined) === (passwordFile === undefined)) return [];
        const missing = username === undefined ? "username" : "passwordFile";
        return [{ path: [...path, missing], message: "username and passwordFile belong together" }];
    });
}

function checkCgr({ central: { cgr } }: Site, problems: SiteProblem[]): void {
    if (cgr === undefined || cgr.checkpoint !== undefined || cgr.waitingArea !== undefined) return;
    problems.push({
        path: ["central", "cgr"],
        message: "checkpoint, waitingArea or both: without one nothing is reported",
    });
}

function checkCameras(site: Site, lane: SiteLane, at: readonly string[], problems: SiteProblem[]): void {
    for (const [index, camera] of lane.cameras.entries()) {
        if (!(camera in site.cameras || camera in site.readingCameras)) {
            const message = `no camera "${camera}" in cameras or readingCameras`;
            problems.push({ path: [...at, "cameras", index], message });
        }
    }
    for (const [index, camera] of lane.rearCameras.entries()) {
        if (!lane.cameras.includes(camera)) {
            problems.push({
                path: [...at, "rearCameras", index],
                message: `"${camera}" is none of the lane's cameras`,
            });
        }
    }
    if (lane.cameras.every((camera) => lane.rearCameras.includes(camera))) {
        problems.push({ path: [...at, "rearCameras"], message: "a lane needs a camera that sees the front plate" });
    }
}

function checkInterlock(site: Site, id: string, lane: SiteLane, problems: SiteProblem[]): void {
    if (lane.interlockedWith === undefined || site.lanes[lane.interlockedWith]?.interlockedWith === id) return;
    problems.push({
        path: ["lanes", id, "interlockedWith"],
        message: `"${lane.interlockedWith}" must be another lane that names "${id}" in turn`,
    });
}

function checkScale(site: Site, id: string, lane: SiteLane, problems: SiteProblem[]): void {
    const path = ["lanes", id, "scale"];
    const { scale } = lane;
    if (scale !== undefined && !(scale in site.scales))
        problems.push({ path, message: `no scale "${scale}" in scales` });
    const other = Object.entries(site.lanes).find(([name, each]) => name < id && each.scale === scale);
    if (scale !== undefined && other !== undefined)
        problems.push({
            path,
            message: `"${scale}" already weighs for ${other[0]}: a vehicle is weighed for one lane`,
        });
    if (lane.policy.combination !== undefined && site.massLimits === undefined)
        problems.push({
            path: ["lanes", id, "policy", "combination"],
            message: "a combination is looked up in a table: name one in massLimits",
        });
}

function checkTerminals(
    site: Site,
    lane: SiteLane,
    at: readonly string[],
    wired: Map<string, string>,
    problems: SiteProblem[],
): void {
    const claim = (terminal: string, direction: "in" | "out", path: readonly string[]): void => {
        const { module } = terminalOf(terminal);
        if (!(module in site.modules)) problems.push({ path, message: `no module "${module}" in modules` });
        const key = `${direction} ${terminal}`;
        const before = wired.get(key);
        if (before !== undefined) problems.push({ path, message: `${terminal} is already used by ${before}` });
        wired.set(key, path.join("."));
    };
    if (!("camera" in lane.barrier)) {
        claim(lane.barrier.open, "out", [...at, "barrier", "open"]);
        claim(lane.barrier.close, "out", [...at, "barrier", "close"]);
    }
    if (lane.lamps !== undefined) {
        claim(lane.lamps.red, "out", [...at, "lamps", "red"]);
        claim(lane.lamps.green, "out", [...at, "lamps", "green"]);
    }
    for (const name of CONTACT_NAMES) {
        const contact = lane.contacts[name];
        if (contact !== undefined && isBoomTerminal(contact.terminal)) {
            problems.push(...boomProblems(lane, name, contact.terminal, [...at, "contacts", name]));
        } else if (contact !== undefined) claim(contact.terminal, "in", [...at, "contacts", name]);
    }
}

/** Only the boom's own ends can be asked of a barrier, and only of one that is wired to a camera. */
function boomProblems(
    { barrier }: SiteLane,
    name: string,
    text: string,
    path: readonly string[],
): readonly SiteProblem[] {
    const wanted = { limitOpen: "barrier:0", limitClosed: "barrier:1" }[name];
    if (!("camera" in barrier))
        return [{ path, message: `${text}: only a barrier on a camera says how the boom stands` }];
    if (text === wanted) return [];
    return [{ path, message: `${text}: limitOpen is barrier:0, limitClosed is barrier:1, and nothing else` }];
}
