/**
 * The daemon's end of the link: the real outbox drain, list keeping and command intake, put together as
 * `src/central/central-link.ts` does, on a simulated connection instead of MQTT. Its time is the daemon's own.
 */

import type { Random } from "../../simulators/world/random.ts";
import { backOffMs } from "../../src/central/back-off.ts";
import type { BrokerSession, IncomingMessage } from "../../src/central/broker-session.ts";
import { CommandIntake, type CommandOutcome, type RefusalCode } from "../../src/central/command-intake.ts";
import { deliver } from "../../src/central/incoming.ts";
import { LINK_LIMITS } from "../../src/central/link-limits.ts";
import { ListSync } from "../../src/central/list-sync.ts";
import type { Command } from "../../src/central/messages.ts";
import { OutboxDrain } from "../../src/central/outbox-drain.ts";
import { Topics } from "../../src/central/topics.ts";
import type { BookingList, BookingListWriter, ListVersion } from "../../src/ports/booking-list.ts";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import type { Outbox, UsedNonces } from "../../src/ports/journal.ts";
import type { LeasedClock } from "../time/virtual-clock.ts";
import type { SimulatedBroker } from "./simulated-broker.ts";

export interface SiteLinkOptions {
    readonly site: string;
    readonly broker: SimulatedBroker;
    readonly outbox: Outbox;
    readonly list: Pick<BookingList, "version">;
    readonly writer: BookingListWriter;
    readonly clock: LeasedClock;
    readonly random: Random;
    readonly runId: string;
    readonly isClockTrusted: () => boolean;
    readonly nonces: UsedNonces;
    readonly onCommand: (command: Exclude<Command, { readonly order: "sync" }>) => Promise<CommandOutcome>;
    readonly onCommandRefused: (command: Command, code: RefusalCode) => void;
    readonly onListChanged: (now: ListVersion) => void;
}

/** What the box subscribes to. */
export function siteTopics(site: string): readonly string[] {
    const topics = new Topics(site);
    return [topics.ack, topics.snapshot, topics.delta, topics.version, topics.commands];
}

const CONNECTING_MS = [30, 400] as const;

export class SiteLink {
    readonly #options: SiteLinkOptions;
    readonly #topics: Topics;
    readonly #drain: OutboxDrain;
    readonly #lists: ListSync;
    readonly #commands: CommandIntake;
    #session: BrokerSession | undefined;
    #attempt = 0;
    #failures = 0;

    constructor(options: SiteLinkOptions) {
        const { site, outbox, clock, random, list, writer, runId } = options;
        this.#options = options;
        this.#topics = new Topics(site);
        const chance = (): number => random.next();
        // The disk is told of by the lanes; the drain and the list try again by themselves.
        const onStoreFault = (): void => undefined;
        this.#drain = new OutboxDrain({
            site,
            topic: this.#topics.events,
            liveTopic: this.#topics.live,
            outbox,
            clock,
            random: chance,
            limits: LINK_LIMITS.drain,
            onWithheld: () => undefined,
            onStoreFault,
        });
        this.#lists = new ListSync({
            topic: this.#topics.requests,
            list,
            writer,
            clock,
            random: chance,
            limits: LINK_LIMITS.lists,
            runId,
            onChanged: options.onListChanged,
            onHeard: () => this.#drain.heard(),
            onTrouble: () => undefined,
            onStoreFault,
        });
        this.#commands = new CommandIntake({
            nonces: options.nonces,
            isSwitchedOn: () => true,
            clock,
            limits: LINK_LIMITS.commands,
            isAnswerTopic: (topic) => this.#topics.isAnswerTopic(topic),
            isClockTrusted: options.isClockTrusted,
            handle: (command) => this.#handle(command),
            onRefused: options.onCommandRefused,
            onMalformed: () => undefined,
        });
        this.#connectLater(0);
    }

    health(): DeviceHealth {
        const common = { device: "central", failures: this.#failures };
        if (this.#session === undefined) {
            return this.#failures === 0
                ? { ...common, state: "starting" }
                : { ...common, state: "failed", code: "NOT_CONNECTED", detail: "check the network and the broker" };
        }
        return this.#drain.isUnheard()
            ? { ...common, state: "failed", code: "NO_REPLY", detail: "the central system does not acknowledge" }
            : { ...common, state: "well" };
    }

    listAgeMs(): number {
        return this.#lists.ageMs();
    }

    wake(): void {
        this.#drain.wake();
    }

    /** The process has died: the broker has nobody to send to. */
    abandon(): void {
        this.#options.broker.drop(this.#session);
    }

    #connectLater(delayMs: number): void {
        const { clock, random, broker } = this.#options;
        clock.after(delayMs + random.between(...CONNECTING_MS), () => {
            const session = broker.connect({
                onMessage: (message, from) => this.#take(message, from),
                onLost: () => clock.run(() => this.#lost()),
            });
            if (session === undefined) this.#failed();
            else this.#online(session);
        });
    }

    #online(session: BrokerSession): void {
        this.#session = session;
        this.#attempt = 0;
        this.#lists.attach(session);
        this.#drain.attach(session);
    }

    #lost(): void {
        this.#session = undefined;
        this.#lists.detach();
        this.#drain.detach(undefined);
        this.#failed();
    }

    #failed(): void {
        const { random } = this.#options;
        this.#failures += 1;
        this.#connectLater(backOffMs(LINK_LIMITS.connection.backOff, this.#attempt, () => random.next()));
        this.#attempt += 1;
    }

    #take(message: IncomingMessage, session: BrokerSession): void {
        const [topics, drain, lists, commands] = [this.#topics, this.#drain, this.#lists, this.#commands];
        this.#options.clock.run(() => {
            deliver(message, session, { topics, drain, lists, commands });
        });
    }

    async #handle(command: Command): Promise<CommandOutcome> {
        if (command.order !== "sync") return this.#options.onCommand(command);
        this.#lists.ask();
        return { outcome: "done" };
    }
}
