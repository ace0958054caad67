/** What `kordon check` says about the I/O modules of a site: which model, on which wire, and whether the wiring fits it. */
import { terminalOf } from "../config/site-rules.ts";
import type { Site, SiteLane } from "../config/site-schema.ts";
import { gpioChips, gpioNumberOf } from "../transport/gpio-chips.ts";
import { type ModuleProfile, profileOf } from "./module-profile.ts";
import { wireOf } from "./site-hardware.ts";

export interface ModuleReport {
    readonly id: string;
    readonly model: string;
    readonly where: string;
    readonly pulse: string;
    /** Why this module will not do for what the site file wants of it. */
    readonly problems: readonly string[];
    /** What this machine, on which the check runs, has to say about it. */
    readonly notes: readonly string[];
}

/** One report per module, in file order. Throws `CommandFailure` for a profile that cannot be used. */
export function checkModules(site: Site): readonly ModuleReport[] {
    return Object.entries(site.modules).map(([id, module]) => {
        const found = profileOf(module);
        const { maker, model, maturity } = found.profile;
        const { inputs, outputs } = terminalsOf(site, id);
        const count = countsOf(found);
        const pulse = pulseOf(found);
        return {
            id,
            model: `${maker} ${model} (${maturity})`,
            where: found.on === "gpio" ? wireOf(module.bus) : `${wireOf(module.bus)}, unit ${found.bus.unit}`,
            pulse: pulse === undefined ? "no pulse" : `pulse: ${pulse}`,
            problems: [
                ...beyond(inputs, count.inputs, "input"),
                ...beyond(outputs, count.outputs, "output"),
                ...(pulse === undefined && drivesBarrier(site, id) ? [whyNoBarrier(found)] : []),
            ],
            notes: found.on === "gpio" ? gpioNotes(found) : [],
        };
    });
}

function countsOf({ on, profile }: ModuleProfile): { readonly inputs: number; readonly outputs: number } {
    return on === "gpio"
        ? { inputs: profile.inputs.length, outputs: profile.outputs.length }
        : { inputs: profile.inputs?.count ?? 0, outputs: profile.outputs.count };
}

function pulseOf(found: ModuleProfile): string | undefined {
    return found.on === "gpio" ? found.bus.pulse : found.profile.pulse?.kind;
}

function whyNoBarrier({ on }: ModuleProfile): string {
    if (on === "modbus") return "has no safe way to pulse a relay and cannot drive a barrier";
    return (
        "GPIO cannot pulse by itself: if this program and its guard die together in the middle of a pulse, the relay stays on. " +
        'A site that accepts this states "pulse: software" with the bus; devices/io-module/gpio/README.md says what it means'
    );
}

/** Whether the lines are there; said only, because the file may be checked on another machine. */
function gpioNotes({ profile }: Extract<ModuleProfile, { on: "gpio" }>): readonly string[] {
    const chips = gpioChips();
    const missing = [...profile.inputs, ...profile.outputs].flatMap((line) => {
        const number = gpioNumberOf(line, chips);
        return typeof number === "string" ? [`on this machine: ${number}`] : [];
    });
    return [...new Set(missing)];
}

function beyond(used: readonly number[], count: number, what: string): readonly string[] {
    return used
        .filter((terminal) => terminal >= count)
        .map((terminal) => {
            const has = count === 0 ? "none" : `0 to ${count - 1}`;
            return `${what} ${terminal} is used, the model has ${has}`;
        });
}

function relaysOf(barrier: SiteLane["barrier"]): readonly string[] {
    return "camera" in barrier ? [] : [barrier.open, barrier.close];
}

function drivesBarrier(site: Site, module: string): boolean {
    return Object.values(site.lanes).some(({ barrier }) =>
        relaysOf(barrier).some((terminal) => terminalOf(terminal).module === module),
    );
}

function terminalsOf(
    site: Site,
    module: string,
): { readonly inputs: readonly number[]; readonly outputs: readonly number[] } {
    const on = (terminals: readonly string[]): readonly number[] =>
        terminals.map(terminalOf).flatMap((each) => (each.module === module ? [each.terminal] : []));
    const lanes = Object.values(site.lanes);
    return {
        inputs: on(lanes.flatMap((lane) => Object.values(lane.contacts).map((contact) => contact.terminal))),
        outputs: on(
            lanes.flatMap(({ barrier, lamps }) => [
                ...relaysOf(barrier),
                ...(lamps === undefined ? [] : Object.values(lamps)),
            ]),
        ),
    };
}
