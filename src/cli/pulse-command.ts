/** `kordon pulse`: moves one thing of one lane, for the installer at the barrier, after the lane's name was typed. */
import { createInterface } from "node:readline/promises";
import { Argument, Command } from "commander";
import { terminalOf } from "../config/site-rules.ts";
import type { Site, SiteLane } from "../config/site-schema.ts";
import { type ContactName, ZONE_SENSORS } from "../core/lane/contacts.ts";
import type { Supervise } from "../ports/supervised-child.ts";
import { systemClock } from "../runtime/clock.ts";
import { refuseIfServed } from "../runtime/control-socket.ts";
import { barrierOf } from "./lane-barrier.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";
import { contactsOf, lampsOf, openHardware, type SiteHardware } from "./site-hardware.ts";
import { siteFrom } from "./site-option.ts";

const THINGS = ["open", "close", "red", "green"] as const;
type Thing = (typeof THINGS)[number];

/** What must be seen free before CLOSE is pulsed by hand. */
const FREE: readonly ContactName[] = [...ZONE_SENSORS, "exitLoop"];
const ANSWER_MS_MAX = 10_000;
const LOOK_MS = 50;
const LAMP_MS = 2_000;
const READING_AGE_MS_MAX = 500;

export function pulseCommand(): Command {
    return new Command("pulse")
        .description("move one thing of a lane once, after its name was typed; for installing, with the daemon stopped")
        .argument("<lane>", "the lane, as in the site file")
        .addArgument(new Argument("<thing>", "open and close pulse the barrier; a lamp lights for 2 s").choices(THINGS))
        .requiredOption("--site <file>", "site file; its daemon must not be running")
        .option("--json", "machine-readable")
        .addHelpText("after", "\nClose is refused while a sensor under the boom or behind it is occupied or silent.")
        .action(async (id: string, thing: Thing, options: { site: string; json?: boolean }) => {
            const site = siteFrom(options.site);
            const lane = site.lanes[id];
            if (lane === undefined) {
                throw new CommandFailure(
                    EXIT.usage,
                    `no lane "${id}": there are ${Object.keys(site.lanes).join(", ")}`,
                );
            }
            if (lane.lamps === undefined && thing !== "open" && thing !== "close") {
                throw new CommandFailure(EXIT.usage, `lane "${id}" has no lamps`);
            }
            await refuseIfServed(site.controlSocket).catch((error: Error) => {
                throw new CommandFailure(EXIT.failed, `${error.message}; an order to a running lane is kordon lane`);
            });
            await confirm(id, thing);
            await move(onlyLane(site, id, lane), id, lane, thing);
            printResult(options.json === true, { lane: id, thing, outcome: "applied" }, `${id}: ${thing}: applied`);
        });
}

/** Anything but the lane's own name, typed, ends the command. */
async function confirm(id: string, thing: Thing): Promise<void> {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
        process.stderr.write(`This moves ${thing} of lane ${id} now. Look that nobody is near the boom.\n`);
        const typed = await Promise.race([
            terminal.question("Type the lane's name to go on: "),
            new Promise<string>((resolve) => terminal.once("close", () => resolve(""))),
        ]);
        if (typed.trim() !== id)
            throw new CommandFailure(EXIT.failed, "that is not the lane's name; nothing was moved");
    } finally {
        terminal.close();
    }
}

/** The site with nothing but this lane's own modules. */
function onlyLane(site: Site, id: string, lane: SiteLane): Site {
    const terminals = [
        ...("camera" in lane.barrier ? [] : [lane.barrier.open, lane.barrier.close]),
        ...Object.values(lane.lamps ?? {}),
        ...Object.values(lane.contacts).map(({ terminal }) => terminal),
    ];
    const wanted = new Set(terminals.map((terminal) => terminalOf(terminal).module));
    const modules = Object.fromEntries(Object.entries(site.modules).filter(([module]) => wanted.has(module)));
    return { ...site, modules, cameras: {}, readingCameras: {}, lanes: { [id]: lane } };
}

async function move(site: Site, id: string, lane: SiteLane, thing: Thing): Promise<void> {
    const noChildren: Supervise = () => {
        throw new Error("this command starts no camera");
    };
    const hardware = openHardware(site, systemClock, noChildren, () => undefined);
    try {
        await untilWell(hardware);
        if (thing === "open" || thing === "close") await moveBarrier(hardware, id, lane, thing);
        else await light(hardware, lane, thing);
    } catch (error) {
        if (error instanceof CommandFailure) throw error;
        throw new CommandFailure(EXIT.failed, error instanceof Error ? error.message : String(error));
    } finally {
        await hardware.close();
    }
}

async function untilWell(hardware: SiteHardware): Promise<void> {
    const deadlineMs = systemClock.monotonicMs() + ANSWER_MS_MAX;
    const ill = () => hardware.health().find(({ state }) => state !== "well");
    while (ill() !== undefined && systemClock.monotonicMs() < deadlineMs) await systemClock.sleep(LOOK_MS);
    const device = ill();
    if (device === undefined) return;
    throw new CommandFailure(EXIT.failed, `${device.detail ?? `${device.device} does not answer`}; nothing was moved`);
}

async function moveBarrier(hardware: SiteHardware, id: string, lane: SiteLane, thing: "open" | "close"): Promise<void> {
    if (thing === "close") {
        const busy = occupied(hardware, lane);
        if (busy.length > 0) {
            throw new CommandFailure(EXIT.failed, `not seen free: ${busy.join(", ")}; nothing was moved`);
        }
    }
    const barrier = barrierOf(id, lane, hardware, systemClock);
    try {
        await barrier.order(thing === "open" ? "raise" : "lower");
        // The pulse goes on after it was seen; leaving now would cut it.
        if (!("camera" in lane.barrier)) await systemClock.sleep(lane.barrier.pulseMs);
    } finally {
        await barrier.stop();
    }
}

/** Wired sensors that are active, silent or old. */
function occupied(hardware: SiteHardware, lane: SiteLane): readonly string[] {
    const contacts = contactsOf(lane, hardware);
    return FREE.filter((name) => {
        const wired = contacts[name];
        if (wired === undefined) return false;
        const image = wired.io.image();
        const isOld = image === undefined || systemClock.monotonicMs() - image.atMs > READING_AGE_MS_MAX;
        return isOld || image.inputs[wired.input] !== !wired.isActiveWhenOn;
    });
}

async function light(hardware: SiteHardware, lane: SiteLane, thing: "red" | "green"): Promise<void> {
    const lamp = lampsOf(lane, hardware)?.[thing];
    if (lamp === undefined) return;
    await lamp.io.set(lamp.output, true);
    await systemClock.sleep(LAMP_MS);
    await lamp.io.set(lamp.output, false);
}
