/** All sub-commands put together, and their reference as text, so that the manual cannot drift from the program. */
import { Command } from "commander";
import { auditCommand } from "./audit-command.ts";
import { benchCommand } from "./bench-command.ts";
import { boardsCommand } from "./boards-command.ts";
import { cgrCommand } from "./cgr-command.ts";
import { checkCommand } from "./check-command.ts";
import { conformanceCommand } from "./conformance-command.ts";
import { demoCommand } from "./demo-command.ts";
import { devicesCommand } from "./devices-command.ts";
import { explainCommand } from "./explain-command.ts";
import { laneCommand } from "./lane-command.ts";
import { lanesCommand } from "./lanes-command.ts";
import { listCommand } from "./list-command.ts";
import { messageCommand } from "./message-command.ts";
import { outboxCommand } from "./outbox-command.ts";
import { passagesCommand } from "./passages-command.ts";
import { probeCommand } from "./probe-command.ts";
import { pulseCommand } from "./pulse-command.ts";
import { readCommand } from "./read-command.ts";
import { replayCommand } from "./replay-command.ts";
import { runCommand } from "./run-command.ts";
import { simulateCommand } from "./simulate-command.ts";
import { kordonVersion, versionCommand } from "./version-command.ts";

/** The command line; parsing throws `CommanderError` instead of ending the process. */
export function kordonProgram(): Command {
    const program = new Command("kordon")
        .description("gate control for road border checkpoints")
        .version(kordonVersion(), "-V, --version")
        .addHelpText(
            "after",
            "\nExit codes: 0 fine, 1 failed, 2 wrong usage or site file.\nDocuments: docs/ beside the program, starting with README.md.",
        )
        // Options belong to the command they stand behind: `kordon list` and the orders below it have some of the same name.
        .enablePositionalOptions()
        .showHelpAfterError("(kordon --help shows the commands)")
        .exitOverride();
    for (const command of [
        runCommand(),
        checkCommand(),
        devicesCommand(),
        probeCommand(),
        pulseCommand(),
        demoCommand(),
        listCommand(),
        lanesCommand(),
        laneCommand(),
        boardsCommand(),
        messageCommand(),
        passagesCommand(),
        explainCommand(),
        replayCommand(),
        auditCommand(),
        cgrCommand(),
        conformanceCommand(),
        readCommand(),
        outboxCommand(),
        benchCommand(),
        simulateCommand(),
        versionCommand(),
    ]) {
        program.addCommand(command.exitOverride().showHelpAfterError("(add --help to see what it takes)"));
    }
    return program;
}

/** `docs/reference/command-line.md`. */
export function commandLineText(): string {
    const sections = commandsOf(kordonProgram(), "kordon").map(
        ([name, command]) => `## ${name}\n\n\`\`\`\n${command.helpInformation().trim()}\n\`\`\`\n`,
    );
    return `# The command line

Generated from the program by \`make contracts\`. Results go to stdout; logs (JSON lines) and complaints go to stderr. With
\`--json\` a command prints JSON on stdout and nothing else there. Exit codes: 0 fine, 1 failed, 2 wrong usage or site file.
Ctrl-C ends every command and leaves nothing behind.

${sections.join("\n")}`;
}

function commandsOf(parent: Command, path: string): readonly (readonly [string, Command])[] {
    return parent.commands.flatMap((command) => {
        const name = `${path} ${command.name()}`;
        const inner = commandsOf(command, name);
        const isOrder = inner.length === 0 || command.registeredArguments.length > 0;
        return [...(isOrder ? [[name, command] as const] : []), ...inner];
    });
}
