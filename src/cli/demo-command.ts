/** `kordon demo`: a whole simulated checkpoint on this machine, the real daemon in the middle, counted against the world's truth. */
import { Command, InvalidArgumentError } from "commander";
import { Demo } from "./demo/demo.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";

interface DemoOptions {
    readonly passages: number;
    readonly seed: number;
    readonly speed: number;
    readonly keep?: boolean;
    readonly json?: boolean;
}

export function demoCommand(): Command {
    return new Command("demo")
        .description(
            "run a simulated checkpoint: lorries, camera, barrier and central system in processes of their own",
        )
        .option("--passages <n>", "how many lorries come", whole(1, 10_000), 20)
        .option("--seed <n>", "the same seed is the same day", whole(0, 2 ** 31 - 1), 7)
        .option("--speed <x>", "world seconds per real second, 0.5 to 8", factor, 4)
        .option("--keep", "keep the folder with journal, logs and site file, and say where it is")
        .option("--json", "one JSON object with the counts on stdout at the end, and nothing else there")
        .addHelpText(
            "after",
            "\nExit code 1 when the boom was opened for a lorry without a valid booking, touched one, or a fact was lost or doubled.",
        )
        .action(async (options: DemoOptions) => {
            const demo = new Demo(options, options.json ? process.stderr : process.stdout);
            for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => demo.interrupt());
            const result = await demo.run();
            if (result === undefined) throw new CommandFailure(EXIT.failed, "ended before the last lorry");
            printResult(options.json === true, result, resultText(result));
            const isBad = result.wrongOpens + result.strikes + result.events.lost + result.events.duplicated > 0;
            if (isBad) throw new CommandFailure(EXIT.failed, "the day was not clean; see the counts above");
        });
}

function resultText(result: Awaited<ReturnType<Demo["run"]>> & object): string {
    const seconds = (ms: number | null): string => (ms === null ? "–" : `${(ms / 1000).toFixed(1)} s`);
    return [
        "",
        `${result.passages} lorries: ${result.admitted} admitted, ${result.refused} refused, ${result.referred} referred to the officer`,
        `plates: ${result.readsExact} read exactly, ${result.readsWrong} wrong (${result.readsWrongSure} of them confidently), ${result.readsNone} not read`,
        `boom: ${result.wrongOpens} wrong openings, ${result.strikes} contacts, open ${seconds(result.stopToOpenMs.p50)} after the stop (p99 ${seconds(result.stopToOpenMs.p99)})`,
        `facts: ${result.events.recorded} recorded, ${result.events.acknowledged} acknowledged, ${result.events.lost} lost, ${result.events.duplicated} doubled`,
    ].join("\n");
}

function factor(text: string): number {
    const value = Number(text);
    if (!(value >= 0.5 && value <= 8)) throw new InvalidArgumentError("a number from 0.5 to 8");
    return value;
}
