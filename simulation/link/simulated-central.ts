/**
 * The central system at the other end: keeps the simulators' own ledger of events and the published list, acknowledges,
 * answers questions, changes bookings when their lorries have entered, and sends commands.
 */

import { EventLedger, type LedgerReport } from "../../simulators/central/event-ledger.ts";
import { PublishedList } from "../../simulators/central/published-list.ts";
import { REGISTRY_STATUS, type WireBooking } from "../../simulators/scenarios/wire-booking.ts";
import type { Random } from "../../simulators/world/random.ts";
import type { OutgoingMessage } from "../../src/central/broker-session.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import type { Downward, SimulatedBroker } from "./simulated-broker.ts";

interface CentralOptions {
    readonly site: string;
    readonly broker: SimulatedBroker;
    readonly clock: VirtualClock;
    readonly random: Random;
    readonly ledgerFile: string;
    readonly bookings: readonly WireBooking[];
    readonly onStatus: (change: StatusChange) => void;
}

/** A booking's state from this version of the list on. */
export interface StatusChange {
    readonly bookingId: string;
    readonly status: string;
    readonly version: number;
}

/** What a command can get wrong on its way; the box must refuse each of these. */
export const COMMAND_FLAWS = ["stale", "early", "repeated", "retained", "long-lived"] as const;
export type CommandFlaw = (typeof COMMAND_FLAWS)[number];

const ACK_MS = [40, 400] as const;
const BOOKINGS_PER_PART = 500;
const LIFETIME_MS = 15_000;
const HOUR_MS = 3_600_000;

export class SimulatedCentral {
    readonly #options: CentralOptions;
    readonly #root: string;
    readonly #ledger: EventLedger;
    readonly #list: PublishedList;
    #isThere = false;
    #isAckPlanned = false;
    #acksToLose = 0;
    #commands = 0;
    #lastCommand: Downward | undefined;

    constructor(options: CentralOptions) {
        this.#options = options;
        this.#root = `kordon/v1/${options.site}/`;
        this.#ledger = new EventLedger(options.ledgerFile);
        // The list knows nothing of a booking but its id and version.
        this.#list = new PublishedList(options.bookings.map((booking) => ({ ...booking })));
        this.arrive();
    }

    arrive(): void {
        this.#isThere = true;
        this.#options.broker.joinCentral({ take: (message) => this.#take(message) });
        this.#ackSoon();
    }

    leave(): void {
        this.#isThere = false;
        this.#options.broker.leaveCentral();
    }

    loseAcks(count: number): void {
        this.#acksToLose += count;
    }

    /** Highest sequence stored. */
    get storedUpTo(): number {
        return this.#ledger.report().upTo;
    }

    report(): LedgerReport {
        return this.#ledger.report();
    }

    close(): void {
        this.#ledger.close();
    }

    /** `flaw` spoils it in one way. */
    command(fields: Readonly<Record<string, unknown>>, flaw?: CommandFlaw): void {
        if (!this.#isThere) return;
        if (flaw === "repeated") {
            if (this.#lastCommand !== undefined) this.#options.broker.say(this.#lastCommand);
            return;
        }
        this.#commands += 1;
        const shiftMs = flaw === "stale" ? -HOUR_MS : flaw === "early" ? HOUR_MS : 0;
        const issuedMs = this.#options.clock.trueUtcMs() + shiftMs;
        const livesMs = flaw === "long-lived" ? HOUR_MS : LIFETIME_MS;
        const nonce = `command-${String(this.#commands).padStart(6, "0")}`;
        const command = {
            nonce,
            issued: new Date(issuedMs).toISOString(),
            expires: new Date(issuedMs + livesMs).toISOString(),
            who: "centre-duty",
            why: "requested by the central system",
            ...fields,
        };
        this.#lastCommand = {
            topic: `${this.#root}commands`,
            payload: Buffer.from(JSON.stringify(command)),
            isRetained: flaw === "retained",
            retain: false,
            responseTopic: `${this.#root}answers/central`,
            correlation: Buffer.from(nonce),
        };
        this.#options.broker.say(this.#lastCommand);
    }

    #take({ topic, payload }: OutgoingMessage): void {
        const text = Buffer.from(payload).toString();
        if (topic === `${this.#root}events`) {
            this.#ledger.take(text);
            this.#noteEntry(text);
            this.#ackSoon();
        } else if (topic === `${this.#root}requests`) this.#answer(JSON.parse(text));
    }

    /** The booking of a lorry that has gone in is used up for everybody else. */
    #noteEntry(text: string): void {
        if (!text.includes('"kz.kordon.passage.completed.v1"')) return;
        const { data } = JSON.parse(text) as {
            readonly data: { readonly means?: string; readonly bookingId?: string };
        };
        const booking = this.#list.booking(data.bookingId ?? "");
        const status = data.means === "crossed" ? REGISTRY_STATUS.crossed : REGISTRY_STATUS.entered;
        if (booking === undefined || booking["status"] === status) return;
        if (data.means !== "entered" && data.means !== "crossed") return;
        const delta = this.#list.change([{ ...booking, status, version: booking.version + 1 }], []);
        this.#options.onStatus({ bookingId: booking.id, status, version: delta.to });
        this.#say("bookings/delta", delta);
    }

    #ackSoon(): void {
        if (this.#isAckPlanned) return;
        this.#isAckPlanned = true;
        this.#options.clock.after(this.#options.random.between(...ACK_MS), () => {
            this.#isAckPlanned = false;
            if (!this.#isThere) return;
            const stored = this.#ledger.flush();
            if (stored === undefined) return;
            if (this.#acksToLose > 0) this.#acksToLose -= 1;
            else this.#say("ack", stored, true);
        });
    }

    #answer(request: { ref: string; have: { version: number; hash: string }; wants: string }): void {
        const { ref, have, wants } = request;
        const deltas = wants === "changes" ? this.#list.deltasSince(have.version, have.hash) : undefined;
        if (deltas !== undefined) for (const delta of deltas) this.#say("bookings/delta", delta);
        else for (const part of this.#list.snapshot(BOOKINGS_PER_PART)) this.#say("bookings/snapshot", part);
        this.#say("bookings/version", { version: this.#list.version, hash: this.#list.hash, ref });
    }

    #say(topic: string, message: object, retain = false): void {
        if (!this.#isThere) return;
        const payload = Buffer.from(JSON.stringify(message));
        this.#options.broker.say({ topic: `${this.#root}${topic}`, payload, isRetained: false, retain });
    }
}
