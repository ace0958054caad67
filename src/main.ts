/** Entry of the command line: knows the sub-commands, turns their failures into exit codes. */
import { Command, CommanderError } from "commander";
import { checkCommand } from "./cli/check-command.ts";
import { demoCommand } from "./cli/demo-command.ts";
import { laneCommand } from "./cli/lane-command.ts";
import { lanesCommand } from "./cli/lanes-command.ts";
import { listCommand } from "./cli/list-command.ts";
import { CommandFailure, EXIT } from "./cli/outcome.ts";
import { runCommand } from "./cli/run-command.ts";
import { kordonVersion, versionCommand } from "./cli/version-command.ts";

const program = new Command("kordon")
    .description("gate control for road border checkpoints")
    .version(kordonVersion(), "-V, --version")
    .addHelpText(
        "after",
        "\nExit codes: 0 fine, 1 failed, 2 wrong usage or site file.\nDocuments: docs/ beside the program, starting with README.md.",
    )
    .showHelpAfterError("(kordon --help shows the commands)");

for (const command of [
    runCommand(),
    checkCommand(),
    demoCommand(),
    listCommand(),
    lanesCommand(),
    laneCommand(),
    versionCommand(),
]) {
    program.addCommand(command.exitOverride());
}

try {
    await program.exitOverride().parseAsync(process.argv);
} catch (error) {
    process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
    if (error instanceof CommandFailure) {
        process.stderr.write(`kordon: ${error.message}\n`);
        return error.exitCode;
    }
    // Commander has printed its complaint already; asking for help or the version is no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
    process.stderr.write(`kordon: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.failed;
}
