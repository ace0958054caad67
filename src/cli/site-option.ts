/** Loading the site file on behalf of a command: its complaints end the command as wrong usage, before anything is started. */
import { loadSite, SiteFileError } from "../config/load-site.ts";
import type { Site } from "../config/site-schema.ts";
import { CommandFailure, EXIT } from "./outcome.ts";

/** Throws `CommandFailure` with exit code 2 and one line per complaint: `file:line: path: what was expected`. */
export function siteFrom(file: string): Site {
    try {
        return loadSite(file);
    } catch (error) {
        if (error instanceof SiteFileError) throw new CommandFailure(EXIT.usage, error.message);
        throw error;
    }
}
