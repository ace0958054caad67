/** `kordon replay PASSAGE`: runs the recorded inputs of a passage again and holds orders and facts against what was recorded. */
import { Command } from "commander";
import { judgePassage, type PassageVerdict } from "../core/replay/passage-verdict.ts";
import type { Difference, ReplayedTick } from "../core/replay/replay.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { type PassageFile, passageFrom } from "./passage-file.ts";
import { lookInto, type StateOptions, withStateOptions } from "./state-option.ts";
import { utcText } from "./utc-text.ts";
import { kordonVersion } from "./version-command.ts";

export function replayCommand(): Command {
    const command = new Command("replay")
        .description("run the recorded inputs of a passage again and compare orders and facts with the recorded ones")
        .argument("<passage>", "passage id, as kordon passages shows it");
    return withStateOptions(command)
        .option("--json", "machine-readable")
        .addHelpText(
            "after",
            "\nExit code 1 at the first difference. A passage that was cut short is replayed up to the cut.",
        )
        .action((passage: string, options: StateOptions & { json?: boolean }) => {
            const file = lookInto(options, (journal) => passageFrom(journal, passage));
            if (file.damage !== undefined) throw new CommandFailure(EXIT.failed, `${passage}: ${file.damage}`);
            if (file.recordings.length === 0) {
                throw new CommandFailure(
                    EXIT.failed,
                    `${passage}: its inputs are not recorded; kordon explain tells its facts`,
                );
            }
            const verdict = judgePassage(file);
            printResult(options.json === true, replayJson(file, verdict), replayText(file, verdict));
            if (verdict.difference === undefined) return;
            throw new CommandFailure(EXIT.failed, `${passage}: ${differenceText(verdict.difference)}`);
        });
}

function replayJson(file: PassageFile, { replays, isWhole, difference }: PassageVerdict): unknown {
    return {
        passage: file.passage,
        lane: file.lane,
        recordedBy: [...new Set(file.recordings.map(({ program }) => program))],
        replayedBy: `kordon ${kordonVersion()}`,
        isSame: difference === undefined,
        isWhole,
        chunks: file.chunks,
        bytes: file.bytes,
        difference: difference ?? null,
        recordings: replays.map(({ ticks, end }) => ({
            ticks: ticks.map(({ image, mode, orders, light, facts }) => ({
                nowMs: image.nowMs,
                utcMs: image.utcMs,
                mode,
                light,
                orders,
                facts: facts.map(({ kind }) => kind),
            })),
            end,
        })),
    };
}

function replayText(file: PassageFile, { replays, isWhole, difference }: PassageVerdict): string {
    const programs = [...new Set(file.recordings.map(({ program }) => program))].join(", ");
    const ticks = replays.reduce((sum, again) => sum + again.ticks.length, 0);
    const cuts = replays.length - 1;
    return [
        `passage ${file.passage}, lane ${file.lane}`,
        `recorded by ${programs}, replayed by kordon ${kordonVersion()}: ${ticks} ticks, ${file.chunks} chunks, ${file.bytes} bytes`,
        "",
        ...replays.flatMap((again, index) => [
            ...(index === 0 ? [] : ["The daemon ended here and was started again."]),
            tableText([["UTC", "after", "state", "lamp", "orders and facts"], ...rowsOf(again.ticks)]),
        ]),
        "",
        ...(difference !== undefined
            ? [differenceText(difference)]
            : [
                  isWhole
                      ? "No difference: orders, lamp and facts come out as recorded, and the inputs are the sealed ones."
                      : "No difference up to here, where the recording ends: the passage still goes on, or the daemon was killed.",
                  ...(cuts > 0
                      ? ["The daemon was restarted within this passage; what lies between is not known."]
                      : []),
              ]),
    ].join("\n");
}

/** The ticks in which something happened. */
function rowsOf(ticks: readonly ReplayedTick[]): readonly (readonly string[])[] {
    const beginMs = ticks[0]?.image.nowMs ?? 0;
    let before: ReplayedTick | undefined;
    const rows: string[][] = [];
    for (const tick of ticks) {
        const { image, mode, light, orders, facts } = tick;
        const happened = [
            ...orders.map(({ order, number }) => `${order} #${number}`),
            ...facts.map(({ kind }) => kind),
        ];
        if (happened.length > 0 || mode !== before?.mode || light !== before.light) {
            const afterS = ((image.nowMs - beginMs) / 1000).toFixed(2);
            rows.push([utcText(image.utcMs), `${afterS} s`, mode, light, happened.join(", ")]);
        }
        before = tick;
    }
    return rows;
}

function differenceText({ at, field, recorded, recomputed }: Difference): string {
    const where = at === undefined ? "" : ` in tick ${at.tick} (${utcText(at.utcMs)} UTC)`;
    const show = (value: unknown): string => JSON.stringify(value) ?? "nothing";
    return `DIFFERENCE${where}: ${field} was recorded as ${show(recorded)} and comes out as ${show(recomputed)}`;
}
