/** `kordon boards`: what each board of a running daemon says now, and whether it is on the board. */
import { Command } from "commander";
import type { BoardView } from "../runtime/control-protocol.ts";
import { askOnce, ControlFailure } from "./control-client.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";

export function boardsCommand(): Command {
    return new Command("boards")
        .description("show what each board of a running daemon says, and whether it is on the board")
        .requiredOption("--site <file>", "site file of the daemon")
        .option("--json", "machine-readable")
        .action(async (options: { site: string; json?: boolean }) => {
            const { controlSocket } = siteFrom(options.site);
            const answer = await askOnce(controlSocket, { ask: "boards" }).catch((error: unknown) => {
                throw error instanceof ControlFailure ? new CommandFailure(EXIT.failed, error.message) : error;
            });
            if (answer.is !== "boards") throw new CommandFailure(EXIT.failed, "the daemon answered something else");
            printResult(options.json === true, { boards: answer.boards }, boardsText(answer.boards));
        });
}

/** `accepted` is said as it is: the device took it, and nobody can see more. */
const STATE_WORDS: Readonly<Record<BoardView["state"], string>> = {
    applied: "on the board",
    accepted: "taken by the board, which cannot be read back",
    pending: "on its way",
    failed: "NOT ON THE BOARD",
};

function boardsText(boards: readonly BoardView[]): string {
    if (boards.length === 0) return "this site has no boards";
    return boards.map(boardText).join("\n\n");
}

function boardText(view: BoardView): string {
    const { board, state, lines, shown, language, isStale, replaced, message, messageLeftS, code, detail } = view;
    const head = [
        board,
        STATE_WORDS[state],
        language,
        ...(isStale ? ["old data"] : []),
        ...(replaced === 0 ? [] : [`${replaced} characters that it cannot show`]),
        ...(message === null ? [] : [`ordered text for ${messageLeftS} s more: ${message}`]),
    ].join(" · ");
    const isSame = shown.length === lines.length && shown.every((line, place) => line === lines[place]);
    const rows = lines.map((line, place) => [`  ${line}`, isSame ? "" : (shown[place] ?? "")]);
    const columns = isSame ? [] : [["  to say", shown.length === 0 ? "nobody knows what it says" : "last said"]];
    return [head, tableText([...columns, ...rows]), ...(code === null ? [] : [`  ${code}: ${detail}`])].join("\n");
}
