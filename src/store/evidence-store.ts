/**
 * Photographs kept as evidence: files named by their SHA-256 below `evidence/YYYY-MM-DD/`, and a row each in `journal.db`.
 * The row is written before the file and removed after it, so that no photograph can lie there without retention knowing.
 */
import { hash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Statement } from "better-sqlite3";
import type { EvidenceKeeper, NewEvidence } from "../ports/evidence-keeper.ts";
import type { OpenDatabase } from "./database.ts";
import { JOURNAL_FILE, openJournalDatabase } from "./journal-schema.ts";
import { guard, toStoreFault } from "./store-errors.ts";

export interface EvidenceItem {
    /** Lower-case hex; events refer to the photograph by it. */
    readonly sha256: string;
    readonly kind: "frame" | "plate";
    readonly passage: string;
    readonly camera: string;
    readonly bytes: number;
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
}

export interface EvidenceLimits {
    readonly bytesMax: number;
    readonly ageMsMax: number;
}

/** Opens the evidence of a state folder. It has a connection of its own, so it may be used beside an open journal. */
export function openEvidence(folder: string, limits: EvidenceLimits): EvidenceStore {
    return new EvidenceStore(openJournalDatabase(folder), join(folder, "evidence"), limits);
}

export class EvidenceStore implements EvidenceKeeper {
    readonly #db: OpenDatabase;
    readonly #folder: string;
    readonly #limits: EvidenceLimits;
    readonly #sql: Statements;
    #totalBytes: number;
    /** Settles when the last change asked for is done; changes go one after the other. */
    #lastChange: Promise<unknown> = Promise.resolve();

    constructor(db: OpenDatabase, folder: string, limits: EvidenceLimits) {
        this.#db = db;
        this.#folder = folder;
        this.#limits = limits;
        this.#sql = guard(JOURNAL_FILE, () => prepare(db));
        this.#totalBytes = guard(JOURNAL_FILE, () => this.#sql.totalBytes.get() ?? 0);
    }

    /**
     * Keeps a photograph; resolves when the file is on the disk. The same photograph of the same passage is kept once.
     * Rejects with `StoreFault`; then neither file nor row is there.
     */
    keep(photograph: NewEvidence): Promise<EvidenceItem> {
        return this.#inTurn(() => this.#keep(photograph));
    }

    async #keep({ jpeg, ...about }: NewEvidence): Promise<EvidenceItem> {
        const item = { ...about, sha256: hash("sha256", jpeg), bytes: jpeg.byteLength };
        const kept = guard(JOURNAL_FILE, () => this.#sql.find.get(item.passage, item.sha256));
        if (kept === undefined) {
            guard(JOURNAL_FILE, () => this.#sql.add.run(toRow(item)));
            this.#totalBytes += item.bytes;
        }
        try {
            await writeDurably(this.#pathOf(kept ?? item), jpeg);
        } catch (error) {
            await this.#forget(kept ?? item).catch(() => undefined); // What stays behind has its row, so retention finds it.
            throw toStoreFault("evidence", error);
        }
        return kept === undefined ? item : toItem(kept);
    }

    /** All photographs of a passage, oldest first. */
    ofPassage(passage: string): readonly EvidenceItem[] {
        return guard(JOURNAL_FILE, () => this.#sql.ofPassage.all(passage).map(toItem));
    }

    /** The JPEG with this hash, or undefined when it is not (or no longer) kept or its bytes were altered. */
    async read(sha256: string): Promise<Uint8Array | undefined> {
        for (const item of guard(JOURNAL_FILE, () => this.#sql.byHash.all(sha256))) {
            const jpeg = await readFile(this.#pathOf(item)).catch(() => undefined);
            if (jpeg !== undefined && hash("sha256", jpeg) === sha256) return jpeg;
        }
        return undefined;
    }

    totalBytes(): number {
        return this.#totalBytes;
    }

    /**
     * Deletes what is too old and then the oldest until the rest fits, and returns what went; the caller commits that as
     * a fact. Age counts from a trusted clock; what was kept without one goes by its place among the others. Call it with
     * a trusted clock only: one that runs ahead would delete everything.
     */
    prune(nowUtcMs: number): Promise<readonly EvidenceItem[]> {
        return this.#inTurn(() => this.#prune(nowUtcMs));
    }

    async #prune(nowUtcMs: number): Promise<readonly EvidenceItem[]> {
        const { ageMsMax, bytesMax } = this.#limits;
        const lastTooOld = guard(JOURNAL_FILE, () => this.#sql.lastBefore.get(nowUtcMs - ageMsMax)) ?? 0;
        const deleted: EvidenceItem[] = [];
        for (;;) {
            const oldest = guard(JOURNAL_FILE, () => this.#sql.oldest.get());
            if (oldest === undefined) return deleted;
            if (oldest.number > lastTooOld && this.#totalBytes <= bytesMax) return deleted;
            await this.#forget(oldest);
            deleted.push(toItem(oldest));
        }
    }

    /** After the changes already asked for. */
    async close(): Promise<void> {
        await this.#inTurn(async () => guard(JOURNAL_FILE, () => this.#db.close()));
    }

    #inTurn<T>(act: () => Promise<T>): Promise<T> {
        const change = this.#lastChange.then(act);
        this.#lastChange = change.catch(() => undefined);
        return change;
    }

    /** Takes the row away; the file only where no other passage refers to it. */
    async #forget({ passage, sha256, utcMs }: Named): Promise<void> {
        const path = this.#pathOf({ sha256, utcMs });
        const others = guard(JOURNAL_FILE, () => this.#sql.byHash.all(sha256));
        if (!others.some((other) => other.passage !== passage && this.#pathOf(other) === path)) {
            await removeFile(path);
            await removeFile(temporary(path));
            await rmdir(dirname(path)).catch(() => undefined); // Only goes when it was the day's last one.
        }
        this.#totalBytes -= guard(JOURNAL_FILE, () => this.#sql.remove.get(passage, sha256)) ?? 0;
    }

    #pathOf({ sha256, utcMs }: Pick<Named, "sha256" | "utcMs">): string {
        return join(this.#folder, DAY.format(utcMs), `${sha256}.jpg`);
    }
}

/** As much as it takes to find a photograph. */
type Named = Pick<EvidenceItem, "passage" | "sha256" | "utcMs">;

interface Row extends Omit<EvidenceItem, "isClockTrusted"> {
    readonly isClockTrusted: number;
}

interface NumberedRow extends Row {
    readonly number: number;
}

function toRow(item: EvidenceItem): Row {
    return { ...item, isClockTrusted: item.isClockTrusted ? 1 : 0 };
}

function toItem({ sha256, kind, passage, camera, bytes, utcMs, isClockTrusted }: Row): EvidenceItem {
    return { sha256, kind, passage, camera, bytes, utcMs, isClockTrusted: isClockTrusted === 1 };
}

/** `YYYY-MM-DD`: the Swedish way to write a date. */
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "UTC", year: "numeric", month: "2-digit", day: "2-digit" });

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    const file = await open(temporary(path), "w", 0o640);
    try {
        await file.writeFile(bytes);
        await file.sync();
    } finally {
        await file.close();
    }
    await rename(temporary(path), path);
    const folder = await open(dirname(path), "r");
    await folder.sync().finally(() => folder.close());
}

/** Also content when a part of the way to it is not there, or not a folder. */
async function removeFile(path: string): Promise<void> {
    await rm(path, { force: true }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOTDIR") throw error;
    });
}

function temporary(path: string): string {
    return `${path}.part`;
}

type Statements = ReturnType<typeof prepare>;

function prepare(db: OpenDatabase) {
    const columns = "number, sha256, kind, passage, camera, bytes, utc_ms AS utcMs, is_clock_trusted AS isClockTrusted";
    const rows = <Parameters extends unknown[]>(rest: string): Statement<Parameters, NumberedRow> =>
        db.prepare(`SELECT ${columns} FROM evidence ${rest}`);
    return {
        add: db.prepare<[Row]>(
            `INSERT INTO evidence (sha256, kind, passage, camera, bytes, utc_ms, is_clock_trusted)
             VALUES (@sha256, @kind, @passage, @camera, @bytes, @utcMs, @isClockTrusted)`,
        ),
        find: rows<[string, string]>("WHERE passage = ? AND sha256 = ?"),
        remove: db
            .prepare<[string, string], number>("DELETE FROM evidence WHERE passage = ? AND sha256 = ? RETURNING bytes")
            .pluck(),
        ofPassage: rows<[string]>("WHERE passage = ? ORDER BY number"),
        byHash: rows<[string]>("WHERE sha256 = ?"),
        oldest: rows<[]>("ORDER BY number LIMIT 1"),
        lastBefore: db
            .prepare<[number], number | null>(
                "SELECT max(number) FROM evidence WHERE utc_ms < ? AND is_clock_trusted = 1",
            )
            .pluck(),
        totalBytes: db.prepare<[], number>("SELECT coalesce(sum(bytes), 0) FROM evidence").pluck(),
    };
}
