/** Rules for the boards of a site file that need no profile: what a board is for, whether it has room, and that its line is its own. */
import type { SiteProblem } from "./site-rules.ts";
import type { Site, SiteBoard } from "./site-schema.ts";

/** Heading, a row and a foot that says that the data are old; plate, gate and time. */
const CALLED_LINES_MIN = 3;
const CALLED_COLUMNS_MIN = 16;

/** Every message begins with a code of `docs/errors.md`. */
export function boardProblems(site: Site): readonly SiteProblem[] {
    const taken = new Map<string, string>();
    for (const [id, { bus }] of Object.entries(site.modules))
        if (bus.kind !== "gpio") taken.set(ownLine(bus), `modules.${id}`);
    for (const [id, { line }] of Object.entries(site.scales)) taken.set(ownLine(line), `scales.${id}`);
    return Object.entries(site.boards).flatMap(([id, board]) => {
        const problems = [...purposeProblems(site, board), ...roomProblems(board), ...nameProblems(site, id)];
        const { line } = board;
        if (line.kind === "browser") {
            if (site.screens === undefined)
                problems.push(["line", "BOARD_NO_SCREENS: a page needs an address to be served at: add screens"]);
        } else {
            const before = taken.get(ownLine(line));
            if (before !== undefined) problems.push(["line", `BOARD_LINE_TAKEN: ${before} is on this line already`]);
            taken.set(ownLine(line), `boards.${id}`);
        }
        return problems.map(([key, message]): SiteProblem => ({ path: ["boards", id, key], message }));
    });
}

type Problem = readonly [key: string, message: string];

function purposeProblems({ lanes }: Site, { lane, gates }: SiteBoard): Problem[] {
    if ((lane === undefined) === (gates === undefined))
        return [["lane", "BOARD_PURPOSE: either lane (a display at a lane) or gates (a board of the waiting area)"]];
    const problems: Problem[] = [];
    if (lane !== undefined && lanes[lane] === undefined)
        problems.push(["lane", `BOARD_UNKNOWN_LANE: no lane "${lane}" in lanes`]);
    for (const id of Object.keys(gates ?? {})) {
        const role = lanes[id]?.role;
        if (role === undefined) problems.push(["gates", `BOARD_UNKNOWN_LANE: no lane "${id}" in lanes`]);
        else if (role !== "waiting-area-exit" && role !== "checkpoint-entry")
            problems.push(["gates", `BOARD_WRONG_GATE: called lorries do not drive to "${id}", a ${role}`]);
    }
    if (gates !== undefined && Object.keys(gates).length === 0)
        problems.push(["gates", "BOARD_PURPOSE: at least one lane that called lorries drive to"]);
    return problems;
}

function roomProblems({ gates, lines, columns }: SiteBoard): Problem[] {
    if (gates === undefined || (lines >= CALLED_LINES_MIN && columns >= CALLED_COLUMNS_MIN)) return [];
    const least = `${CALLED_LINES_MIN} lines of ${CALLED_COLUMNS_MIN}`;
    return [["lines", `BOARD_TOO_SMALL: a board of the waiting area has at least ${least} characters`]];
}

/** A message is ordered for a board or a lane by name, and healths are told by name. */
function nameProblems({ lanes, modules, scales, cameras }: Site, id: string): Problem[] {
    const other = Object.entries({ lanes, modules, scales, cameras }).find(([, part]) => id in part);
    return other === undefined ? [] : [["profile", `BOARD_NAME_TAKEN: ${other[0]} has this name already`]];
}

type Line = Exclude<SiteBoard["line"], { readonly kind: "browser" }>;

/** What nobody else may use: a line, or a unit of a bus. */
function ownLine(line: Line): string {
    switch (line.kind) {
        case "modbus-tcp":
            return `${line.host}:${line.port}/${line.unit}`;
        case "modbus-rtu":
            return `${line.path}/${line.unit}`;
        case "serial":
            return line.path;
        case "tcp":
        case "snmp":
            return `${line.kind} ${line.host}:${line.port}`;
    }
}
