/** A device profile: parsed JSON held against the schema of its family, with one error for all of them. */
import type { z } from "zod";

/** @internal for tests. The file is not a profile of that family; the message names every place and what was expected there. */
export class ProfileInvalid extends Error {
    readonly code = "PROFILE_INVALID";
    constructor(what: string, issues: readonly string[]) {
        super(`not ${what}: ${issues.join("; ")}`);
        this.name = "ProfileInvalid";
    }
}

/** `what`: such as "a scale profile". Unknown keys are errors where the schema is strict. Throws `ProfileInvalid`. */
export function readProfile<Schema extends z.ZodType>(schema: Schema, what: string, json: unknown): z.output<Schema> {
    const result = schema.safeParse(json);
    if (result.success) return result.data;
    const issues = result.error.issues;
    throw new ProfileInvalid(
        what,
        issues.map(({ path, message }) => `${path.length === 0 ? "file" : path.join(".")}: ${message}`),
    );
}
