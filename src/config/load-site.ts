/** Reads a site file; every complaint names file, line, path and what was expected. Nothing is started on a bad one. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Document, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { grossLimitsOf, loadMassLimits, MassLimitsError } from "./mass-limits.ts";
import { problemsOf } from "./site-rules.ts";
import { Site, type SiteBoard, type SiteCamera, type SiteLane } from "./site-schema.ts";

/** One complaint, ready to print as `file:line: path: message`. */
export interface SiteComplaint {
    readonly file: string;
    /** 1-based; 0 when the file could not be read at all. */
    readonly line: number;
    /** `lanes.lane-1.role`; empty for the whole file. */
    readonly path: string;
    readonly expected: string;
}

export class SiteFileError extends Error {
    readonly complaints: readonly SiteComplaint[];
    constructor(complaints: readonly SiteComplaint[]) {
        super(complaints.map(complaintText).join("\n"));
        this.name = "SiteFileError";
        this.complaints = complaints;
    }
}

/** One line, as printed. @internal for tests. */
export function complaintText({ file, line, path, expected }: SiteComplaint): string {
    return `${file}:${line}: ${path === "" ? "" : `${path}: `}${expected}`;
}

/** A site whose relative file names have become absolute, taken from the site file's own folder. Throws `SiteFileError`. */
export function loadSite(file: string): Site {
    const site = parseSite(readText(file), file);
    const folder = dirname(resolve(file));
    const absolute = (path: string): string => resolve(folder, path);
    const { passwordFile, caFile, certFile, keyFile, cgr, ...central } = site.central;
    const files = { passwordFile, caFile, certFile, keyFile };
    const named = Object.entries(files).flatMap(([key, path]) =>
        path === undefined ? [] : [[key, absolute(path)] as const],
    );
    const massLimits = site.massLimits === undefined ? undefined : absolute(site.massLimits);
    const lanes = massLimits === undefined ? site.lanes : limitedLanes(site, massLimits, file);
    return {
        ...site,
        ...(massLimits === undefined ? {} : { massLimits }),
        cameras: Object.fromEntries(Object.entries(site.cameras).map(([id, each]) => [id, cameraWith(each, absolute)])),
        readingCameras: Object.fromEntries(
            Object.entries(site.readingCameras).map(([id, camera]) => [id, readingCameraWith(camera, absolute)]),
        ),
        lanes: Object.fromEntries(Object.entries(lanes).map(([id, lane]) => [id, laneWith(lane, absolute)])),
        boards: Object.fromEntries(Object.entries(site.boards).map(([id, board]) => [id, boardWith(board, absolute)])),
        stateFolder: absolute(site.stateFolder),
        controlSocket: absolute(site.controlSocket),
        central: {
            ...central,
            ...Object.fromEntries(named),
            ...(cgr === undefined ? {} : { cgr: cgrIn(cgr, absolute) }),
        },
    };
}

function readingCameraWith(
    { passwordFile, caFile, ...camera }: Site["readingCameras"][string],
    absolute: (path: string) => string,
): Site["readingCameras"][string] {
    return {
        ...camera,
        ...(passwordFile === undefined ? {} : { passwordFile: absolute(passwordFile) }),
        ...(caFile === undefined ? {} : { caFile: absolute(caFile) }),
    };
}

function cgrIn(cgr: NonNullable<Site["central"]["cgr"]>, absolute: (path: string) => string): typeof cgr {
    const { checkpoint, waitingArea, ...rest } = cgr;
    const point = ({ registrationTokenFile }: NonNullable<typeof checkpoint>) => ({
        registrationTokenFile: absolute(registrationTokenFile),
    });
    return {
        ...rest,
        ...(checkpoint === undefined ? {} : { checkpoint: point(checkpoint) }),
        ...(waitingArea === undefined ? {} : { waitingArea: point(waitingArea) }),
    };
}

/** The lanes with the rows of the table that they name. */
function limitedLanes(site: Site, tableFile: string, file: string): Site["lanes"] {
    const complaint = (path: string, expected: string) => new SiteFileError([{ file, line: 0, path, expected }]);
    try {
        const table = loadMassLimits(tableFile);
        const limited = ([id, lane]: [string, SiteLane]): [string, SiteLane] => {
            const { combination } = lane.policy;
            if (combination === undefined) return [id, lane];
            const grossLimits = grossLimitsOf(table, combination);
            if (grossLimits.length === 0)
                throw complaint(
                    `lanes.${id}.policy.combination`,
                    `${tableFile} has no grossKg row of "${combination}"`,
                );
            return [id, { ...lane, policy: { ...lane.policy, grossLimits } }];
        };
        return Object.fromEntries(Object.entries(site.lanes).map(limited));
    } catch (error) {
        if (error instanceof MassLimitsError) throw complaint("massLimits", error.message);
        throw error;
    }
}

function cameraWith(camera: SiteCamera, absolute: (path: string) => string): SiteCamera {
    if (camera.kind === "folder") return { ...camera, path: absolute(camera.path) };
    if (camera.kind !== "snapshot" || camera.passwordFile === undefined) return camera;
    return { ...camera, passwordFile: absolute(camera.passwordFile) };
}

function laneWith(lane: SiteLane, absolute: (path: string) => string): SiteLane {
    if (!("camera" in lane.barrier) || lane.barrier.camera.passwordFile === undefined) return lane;
    const { camera } = lane.barrier;
    return { ...lane, barrier: { camera: { ...camera, passwordFile: absolute(lane.barrier.camera.passwordFile) } } };
}

function boardWith(board: SiteBoard, absolute: (path: string) => string): SiteBoard {
    const { line } = board;
    if (line.kind !== "snmp" || line.communityFile === undefined) return board;
    return { ...board, line: { ...line, communityFile: absolute(line.communityFile) } };
}

/** Parses and judges the text of a site file. Throws `SiteFileError`. @internal for tests. */
export function parseSite(text: string, file: string): Site {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
    if (document.errors.length > 0) {
        throw new SiteFileError(
            document.errors.map((error) => ({
                file,
                line: lines.linePos(error.pos[0]).line,
                path: "",
                expected: `not valid YAML: ${error.message.split("\n")[0]}`,
            })),
        );
    }
    const lineOf = (path: readonly PropertyKey[]): number => lines.linePos(offsetOf(document, path)).line;
    const complain = (path: readonly PropertyKey[], expected: string): SiteComplaint => ({
        file,
        line: lineOf(path),
        path: path.map(String).join("."),
        expected,
    });
    const parsed = Site.safeParse(document.toJS());
    if (!parsed.success) {
        throw new SiteFileError(parsed.error.issues.flatMap((issue) => issueComplaints(issue, complain)));
    }
    const problems = problemsOf(parsed.data);
    if (problems.length > 0) throw new SiteFileError(problems.map(({ path, message }) => complain(path, message)));
    return parsed.data;
}

type Issue = z.core.$ZodIssue;

function issueComplaints(
    issue: Issue,
    complain: (path: readonly PropertyKey[], expected: string) => SiteComplaint,
): SiteComplaint[] {
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) =>
            complain([...issue.path, key], "unknown key; see docs/reference/site-file.md for the known ones"),
        );
    }
    return [complain(issue.path, issue.message)];
}

/** Offset of the deepest part of the path that stands in the file. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
    for (let depth = path.length; depth > 0; depth--) {
        const node = document.getIn(path.slice(0, depth) as (string | number)[], true);
        const range = (node as { range?: readonly number[] | null } | undefined)?.range;
        if (range?.[0] !== undefined) return range[0];
    }
    return 0;
}

function readText(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : String(error);
        throw new SiteFileError([
            { file, line: 0, path: "", expected: `cannot be read: ${why}; give an existing file with --site` },
        ]);
    }
}
