/** Rules of a site file about cameras that read plates by themselves, and what a lane's decisions need to know of them. */
import type { ReaderTrust } from "../core/decision/decision-policy.ts";
import type { SiteProblem } from "./site-rules.ts";
import type { Site, SiteLane } from "./site-schema.ts";

/** What a lane makes of the reads of those of its cameras that read by themselves; nothing where it has none. */
export function readersOf(
    lane: Pick<SiteLane, "cameras">,
    cameras: Site["readingCameras"],
): { readonly readers?: { readonly [camera: string]: ReaderTrust } } {
    const readers = lane.cameras.flatMap((id) => {
        const camera = cameras[id];
        if (camera === undefined) return [];
        const { confidenceMin, unratedReads, aheadMsMax } = camera;
        const trust = {
            ...(confidenceMin === undefined ? {} : { confidenceMin }),
            isUnratedTrusted: unratedReads === "trust",
            aheadMsMax,
        };
        return [[id, trust] as const];
    });
    return readers.length === 0 ? {} : { readers: Object.fromEntries(readers) };
}

/** Cameras of both kinds see the front plate: one is the other's second opinion. */
export function isReadTwice(
    { cameras, rearCameras }: Pick<SiteLane, "cameras" | "rearCameras">,
    readingCameras: Site["readingCameras"],
): boolean {
    const front = cameras.filter((id) => !rearCameras.includes(id));
    return new Set(front.map((id) => id in readingCameras)).size === 2;
}

/** What contradicts itself whatever the profiles say. */
export function readingCameraProblems({ cameras, readingCameras, cameraListener }: Site): readonly SiteProblem[] {
    const problems: SiteProblem[] = [];
    const doors = new Map<string, string>();
    for (const [id, camera] of Object.entries(readingCameras)) {
        const at = (key: string, message: string): void =>
            void problems.push({ path: ["readingCameras", id, key], message });
        if (id in cameras) problems.push({ path: ["readingCameras", id], message: `"${id}" is in cameras already` });
        const { address, path, login, username, passwordFile } = camera;
        if ((username === undefined) !== (passwordFile === undefined)) {
            at(username === undefined ? "username" : "passwordFile", "username and passwordFile belong together");
        }
        if (address === undefined) continue;
        if (cameraListener === undefined) at("address", "a camera that pushes needs a cameraListener");
        if (login !== "none" && username === undefined) {
            at("login", `login ${login} needs username and passwordFile, or say login: none`);
        }
        const door = `${address} ${path}`;
        const before = doors.get(door);
        if (before !== undefined) at("path", `"${before}" pushes from the same address to the same path`);
        doors.set(door, id);
    }
    return problems;
}
