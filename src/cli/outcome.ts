/** How every sub-command ends and speaks: exit codes, and one result on stdout. Logs and complaints go to stderr. */

/** Documented in `kordon --help` and docs/reference/command-line.md. */
export const EXIT = { fine: 0, failed: 1, usage: 2 } as const;

/** Ends the command with this code and message on stderr. */
export class CommandFailure extends Error {
    readonly exitCode: number;
    constructor(exitCode: number, message: string) {
        super(message);
        this.name = "CommandFailure";
        this.exitCode = exitCode;
    }
}

/** With `--json` the value and nothing else; otherwise the text. */
export function printResult(isJson: boolean, value: unknown, text: string): void {
    process.stdout.write(isJson ? `${JSON.stringify(value)}\n` : `${text}\n`);
}

/** Rows with aligned columns; empty for no rows. */
export function tableText(rows: readonly (readonly string[])[]): string {
    const widths: number[] = [];
    for (const row of rows) {
        for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
    return rows
        .map((row) =>
            row
                .map((cell, index) => cell.padEnd(widths[index] ?? 0))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
}
