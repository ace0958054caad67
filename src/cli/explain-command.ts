/** `kordon explain PASSAGE`: tells a passage in plain sentences, in English, Russian or Kazakh. */
import { Command, Option } from "commander";
import { explain, LANGUAGES, type Language, type Story } from "../core/explain/explain.ts";
import { printResult } from "./outcome.ts";
import { type PassageFile, passageFrom } from "./passage-file.ts";
import { lookInto, type StateOptions, withStateOptions } from "./state-option.ts";

export function explainCommand(): Command {
    const command = new Command("explain")
        .description(
            "tell a passage in plain sentences: what was read, decided and ordered, by which rules and by whom",
        )
        .argument("<passage>", "passage id, as kordon passages shows it");
    return withStateOptions(command)
        .addOption(new Option("--lang <code>", "language").choices(Object.keys(LANGUAGES)).default("en"))
        .option("--json", "machine-readable")
        .addHelpText(
            "after",
            "\nTimes are those of the TZ variable or of this machine. Plates stand in full: for officers only.",
        )
        .action((passage: string, options: StateOptions & { lang: Language; json?: boolean }) => {
            const file = lookInto(options, (journal) => passageFrom(journal, passage));
            const story = explain(file.facts, passage, options.lang);
            const json = { passage, lane: file.lane, language: options.lang, ...story };
            printResult(options.json === true, json, storyText(file, story, options.lang));
        });
}

function storyText(file: PassageFile, story: Story, language: Language): string {
    const clock = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });
    const zone = new Intl.DateTimeFormat(language, { timeZoneName: "longOffset" })
        .formatToParts(file.facts[0]?.utcMs)
        .find(({ type }) => type === "timeZoneName");
    const time = (utcMs: number): string => `${clock.format(utcMs)}.${String(utcMs % 1000).padStart(3, "0")}`;
    return [
        `${file.passage} (${zone?.value ?? ""})`,
        ...story.summary.map((sentence) => `  ${sentence}`),
        "",
        ...story.lines.flatMap(({ utcMs, text, details }) => [
            `${time(utcMs)}  ${text}`,
            ...details.map((detail) => `${" ".repeat(25)}· ${detail}`),
        ]),
    ].join("\n");
}
