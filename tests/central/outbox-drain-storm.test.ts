/**
 * The drain against a broker and a central system that fail in every order: connections end, messages vanish between
 * broker and central system, acknowledgements are lost, late or repeated, some facts are refused. Whatever happens,
 * nothing leaves the outbox that is not stored, and when the storm is over everything has arrived.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { OutboxDrain } from "../../src/central/outbox-drain.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { ScriptedSession } from "./scripted-session.ts";

type Weather =
    | { readonly do: "add"; readonly facts: number }
    | { readonly do: "broker takes"; readonly messages: number; readonly reachCentral: boolean }
    | { readonly do: "broker refuses" }
    | { readonly do: "cut"; readonly reasonCode: number | undefined }
    | { readonly do: "central acknowledges"; readonly arrives: boolean }
    | { readonly do: "old acknowledgement" }
    | { readonly do: "time"; readonly ms: number };

const weather: fc.Arbitrary<Weather> = fc.oneof(
    fc.record({ do: fc.constant("add" as const), facts: fc.integer({ min: 1, max: 6 }) }),
    fc.record({
        do: fc.constant("broker takes" as const),
        messages: fc.integer({ min: 1, max: 5 }),
        reachCentral: fc.boolean(),
    }),
    fc.record({ do: fc.constant("broker refuses" as const) }),
    fc.record({ do: fc.constant("cut" as const), reasonCode: fc.constantFrom(undefined, 0x8b) }),
    fc.record({ do: fc.constant("central acknowledges" as const), arrives: fc.boolean() }),
    fc.record({ do: fc.constant("old acknowledgement" as const) }),
    fc.record({ do: fc.constant("time" as const), ms: fc.constantFrom(10, 1_000, 31_000) }),
);

class Storm {
    readonly outbox = new MemoryOutbox();
    readonly clock = new VirtualClock();
    readonly #poison: ReadonlySet<number>;
    /** What the central system has stored: sequence to hash and type. */
    readonly stored = new Map<number, { readonly hash: string; readonly type: string }>();
    readonly #acks: { readonly upTo: number; readonly hash: string }[] = [];
    readonly drain = new OutboxDrain({
        site: "site",
        topic: "events",
        liveTopic: "live",
        outbox: this.outbox,
        clock: this.clock,
        random: () => 0.5,
        limits: {
            inFlightMax: 4,
            unconfirmedMax: 9,
            eventBytesMax: 4_000,
            silentMsMax: 30_000,
            backOff: { firstMs: 1_000, longestMs: 8_000 },
        },
        onWithheld: () => undefined,
        onStoreFault: (fault) => {
            throw fault;
        },
    });
    session = new ScriptedSession();

    constructor(poison: ReadonlySet<number>) {
        this.#poison = poison;
        this.drain.attach(this.session);
    }

    async happen(event: Weather): Promise<void> {
        switch (event.do) {
            case "add":
                this.outbox.add(event.facts);
                this.drain.wake();
                break;
            case "broker takes":
                for (let i = 0; i < event.messages; i++) this.brokerTakes(event.reachCentral);
                break;
            case "broker refuses":
                if (this.session.inFlight > 0) this.session.puback(1, 0x97);
                break;
            case "cut":
                this.drain.detach(event.reasonCode);
                this.session = new ScriptedSession();
                this.drain.attach(this.session);
                break;
            case "central acknowledges":
                this.centralAcknowledges(event.arrives);
                break;
            case "old acknowledgement":
                for (const { upTo, hash } of this.#acks) this.drain.acknowledge(upTo, hash);
                break;
            case "time":
                await this.clock.advance(event.ms);
        }
        expect(this.session.inFlight).toBeLessThanOrEqual(4);
        const lost = this.outbox.acknowledged.filter((sequence) => !this.stored.has(sequence));
        expect(lost, "left the outbox without being stored").toEqual([]);
        if (this.session.dropped !== undefined) await this.happen({ do: "cut", reasonCode: undefined });
    }

    brokerTakes(reachesCentral: boolean): void {
        if (this.session.inFlight === 0) return;
        const { sequence, hash, type } =
            this.session.events()[this.session.sent.length - this.session.inFlight] ?? fail();
        const isWhole = !type.includes("withheld");
        const isRefused = isWhole && this.#poison.has(Number(sequence));
        if (!isRefused && reachesCentral && !this.stored.has(Number(sequence))) {
            this.stored.set(Number(sequence), { hash, type });
        }
        this.session.puback(1, isRefused ? 0x99 : 0);
    }

    centralAcknowledges(arrives: boolean): void {
        let upTo = 0;
        while (this.stored.has(upTo + 1)) upTo += 1;
        const ack = { upTo, hash: this.stored.get(upTo)?.hash ?? "" };
        if (upTo === 0) return;
        this.#acks.push(ack);
        if (arrives) this.drain.acknowledge(ack.upTo, ack.hash);
    }
}

function fail(): never {
    throw new Error("the broker took a message that was not sent");
}

test("nothing is lost and nothing is forgotten too early, whatever fails", async () => {
    await fc.assert(
        fc.asyncProperty(
            fc.array(weather, { minLength: 5, maxLength: 60 }),
            fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
            async (events, poison) => {
                const poisonous = new Set(poison);
                const storm = new Storm(poisonous);
                for (const event of events) await storm.happen(event);
                for (let calm = 0; calm < 200 && storm.outbox.depth() > 0; calm++) {
                    while (storm.session.inFlight > 0) storm.brokerTakes(true);
                    storm.centralAcknowledges(true);
                    await storm.happen({ do: "time", ms: 31_000 });
                }
                expect(storm.outbox.depth()).toBe(0);
                const withheld = [...storm.stored].filter(([, { type }]) => type.includes("withheld"));
                expect(withheld.every(([sequence]) => poisonous.has(sequence))).toBe(true);
                expect([...storm.outbox.quarantined.keys()].every((sequence) => poisonous.has(sequence))).toBe(true);
            },
        ),
        { numRuns: 150, seed: 20_261_122 },
    );
});
