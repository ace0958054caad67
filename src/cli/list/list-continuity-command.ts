/** `kordon list continuity on|off`: an officer lets the site call lorries itself while the central system is away, or ends that. */
import { Argument, Command } from "commander";
import { queueRulesOf } from "../../config/site-rules.ts";
import { parseLocal } from "../../core/queue/out-of-turn-table.ts";
import { CommandFailure, EXIT, printResult } from "../outcome.ts";
import { siteFrom } from "../site-option.ts";
import { orderQueue } from "./order-queue.ts";

interface ContinuityOptions {
    readonly site: string;
    readonly who: string;
    readonly reason: string;
    readonly until?: string;
    readonly json?: boolean;
}

export function listContinuityCommand(): Command {
    return new Command("continuity")
        .description("let the site call lorries itself while the central system is away, where its site file allows it")
        .addArgument(new Argument("<state>", "on or off").choices(["on", "off"]))
        .requiredOption("--site <file>", "site file of the daemon")
        .requiredOption("--who <id>", "id of the officer; recorded with every call")
        .requiredOption("--reason <text>", "why; recorded")
        .option("--until <minute>", "with on: when it ends by itself, local time, such as 2026-11-22T18:00")
        .option("--json", "machine-readable")
        .action(async (state: "on" | "off", options: ContinuityOptions) => {
            const site = siteFrom(options.site);
            const { who: by, reason } = options;
            const until = state === "on" ? endOf(options, queueRulesOf(site).calendar) : undefined;
            await orderQueue(site.controlSocket, { do: "continuity", by, reason, ...(until && { until }) });
            const text =
                until === undefined ? "the site calls nobody itself" : `the site calls lorries itself until ${until}`;
            printResult(options.json === true, { state, until: until ?? null }, text);
        });
}

function endOf({ until = "" }: ContinuityOptions, calendar: Parameters<typeof parseLocal>[2]): string {
    const untilUtcMs = parseLocal(until, "until", calendar);
    if (untilUtcMs === undefined)
        throw new CommandFailure(EXIT.usage, "--until: a local minute such as 2026-11-22T18:00");
    return new Date(untilUtcMs).toISOString();
}
