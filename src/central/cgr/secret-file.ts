/** One secret in a file that only its owner may read: written whole or not at all, and nowhere else. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const OWNER_ONLY = 0o600;

/** The file's text without blanks around it; undefined when there is none or it is empty. */
export function readSecret(path: string): string | undefined {
    try {
        const text = readFileSync(path, "utf8").trim();
        return text === "" ? undefined : text;
    } catch {
        return undefined;
    }
}

/** Throws the file system's error. */
export function writeSecret(path: string, secret: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
    const beside = `${path}.part`;
    writeFileSync(beside, `${secret}\n`, { mode: OWNER_ONLY, flush: true });
    renameSync(beside, path);
}
