/**
 * What the central system of many sites has stored: each site's facts in the order of their sequence, in one file that is
 * flushed before anything is acknowledged. Facts that come ahead of their turn wait in memory.
 */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { hashOfEvent, type LedgerEvent, parseEvent } from "../event-ledger.ts";

interface SiteAccount {
    readonly journal: string;
    upTo: number;
    hash: string;
    /** By sequence. */
    readonly ahead: Map<number, { readonly event: LedgerEvent; readonly payload: string }>;
}

export interface Acknowledgement {
    readonly upTo: number;
    readonly hash: string;
}

export class FleetLedger {
    readonly #file: number;
    readonly #unwritten: string[] = [];
    readonly #accounts = new Map<string, SiteAccount>();
    readonly #moved = new Set<string>();
    stored = 0;
    repeated = 0;
    brokenHashes = 0;
    malformed = 0;

    constructor(path: string) {
        this.#file = openSync(path, "a", 0o640);
    }

    get sites(): number {
        return this.#accounts.size;
    }

    get ahead(): number {
        let ahead = 0;
        for (const account of this.#accounts.values()) ahead += account.ahead.size;
        return ahead;
    }

    /** Takes one payload of the site's `events`. */
    take(site: string, payload: string): LedgerEvent | undefined {
        const event = parseEvent(payload);
        if (event === undefined) {
            this.malformed += 1;
            return undefined;
        }
        const account = this.#accountOf(site, event);
        const sequence = Number(event.sequence);
        if (sequence <= account.upTo || account.ahead.has(sequence)) {
            this.repeated += 1;
            // Who repeats has not heard the acknowledgement.
            this.#moved.add(site);
            return event;
        }
        account.ahead.set(sequence, { event, payload });
        for (let next = account.ahead.get(account.upTo + 1); next !== undefined; ) {
            account.ahead.delete(account.upTo + 1);
            this.#store(account, next);
            next = account.ahead.get(account.upTo + 1);
        }
        this.#moved.add(site);
        return event;
    }

    /** Puts everything in its place on the disk, then says what may be acknowledged since the last time. */
    flush(): ReadonlyMap<string, Acknowledgement> {
        if (this.#unwritten.length > 0) {
            writeSync(this.#file, this.#unwritten.splice(0).join(""));
            fsyncSync(this.#file);
        }
        const acknowledged = new Map<string, Acknowledgement>();
        for (const site of this.#moved) {
            const account = this.#accounts.get(site);
            if (account !== undefined && account.upTo > 0) {
                acknowledged.set(site, { upTo: account.upTo, hash: account.hash });
            }
        }
        this.#moved.clear();
        return acknowledged;
    }

    close(): void {
        closeSync(this.#file);
    }

    #store(account: SiteAccount, { event, payload }: { event: LedgerEvent; payload: string }): void {
        const isLinked = account.upTo === 0 || event.previoushash === account.hash;
        if (!isLinked || hashOfEvent(event) !== event.hash) this.brokenHashes += 1;
        account.upTo += 1;
        account.hash = event.hash;
        this.stored += 1;
        this.#unwritten.push(`${payload}\n`);
    }

    #accountOf(site: string, { id }: LedgerEvent): SiteAccount {
        const journal = id.slice(0, id.lastIndexOf("-"));
        const known = this.#accounts.get(site);
        if (known?.journal === journal) return known;
        const account: SiteAccount = { journal, upTo: 0, hash: "", ahead: new Map() };
        this.#accounts.set(site, account);
        return account;
    }
}
