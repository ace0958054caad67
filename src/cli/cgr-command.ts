/** `kordon cgr`: how far the CarGoRuqsat way out has come, and what waits for a person; beside a running daemon or without one. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import type { CgrPointName } from "../central/cgr/cgr-client.ts";
import type { Site } from "../config/site-schema.ts";
import { JOURNAL_FILE } from "../store/journal-schema.ts";
import { type JournalStore, openJournal } from "../store/journal-store.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { pointsOf, wayOf } from "./site-cgr.ts";
import { siteFrom } from "./site-option.ts";
import { reportingFaults } from "./state-option.ts";

export function cgrCommand(): Command {
    return new Command("cgr")
        .description("the CarGoRuqsat way out: how far it has come, and what waits for a person")
        .addCommand(statusCommand().exitOverride())
        .addCommand(releaseCommand().exitOverride());
}

function statusCommand(): Command {
    return new Command("status")
        .description("per point: whether it is registered, up to which fact it has told, and what was set aside")
        .requiredOption("--site <file>", "site file")
        .option("--json", "machine-readable")
        .action((options: { site: string; json?: boolean }) => {
            const site = siteFrom(options.site);
            const points = withJournal(site, (journal) =>
                pointsIn(site).map((point) => {
                    const way = journal.openDelivery(wayOf(point));
                    const isRegistered = existsSync(join(site.stateFolder, `${wayOf(point)}.token`));
                    return { point, isRegistered, settledUpTo: way.settledUpTo(), setAside: way.setAside() };
                }),
            );
            const rows = points.flatMap(({ point, isRegistered, settledUpTo, setAside }) => [
                [point, isRegistered ? "registered" : "NOT REGISTERED", `facts up to ${settledUpTo} are settled`],
                ...setAside.map(({ sequence, reason }) => [`  fact ${sequence}`, "set aside", reason]),
            ]);
            printResult(options.json === true, points, tableText(rows));
        });
}

function releaseCommand(): Command {
    return new Command("release")
        .description("say that a person has entered a passage in CarGoRuqsat's own portal; nothing is sent by this")
        .argument("<sequence>", "number of the fact that was set aside", whole(1, Number.MAX_SAFE_INTEGER))
        .requiredOption("--site <file>", "site file")
        .requiredOption("--by <name>", "who has entered it")
        .requiredOption("--reason <text>", "how, or why it need not be told")
        .option("--json", "machine-readable")
        .action((sequence: number, options: { site: string; by: string; reason: string; json?: boolean }) => {
            const site = siteFrom(options.site);
            const released = withJournal(site, (journal) =>
                pointsIn(site).filter((point) =>
                    journal.openDelivery(wayOf(point)).release(sequence, options.by, options.reason),
                ),
            );
            if (released.length === 0) {
                throw new CommandFailure(EXIT.failed, `fact ${sequence} was not set aside; see kordon cgr status`);
            }
            printResult(
                options.json === true,
                { sequence, released },
                `released: fact ${sequence} (${released.join(", ")})`,
            );
        });
}

function pointsIn(site: Site): readonly CgrPointName[] {
    const { cgr } = site.central;
    if (cgr === undefined) throw new CommandFailure(EXIT.usage, "the site file has no central.cgr");
    return pointsOf(cgr).map(([point]) => point);
}

function withJournal<T>(site: Site, act: (journal: JournalStore) => T): T {
    if (!existsSync(join(site.stateFolder, JOURNAL_FILE))) {
        throw new CommandFailure(EXIT.usage, `${site.stateFolder}: no journal here; the daemon has not run yet`);
    }
    return reportingFaults(() => {
        const journal = openJournal(site.stateFolder);
        try {
            return act(journal);
        } finally {
            journal.close();
        }
    });
}
