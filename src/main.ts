/**
 * Entry of the command line: runs the sub-command and turns its failure into an exit code. A command that failed is over, whatever
 * it left open.
 */
import { CommanderError } from "commander";
import { CommandFailure, EXIT } from "./cli/outcome.ts";
import { kordonProgram } from "./cli/program.ts";

try {
    await kordonProgram().parseAsync(process.argv);
} catch (error) {
    process.exit(exitCodeOf(error));
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
