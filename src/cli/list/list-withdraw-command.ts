/** `kordon list withdraw LIST`: takes an out-of-turn list back; what has passed by it stays recorded. */
import { Command } from "commander";
import { printResult } from "../outcome.ts";
import { siteFrom } from "../site-option.ts";
import { orderQueue } from "./order-queue.ts";

export function listWithdrawCommand(): Command {
    return new Command("withdraw")
        .description("take a list of lorries out of turn back: nobody is let in by it any more")
        .argument("<list>", "its id, as kordon list local shows it")
        .requiredOption("--site <file>", "site file of the daemon")
        .requiredOption("--who <id>", "id of the officer; recorded")
        .requiredOption("--reason <text>", "why; recorded")
        .option("--json", "machine-readable")
        .action(async (list: string, options: { site: string; who: string; reason: string; json?: boolean }) => {
            const { controlSocket } = siteFrom(options.site);
            await orderQueue(controlSocket, { do: "withdraw-list", list, by: options.who, reason: options.reason });
            printResult(options.json === true, { list, outcome: "withdrawn" }, `${list}: withdrawn`);
        });
}
