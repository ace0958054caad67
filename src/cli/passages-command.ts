/** `kordon passages`: the newest passages of a journal, for finding the one to explain or replay. Plates are masked. */
import { Command } from "commander";
import { type Fact, PASSAGE_ENDINGS } from "../core/fact/fact.ts";
import { maskPlate } from "../core/plate/plate-mask.ts";
import { whole } from "./number-option.ts";
import { printResult, tableText } from "./outcome.ts";
import { type PassageFile, passageFrom } from "./passage-file.ts";
import { lookInto, type StateOptions, withStateOptions } from "./state-option.ts";
import { utcText } from "./utc-text.ts";

export function passagesCommand(): Command {
    return withStateOptions(new Command("passages").description("list the newest passages of a journal, newest first"))
        .option("--limit <n>", "how many", whole(1, 10_000), 20)
        .option("--json", "machine-readable")
        .action((options: StateOptions & { limit: number; json?: boolean }) => {
            const rows = lookInto(options, (journal) =>
                journal.passages(options.limit).map(({ passage }) => rowOf(passageFrom(journal, passage))),
            );
            const head = ["UTC", "lane", "plate", "raised by", "outcome", "passage"];
            const cells = rows.map(({ utcMs, lane, plate, raisedBy, outcome, passage }) => [
                utcText(utcMs),
                lane,
                plate ?? "",
                raisedBy ?? "",
                outcome ?? "not ended",
                passage,
            ]);
            printResult(
                options.json === true,
                rows,
                cells.length === 0 ? "no passages yet" : tableText([head, ...cells]),
            );
        });
}

function rowOf({ passage, lane, facts }: PassageFile) {
    const find = (claim: (fact: Fact) => boolean): Fact | undefined => facts.find(claim);
    const plate = facts.findLast((fact) => fact.kind === "decision.made")?.data["plate"];
    const raise = find((fact) => fact.kind === "boom.commanded" && fact.data["order"] === "raise");
    const ending = find((fact) => fact.passage === passage && PASSAGE_ENDINGS.has(fact.kind));
    return {
        passage,
        lane,
        utcMs: facts[0]?.utcMs ?? 0,
        plate: typeof plate === "string" ? maskPlate(plate) : null,
        raisedBy: typeof raise?.data["by"] === "string" ? raise.data["by"] : null,
        /** A recording that ends without an ending had no vehicle in it. */
        outcome: ending === undefined ? null : ending.kind === "passage.recorded" ? "no vehicle" : ending.kind,
    };
}
