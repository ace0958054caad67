/** `kordon check`: judges a site file and prints what it would drive. Opens no device. */
import { Command } from "commander";
import type { CgrPointName } from "../central/cgr/cgr-client.ts";
import { planOf, queueRulesOf } from "../config/site-rules.ts";
import type { Site, SiteLane } from "../config/site-schema.ts";
import type { LaneRole } from "../core/decision/lane-role.ts";
import { CONTACT_NAMES } from "../core/lane/contacts.ts";
import { type BoardReport, checkBoards } from "./board-report.ts";
import { checkCameraBarriers } from "./lane-barrier.ts";
import { checkModules, type ModuleReport } from "./module-report.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { checkReadingCameras, type ReadingCameraReport } from "./reading-camera-report.ts";
import { checkScales, type ScaleReport } from "./scale-report.ts";
import { cameraNotes, cameraWords } from "./site-cameras.ts";
import { pointsOf } from "./site-cgr.ts";
import { siteFrom } from "./site-option.ts";

export function checkCommand(): Command {
    return new Command("check")
        .description("validate a site file and print what it would drive; nothing is opened or moved")
        .requiredOption("--site <file>", "site file")
        .option("--json", "machine-readable")
        .action((options: { site: string; json?: boolean }) => {
            const site = siteFrom(options.site);
            const modules = checkModules(site);
            const broken = modules.flatMap((module) =>
                module.problems.map((problem) => `${options.site}: modules.${module.id}: ${problem}`),
            );
            broken.push(...checkCameraBarriers(site).map((problem) => `${options.site}: ${problem}`));
            const boards = checkBoards(site);
            broken.push(
                ...boards.flatMap(({ id, problems }) =>
                    problems.map((problem) => `${options.site}: boards.${id}: ${problem}`),
                ),
            );
            if (broken.length > 0) throw new CommandFailure(EXIT.usage, broken.join("\n"));
            const scales = checkScales(site);
            const readingCameras = checkReadingCameras(site);
            const lanes = Object.entries(site.lanes).map(([id, lane]) => planOf(id, lane, site));
            printResult(
                options.json === true,
                {
                    site: site.site,
                    modules,
                    cameras: site.cameras,
                    readingCameras,
                    scales,
                    boards,
                    lanes,
                    queue: queueRulesOf(site),
                },
                checkText(site, modules, scales, readingCameras, boards),
            );
        });
}

function checkText(
    site: Site,
    modules: readonly ModuleReport[],
    scales: readonly ScaleReport[],
    readingCameras: readonly ReadingCameraReport[],
    boards: readonly BoardReport[],
): string {
    const moduleRows = modules.map((module) => [`  ${module.id}`, module.model, module.where, module.pulse]);
    const notes = modules.flatMap(({ id, notes }) => notes.map((note) => `  note: ${id}: ${note}`));
    const cameraRows = [
        ...Object.entries(site.cameras).map(([id, camera]) => [`  ${id}`, ...cameraWords(camera)]),
        ...readingCameras.map(({ id, model, where, trust }) => [`  ${id}`, `${model}, reads by itself`, where, trust]),
    ];
    const aboutCameras = [
        ...Object.entries(site.cameras).map(([id, camera]) => ({ id, notes: cameraNotes(camera) })),
        ...readingCameras,
    ].flatMap(({ id, notes }) => notes.map((note) => `  note: ${id}: ${note}`));
    return [
        `site ${site.site} (checkpoint ${site.checkpoint}), central system at ${site.central.url}`,
        "modules",
        tableText(moduleRows),
        ...notes,
        "cameras",
        tableText(cameraRows),
        ...aboutCameras,
        ...cgrText(site),
        ...(scales.length === 0 ? [] : ["scales", tableText(scales.map((scale) => scaleRow(scale)))]),
        ...boardsText(site, boards),
        ...Object.entries(site.lanes).map(([id, lane]) => laneText(id, lane)),
        queueText(site),
        "The site file is in order.",
    ].join("\n");
}

/** What would be told to CarGoRuqsat, and which lanes are not told to anybody there. */
function cgrText({ central: { cgr }, lanes }: Site): readonly string[] {
    if (cgr === undefined) return [];
    const points = new Map(pointsOf(cgr));
    const rows = CGR_POINTS.flatMap(({ point, roles }) => {
        const told = Object.entries(lanes).flatMap(([id, { role }]) => (roles.includes(role) ? [id] : []));
        const names = told.length === 0 ? "no lane" : told.join(", ");
        const file = points.get(point);
        if (file === undefined) return told.length === 0 ? [] : [[`  ${point}`, `NOT REPORTED: ${names}`]];
        return [[`  ${point}`, `reports passages of ${names}`, `registration token in ${file}`]];
    });
    const pictures = cgr.pictureBytesMax === 0 ? "no photographs" : `photographs up to ${cgr.pictureBytesMax} bytes`;
    return [
        `CarGoRuqsat at ${cgr.url}: times as ${cgr.dateTimeAs}, directions "${cgr.directions.in}" and ` +
            `"${cgr.directions.out}", ${pictures}, at most ${cgr.reportsPerMinuteMax} events a minute`,
        tableText(rows),
    ];
}

const CGR_POINTS: readonly { readonly point: CgrPointName; readonly roles: readonly LaneRole[] }[] = [
    { point: "checkpoint", roles: ["checkpoint-entry", "checkpoint-exit"] },
    { point: "waiting-area", roles: ["waiting-area-entry", "waiting-area-exit"] },
];

function scaleRow({ id, model, where, settings, weighs, stability }: ScaleReport): string[] {
    return [`  ${id}`, model, `${where}${settings === "" ? "" : `, ${settings}`}`, weighs, stability];
}

function boardsText({ screens }: Site, boards: readonly BoardReport[]): readonly string[] {
    if (boards.length === 0) return [];
    const rows = boards.map(({ id, model, where, shows, room }) => [`  ${id}`, shows, model, where, room]);
    return [
        "boards",
        tableText(rows),
        ...boards.flatMap(({ id, notes }) => notes.map((note) => `  note: ${id}: ${note}`)),
        ...(screens === undefined ? [] : [`  pages at http://${screens.host}:${screens.port}/boards/NAME`]),
    ];
}

function queueText(site: Site): string {
    const { capacityPerDay, capacityPerHour, quotaPercent, isContinuityAllowed, calendar } = queueRulesOf(site);
    const quotas = Object.entries(quotaPercent).map(([quota, percent]) => `${quota} ${percent} %`);
    return [
        "queue",
        capacityPerDay === undefined
            ? "  no capacityPerDay: quotas of the day are not counted here"
            : `  ${capacityPerDay} lorries a day, of these at most ${quotas.join(", ")}`,
        isContinuityAllowed
            ? `  an officer may let the site call lorries itself, ${capacityPerHour} an hour`
            : "  only the central system calls lorries",
        `  winter from ${calendar.winter.from} to ${calendar.winter.to}, local time ${calendar.utcOffsetMinutes} minutes ahead of UTC`,
    ].join("\n");
}

function laneText(id: string, lane: SiteLane): string {
    const contacts = CONTACT_NAMES.flatMap((name) => {
        const contact = lane.contacts[name];
        return contact === undefined
            ? []
            : [[`  ${name}`, `in  ${contact.terminal}`, `active when ${contact.activeWhen}`]];
    });
    const relays = [
        ...barrierRows(lane),
        ...(lane.lamps === undefined
            ? []
            : [
                  ["  red lamp", `out ${lane.lamps.red}`],
                  ["  green lamp", `out ${lane.lamps.green}`],
              ]),
    ];
    const closing = lane.closing === "automatic" ? "closes by itself" : "closed by officers only";
    const scale = lane.scale === undefined ? "" : `, weighs on ${lane.scale}`;
    return `lane ${id}: ${lane.role}, ${closing}${scale}, reads from ${lane.cameras.join(" and ")}\n${tableText([...contacts, ...relays])}`;
}

function barrierRows({ barrier }: SiteLane): readonly (readonly string[])[] {
    if ("camera" in barrier) {
        const { profile, url, channel } = barrier.camera;
        return [["  barrier", `camera ${url} channel ${channel}`, profile]];
    }
    const { open, close, pulseMs, gapMsMin } = barrier;
    return [
        ["  open", `out ${open}`, `pulse ${pulseMs} ms`],
        ["  close", `out ${close}`, `pulse ${pulseMs} ms, ${gapMsMin} ms apart from open`],
    ];
}
