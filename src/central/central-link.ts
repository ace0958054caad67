/**
 * The link to the central system: facts up, booking list and commands down. Only wires the parts together; nothing
 * here waits for the broker, so the lanes work on whether it answers or not.
 */
import type { Fact } from "../core/fact/fact.ts";
import type { BookingList, BookingListWriter, ListVersion } from "../ports/booking-list.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { Journal, Outbox, Quarantine, UsedNonces } from "../ports/journal.ts";
import type { BrokerSession, IncomingMessage, OutgoingMessage } from "./broker-session.ts";
import { CommandIntake, type CommandOutcome, type RefusalCode } from "./command-intake.ts";
import { deliver } from "./incoming.ts";
import { LINK_LIMITS, type LinkLimits } from "./link-limits.ts";
import { ListSync } from "./list-sync.ts";
import type { Command } from "./messages.ts";
import { type BrokerAddress, MqttConnection } from "./mqtt-connection.ts";
import { OutboxDrain } from "./outbox-drain.ts";
import { RefusedMessages } from "./refused-messages.ts";
import { Topics } from "./topics.ts";

/** Commands that concern the lanes; `sync` is answered by the link itself. */
export type LaneCommand = Exclude<Command, { readonly order: "sync" }>;

export interface CentralLinkOptions {
    readonly site: string;
    readonly broker: BrokerAddress;
    /** The journal, as far as the link needs it. */
    readonly outbox: Outbox & Pick<Journal, "head">;
    readonly quarantine: Quarantine;
    readonly list: Pick<BookingList, "version">;
    readonly writer: Omit<BookingListWriter, "close">;
    readonly clock: Clock;
    /** 0..1. */
    readonly random: () => number;
    /** Different in every run of the daemon, up to 40 letters and digits. */
    readonly runId: string;
    /** Shown in `status`, e.g. `kordon 0.1.0`. */
    readonly software: string;
    readonly isClockTrusted: () => boolean;
    readonly nonces: UsedNonces;
    readonly isSwitchedOn: (order: Command["order"]) => boolean;
    readonly onCommand: (command: LaneCommand) => Promise<CommandOutcome>;
    readonly limits?: Partial<LinkLimits>;
    /** What the log and the officer should hear of; every call is optional reading, the link goes on by itself. */
    readonly on: LinkListener;
}

export interface LinkListener {
    /** A fact cannot be carried: it goes to quarantine and needs a person. */
    readonly factWithheld: (sequence: number, reason: string) => void;
    readonly commandRefused: (command: Command, code: RefusalCode) => void;
    /** The central system's list is to be taken whatever its version, by order of a person there. */
    readonly listAnew: (command: Command) => void;
    readonly messageRefused: (topic: string, reason: string) => void;
    readonly listChanged: (now: ListVersion) => void;
    readonly listTrouble: (code: string, reason: string) => void;
    /** The disk refused; the link tries again by itself. */
    readonly storeFault: (error: unknown) => void;
}

const DEVICE = "central";

export class CentralLink {
    readonly #options: CentralLinkOptions;
    readonly #limits: LinkLimits;
    readonly #topics: Topics;
    readonly #connection: MqttConnection;
    readonly #drain: OutboxDrain;
    readonly #lists: ListSync;
    readonly #commands: CommandIntake;
    readonly #refused: RefusedMessages;
    #session: BrokerSession | undefined;
    /** The newest retained message of each topic, said again on every connection: the broker may have lost it. */
    readonly #retained = new Map<string, OutgoingMessage>();
    #cancelStatus: Cancel = () => undefined;

    /** Throws `RangeError` for a site id that cannot stand in a topic, `TypeError` for a broker address that is none. */
    constructor(options: CentralLinkOptions) {
        this.#options = options;
        const { clock, random, on, outbox, list, writer, runId, site } = options;
        const limits = { ...LINK_LIMITS, ...options.limits };
        const topics = new Topics(site);
        this.#limits = limits;
        this.#topics = topics;
        this.#refused = new RefusedMessages(options.quarantine, clock, on);
        this.#drain = new OutboxDrain({
            site,
            topic: topics.events,
            liveTopic: topics.live,
            outbox,
            clock,
            random,
            limits: limits.drain,
            onWithheld: on.factWithheld,
            onStoreFault: on.storeFault,
        });
        this.#lists = new ListSync({
            topic: topics.requests,
            list,
            writer,
            clock,
            random,
            limits: limits.lists,
            runId,
            onChanged: (now) => {
                on.listChanged(now);
                this.publishStatus();
            },
            onHeard: () => this.#drain.heard(),
            onTrouble: on.listTrouble,
            onStoreFault: on.storeFault,
        });
        this.#commands = new CommandIntake({
            clock,
            limits: limits.commands,
            isAnswerTopic: (topic) => topics.isAnswerTopic(topic),
            isClockTrusted: options.isClockTrusted,
            isSwitchedOn: options.isSwitchedOn,
            nonces: options.nonces,
            handle: (command) => this.#handle(command),
            onRefused: on.commandRefused,
            onMalformed: (message, reason) => this.#refused.put(message, reason),
        });
        this.#connection = new MqttConnection({
            address: options.broker,
            limits: limits.connection,
            subscriptions: [topics.ack, topics.snapshot, topics.delta, topics.version, topics.commands],
            will: this.#offline("lost"),
            clock,
            random,
            onOnline: (session) => this.#online(session),
            onOffline: (reasonCode) => this.#gone(reasonCode),
            onMessage: (message, session) => this.#take(message, session),
        });
    }

    /** Returns at once, whether the broker is there or not. */
    start(): void {
        this.#connection.start();
        this.#cancelStatus = this.#options.clock.every(this.#limits.statusMs, () => this.publishStatus());
    }

    /** Says goodbye and ends the connection; takes a few seconds at most. What is not sent stays in the outbox. */
    async stop(): Promise<void> {
        this.#cancelStatus();
        this.#drain.detach(undefined);
        this.#lists.detach();
        this.#session = undefined;
        await this.#connection.stop(this.#offline("stopped"));
    }

    /** `failed` without a connection, and with one on which nobody acknowledges what we send. */
    health(): DeviceHealth {
        const health = { device: DEVICE, ...this.#connection.health() };
        if (health.state !== "well" || !this.#drain.isUnheard()) return health;
        return {
            ...health,
            state: "failed",
            code: "NO_REPLY",
            detail: "The broker answers and the central system does not acknowledge. Facts wait here; call its operator.",
        };
    }

    isOnline(): boolean {
        return this.#session !== undefined;
    }

    /** Milliseconds since the list here was proven to be the central system's own; Infinity when never. */
    listAgeMs(): number {
        return this.#lists.ageMs();
    }

    /** Messages from the broker that were refused since the start. */
    refusedMessages(): number {
        return this.#refused.count();
    }

    /** These facts were just committed. */
    wake(facts: readonly Fact[]): void {
        this.#drain.wake(facts);
    }

    /** Publishes what changed; unchanged healths cost nothing. */
    publishDeviceHealth(healths: readonly DeviceHealth[]): void {
        for (const health of healths) this.#retain(this.#topics.device(health.device), health);
    }

    /** Publishes the site's state now; the link does so by itself on every connection, list change and minute. */
    publishStatus(): void {
        const { outbox, list, software, isClockTrusted, on } = this.#options;
        try {
            const { version, hash } = list.version();
            const ageMs = this.listAgeMs();
            const head = outbox.head();
            this.#retain(this.#topics.status, {
                state: "online",
                software,
                list: { version, hash, ageS: Number.isFinite(ageMs) ? Math.round(ageMs / 1000) : null },
                // Whoever keeps this can tell later that the journal's end was cut off: `kordon audit verify --head`.
                head,
                waitingFacts: outbox.depth(),
                // What was acknowledged is not sent again: a central system that lost it would wait for ever.
                firstWaiting: outbox.pending(0, 1)[0]?.sequence ?? head.sequence + 1,
                refusedMessages: this.#refused.count(),
                clockTrusted: isClockTrusted(),
            });
        } catch (error) {
            on.storeFault(error);
        }
    }

    #online(session: BrokerSession): void {
        this.publishStatus();
        this.#session = session;
        for (const message of this.#retained.values()) session.publish(message);
        this.#lists.attach(session);
        this.#drain.attach(session);
    }

    #gone(reasonCode: number | undefined): void {
        this.#session = undefined;
        this.#lists.detach();
        this.#drain.detach(reasonCode);
    }

    #take(message: IncomingMessage, session: BrokerSession): void {
        const [topics, drain, lists, commands] = [this.#topics, this.#drain, this.#lists, this.#commands];
        const refusal = deliver(message, session, { topics, drain, lists, commands });
        if (refusal !== undefined) this.#refused.put(message, refusal);
    }

    async #handle(command: Command): Promise<CommandOutcome> {
        if (command.order !== "sync") return this.#options.onCommand(command);
        if (command.anew === true) {
            this.#options.on.listAnew(command);
            this.#lists.startAnew();
        } else this.#lists.ask();
        return { outcome: "done" };
    }

    #retain(topic: string, content: object): void {
        const payload = Buffer.from(JSON.stringify(content));
        const known = this.#retained.get(topic);
        if (known !== undefined && payload.equals(known.payload)) return;
        const message: OutgoingMessage = { topic, payload, isRetained: true };
        this.#retained.set(topic, message);
        this.#session?.publish(message);
    }

    #offline(reason: "lost" | "stopped"): OutgoingMessage {
        const payload = Buffer.from(JSON.stringify({ state: "offline", reason }));
        return { topic: this.#topics.status, payload, isRetained: true };
    }
}
