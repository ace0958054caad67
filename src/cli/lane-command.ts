/** `kordon lane <id> accept --reason …`: an officer's word to one lane of a running daemon. */
import { userInfo } from "node:os";
import { Argument, Command, Option } from "commander";
import { REQUESTS } from "../core/lane/lane-image.ts";
import { askOnce, ControlFailure } from "./control-client.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";

interface LaneOptions {
    readonly site: string;
    readonly reason: string;
    readonly by: string;
    readonly passage?: string;
    readonly booking?: string;
    readonly json?: boolean;
}

export function laneCommand(): Command {
    return new Command("lane")
        .description("give one lane an order, with name and reason; both are recorded")
        .argument("<id>", "the lane, as kordon lanes shows it")
        .addArgument(new Argument("<order>", "what is asked").choices(REQUESTS))
        .requiredOption("--site <file>", "site file of the daemon")
        .requiredOption("--reason <text>", "why; recorded with the order")
        .addOption(new Option("--by <name>", "who").default(userInfo().username, "the login name"))
        .option("--passage <id>", "only for this passage: refused when another vehicle stands there by now")
        .option("--booking <id>", "with accept or link: the booking this vehicle belongs to")
        .option("--json", "machine-readable answer on stdout")
        .action(async (id: string, asks: (typeof REQUESTS)[number], options: LaneOptions) => {
            const { controlSocket } = siteFrom(options.site);
            const answer = await askOnce(controlSocket, {
                ask: "lane",
                lane: id,
                asks,
                by: options.by,
                reason: options.reason,
                ...(options.passage === undefined ? {} : { passage: options.passage }),
                ...(options.booking === undefined ? {} : { bookingId: options.booking }),
            }).catch((error: unknown) => {
                throw error instanceof ControlFailure ? new CommandFailure(EXIT.failed, error.message) : error;
            });
            if (answer.is === "done")
                return printResult(options.json === true, { lane: id, asks, outcome: "done" }, `${id}: ${asks}: taken`);
            if (answer.is !== "refused") throw new CommandFailure(EXIT.failed, "the daemon answered something else");
            if (options.json) printResult(true, { lane: id, asks, outcome: "refused", code: answer.code }, "");
            throw new CommandFailure(EXIT.failed, `${id}: ${asks} refused: ${answer.code}: ${answer.message}`);
        });
}
