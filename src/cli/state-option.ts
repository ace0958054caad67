/** Commands that look into a journal: of the site's own state folder, or of a copy from another machine. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { StoreFault } from "../ports/journal.ts";
import { JournalReader } from "../store/journal-reader.ts";
import { JOURNAL_FILE } from "../store/journal-schema.ts";
import { CommandFailure, EXIT } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";

export interface StateOptions {
    readonly site?: string;
    readonly state?: string;
}

export function withStateOptions(command: Command): Command {
    return command
        .option("--site <file>", "site file; its state folder is looked into")
        .option("--state <folder>", "state folder instead of a site file, also a copy from another machine");
}

/** Throws `CommandFailure`, exit code 2, when neither or both are named or there is no journal. */
export function stateFolderOf({ site, state }: StateOptions): string {
    if ((site === undefined) === (state === undefined)) {
        throw new CommandFailure(EXIT.usage, "name the journal: either --site FILE or --state FOLDER");
    }
    const folder = state ?? siteFrom(site ?? "").stateFolder;
    if (existsSync(join(folder, JOURNAL_FILE))) return folder;
    throw new CommandFailure(
        EXIT.usage,
        `${folder}: no ${JOURNAL_FILE} here; a state folder is what the site file names as stateFolder`,
    );
}

/** Looks into the journal, which is never changed by this. Trouble with the disk ends the command with exit code 1. */
export function lookInto<T>(options: StateOptions, look: (journal: JournalReader) => T): T {
    const folder = stateFolderOf(options);
    return reportingFaults(() => {
        const journal = new JournalReader(folder);
        try {
            return look(journal);
        } finally {
            journal.close();
        }
    });
}

export function reportingFaults<T>(act: () => T): T {
    try {
        return act();
    } catch (error) {
        throw error instanceof StoreFault ? new CommandFailure(EXIT.failed, error.message) : error;
    }
}
