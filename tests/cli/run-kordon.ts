/** Runs a sub-command within this process and says what it printed and how it ended, as `src/main.ts` would. */
import { CommanderError } from "commander";
import { vi } from "vitest";
import { CommandFailure, EXIT } from "../../src/cli/outcome.ts";
import { kordonProgram } from "../../src/cli/program.ts";

export interface KordonRun {
    readonly code: number;
    readonly out: string;
    /** What the command complained of; commander's own complaints are dropped. */
    readonly error: string;
}

export async function runKordon(...args: readonly string[]): Promise<KordonRun> {
    let out = "";
    const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
        out += String(text);
        return true;
    });
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
        await kordonProgram().parseAsync(["node", "kordon", ...args]);
        return { code: EXIT.fine, out, error: "" };
    } catch (error) {
        if (error instanceof CommandFailure) return { code: error.exitCode, out, error: error.message };
        if (error instanceof CommanderError) return { code: EXIT.usage, out, error: error.message };
        throw error;
    } finally {
        stdout.mockRestore();
        stderr.mockRestore();
    }
}
