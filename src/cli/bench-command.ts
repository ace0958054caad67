/** `kordon bench …`: measures this machine with the real parts of the daemon. One sub-command per thing measured. */
import { Command } from "commander";
import { benchBusCommand } from "./bench/bench-bus-command.ts";
import { benchFleetCommand } from "./bench/bench-fleet-command.ts";
import { benchLaneCommand } from "./bench/bench-lane-command.ts";
import { benchLinkCommand } from "./bench/bench-link-command.ts";
import { benchListCommand } from "./bench/bench-list-command.ts";
import { benchPassagesCommand } from "./bench/bench-passages-command.ts";
import { benchReadCommand } from "./bench/bench-read-command.ts";

export function benchCommand(): Command {
    const bench = new Command("bench").description(
        "measure on this machine what the daemon promises; figures depend on its load",
    );
    const commands = [
        benchLaneCommand(),
        benchBusCommand(),
        benchListCommand(),
        benchLinkCommand(),
        benchFleetCommand(),
        benchReadCommand(),
        benchPassagesCommand(),
    ];
    for (const command of commands) bench.addCommand(command.exitOverride());
    return bench;
}
