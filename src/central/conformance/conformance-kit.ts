/** What every case works with: a connected box, fresh journals, questions about the list, and somebody to ask for a command. */
import { randomBytes } from "node:crypto";
import type { FactEvent } from "../../core/fact/fact-event.ts";
import type { Clock } from "../../ports/clock.ts";
import { Ack, readMessage, VersionAnswer } from "../messages.ts";
import type { BrokerAddress } from "../mqtt-connection.ts";
import { CaseFailure, CaseSkipped, must } from "./conformance-case.ts";
import { type Heard, ScriptedBox } from "./scripted-box.ts";
import { TestJournal } from "./test-journal.ts";

export interface ConformanceOptions {
    readonly site: string;
    readonly broker: BrokerAddress;
    readonly clock: Clock;
    /** Longest wait for what must come, ms. */
    readonly waitMs: number;
    /** How long nothing must come before it counts as not coming, ms. */
    readonly quietMs: number;
    /** Asks whoever sits at the central system to do something; absent where nobody does. */
    readonly ask?: (what: string) => void;
}

export interface ListQuestion {
    readonly have?: { readonly version: number; readonly hash: string };
    readonly wants?: "changes" | "snapshot";
}

/** The central system's answer, and what it sent before and shortly after it. */
export interface ListReply {
    readonly answer: VersionAnswer;
    readonly message: Heard;
    /** Snapshot parts and deltas, in the order of arrival. */
    readonly before: readonly Heard[];
}

/** An ack of the contract's form, and the message it came in. */
export interface SeenAck {
    readonly upTo: number;
    readonly hash: string;
    readonly message: Heard;
}

export const NO_LIST = { version: 0, hash: "0".repeat(64) } as const;
const EVENT_TYPE = "application/cloudevents+json; charset=utf-8";

export class ConformanceKit {
    readonly options: ConformanceOptions;
    box: ScriptedBox;
    readonly #shared = new Map<string, Promise<unknown>>();
    #questions = 0;
    readonly #journals: TestJournal[] = [];
    readonly #runId = randomBytes(6).toString("hex");

    constructor(options: ConformanceOptions) {
        this.options = options;
        this.box = this.newBox();
    }

    newBox(): ScriptedBox {
        return new ScriptedBox(this.options);
    }

    /** A box as it is after a start: session of its own, subscribed. */
    async connect(): Promise<void> {
        await this.box.end();
        this.box = this.newBox();
        await this.box.connect();
        await this.box.subscribe();
    }

    async quiet(): Promise<void> {
        await this.options.clock.sleep(this.options.quietMs);
    }

    journal(): TestJournal {
        const id = `conformance${randomBytes(6).toString("hex")}`;
        const journal = new TestJournal(this.options.site, id, () => this.options.clock.utcMs());
        this.#journals.push(journal);
        return journal;
    }

    /** The retained `status` of a box that is connected. */
    async sayOnline(about: {
        readonly head: { readonly journalId: string; readonly sequence: number; readonly hash: string };
        readonly firstWaiting: number;
        readonly waitingFacts: number;
    }): Promise<void> {
        const list = { ...NO_LIST, ageS: null };
        const said = { state: "online", software: "kordon conformance", list, refusedMessages: 0, clockTrusted: true };
        await this.box.publish("status", JSON.stringify({ ...said, ...about }), { retain: true });
    }

    async send(...events: readonly object[]): Promise<void> {
        for (const event of events) {
            await this.box.publish("events", JSON.stringify(event), { contentType: EVENT_TYPE });
        }
    }

    /** Several at once, as a box with a backlog does. */
    async sendAll(events: readonly FactEvent[]): Promise<void> {
        await Promise.all(events.map((event) => this.send(event)));
    }

    /** Acknowledgements since the start of this connection, in the order of arrival. */
    acks(): readonly SeenAck[] {
        return this.box.heard.flatMap((message) => {
            if (message.topic !== "ack") return [];
            const read = readMessage(Ack, message.payload);
            return "reason" in read ? [] : [{ ...read.message, message }];
        });
    }

    /** Those that name an event of this journal by its hash. */
    acksOf(journal: TestJournal): readonly SeenAck[] {
        return this.acks().filter(({ upTo, hash }) => journal.hashOf(upTo) === hash);
    }

    /** Says of an ack after the first `from` that names no event of any journal of this run, if there is one. */
    strangeAck(from: number): string | undefined {
        const strange = this.acks()
            .slice(from)
            .find(({ upTo, hash }) => !this.#journals.some((journal) => journal.hashOf(upTo) === hash));
        return strange === undefined
            ? undefined
            : `ack for ${strange.upTo} with hash ${strange.hash.slice(0, 8)}…, which no event has`;
    }

    highestAck(journal: TestJournal): number {
        return Math.max(0, ...this.acksOf(journal).map(({ upTo }) => upTo));
    }

    async untilAcked(journal: TestJournal, upTo = journal.sequence): Promise<void> {
        await this.box.until(`an ack for ${upTo} with its hash; highest seen ${this.highestAck(journal)}`, () =>
            this.acksOf(journal).some((ack) => ack.upTo >= upTo),
        );
    }

    /** Sends and waits until everything of the journal is acknowledged. */
    async sendAndSee(journal: TestJournal, ...events: readonly object[]): Promise<void> {
        await this.send(...events);
        await this.untilAcked(journal);
    }

    ref(): string {
        this.#questions += 1;
        return `${this.#runId}-${this.#questions}`;
    }

    /** Asks about the list as a box does, and waits for the answer that repeats the reference. */
    async askList({ have = NO_LIST, wants = "changes" }: ListQuestion = {}): Promise<ListReply> {
        const ref = this.ref();
        const from = this.box.heard.length;
        await this.box.publish("requests", JSON.stringify({ ref, have, wants }), { expiryS: 60 });
        let message: Heard | undefined;
        await this.box.until(`an answer on bookings/version with ref ${ref}`, () => {
            message = this.box.heard.slice(from).find((heard) => refOf(heard) === ref);
            return message !== undefined;
        });
        must(message !== undefined, "no answer");
        const read = readMessage(VersionAnswer, message.payload);
        must(!("reason" in read), `the answer is not of the contract's form: ${"reason" in read ? read.reason : ""}`);
        const before = this.box.heard.slice(from, this.box.heard.indexOf(message));
        return { answer: read.message, message, before: before.filter(({ topic }) => topic !== "ack") };
    }

    /** Done once, however many cases look at the result; a failure fails them all. */
    once<T>(name: string, act: () => Promise<T>): Promise<T> {
        const known = this.#shared.get(name) ?? act();
        this.#shared.set(name, known);
        return known as Promise<T>;
    }

    /** Throws `CaseSkipped` where nobody can be asked. */
    ask(what: string): void {
        const { ask } = this.options;
        if (ask === undefined) throw new CaseSkipped("needs somebody at the central system: --with-operator");
        ask(what);
    }
}

function refOf({ topic, json }: Heard): unknown {
    if (topic !== "bookings/version" || typeof json !== "object" || json === null || !("ref" in json)) return undefined;
    return json.ref;
}

/** The failure as text, for `once` and reports. */
export function reasonOf(error: unknown): string {
    if (error instanceof CaseFailure || error instanceof CaseSkipped) return error.message;
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
