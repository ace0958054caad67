/** A password that stands in a file of its own, so that the site file can be shown to anybody. */
import { readFileSync } from "node:fs";
import { CommandFailure, EXIT } from "./outcome.ts";

/** Its content without spaces around it. Throws `CommandFailure`. */
export function secretIn(file: string): string {
    try {
        return readFileSync(file, "utf8").trim();
    } catch {
        throw new CommandFailure(EXIT.usage, `${file}: the password cannot be read`);
    }
}
