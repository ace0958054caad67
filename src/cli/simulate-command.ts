/** `kordon simulate`: whole sites on simulated time, judged by an oracle. The work is done by `simulation/main.ts`, a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { CommandFailure, EXIT } from "./outcome.ts";

const MAIN = fileURLToPath(new URL("../../simulation/main.ts", import.meta.url));
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];

interface SimulateOptions {
    readonly site?: string;
    readonly scenario: string;
    readonly seeds: string;
    readonly lanes?: string;
    readonly trace?: string;
    readonly json?: boolean;
}

export function simulateCommand(): Command {
    return new Command("simulate")
        .description(
            "run whole sites on simulated time, with faults from a seed, and hold what they did against the truth",
        )
        .option("--site <file>", "site file whose lanes are simulated; otherwise the scenario has its own")
        .requiredOption("--scenario <name>", "normal-day, peak, storm, fraud-day, night-offline or clock-chaos")
        .requiredOption("--seeds <a..b>", "first and last seed, or one")
        .option("--lanes <n>", "number of lanes of a scenario's own site")
        .option("--trace <file>", "everything that happened, one line each")
        .option("--json", "one JSON object with the counts on stdout, and nothing else there")
        .addHelpText(
            "after",
            "\nExit code 1 when any promise was broken; docs/how-to/simulate.md explains each of them.",
        )
        .action(async (options: SimulateOptions) => {
            const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...argumentsOf(options)], {
                stdio: ["ignore", "inherit", "inherit"],
            });
            // Ctrl-C reaches the child by itself, a signal to this process alone does not.
            for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
            const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
            if (signal !== null) throw new CommandFailure(EXIT.failed, `ended by ${signal}`);
            // The simulation has said on stderr what is wrong.
            if (code !== EXIT.fine) process.exitCode = code ?? EXIT.failed;
        });
}

function argumentsOf(options: SimulateOptions): readonly string[] {
    const { json, ...texts } = options;
    return [
        ...Object.entries(texts).flatMap(([name, text]) => [`--${name}`, String(text)]),
        ...(json ? ["--json"] : []),
    ];
}
