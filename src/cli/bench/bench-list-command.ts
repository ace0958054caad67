/** `kordon bench list`: how soon a published list is in force, what ticks notice of it, and how fast plates are looked up. */
import { Command } from "commander";
import { systemClock } from "../../runtime/clock.ts";
import { whole } from "../number-option.ts";
import { printResult, tableText } from "../outcome.ts";
import { inBenchFolder, interruption } from "./bench-folder.ts";
import { BenchProcess } from "./bench-process.ts";
import { FromLists } from "./list-bench-messages.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { type Spread, spreadOf } from "./spread.ts";

interface ListBenchOptions {
    readonly bookings: number;
    readonly many: number;
    readonly json?: boolean;
}

interface ListBenchResult {
    readonly bookings: number;
    readonly snapshotMs: Spread;
    readonly snapshotAfterLastPartMs: Spread;
    readonly deltaMs: Spread;
    readonly tickLateMs: Spread;
    readonly manyBookings: number;
    readonly keyLookUpMs: Spread;
    readonly nearLookUpMs: Spread;
    readonly machine: Machine;
}

const MS_MAX = 600_000;

export function benchListCommand(): Command {
    return new Command("list")
        .description("booking lists into the store of a process that ticks, and look-ups in a large one")
        .option("--bookings <n>", "bookings of each snapshot", whole(400, 1_000_000), 100_000)
        .option("--many <n>", "bookings of the list that is looked into", whole(400, 5_000_000), 1_000_000)
        .option("--json", "one JSON object on stdout")
        .addHelpText("after", "\nWhat is measured and what to expect: docs/explanation/link.md")
        .action(async ({ bookings, many, json }: ListBenchOptions) => {
            const result = await runListBench(bookings, many, interruption());
            printResult(json === true, result, listBenchText(result));
        });
}

async function runListBench(bookings: number, many: number, signal: AbortSignal): Promise<ListBenchResult> {
    const found = await inBenchFolder(signal, async (folder) => {
        const lists = new BenchProcess({
            name: "lists",
            module: new URL("list-bench-process.ts", import.meta.url),
            args: [folder, String(bookings), String(many)],
            messages: FromLists,
            folder,
            clock: systemClock,
        });
        const end = (): void => void lists.end();
        signal.addEventListener("abort", end, { once: true });
        try {
            return await lists.said.next((said) => said, "the list bench", MS_MAX);
        } finally {
            signal.removeEventListener("abort", end);
            await lists.end();
        }
    });
    return {
        bookings,
        snapshotMs: spreadOf(found.wholeMs),
        snapshotAfterLastPartMs: spreadOf(found.lastPartMs),
        deltaMs: spreadOf(found.deltaMs),
        tickLateMs: spreadOf(found.tickLateMs),
        manyBookings: many,
        keyLookUpMs: spreadOf(found.keyMs),
        nearLookUpMs: spreadOf(found.nearMs),
        machine: thisMachine(),
    };
}

function listBenchText(result: ListBenchResult): string {
    const { machine } = result;
    const row = (name: string, { p50, p99, max }: Spread, goal: string): string[] => [
        name,
        String(p50),
        String(p99),
        String(max),
        goal,
    ];
    const rows = [
        ["milliseconds", "p50", "p99", "max", "goal"],
        row(`snapshot of ${result.bookings}, from its first part`, result.snapshotMs, "<= 1000"),
        row("the same, from its last part", result.snapshotAfterLastPartMs, ""),
        row("change, to the look-up that shows it", result.deltaMs, "<= 50"),
        row("tick later than its beat meanwhile", result.tickLateMs, "<= 20"),
        row(`key among ${result.manyBookings}`, result.keyLookUpMs, "p99 <= 0.05"),
        row("near candidates among them", result.nearLookUpMs, "p99 <= 2"),
    ];
    return `${tableText(rows)}\n\n${machine.cores} cores, load ${machine.load}, Node.js ${machine.node}`;
}
