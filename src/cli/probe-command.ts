/** `kordon probe`: asks every configured device how it is and prints what each answered. Orders nothing, so nothing moves. */
import { Command } from "commander";
import type { Site } from "../config/site-schema.ts";
import type { BoardFace } from "../core/board/board-face.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import { systemClock } from "../runtime/clock.ts";
import { refuseIfServed } from "../runtime/control-socket.ts";
import { openLog } from "../runtime/log.ts";
import { superviseWith } from "../runtime/supervisor.ts";
import { boardPlans } from "./board-plans.ts";
import { cameraBarrier } from "./lane-barrier.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { lostFace, SiteBoards } from "./site-boards.ts";
import { openHardware } from "./site-hardware.ts";
import { siteFrom } from "./site-option.ts";

interface Probed extends DeviceHealth {
    /** What it is and what was found in it, one line each. */
    readonly says: readonly string[];
}

/** How often the answers are looked at. */
const LOOK_MS = 50;

export function probeCommand(): Command {
    return new Command("probe")
        .description("ask every device of a site how it is and print what each answered; nothing is moved")
        .requiredOption("--site <file>", "site file; its daemon must not be running")
        .option("--seconds <n>", "how long a device may take to answer", whole(1, 120), 10)
        .option("--json", "machine-readable")
        .addHelpText(
            "after",
            "\nBoards are told what they say without a daemon. A module's watchdog is set as the daemon would set it, and GPIO outputs are taken switched off. Exit code 1: not all devices are well.",
        )
        .action(async (options: { site: string; seconds: number; json?: boolean }) => {
            const site = siteFrom(options.site);
            await refuseIfServed(site.controlSocket).catch((error: Error) => {
                throw new CommandFailure(
                    EXIT.failed,
                    `${error.message}; kordon devices --site shows how its devices are`,
                );
            });
            const devices = await probe(site, options.seconds * 1_000);
            printResult(options.json === true, { site: site.site, devices }, probeText(devices));
            const ill = devices.filter(({ state }) => state !== "well").length;
            if (ill > 0) throw new CommandFailure(EXIT.failed, `${ill} of ${devices.length} devices are not well`);
        });
}

async function probe(site: Site, patienceMs: number): Promise<readonly Probed[]> {
    const log = openLog("silent");
    const hardware = openHardware(site, systemClock, superviseWith(systemClock, log, process.env), () => undefined);
    const barriers = Object.entries(site.lanes).flatMap(([id, { barrier }]) =>
        "camera" in barrier ? [cameraBarrier(id, barrier, systemClock)] : [],
    );
    const faces = new Map([...boardPlans(site)].map(([id, plan]) => [id, lostFace(plan)]));
    const face = (id: string): BoardFace => {
        const known = faces.get(id);
        if (known === undefined) throw new Error(`no board "${id}"`);
        return known;
    };
    const desk = { face, message: () => undefined };
    const boards = new SiteBoards({ site, desk, clock: systemClock, unitOn: hardware.unitOn });
    try {
        await boards.start();
        for (const barrier of barriers) barrier.start();
        for (const camera of hardware.cameras.values()) camera.watch(true);
        const healths = (): readonly DeviceHealth[] => [
            ...hardware.health(),
            ...barriers.map((barrier) => barrier.health()),
            ...boards.health(),
        ];
        const deadlineMs = systemClock.monotonicMs() + patienceMs;
        while (systemClock.monotonicMs() < deadlineMs && healths().some(({ state }) => state === "starting")) {
            await systemClock.sleep(LOOK_MS);
        }
        return healths().map((health) => ({ ...health, says: saidBy(health.device) }));
    } finally {
        await Promise.all(barriers.map((barrier) => barrier.stop()));
        await boards.stop();
        await hardware.close();
    }

    function saidBy(device: string): readonly string[] {
        const board = boards.view().find((each) => each.board === device);
        const module = hardware.modules.get(device);
        const image = module?.image();
        const levels = (name: string, all: readonly boolean[]): readonly string[] =>
            all.length === 0 ? [] : [`${name} ${all.map((isOn, n) => `${n}:${isOn ? "on" : "off"}`).join(" ")}`];
        return [
            ...(board === undefined || board.shown.length === 0 ? [] : [`${board.state}: ${board.shown.join(" / ")}`]),
            ...(image === undefined ? [] : [...levels("inputs", image.inputs), ...levels("outputs", image.outputs)]),
            ...[module, barriers.find(({ id }) => id === device), hardware.reading.device(device)]
                .flatMap((found) => found?.describe() ?? [])
                .filter((line) => !line.startsWith("note: ")),
        ];
    }
}

function probeText(devices: readonly Probed[]): string {
    return devices
        .map(({ device, state, code, detail, says }) => {
            const answer = state === "starting" ? "no answer yet" : state === "well" ? "well" : `${code}: ${detail}`;
            return [tableText([[device, answer]]), ...says.map((line) => `    ${line}`)].join("\n");
        })
        .join("\n");
}
