/** `kordon message BOARD "text" --minutes N --reason …`: puts a text onto a board, or onto all boards of a lane, for a while. */
import { userInfo } from "node:os";
import { Command, Option } from "commander";
import { SHOW_S_MAX } from "../core/board/board-message.ts";
import { askOnce, ControlFailure } from "./control-client.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";

interface MessageOptions {
    readonly site: string;
    readonly minutes: number;
    readonly reason: string;
    readonly by: string;
    readonly clear?: boolean;
    readonly json?: boolean;
}

const MINUTE_S = 60;

export function messageCommand(): Command {
    return new Command("message")
        .description("put a text onto a board, or onto all boards of a lane; who and why are recorded, not shown")
        .argument("<target>", "a board or a lane, as kordon boards and kordon lanes show them")
        .argument("[text]", "what is shown, in turn with what the board says by itself; no names")
        .requiredOption("--site <file>", "site file of the daemon")
        .requiredOption("--reason <text>", "why; recorded with the order")
        .addOption(new Option("--minutes <count>", "how long").argParser(whole(1, SHOW_S_MAX / MINUTE_S)).default(10))
        .addOption(new Option("--by <name>", "who").default(userInfo().username, "the login name"))
        .option("--clear", "take away what stands there")
        .option("--json", "machine-readable answer on stdout")
        .action(async (target: string, text: string | undefined, options: MessageOptions) => {
            const isCleared = options.clear === true;
            if (isCleared === (text !== undefined))
                throw new CommandFailure(EXIT.usage, "give either a text or --clear (add --help to see what it takes)");
            const { controlSocket } = siteFrom(options.site);
            const answer = await askOnce(controlSocket, {
                ask: "message",
                target,
                text: text ?? null,
                showS: options.minutes * MINUTE_S,
                by: options.by,
                reason: options.reason,
            }).catch((error: unknown) => {
                throw error instanceof ControlFailure ? new CommandFailure(EXIT.failed, error.message) : error;
            });
            const what = isCleared ? "text taken away" : `text taken, for ${options.minutes} min`;
            if (answer.is === "done")
                return printResult(options.json === true, { target, outcome: "done" }, `${target}: ${what}`);
            if (answer.is !== "refused") throw new CommandFailure(EXIT.failed, "the daemon answered something else");
            if (options.json) printResult(true, { target, outcome: "refused", code: answer.code }, "");
            throw new CommandFailure(EXIT.failed, `${target}: refused: ${answer.code}: ${answer.message}`);
        });
}
