/**
 * The network and the broker between the box and the central system: messages take time, connections break with answers on
 * the way, a broker forgets what it took, or falls silent with the connection open. MQTT's promises as the daemon may rely
 * on them, without its bytes.
 */

import type { Random } from "../../simulators/world/random.ts";
import type { BrokerSession, IncomingMessage, OutgoingMessage } from "../../src/central/broker-session.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";

/** What the box hears of its connection. */
export interface SiteEnd {
    readonly onMessage: (message: IncomingMessage, session: BrokerSession) => void;
    readonly onLost: () => void;
}

/** What the central system hears. */
export interface CentralEnd {
    readonly take: (message: OutgoingMessage) => void;
}

/** One way through the network. */
const WAY_MS = [5, 60] as const;
/** Messages kept for a client that is away; the rest is dropped without a word, as Mosquitto does. */
const KEPT_MAX = 1_000;
/** After so long without a sound the keep-alive ends a connection. */
const KEEP_ALIVE_MS = 30_000;
const NOBODY_THERE = 0x10;

/** How a message from the central system travels. */
export interface Downward extends IncomingMessage {
    /** Kept by the broker for whoever connects later. */
    readonly retain: boolean;
}

export class SimulatedBroker {
    readonly #clock: VirtualClock;
    readonly #random: Random;
    readonly #topics: readonly string[];
    #isUp = true;
    #isMute = false;
    #site: SimulatedSession | undefined;
    #central: CentralEnd | undefined;
    #isCentralThere = false;
    #forSite: IncomingMessage[] = [];
    #forCentral: OutgoingMessage[] = [];
    readonly #retained = new Map<string, IncomingMessage>();
    #isSiteKnown = false;

    /** `siteTopics`: what the box subscribes to. */
    constructor(clock: VirtualClock, random: Random, siteTopics: readonly string[]) {
        this.#clock = clock;
        this.#random = random;
        this.#topics = siteTopics;
    }

    /** Undefined when nobody answers. */
    connect(end: SiteEnd): BrokerSession | undefined {
        if (!this.#isUp || this.#isMute) return undefined;
        this.#site?.end();
        const session = new SimulatedSession(this, end);
        this.#site = session;
        for (const message of this.#retained.values()) this.#deliver(session, { ...message, isRetained: true });
        if (this.#isSiteKnown) for (const message of this.#forSite) this.#deliver(session, message);
        this.#forSite = [];
        this.#isSiteKnown = true;
        return session;
    }

    joinCentral(end: CentralEnd): void {
        this.#central = end;
        this.#isCentralThere = true;
        for (const message of this.#forCentral.splice(0)) this.#deliverUp(message);
    }

    leaveCentral(): void {
        this.#isCentralThere = false;
    }

    /** The connection of the box breaks; a new one may be made at once. */
    cut(): void {
        this.#lose();
    }

    /** `forgets`: sessions, waiting and retained messages are lost, and with them what was acknowledged and not delivered. */
    goDown(forgets: boolean): void {
        this.#isUp = false;
        this.#lose();
        if (!forgets) return;
        this.#forSite = [];
        this.#forCentral = [];
        this.#retained.clear();
        this.#isSiteKnown = false;
    }

    comeUp(): void {
        this.#isUp = true;
        this.#isMute = false;
    }

    /** Connections stay open and nothing comes any more, until the keep-alive notices. */
    fallMute(): void {
        this.#isMute = true;
        this.#clock.after(KEEP_ALIVE_MS, () => {
            if (this.#isMute) this.#lose();
        });
    }

    wayMs(): number {
        return this.#random.between(...WAY_MS);
    }

    /** From the central system. */
    say({ retain, ...message }: Downward): void {
        if (!this.#isUp || this.#isMute) return;
        if (retain) this.#retained.set(message.topic, message);
        if (!this.#topics.includes(message.topic)) return;
        if (this.#site !== undefined) this.#deliver(this.#site, message);
        else if (this.#isSiteKnown && this.#forSite.length < KEPT_MAX) this.#forSite.push(message);
    }

    /** A message of the box has reached the broker; returns the code for its PUBACK, undefined for none. */
    receive(session: BrokerSession, message: OutgoingMessage): number | undefined {
        if (!this.#isUp || this.#isMute || this.#site !== session) return undefined;
        if (this.#central === undefined) return NOBODY_THERE;
        if (this.#isCentralThere) this.#deliverUp(message);
        else if (this.#forCentral.length < KEPT_MAX) this.#forCentral.push(message);
        return 0;
    }

    schedule(delayMs: number, act: () => void): void {
        this.#clock.after(delayMs, act);
    }

    isMute(): boolean {
        return this.#isMute;
    }

    /** Ends the connection, whichever side wanted it; an old one is over already. */
    drop(session: BrokerSession | undefined): void {
        if (session !== undefined && this.#site === session) this.#lose();
    }

    now(): number {
        return this.#clock.monotonicMs();
    }

    #lose(): void {
        const site = this.#site;
        this.#site = undefined;
        site?.end();
    }

    #deliver(session: SimulatedSession, message: IncomingMessage): void {
        session.carryDown(() => session.hear(message));
    }

    #deliverUp(message: OutgoingMessage): void {
        this.#clock.after(this.wayMs(), () => {
            if (this.#isCentralThere) this.#central?.take(message);
            else if (this.#forCentral.length < KEPT_MAX) this.#forCentral.push(message);
        });
    }
}

/** One connection; messages keep their order on it, and die with it. */
class SimulatedSession implements BrokerSession {
    readonly inFlightMax = 64;
    readonly packetBytesMax = 256 << 10;
    readonly #broker: SimulatedBroker;
    readonly #end: SiteEnd;
    #isOver = false;
    #upMs = 0;
    #downMs = 0;

    constructor(broker: SimulatedBroker, end: SiteEnd) {
        this.#broker = broker;
        this.#end = end;
    }

    publish(message: OutgoingMessage, onPuback?: (reasonCode: number) => void): void {
        this.#upMs = Math.max(this.#upMs, this.#broker.now() + this.#broker.wayMs());
        this.#broker.schedule(this.#upMs - this.#broker.now(), () => {
            if (this.#isOver) return;
            const code = this.#broker.receive(this, message);
            if (code !== undefined) this.carryDown(() => onPuback?.(code));
        });
    }

    drop(): void {
        this.#broker.drop(this);
    }

    hear(message: IncomingMessage): void {
        this.#end.onMessage(message, this);
    }

    carryDown(act: () => void): void {
        this.#downMs = Math.max(this.#downMs, this.#broker.now() + this.#broker.wayMs());
        this.#broker.schedule(this.#downMs - this.#broker.now(), () => {
            if (!this.#isOver && !this.#broker.isMute()) act();
        });
    }

    end(): void {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#end.onLost();
    }
}
