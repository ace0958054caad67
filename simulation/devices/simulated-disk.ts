/**
 * The state folder's disk with faults that can be switched on: the real SQLite stores stand on it, and refuse at their ports
 * what a real disk would refuse. A daemon can also be made to die inside a commit, before or after it is durable.
 */
import { hash } from "node:crypto";
import type { Random } from "../../simulators/world/random.ts";
import type { Fact } from "../../src/core/fact/fact.ts";
import type { PlateKey } from "../../src/core/plate/plate-key.ts";
import type {
    BookingListWriter,
    ListDelta,
    ListOutcome,
    ListSnapshot,
    ListVersion,
} from "../../src/ports/booking-list.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { StoreFault, type StoreFaultCode } from "../../src/ports/journal.ts";
import { BookingListUpdate } from "../../src/store/booking-list-update.ts";
import { openBookingDatabase } from "../../src/store/booking-schema.ts";
import { BookingStore } from "../../src/store/booking-store.ts";
import { LOCK_WAIT_MS, type OpenDatabase } from "../../src/store/database.ts";
import { genesisHash } from "../../src/store/fact-chain.ts";
import { openJournalDatabase } from "../../src/store/journal-schema.ts";
import { JournalStore } from "../../src/store/journal-store.ts";

type JournalEntry = Parameters<JournalStore["commit"]>[0];
type CommitTime = Parameters<JournalStore["commit"]>[1];

/** Ends the run of the daemon in which it is thrown; nothing in `src/` knows it, so nothing catches it for good. */
export class SuddenDeath extends Error {
    constructor() {
        super("the daemon died");
        this.name = "SuddenDeath";
    }
}

/** Where in a commit the daemon dies. */
export type DeathInCommit = "before-commit" | "after-commit";

/** What is wrong with the disk at present, file by file. */
export class SimulatedDisk {
    journal: StoreFaultCode | undefined;
    bookings: StoreFaultCode | undefined;
    deathInCommit: DeathInCommit | undefined;
    /** A fault is said the same way every time; making an error anew for every tick of it costs more than the tick. */
    readonly #said = new Map<string, StoreFault>();
    /** Every fact the moment it is durable, also when the daemon never learns that it was. */
    readonly onDurable: (facts: readonly Fact[]) => void;

    constructor(onDurable: (facts: readonly Fact[]) => void) {
        this.onDurable = onDurable;
    }

    demand(file: "journal" | "bookings"): void {
        const code = this[file];
        if (code === undefined) return;
        const key = `${file}.db: simulated ${code}`;
        const fault = this.#said.get(key) ?? new StoreFault(code, key);
        this.#said.set(key, fault);
        throw fault;
    }
}

/** The journal's name comes from the seed, so that equal seeds give equal ids and hashes. */
export function openSimulatedJournal(folder: string, disk: SimulatedDisk, seed: string): SimulatedJournal {
    const db = openJournalDatabase(folder);
    db.pragma("locking_mode = EXCLUSIVE"); // Nobody looks into it while the daemon lives.
    const id = hash("sha256", seed).slice(0, 20);
    db.prepare("INSERT OR IGNORE INTO journal VALUES (1, ?, 0, ?)").run(id, genesisHash(id));
    return new SimulatedJournal(db, disk);
}

export class SimulatedJournal extends JournalStore {
    readonly #disk: SimulatedDisk;

    constructor(db: OpenDatabase, disk: SimulatedDisk) {
        super(db);
        this.#disk = disk;
    }

    override commit(entry: JournalEntry, time: CommitTime): readonly Fact[] {
        const disk = this.#disk;
        if (entry.facts.length === 0 && entry.inputs === undefined) return [];
        disk.demand("journal");
        if (disk.deathInCommit === "before-commit") throw new SuddenDeath();
        const facts = super.commit(entry, time);
        disk.onDurable(facts);
        if (disk.deathInCommit === "after-commit") throw new SuddenDeath();
        return facts;
    }

    /** Most questions come when there is nothing: those need no disk. */
    override pending(after: number, limit: number): readonly Fact[] {
        this.#disk.demand("journal");
        if (after >= this.head().sequence) return [];
        return super.pending(after, limit);
    }

    override acknowledge(sequence: number): number {
        this.#disk.demand("journal");
        return super.acknowledge(sequence);
    }

    override quarantine(sequence: number, reason: string): void {
        this.#disk.demand("journal");
        super.quarantine(sequence, reason);
    }

    override put(source: string, payload: Uint8Array, reason: string, utcMs: number): void {
        this.#disk.demand("journal");
        super.put(source, payload, reason, utcMs);
    }
}

export class SimulatedBookings extends BookingStore {
    readonly #disk: SimulatedDisk;
    #version: ListVersion | undefined;

    constructor(folder: string, disk: SimulatedDisk) {
        super(openBookingDatabase(folder, LOCK_WAIT_MS.lane));
        this.#disk = disk;
    }

    /** Asked for at every tick; the file is looked at again only when the writer has been at it. */
    override version(): ListVersion {
        this.#disk.demand("bookings");
        return this.inForce();
    }

    /** The same for whoever looks over the daemon's shoulder: no fault of the disk keeps it from him. */
    inForce(): ListVersion {
        this.#version ??= super.version();
        return this.#version;
    }

    changed(): void {
        this.#version = undefined;
    }

    override byPlate(key: PlateKey): ReturnType<BookingStore["byPlate"]> {
        this.#disk.demand("bookings");
        return super.byPlate(key);
    }

    override near(key: PlateKey, limit: number): ReturnType<BookingStore["near"]> {
        this.#disk.demand("bookings");
        return super.near(key, limit);
    }

    override byId(id: string): ReturnType<BookingStore["byId"]> {
        this.#disk.demand("bookings");
        return super.byId(id);
    }
}

/** From the order to the answer of the list's own thread. */
const IMPORT_MS = [20, 300] as const;

/** The list's thread, without the thread: the same transactions, some simulated time later, one after the other. */
export class SimulatedListWriter implements BookingListWriter {
    readonly #db: OpenDatabase;
    readonly #update: BookingListUpdate;
    readonly #disk: SimulatedDisk;
    readonly #clock: Clock;
    readonly #random: Random;
    readonly #onChange: () => void;
    #last: Promise<unknown> = Promise.resolve();

    constructor(folder: string, disk: SimulatedDisk, clock: Clock, random: Random, onChange: () => void) {
        this.#db = openBookingDatabase(folder, LOCK_WAIT_MS.background);
        this.#update = new BookingListUpdate(this.#db);
        this.#disk = disk;
        this.#clock = clock;
        this.#random = random;
        this.#onChange = onChange;
    }

    begin(): void {
        this.#update.begin();
    }

    stage(part: string): void {
        this.#update.stage(part);
    }

    replace(snapshot: ListSnapshot): Promise<ListOutcome> {
        return this.#inTurn(() => this.#update.replace(snapshot));
    }

    change(delta: ListDelta): Promise<ListOutcome> {
        return this.#inTurn(() => this.#update.change(delta));
    }

    close(): Promise<void> {
        this.#db.close();
        return Promise.resolve();
    }

    #inTurn(act: () => ListOutcome): Promise<ListOutcome> {
        const outcome = this.#last
            .then(() => this.#clock.sleep(this.#random.between(...IMPORT_MS)))
            .then(() => {
                this.#disk.demand("bookings");
                this.#onChange();
                return act();
            });
        this.#last = outcome.catch(() => undefined);
        return outcome;
    }
}
