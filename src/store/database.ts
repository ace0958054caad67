/**
 * Opens the state folder's SQLite files, all in the same way: write-ahead log, every commit flushed to the disk,
 * numbered migrations with a copy of the file made before them. A file from a newer program is refused.
 */
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import Database from "better-sqlite3";
import { StoreFault } from "../ports/journal.ts";
import { guard } from "./store-errors.ts";

/** An open SQLite file. Named here so that nobody else needs the package for it. */
export type OpenDatabase = Database.Database;

/** How long a connection waits for another one's write, in milliseconds: short where the lane's thread would stand still. */
export const LOCK_WAIT_MS = { lane: 50, background: 5_000 } as const;

/**
 * Pages of 4 KiB that a write-ahead log may hold before a commit moves them into the file itself, where a thread of its own
 * does so before it comes to that. 1,000 is SQLite's own choice.
 */
export const LOG_PAGES_MAX = 16_384;

/** When a commit counts as durable: `FULL` flushes each one; `NORMAL` may lose the last ones at a power cut, whole ones only. */
export type Durability = "FULL" | "NORMAL";

/**
 * `migrations[n]` takes the schema from version n to n + 1; they run in one transaction.
 * Throws `StoreFault`, `DATABASE_TOO_NEW` when the file's version is above the last migration.
 */
export function openDatabase(
    path: string,
    migrations: readonly string[],
    lockWaitMs: number,
    durability: Durability = "FULL",
): OpenDatabase {
    return guard(basename(path), () => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
        accessSync(dirname(path), constants.W_OK); // SQLite itself cannot tell a read-only disk from a missing file.
        const db = new Database(path, { timeout: lockWaitMs });
        try {
            db.pragma("journal_mode = WAL");
            db.pragma(`synchronous = ${durability}`);
            db.pragma("foreign_keys = ON");
            db.pragma(`journal_size_limit = ${64 << 20}`);
            migrate(db, migrations);
            return db;
        } catch (error) {
            db.close();
            throw error;
        }
    });
}

/** Another connection to a file that is open and has its schema. */
export function openAgain(path: string, lockWaitMs: number): OpenDatabase {
    return guard(basename(path), () => new Database(path, { fileMustExist: true, timeout: lockWaitMs }));
}

/** Renames a file that cannot be used, with its log, and returns the new name; nothing is deleted. */
export function setAside(path: string): string {
    return guard(basename(path), () => {
        let number = 1;
        while (existsSync(`${path}.damaged-${number}`)) number += 1;
        const kept = `${path}.damaged-${number}`;
        renameSync(path, kept);
        if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${kept}-wal`);
        rmSync(`${path}-shm`, { force: true });
        return kept;
    });
}

/** For looking only: nothing is made or changed, and a file of any schema opens. */
export function openReadOnly(path: string): OpenDatabase {
    return guard(
        basename(path),
        () => new Database(path, { readonly: true, fileMustExist: true, timeout: LOCK_WAIT_MS.background }),
    );
}

/** Moves what the write-ahead log holds into the file, as far as no reader still needs it. Holds up neither readers nor writers. */
export function checkpoint(db: OpenDatabase): void {
    guard(basename(db.name), () => db.pragma("wal_checkpoint(PASSIVE)"));
}

function migrate(db: OpenDatabase, migrations: readonly string[]): void {
    const found = schemaVersion(db);
    if (found > migrations.length) {
        throw new StoreFault(
            "DATABASE_TOO_NEW",
            `${basename(db.name)} has schema ${found} and this kordon knows ${migrations.length}. Install the newer kordon ` +
                `again, or restore the copy ${basename(db.name)}.schema-* made before the change`,
        );
    }
    if (found === migrations.length) return;
    if (found > 0) copyBeside(db, found);
    db.transaction(() => {
        // Another connection may have been faster between the look above and the lock.
        for (const migration of migrations.slice(schemaVersion(db))) db.exec(migration);
        db.pragma(`user_version = ${migrations.length}`);
    }).immediate();
}

function schemaVersion(db: OpenDatabase): number {
    return Number(db.pragma("user_version", { simple: true }));
}

function copyBeside(db: OpenDatabase, version: number): void {
    const copy = `${db.name}.schema-${version}`;
    rmSync(copy, { force: true });
    db.prepare("VACUUM INTO ?").run(copy);
}
