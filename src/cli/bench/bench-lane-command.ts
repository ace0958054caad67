/** `kordon bench lane`: how soon lanes answer their contacts, and whether a dead device makes its neighbours late. */
import { Command } from "commander";
import { systemClock } from "../../runtime/clock.ts";
import { whole } from "../number-option.ts";
import { printResult } from "../outcome.ts";
import { interruption } from "./bench-folder.ts";
import { runLaneBench } from "./lane-bench.ts";
import { laneBenchResult, laneBenchText } from "./lane-bench-result.ts";

interface LaneBenchOptions {
    readonly lanes: number;
    readonly seconds: number;
    readonly json?: boolean;
}

export function benchLaneCommand(): Command {
    return new Command("lane")
        .description("lanes of a whole daemon against simulated modules on Modbus TCP, journal on disk")
        .option("--lanes <n>", "how many lanes; the devices of two are made dead and slow", whole(3, 32), 8)
        .option(
            "--seconds <n>",
            "how long with all devices well, and as long again with two in trouble",
            whole(1, 3_600),
            30,
        )
        .option("--json", "one JSON object on stdout")
        .addHelpText("after", "\nWhat is measured and what to expect: docs/explanation/latency.md")
        .action(async ({ lanes, seconds, json }: LaneBenchOptions) => {
            const findings = await runLaneBench({ lanes, seconds, clock: systemClock }, interruption());
            const result = laneBenchResult({ lanes, seconds }, findings);
            printResult(json === true, result, laneBenchText(result));
        });
}
