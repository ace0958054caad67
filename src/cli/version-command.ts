/** `kordon version`: what exactly runs here. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { printResult } from "./outcome.ts";

/** The project's own version, from its package.json. */
export function kordonVersion(): string {
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
        readonly version: string;
    };
    return manifest.version;
}

export function versionCommand(): Command {
    return new Command("version")
        .description("print the version of kordon and of what it runs on")
        .option("--json", "machine-readable")
        .action((options: { json?: boolean }) => {
            const versions = {
                kordon: kordonVersion(),
                node: process.versions.node,
                platform: `${process.platform}-${process.arch}`,
            };
            printResult(
                options.json === true,
                versions,
                `kordon ${versions.kordon} (Node.js ${versions.node}, ${versions.platform})`,
            );
        });
}
