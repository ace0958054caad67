/**
 * Carries facts from the outbox to the broker: in order, at least once, with two windows. The first is what the
 * broker has not taken yet (PUBACK), the second what the central system has not stored yet (`ack`), since a PUBACK
 * does not mean that anybody wrote the fact down. A row leaves the outbox for one reason only: an `ack` that names it.
 */

import type { Fact } from "../core/fact/fact.ts";
import { type FactEvent, factEvent, withheldEvent } from "../core/fact/fact-event.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Outbox } from "../ports/journal.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import type { BrokerSession, OutgoingMessage } from "./broker-session.ts";
import { blameOf, isBlamedOnPacket } from "./reason-code.ts";

export interface DrainLimits {
    /** Facts given to the broker and not taken by it yet; the broker's own receive maximum may be lower. */
    readonly inFlightMax: number;
    /** Facts taken by the broker and not acknowledged by the central system yet; below the broker's queue length. */
    readonly unconfirmedMax: number;
    /** Larger events are withheld, whatever the broker would take. */
    readonly eventBytesMax: number;
    /** Nothing heard for so long while facts are outstanding: start anew from the lowest one. */
    readonly silentMsMax: number;
    readonly backOff: BackOff;
}

export interface DrainOptions {
    readonly site: string;
    readonly topic: string;
    /** Facts that would have to wait behind a backlog go here too, at once. */
    readonly liveTopic: string;
    readonly outbox: Outbox;
    readonly clock: Clock;
    readonly random: () => number;
    readonly limits: DrainLimits;
    /** A fact cannot be carried: a stand-in goes out, the fact goes to quarantine. */
    readonly onWithheld: (sequence: number, reason: string) => void;
    /** The disk refused; the drain tries again by itself. */
    readonly onStoreFault: (error: unknown) => void;
}

const CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";
/** Room for the fixed header, topic length, packet id and properties of a PUBLISH. */
const PACKET_OVERHEAD_BYTES = 128;
/** Facts read from the disk at once: about a millisecond of the lanes' thread. */
const READ_MAX = 64;
/** Facts told at once after a time in which nobody could be told anything. */
const HEAD_STARTS_MAX = 100;
/** A central system that stays away is sent everything again after 1, 2, 4 … 128 times the silent time. */
const LONGEST_SILENCE_DOUBLINGS = 7;

export class OutboxDrain {
    readonly #options: DrainOptions;
    #session: BrokerSession | undefined;
    /** Highest sequence given to the broker in this round; a round begins at the lowest row of the outbox. */
    #published = 0;
    /** Highest sequence of which everything up to it has left the outbox, as far as this round has seen. */
    #confirmed = 0;
    readonly #inFlight = new Set<number>();
    /** Read and not yet published, highest first. */
    #ahead: Fact[] = [];
    /** Nothing is in the outbox behind what was read. */
    #isAllRead = false;
    /** Made since this process began, and not told to anybody yet. */
    #newest: readonly Fact[] = [];
    /** Facts that travel as a stand-in, with the reason; they enter quarantine when the stand-in is acknowledged. */
    readonly #withheld = new Map<number, string>();
    /** Up to here one at a time: one of these made the broker end the connection. */
    #isolateUpTo = 0;
    /** One at a time until the broker has taken one for somebody: at first, and when nobody listened. */
    #isProbing = true;
    #isNobodyThere = false;
    /** Refused with a code that may blame the fact or the broker: the broker is asked once more after taking another. */
    #suspect: { readonly sequence: number; tookAnother: boolean } | undefined;
    /** Nothing is published while a round waits to begin anew. */
    #isHeld = false;
    #cancelHold: Cancel = () => undefined;
    #cancelWatch: Cancel | undefined;
    #silentRounds = 0;
    #holds = 0;
    #ignoredAcks = 0;

    constructor(options: DrainOptions) {
        this.#options = options;
    }

    attach(session: BrokerSession): void {
        this.#session = session;
        this.#holds = 0;
        this.#isProbing = true;
        this.#beginRound();
    }

    /** The connection ended; `reasonCode` as the broker gave it. */
    detach(reasonCode: number | undefined): void {
        if (this.#session === undefined) return;
        this.#session = undefined;
        if (reasonCode !== undefined && isBlamedOnPacket(reasonCode)) this.#suspectInFlight(reasonCode);
        this.#inFlight.clear();
        this.#cancelHold();
        this.#cancelWatch?.();
        this.#cancelWatch = undefined;
    }

    /** New facts were committed. Those that now stand behind a backlog are told at once beside it; their turn comes as well. */
    wake(facts: readonly Fact[] = []): void {
        this.#isAllRead = false;
        this.#newest = [...this.#newest, ...facts].slice(-HEAD_STARTS_MAX);
        this.#pump();
    }

    /** The newest facts, as far as they have a backlog before them: who looks at the site now need not wait for all of it. */
    #giveHeadStarts(session: BrokerSession): void {
        for (const fact of this.#newest) if (fact.sequence > this.#published) this.#headStart(session, fact);
        this.#newest = [];
    }

    #headStart(session: BrokerSession, fact: Fact): void {
        const { liveTopic } = this.#options;
        const message = this.#wholeEvent(fact);
        if (message.payload.byteLength > this.#eventBytesMax(session, liveTopic)) return;
        session.publish({ ...message, topic: liveTopic, isFleeting: true });
    }

    /** The central system was heard: where it missed facts, they go out again now and not after the long silence. */
    heard(): void {
        if (!this.isUnheard() || this.#inFlight.size > 0) return;
        this.#cancelHold();
        this.#beginRound();
    }

    /** True after a whole silent time without any acknowledgement, or when nobody is there to receive the facts. */
    isUnheard(): boolean {
        return this.#silentRounds > 0 || this.#isNobodyThere;
    }

    /** Acknowledgements that named no waiting fact: old, repeated, of another journal, or from the future. */
    ignoredAcks(): number {
        return this.#ignoredAcks;
    }

    /** The central system says that it has stored everything up to this fact; `hash` proves that it means this one. */
    acknowledge(upTo: number, hash: string): void {
        this.#guard(() => {
            const [fact] = this.#options.outbox.pending(upTo - 1, 1);
            if (fact?.sequence !== upTo || fact.hash !== hash) {
                this.#ignoredAcks += 1;
                return;
            }
            for (const [sequence, reason] of this.#withheld) {
                if (sequence > upTo) continue;
                this.#options.outbox.quarantine(sequence, reason);
                this.#withheld.delete(sequence);
            }
            this.#options.outbox.acknowledge(upTo);
            this.#confirmed = Math.max(this.#confirmed, upTo);
            if (this.#suspect !== undefined && this.#suspect.sequence <= upTo) this.#suspect = undefined;
            this.#silentRounds = 0;
            this.#holds = 0;
            this.#watch();
            this.#pump();
        });
    }

    #beginRound(): void {
        this.#isHeld = false;
        this.#published = 0;
        this.#confirmed = 0;
        this.#ahead = [];
        this.#isAllRead = false;
        this.#pump();
    }

    /** Fills the windows, then tells the newest facts where older ones still wait. */
    #pump(): void {
        const session = this.#session;
        if (session === undefined || this.#isHeld) return;
        this.#fill(session);
        if (!this.#isProbing && this.#newest.length > 0) this.#giveHeadStarts(session);
    }

    /**
     * One fact goes out for each PUBACK that comes in. A burst and a pause for each half window would be simpler, and ten
     * times as slow: in the pause the broker's kernel holds its small packets back until ours has confirmed the last (RFC 896).
     */
    #fill(session: BrokerSession): void {
        this.#guard(() => {
            const before = this.#published;
            while (this.#inFlight.size < this.#window(session) && this.#roomAhead() > 0) {
                const fact = this.#next();
                if (fact === undefined) break;
                if (this.#published === 0) this.#confirmed = Math.max(this.#confirmed, fact.sequence - 1);
                this.#publish(session, fact);
            }
            if (this.#published > before) this.#watch();
        });
    }

    #window(session: BrokerSession): number {
        const isSingly = this.#isProbing || this.#published < this.#isolateUpTo;
        return isSingly ? 1 : Math.min(this.#options.limits.inFlightMax, session.inFlightMax);
    }

    #next(): Fact | undefined {
        if (this.#ahead.length === 0 && !this.#isAllRead) {
            const limit = Math.min(READ_MAX, this.#roomAhead());
            this.#ahead = [...this.#options.outbox.pending(this.#published, limit)].reverse();
            this.#isAllRead = this.#ahead.length < limit;
        }
        return this.#ahead.pop();
    }

    #roomAhead(): number {
        if (this.#published === 0) return this.#options.limits.unconfirmedMax;
        return this.#options.limits.unconfirmedMax - (this.#published - this.#confirmed);
    }

    #publish(session: BrokerSession, fact: Fact): void {
        const { sequence } = fact;
        this.#published = sequence;
        this.#inFlight.add(sequence);
        session.publish(this.#message(session, fact), (reasonCode) => {
            if (session !== this.#session) return;
            this.#inFlight.delete(sequence);
            this.#watch();
            this.#answered(sequence, reasonCode);
            this.#pump();
        });
    }

    #message(session: BrokerSession, fact: Fact): OutgoingMessage {
        const { site, topic } = this.#options;
        const known = this.#withheld.get(fact.sequence);
        if (known !== undefined) return this.#carrying(withheldEvent(site, fact, known));
        const whole = this.#wholeEvent(fact);
        const bytesMax = this.#eventBytesMax(session, topic);
        if (whole.payload.byteLength <= bytesMax) return whole;
        const reason = `event of ${whole.payload.byteLength} bytes, at most ${bytesMax} can be sent`;
        this.#withhold(fact.sequence, reason);
        return this.#carrying(withheldEvent(site, fact, reason));
    }

    #wholeEvent(fact: Fact): OutgoingMessage {
        return this.#carrying(factEvent(this.#options.site, fact));
    }

    #carrying(event: FactEvent): OutgoingMessage {
        return {
            topic: this.#options.topic,
            payload: Buffer.from(JSON.stringify(event)),
            contentType: CONTENT_TYPE,
        };
    }

    #eventBytesMax(session: BrokerSession, topic: string): number {
        return Math.min(
            this.#options.limits.eventBytesMax,
            session.packetBytesMax - topic.length - PACKET_OVERHEAD_BYTES,
        );
    }

    #answered(sequence: number, reasonCode: number): void {
        const blame = blameOf(reasonCode);
        this.#isNobodyThere = blame === "nobody";
        this.#isProbing = this.#isNobodyThere;
        const isSuspect = this.#suspect?.sequence === sequence;
        if (blame === "none") {
            if (isSuspect) this.#suspect = undefined;
            else if (this.#suspect !== undefined) this.#suspect.tookAnother = true;
            return;
        }
        const isProven = isSuspect && this.#suspect?.tookAnother === true;
        if (blame === "fact" || (blame === "unclear" && isProven)) {
            this.#withhold(sequence, `the broker refused it with reason code 0x${reasonCode.toString(16)}`);
        } else if (blame === "unclear") this.#suspect ??= { sequence, tookAnother: false };
        this.#hold();
    }

    /** The broker ended the connection over a packet: with one fact in flight it is that one, else they go singly. */
    #suspectInFlight(reasonCode: number): void {
        const [only, ...others] = this.#inFlight;
        if (only === undefined) return;
        if (others.length === 0) {
            this.#withhold(only, `the broker ended the connection with reason code 0x${reasonCode.toString(16)}`);
        }
        this.#isolateUpTo = Math.max(this.#isolateUpTo, only, ...others);
    }

    #withhold(sequence: number, reason: string): void {
        if (this.#withheld.has(sequence)) return;
        this.#withheld.set(sequence, reason);
        this.#options.onWithheld(sequence, reason);
    }

    /** Stops publishing; a new round begins when the waiting time is over and the broker has answered for the rest. */
    #hold(): void {
        if (this.#isHeld) return;
        this.#isHeld = true;
        const { clock, limits, random } = this.#options;
        const resume = (): void => {
            if (this.#inFlight.size === 0) this.#beginRound();
            else this.#cancelHold = clock.after(limits.backOff.firstMs, resume);
        };
        this.#cancelHold = clock.after(backOffMs(limits.backOff, this.#holds, random), resume);
        this.#holds += 1;
    }

    /** Restarts the silence watch while anything is outstanding; any PUBACK or acknowledgement counts as a sound. */
    #watch(): void {
        this.#cancelWatch?.();
        this.#cancelWatch = undefined;
        if (this.#session === undefined || this.#published <= this.#confirmed) return;
        const { clock, limits } = this.#options;
        const doublings = this.#inFlight.size > 0 ? 0 : Math.min(this.#silentRounds, LONGEST_SILENCE_DOUBLINGS);
        const waitMs = limits.silentMsMax * 2 ** doublings;
        this.#cancelWatch = clock.after(waitMs, () => {
            this.#silentRounds += 1;
            if (this.#inFlight.size > 0) this.#session?.drop("the broker stopped acknowledging");
            else this.#beginRound();
        });
    }

    #guard(act: () => void): void {
        try {
            act();
        } catch (error) {
            this.#options.onStoreFault(error);
            this.#hold();
        }
    }
}
