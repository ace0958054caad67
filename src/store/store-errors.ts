/** What SQLite and the file system say when the disk refuses, turned into `StoreFault` with what to do next. */
import Database from "better-sqlite3";
import { StoreFault, type StoreFaultCode } from "../ports/journal.ts";

/** Runs `act`; whatever the disk or the database file is to blame for comes out as a `StoreFault` about `file`. */
export function guard<T>(file: string, act: () => T): T {
    try {
        return act();
    } catch (error) {
        throw toStoreFault(file, error);
    }
}

/** The fault that an error stands for; an error that is not the disk's comes back as it is. */
export function toStoreFault(file: string, error: unknown): unknown {
    const code = error instanceof StoreFault ? undefined : storeFaultCode(error);
    if (code === undefined) return error;
    const said = error instanceof Error ? error.message : String(error);
    return new StoreFault(code, `${file}: ${ADVICE[code]} (${said})`, { cause: error });
}

const ADVICE: Readonly<Record<StoreFaultCode, string>> = {
    DISK_FULL:
        "the disk is full; nothing was written. Free space on the state folder's disk, the daemon goes on by itself",
    DISK_READ_ONLY:
        "the disk is read-only; nothing was written. Look for disk errors in the kernel log, then mount it writable",
    DISK_FAILED:
        "the disk or its permissions refuse; nothing was written. Check the state folder's owner and the kernel log",
    DATABASE_CORRUPT:
        "the file is damaged. Stop the daemon, keep a copy of the file for examination and restore or remove it",
    DATABASE_BUSY:
        "another process holds the file; nothing was written. Try again, and see which other kordon is running",
    DATABASE_TOO_NEW:
        "the file was written by a newer kordon. Install that version again or restore the copy made before it",
};

/** By the beginning of SQLite's extended result code, or the whole of the system's error code. */
function storeFaultCode(error: unknown): StoreFaultCode | undefined {
    if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
    if (error instanceof Database.SqliteError) {
        return SQLITE_CODES.find(([beginning]) => error.code.startsWith(beginning))?.[1];
    }
    return SYSTEM_CODES[error.code];
}

const SQLITE_CODES: readonly (readonly [string, StoreFaultCode])[] = [
    ["SQLITE_FULL", "DISK_FULL"],
    ["SQLITE_READONLY", "DISK_READ_ONLY"],
    ["SQLITE_CORRUPT", "DATABASE_CORRUPT"],
    ["SQLITE_NOTADB", "DATABASE_CORRUPT"],
    ["SQLITE_BUSY", "DATABASE_BUSY"],
    ["SQLITE_LOCKED", "DATABASE_BUSY"],
    ["SQLITE_CONSTRAINT_PRIMARYKEY", "DATABASE_BUSY"], // Somebody else wrote the next fact.
    ["SQLITE_IOERR", "DISK_FAILED"],
    ["SQLITE_CANTOPEN", "DISK_FAILED"],
    ["SQLITE_PERM", "DISK_FAILED"],
];

const SYSTEM_CODES: Readonly<Record<string, StoreFaultCode>> = {
    ENOSPC: "DISK_FULL",
    EDQUOT: "DISK_FULL",
    EROFS: "DISK_READ_ONLY",
    EIO: "DISK_FAILED",
    EACCES: "DISK_FAILED",
    EPERM: "DISK_FAILED",
    EEXIST: "DISK_FAILED",
    ENOTDIR: "DISK_FAILED",
};
