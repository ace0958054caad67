/**
 * `kordon outbox …`: facts that no broker carries. They stay on the box, with everything after them, until a person has brought
 * them to the central system by another way and says so.
 */
import { userInfo } from "node:os";
import { Command, Option } from "commander";
import { factEvent } from "../core/fact/fact-event.ts";
import { askOnce, ControlFailure } from "./control-client.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";
import { lookInto, type StateOptions, withStateOptions } from "./state-option.ts";
import { utcText } from "./utc-text.ts";

interface SettleOptions {
    readonly site: string;
    readonly reason: string;
    readonly by: string;
    readonly json?: boolean;
}

const sequence = whole(1, Number.MAX_SAFE_INTEGER);

export function outboxCommand(): Command {
    const outbox = new Command("outbox").description("facts that the broker cannot carry, and what became of them");
    for (const command of [listCommand(), showCommand(), settleCommand()]) outbox.addCommand(command.exitOverride());
    return outbox;
}

function listCommand(): Command {
    return withStateOptions(new Command("list").description("facts that were withheld, oldest first, and why"))
        .option("--json", "machine-readable")
        .action((options: StateOptions & { json?: boolean }) => {
            const found = lookInto(options, (journal) => ({
                waiting: journal.waiting(),
                withheld: journal.withheld().map(({ fact, reason }) => ({
                    sequence: fact.sequence,
                    utcMs: fact.utcMs,
                    kind: fact.kind,
                    lane: fact.lane ?? null,
                    reason,
                })),
            }));
            const rows = found.withheld.map((row) => [
                String(row.sequence),
                utcText(row.utcMs),
                row.kind,
                row.lane ?? "",
                row.reason,
            ]);
            const head = ["sequence", "UTC", "kind", "lane", "why it cannot be sent"];
            const withheld = rows.length === 0 ? "nothing is withheld" : tableText([head, ...rows]);
            printResult(
                options.json === true,
                found,
                `${withheld}\n${found.waiting} facts wait for an acknowledgement`,
            );
        });
}

function showCommand(): Command {
    return new Command("show")
        .description("one withheld fact as the event that it would have been, to be carried by another way")
        .argument("<sequence>", "as kordon outbox list shows it", sequence)
        .requiredOption("--site <file>", "site file")
        .action((wanted: number, { site }: { site: string }) => {
            const found = lookInto({ site }, (journal) =>
                journal.withheld().find(({ fact }) => fact.sequence === wanted),
            );
            if (found === undefined) throw new CommandFailure(EXIT.failed, `fact ${wanted} is not withheld`);
            const event = factEvent(siteFrom(site).site, found.fact);
            printResult(true, event, "");
        });
}

function settleCommand(): Command {
    return new Command("settle")
        .description("say that the central system has a withheld fact by another way; recorded with name and reason")
        .argument("<sequence>", "as kordon outbox list shows it", sequence)
        .requiredOption("--site <file>", "site file of the running daemon")
        .requiredOption("--reason <text>", "how it was brought there; recorded")
        .addOption(new Option("--by <name>", "who").default(userInfo().username, "the login name"))
        .option("--json", "machine-readable answer on stdout")
        .action(async (wanted: number, { site, by, reason, json }: SettleOptions) => {
            const question = { ask: "settle", sequence: wanted, by, reason } as const;
            const answer = await askOnce(siteFrom(site).controlSocket, question).catch((error: unknown) => {
                throw error instanceof ControlFailure ? new CommandFailure(EXIT.failed, error.message) : error;
            });
            if (answer.is === "refused") throw new CommandFailure(EXIT.failed, `${answer.code}: ${answer.message}`);
            if (answer.is !== "done") throw new CommandFailure(EXIT.failed, "the daemon answered something else");
            printResult(json === true, { sequence: wanted, outcome: "settled" }, `fact ${wanted} is settled`);
        });
}
