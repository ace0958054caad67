/** `kordon bench passages`: how well a camera's child reads whole passages, on films that the simulator draws. */
import { Command } from "commander";
import { systemClock } from "../../runtime/clock.ts";
import { whole } from "../number-option.ts";
import { printResult, tableText } from "../outcome.ts";
import { interruption } from "./bench-folder.ts";
import { runPassageBench } from "./passage-bench.ts";
import { type PassageBenchResult, type PassageResult, passageBenchResult, type Share } from "./passage-score.ts";

interface PassageBenchOptions {
    readonly count: number;
    readonly seed: number;
    readonly films?: string;
    readonly rows?: boolean;
    readonly json?: boolean;
}

/** How often progress is told, in passages. */
const TOLD_EVERY = 10;

export function benchPassagesCommand(): Command {
    return new Command("passages")
        .description("drawn lorries that drive up, stand and drive on: how many are read, how surely, how fast")
        .option("--count <n>", "how many passages; each takes two to three seconds of two cores", whole(1, 100_000), 60)
        .option("--seed <n>", "which lorries: the same seed draws the same films", whole(0, 4_294_967_295), 1)
        .option("--films <folder>", "keep the films there, 10 MB each, and draw none that is there already")
        .option("--rows", "tell what became of each passage, on stderr")
        .option("--json", "one JSON object on stdout")
        .addHelpText("after", "\nWhat is measured and what to expect: docs/explanation/reading-plates.md")
        .action(async ({ count, seed, films, rows, json }: PassageBenchOptions) => {
            const startedMs = systemClock.monotonicMs();
            const onPassage = (results: readonly PassageResult[]): void => {
                const newest = results.at(-1);
                if (rows === true && newest !== undefined) process.stderr.write(`${rowText(newest)}\n`);
                else if (results.length % TOLD_EVERY === 0)
                    process.stderr.write(`${progress(results, count, startedMs)}\n`);
            };
            const plan = { count, seed, films, clock: systemClock, onPassage };
            const result = passageBenchResult(await runPassageBench(plan, interruption()));
            printResult(json === true, result, textOf(result));
        });
}

function progress(results: readonly PassageResult[], count: number, startedMs: number): string {
    const { exact, wrong, none, wrongSure } = passageBenchResult(results);
    const leftMs = ((systemClock.monotonicMs() - startedMs) / results.length) * (count - results.length);
    const counts = `${exact} exact, ${wrong} wrong, ${none} not read, ${wrongSure} wrong and sure`;
    return `${results.length} of ${count}: ${counts}; some ${Math.ceil(leftMs / 60_000)} min to go`;
}

function rowText({ truth, read, isExact, wrongSure, sureAfterMs }: PassageResult): string {
    const { number, plate, light, weather } = truth;
    return [
        String(number),
        `${plate.country}${plate.rows === 2 ? " two rows" : ""} ${light} ${weather}`,
        plate.text,
        read === undefined ? "not read" : `${read.text} ${read.confidence.toFixed(3)} ${read.agreeing}/${read.frames}`,
        isExact ? (sureAfterMs === undefined ? "never sure" : `sure after ${sureAfterMs} ms`) : "WRONG",
        ...(wrongSure === undefined ? [] : [`SURE OF ${wrongSure.text} ${wrongSure.confidence.toFixed(3)}`]),
    ].join("  ");
}

function textOf(result: PassageBenchResult): string {
    const { passages, exact, wrong, none, wrongSure, sure, sureAfterMs, frameMs, cpuMs } = result;
    const parts = [result.byCountry, result.byRows, result.byLight, result.byWeather].flatMap(Object.entries<Share>);
    const percent = ([from, to]: Share["interval"]): string =>
        `${(from * 100).toFixed(1)} to ${(to * 100).toFixed(1)} %`;
    return [
        `${passages} passages: ${exact} exact (${percent(result.interval)}), ${wrong} wrong, ${none} not read`,
        `sure of a wrong plate: ${wrongSure} (${percent(result.wrongSureInterval)})`,
        `exact, sure and without a doubt: ${sure}, after ${sureAfterMs.median} ms on the loop (p95 ${sureAfterMs.p95})`,
        "",
        tableText([
            ["", "passages", "exact", "95 % interval"],
            ...parts.map(([name, { passages: of, exact: hits, interval }]) => [
                name.replace(/^1$/, "one row").replace(/^2$/, "two rows"),
                ...[String(of), String(hits), percent(interval)],
            ]),
        ]),
        "",
        `a frame: ${cpuMs.median} ms of processor time (p95 ${cpuMs.p95}), ${frameMs.median} ms by the clock (p95 ${frameMs.p95})`,
    ].join("\n");
}
