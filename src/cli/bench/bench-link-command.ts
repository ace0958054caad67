/** `kordon bench link`: how fast a box catches up after a time without its central system, and what its lanes notice of it. */
import { Command } from "commander";
import { systemClock } from "../../runtime/clock.ts";
import { whole } from "../number-option.ts";
import { printResult } from "../outcome.ts";
import { interruption } from "./bench-folder.ts";
import { runLinkBench } from "./link-bench.ts";
import { linkBenchResult, linkBenchText } from "./link-bench-result.ts";

interface LinkBenchOptions {
    readonly facts: number;
    readonly json?: boolean;
}

export function benchLinkCommand(): Command {
    return new Command("link")
        .description("a whole daemon that drains its outbox through a real Mosquitto to a simulated central system")
        .option("--facts <n>", "how many facts wait when it starts", whole(1_000, 10_000_000), 100_000)
        .option("--json", "one JSON object on stdout")
        .addHelpText("after", "\nWhat is measured and what to expect: docs/explanation/link.md")
        .action(async ({ facts, json }: LinkBenchOptions) => {
            const findings = await runLinkBench({ facts, clock: systemClock }, interruption());
            const result = linkBenchResult(facts, findings);
            printResult(json === true, result, linkBenchText(result));
        });
}
