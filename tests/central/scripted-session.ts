/** A connection to a broker that does what the test says: it takes messages and answers none of them by itself. */
import type { BrokerSession, OutgoingMessage } from "../../src/central/broker-session.ts";

export interface SentEvent {
    readonly id: string;
    readonly type: string;
    readonly sequence: string;
    readonly hash: string;
    readonly data: Record<string, unknown>;
}

interface Sent {
    readonly message: OutgoingMessage;
    readonly onPuback: ((reasonCode: number) => void) | undefined;
}

export class ScriptedSession implements BrokerSession {
    readonly inFlightMax: number;
    readonly packetBytesMax: number;
    readonly sent: Sent[] = [];
    dropped: string | undefined;
    #answered = 0;

    constructor(limits: { readonly inFlightMax?: number; readonly packetBytesMax?: number } = {}) {
        this.inFlightMax = limits.inFlightMax ?? 65_535;
        this.packetBytesMax = limits.packetBytesMax ?? 1 << 20;
    }

    publish(message: OutgoingMessage, onPuback?: (reasonCode: number) => void): void {
        this.sent.push({ message, onPuback });
    }

    drop(reason: string): void {
        this.dropped = reason;
    }

    get inFlight(): number {
        return this.sent.length - this.#answered;
    }

    /** Answers the oldest unanswered messages; all that are there when `count` is left out. */
    puback(count = this.inFlight, reasonCode = 0): void {
        for (let i = 0; i < count; i++) {
            this.#answered += 1;
            this.sent[this.#answered - 1]?.onPuback?.(reasonCode);
        }
    }

    /** Answers until nothing is in flight any more. */
    pubackAll(): void {
        while (this.inFlight > 0) this.puback();
    }

    json(index: number): Record<string, unknown> {
        const sent = this.sent.at(index);
        if (sent === undefined) throw new Error(`no message ${index} of ${this.sent.length}`);
        return JSON.parse(Buffer.from(sent.message.payload).toString());
    }

    events(from = 0): SentEvent[] {
        return this.sent.slice(from).map(({ message }) => JSON.parse(Buffer.from(message.payload).toString()));
    }

    sequences(from = 0): number[] {
        return this.events(from).map(({ sequence }) => Number(sequence));
    }
}
