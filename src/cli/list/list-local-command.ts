/** `kordon list local`: what the site has of its own beside the central system's list. */
import { Command } from "commander";
import type { QueueView } from "../../runtime/control-protocol.ts";
import { askOnce, ControlFailure } from "../control-client.ts";
import { CommandFailure, EXIT, printResult, tableText } from "../outcome.ts";
import { siteFrom } from "../site-option.ts";

export function listLocalCommand(): Command {
    return new Command("local")
        .description("show the site's own part: lists out of turn, own calls, quotas, contradictions")
        .requiredOption("--site <file>", "site file of the daemon")
        .option("--json", "machine-readable")
        .action(async (options: { site: string; json?: boolean }) => {
            const { controlSocket } = siteFrom(options.site);
            const answer = await askOnce(controlSocket, { ask: "queue" }).catch((error: unknown) => {
                throw error instanceof ControlFailure ? new CommandFailure(EXIT.failed, error.message) : error;
            });
            if (answer.is !== "queue") throw new CommandFailure(EXIT.failed, "the daemon answered something else");
            printResult(options.json === true, answer.queue, queueText(answer.queue));
        });
}

function queueText({ isCentralAway, continuity, quotaLeft, lists, calls, contradicted }: QueueView): string {
    return [
        `central system: ${isCentralAway ? "away" : "there"}`,
        continuity === null
            ? "lorries are called by the central system only"
            : `lorries are called by the site until ${continuity.until}: ${continuity.by}, ${continuity.why}`,
        ...Object.entries(quotaLeft).map(([quota, left]) => `quota ${quota}: ${left} left today`),
        ...section(
            "lists out of turn",
            lists.map((list) => [
                `  ${list.list}`,
                list.category,
                `${list.entries} vehicles`,
                `${list.quotaPerDay} a day`,
                `${list.validFrom} .. ${list.validUntil}`,
                `by ${list.by}`,
            ]),
        ),
        ...section(
            "own calls",
            calls.map((call) => [`  ${call.bookingId}`, `called ${call.called}`, `until ${call.until}`, call.state]),
        ),
        ...section(
            "contradicted by the central system",
            contradicted.map((id) => [`  ${id}`]),
        ),
    ].join("\n");
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
    return rows.length === 0 ? [] : [title, tableText(rows)];
}
