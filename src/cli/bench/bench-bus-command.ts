/** `kordon bench bus`: how fast a serial line and many TCP modules are polled, and what dead units cost their neighbours. */
import { Command } from "commander";
import { systemClock } from "../../runtime/clock.ts";
import { whole } from "../number-option.ts";
import { printResult, tableText } from "../outcome.ts";
import { interruption } from "./bench-folder.ts";
import { type BusBenchResult, runBusBench } from "./bus-bench.ts";
import type { Spread } from "./spread.ts";

export function benchBusCommand(): Command {
    return new Command("bus")
        .description("units on one serial line, with and without dead ones among them, and modules on Modbus TCP")
        .option("--units <n>", "units on the line", whole(4, 247), 32)
        .option("--dead <n>", "how many of them do not answer in the second part", whole(1, 64), 3)
        .option(
            "--baud <rate>",
            "of the line; a pseudo terminal that takes as long as a real one",
            whole(1_200, 921_600),
            19_200,
        )
        .option("--tcp <n>", "modules on Modbus TCP", whole(1, 512), 64)
        .option("--seconds <n>", "how long each of the four measured parts takes", whole(1, 3_600), 20)
        .option("--json", "one JSON object on stdout")
        .addHelpText("after", "\nNeeds socat. What is measured: docs/explanation/buses.md")
        .action(async ({ json, ...plan }: Parameters<typeof runBusBench>[0] & { readonly json?: boolean }) => {
            const result = await runBusBench(plan, systemClock, interruption());
            printResult(json === true, result, textOf(result));
        });
}

function textOf({ line, tcp, machine }: BusBenchResult): string {
    const row = (name: string, { p50, p99, max }: Spread): string[] => [
        name,
        ...[p50, p99, max].map((ms) => ms.toFixed(0)),
    ];
    return [
        `${line.units} units at ${line.baudRate} baud: ms from one answer of a live unit to its next`,
        tableText([
            ["", "p50", "p99", "max"],
            row("none dead", line.noneDead.periodMs),
            row(`${line.dead} fall silent`, line.findingOut.periodMs),
            row(`${line.dead} dead`, line.someDead.periodMs),
        ]),
        `mean ${line.noneDead.meanMs} ms and ${line.someDead.meanMs} ms, ratio ${line.ratio}; ` +
            `${line.someDead.timeoutsPerS} time-outs of ${line.timeoutMs} ms a second`,
        "",
        `${tcp.modules} modules on TCP: every 50 ms ${tcp.steady.readsPerS} reads/s with ${tcp.steady.cpuShare} of a core, ` +
            `without a pause ${tcp.flatOut.readsPerS} reads/s with ${tcp.flatOut.cpuShare}`,
        `machine: ${machine.cores} cores, load ${machine.load}, Node.js ${machine.node}`,
    ].join("\n");
}
