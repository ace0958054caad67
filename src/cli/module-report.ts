/** What `kordon check` says about the I/O modules of a site: which model, on which wire, and whether the wiring fits it. */
import { terminalOf } from "../config/site-rules.ts";
import type { Site } from "../config/site-schema.ts";
import { profileOf, wireOf } from "./site-hardware.ts";

export interface ModuleReport {
    readonly id: string;
    readonly model: string;
    readonly where: string;
    readonly pulse: string;
    /** Terminals beyond what the model has. */
    readonly problems: readonly string[];
}

/** One report per module, in file order. Throws `CommandFailure` for a profile that cannot be used. */
export function checkModules(site: Site): readonly ModuleReport[] {
    return Object.entries(site.modules).map(([id, module]) => {
        const profile = profileOf(module);
        const { inputs, outputs } = terminalsOf(site, id);
        return {
            id,
            model: `${profile.maker} ${profile.model} (${profile.maturity})`,
            where: `${wireOf(module)}, unit ${module.bus.unit}`,
            pulse: profile.pulse === undefined ? "no pulse" : `pulse: ${profile.pulse.kind}`,
            problems: [
                ...beyond(inputs, profile.inputs?.count ?? 0, "input"),
                ...beyond(outputs, profile.outputs.count, "output"),
                ...(profile.pulse === undefined && drivesBarrier(site, id)
                    ? ["has no safe way to pulse a relay and cannot drive a barrier"]
                    : []),
            ],
        };
    });
}

function beyond(used: readonly number[], count: number, what: string): readonly string[] {
    return used
        .filter((terminal) => terminal >= count)
        .map((terminal) => `${what} ${terminal} is used, the model has 0 to ${count - 1}`);
}

function drivesBarrier(site: Site, module: string): boolean {
    return Object.values(site.lanes).some(({ barrier }) =>
        [barrier.open, barrier.close].some((terminal) => terminalOf(terminal).module === module),
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
                barrier.open,
                barrier.close,
                ...(lamps === undefined ? [] : Object.values(lamps)),
            ]),
        ),
    };
}
