/** The box's side of the link in a test: the real store in a folder of its own, the real link, everything told kept. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CentralLink, type CentralLinkOptions } from "../../src/central/central-link.ts";
import { LINK_LIMITS, type LinkLimits } from "../../src/central/link-limits.ts";
import type { FactDraft } from "../../src/core/fact/fact.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { type BookingStore, openBookings } from "../../src/store/booking-store.ts";
import { BookingWriter } from "../../src/store/booking-writer.ts";
import { type JournalStore, openJournal } from "../../src/store/journal-store.ts";
import { SITE } from "./central-child.ts";
import { Condition } from "./condition.ts";

export const QUICK: LinkLimits = {
    ...LINK_LIMITS,
    connection: { ...LINK_LIMITS.connection, willDelayS: 0, backOff: { firstMs: 20, longestMs: 100 } },
    drain: { ...LINK_LIMITS.drain, silentMsMax: 400, backOff: { firstMs: 20, longestMs: 100 } },
    lists: { ...LINK_LIMITS.lists, askMs: 200, partMsMax: 200, troubleBackOff: { firstMs: 20, longestMs: 200 } },
};

export interface Told {
    readonly is: string;
    readonly what: readonly unknown[];
}

export class SiteBox {
    readonly journal: JournalStore;
    readonly list: BookingStore;
    readonly link: CentralLink;
    readonly told: Told[] = [];
    readonly #writer: BookingWriter;
    readonly #condition = new Condition();
    readonly #cancelLook: () => void;

    constructor(
        url: string,
        options: Partial<CentralLinkOptions> = {},
        folder = mkdtempSync(join(tmpdir(), "kordon-box-")),
    ) {
        this.journal = openJournal(folder);
        this.list = openBookings(folder);
        this.#writer = new BookingWriter(folder);
        const tell =
            (is: string) =>
            (...what: readonly unknown[]): void => {
                this.told.push({ is, what });
                this.#condition.poke();
            };
        this.link = new CentralLink({
            site: SITE,
            broker: { url, clientId: `kordon-${SITE}` },
            outbox: this.journal,
            quarantine: this.journal,
            list: this.list,
            writer: this.#writer,
            clock: systemClock,
            random: Math.random,
            runId: crypto.randomUUID().replaceAll("-", ""),
            software: "kordon test",
            isClockTrusted: () => true,
            nonces: this.journal,
            isSwitchedOn: () => true,
            onCommand: async () => ({ outcome: "done" }),
            limits: QUICK,
            on: {
                factWithheld: tell("factWithheld"),
                commandRefused: tell("commandRefused"),
                listAnew: tell("listAnew"),
                messageRefused: tell("messageRefused"),
                listChanged: tell("listChanged"),
                listTrouble: tell("listTrouble"),
                storeFault: tell("storeFault"),
            },
            ...options,
        });
        // What nobody tells, such as the age of the list, is looked at anew every few milliseconds.
        this.#cancelLook = systemClock.every(5, () => this.#condition.poke());
    }

    commit(count: number, data: FactDraft["data"] = {}): void {
        const facts = Array.from({ length: count }, (_, i): FactDraft => {
            return { kind: "alarm.raised", lane: "lane-1", data: { code: "TEST", n: i, ...data } };
        });
        const committed = this.journal.commit({ facts }, { utcMs: systemClock.utcMs(), isClockTrusted: true });
        this.link.wake(committed);
    }

    async until(what: string, look: () => boolean): Promise<void> {
        await this.#condition.until(what, look).catch((error: unknown) => {
            throw new Error(`${error}; told so far: ${JSON.stringify(this.told.slice(-5))}`);
        });
    }

    async close(): Promise<void> {
        this.#cancelLook();
        await this.link.stop();
        await this.#writer.close();
        this.list.close();
        this.journal.close();
    }
}
