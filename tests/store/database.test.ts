/** Opening files: migrations in order and with a copy before them, and a file from a newer program refused untouched. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { StoreFault } from "../../src/ports/journal.ts";
import { openBookings } from "../../src/store/booking-store.ts";
import { type OpenDatabase, openDatabase } from "../../src/store/database.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { tempFolder } from "./temp-folder.ts";

const one = "CREATE TABLE lorries (plate TEXT) STRICT; INSERT INTO lorries VALUES ('123AB02')";
const two = "ALTER TABLE lorries ADD COLUMN country TEXT";
const three = "UPDATE lorries SET country = 'KZ'";

function open(path: string, migrations: readonly string[]): OpenDatabase {
    const db = openDatabase(path, migrations, 50);
    onTestFinished(() => {
        db.close();
    });
    return db;
}

describe("openDatabase", () => {
    test("makes folder and file, flushes every commit and minds foreign keys", () => {
        const db = open(join(tempFolder(), "deep/state.db"), [one]);
        const pragma = (name: string): unknown => db.pragma(name, { simple: true });
        expect([pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")]).toEqual(["wal", 2, 1]);
        expect(pragma("user_version")).toBe(1);
    });

    test("brings an older file up to date, step by step, and leaves a copy of it beside", () => {
        const path = join(tempFolder(), "state.db");
        open(path, [one]).close();
        const db = open(path, [one, two, three]);
        expect(db.prepare("SELECT * FROM lorries").all()).toEqual([{ plate: "123AB02", country: "KZ" }]);
        expect(db.pragma("user_version", { simple: true })).toBe(3);
        const copy = open(`${path}.schema-1`, [one]);
        expect(copy.prepare("SELECT * FROM lorries").all()).toEqual([{ plate: "123AB02" }]);
    });

    test("a migration that fails changes nothing, and can be tried again", () => {
        const path = join(tempFolder(), "state.db");
        open(path, [one]).close();
        expect(() => open(path, [one, two, "INSERT INTO nowhere VALUES (1)"])).toThrow("nowhere");
        expect(open(path, [one]).prepare("SELECT * FROM lorries").all()).toEqual([{ plate: "123AB02" }]);
        expect(open(path, [one, two, three]).pragma("user_version", { simple: true })).toBe(3);
    });

    test("no copy is made of a new file or of one that is up to date", () => {
        const path = join(tempFolder(), "state.db");
        open(path, [one]).close();
        open(path, [one]).close();
        expect(existsSync(`${path}.schema-0`)).toBe(false);
        expect(existsSync(`${path}.schema-1`)).toBe(false);
    });

    test.each([
        ["journal.db", openJournal],
        ["bookings.db", openBookings],
    ])("a %s from a newer program is refused and stays as it is", (file, openStore) => {
        const folder = tempFolder();
        openStore(folder).close();
        const raw = new Database(join(folder, file));
        raw.pragma("user_version = 99");
        raw.close();
        const before = readFileSync(join(folder, file));
        const error = faultOf(() => openStore(folder));
        expect(error.code).toBe("DATABASE_TOO_NEW");
        expect(error.message).toMatch(/schema 99 .* knows \d+\. Install the newer kordon again/);
        expect(readFileSync(join(folder, file))).toEqual(before);
    });

    test.each([
        ["journal.db", openJournal],
        ["bookings.db", openBookings],
    ])("a %s that is no database is a fault that says what to do", (file, openStore) => {
        const folder = tempFolder();
        writeFileSync(join(folder, file), "SQLite format 3? Not at all. ".repeat(400));
        const error = faultOf(() => openStore(folder));
        expect(error.code).toBe("DATABASE_CORRUPT");
        expect(error.message).toContain(file);
        expect(error.message).toContain("keep a copy of the file");
    });
});

function faultOf(act: () => unknown): StoreFault {
    try {
        act();
    } catch (error) {
        if (error instanceof StoreFault) return error;
        throw error;
    }
    throw new Error("no fault");
}
