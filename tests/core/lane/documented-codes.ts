/** Every code that `docs/reference/reasons.md` explains. */
import { readFileSync } from "node:fs";

const TEXT = readFileSync(new URL("../../../docs/reference/reasons.md", import.meta.url), "utf8");

export const DOCUMENTED_CODES: ReadonlySet<string> = new Set(
    [...TEXT.matchAll(/`([A-Z][A-Z0-9_]+)(?::<[a-z]+>)?`/g)].flatMap((match) => match[1] ?? []),
);
