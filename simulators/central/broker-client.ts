/**
 * One client as the simulated broker knows it. The session outlives connections: subscriptions, messages waiting,
 * messages sent and not acknowledged, and the will that speaks when the client is gone.
 */
import type { Socket } from "node:net";
import mqtt, { type IConnectPacket, type IPublishPacket, type Packet } from "mqtt-packet";
import type { Cancel } from "../world/clock.ts";
import { matchesFilter } from "./topic-filter.ts";

export interface Waiting {
    readonly packet: IPublishPacket;
    /** Monotonic; Infinity where the message never expires. */
    readonly expiresAtMs: number;
}

export interface Subscription {
    readonly qos: 0 | 1;
    /** The retain flag is passed on as it was published. */
    readonly asPublished: boolean;
}

/** Messages kept for a client that is away or slow; the oldest go first. Mosquitto's default. */
const QUEUE_MAX = 1_000;

export class BrokerClient {
    readonly id: string;
    readonly subscriptions = new Map<string, Subscription>();
    will: IConnectPacket["will"];
    sessionExpiryS = 0;
    socket: Socket | undefined;
    cancelExpiry: Cancel = () => undefined;
    cancelWill: Cancel = () => undefined;
    cancelSilence: Cancel = () => undefined;
    #receiveMaximum = 65_535;
    #packetBytesMax = Number.POSITIVE_INFINITY;
    #nextId = 0;
    readonly #queue: Waiting[] = [];
    readonly #inFlight = new Map<number, Waiting>();

    constructor(id: string) {
        this.id = id;
    }

    /** A new connection of this client: what it had not acknowledged is sent again. */
    attach(socket: Socket, connect: IConnectPacket, nowMs: number): void {
        this.cancelExpiry();
        this.cancelWill();
        this.socket = socket;
        this.will = connect.will;
        this.sessionExpiryS = connect.properties?.sessionExpiryInterval ?? 0;
        this.#receiveMaximum = connect.properties?.receiveMaximum ?? 65_535;
        this.#packetBytesMax = connect.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
        const unacknowledged = [...this.#inFlight.values()];
        this.#inFlight.clear();
        this.#queue.unshift(...unacknowledged.map((sent) => ({ ...sent, packet: { ...sent.packet, dup: true } })));
        this.flush(nowMs);
    }

    /** All subscriptions that match as one: the highest QoS, the flag as published if one asks for it. */
    subscriptionFor(topic: string): Subscription | undefined {
        const matching = [...this.subscriptions]
            .filter(([filter]) => matchesFilter(filter, topic))
            .map(([, own]) => own);
        if (matching.length === 0) return undefined;
        return {
            qos: matching.some(({ qos }) => qos === 1) ? 1 : 0,
            asPublished: matching.some(({ asPublished }) => asPublished),
        };
    }

    deliver(waiting: Waiting, nowMs: number): void {
        if (waiting.packet.qos === 0) {
            if (this.socket !== undefined) this.send(waiting.packet);
            return;
        }
        this.#queue.push(waiting);
        if (this.#queue.length > QUEUE_MAX) this.#queue.shift();
        this.flush(nowMs);
    }

    acknowledged(messageId: number, nowMs: number): void {
        this.#inFlight.delete(messageId);
        this.flush(nowMs);
    }

    flush(nowMs: number): void {
        while (this.socket !== undefined && this.#inFlight.size < this.#receiveMaximum) {
            const next = this.#queue.shift();
            if (next === undefined) return;
            if (next.expiresAtMs <= nowMs) continue;
            const messageId = this.#freeId();
            const packet = { ...next.packet, messageId, properties: withRemaining(next, nowMs) };
            if (mqtt.generate(packet, { protocolVersion: 5 }).byteLength > this.#packetBytesMax) continue;
            this.#inFlight.set(messageId, next);
            this.send(packet);
        }
    }

    send(packet: Packet): void {
        this.socket?.write(mqtt.generate(packet, { protocolVersion: 5 }));
    }

    #freeId(): number {
        do this.#nextId = (this.#nextId % 65_535) + 1;
        while (this.#inFlight.has(this.#nextId));
        return this.#nextId;
    }
}

function withRemaining({ packet, expiresAtMs }: Waiting, nowMs: number): NonNullable<IPublishPacket["properties"]> {
    const remaining = Number.isFinite(expiresAtMs)
        ? { messageExpiryInterval: Math.max(1, Math.ceil((expiresAtMs - nowMs) / 1000)) }
        : {};
    return { ...packet.properties, ...remaining };
}
