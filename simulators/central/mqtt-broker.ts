/**
 * A small MQTT 5 broker for one simulated central system (QoS 0 and 1, retained messages, wills, sessions), so that a
 * demonstration needs no broker installed and tests can make one misbehave: refuse, fall silent, die, forget.
 */
import { createServer, type Server, type Socket } from "node:net";
import mqtt, { type IConnectPacket, type IPublishPacket, type ISubscribePacket, type Packet } from "mqtt-packet";
import type { Clock } from "../world/clock.ts";
import { BrokerClient } from "./broker-client.ts";
import { matchesFilter } from "./topic-filter.ts";

export interface BrokerLimits {
    readonly receiveMaximum: number;
    readonly packetBytesMax: number;
}

/** Reason code for a PUBLISH: 0 takes it; `undefined` ends the connection; others from 0x80 refuse it. */
export type Judge = (packet: IPublishPacket, clientId: string) => number | undefined;

const NO_MATCHING_SUBSCRIBERS = 0x10;

export class MqttBroker {
    /** Told of every PUBLISH before it is taken. */
    judge: Judge = () => 0;
    readonly #clock: Clock;
    readonly #limits: BrokerLimits;
    readonly #clients = new Map<string, BrokerClient>();
    readonly #retained = new Map<string, IPublishPacket>();
    readonly #sockets = new Set<Socket>();
    #server: Server | undefined;
    #port = 0;
    #isSilent = false;

    constructor(clock: Clock, limits: BrokerLimits) {
        this.#clock = clock;
        this.#limits = limits;
    }

    /** Opens `port` (0: any free one) on the loopback; a later call without one takes the same port again. */
    async listen(port = this.#port): Promise<number> {
        const server = createServer((socket) => this.#accept(socket));
        this.#server = server;
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(port, "127.0.0.1", resolve);
        });
        const address = server.address();
        if (typeof address === "object" && address !== null) this.#port = address.port;
        return this.#port;
    }

    /** Dies: connections cut without a word, port refused. `forget` loses sessions and retained messages with it. */
    async close({ forget }: { readonly forget: boolean }): Promise<void> {
        const server = this.#server;
        this.#server = undefined;
        for (const client of this.#clients.values()) {
            client.cancelExpiry();
            client.cancelWill();
            client.cancelSilence();
            client.socket = undefined;
        }
        for (const socket of this.#sockets) socket.destroy();
        if (forget) {
            this.#clients.clear();
            this.#retained.clear();
        }
        this.#isSilent = false;
        await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    }

    /** Half-open: connections stay, nothing is read and nothing is answered any more. */
    fallSilent(): void {
        this.#isSilent = true;
        for (const socket of this.#sockets) socket.pause();
    }

    #accept(socket: Socket): void {
        const parser = mqtt.parser({ protocolVersion: 5 });
        let client: BrokerClient | undefined;
        this.#sockets.add(socket);
        if (this.#isSilent) socket.pause();
        socket.setNoDelay(true);
        socket.on("data", (bytes) => parser.parse(bytes));
        socket.on("error", () => socket.destroy());
        parser.on("error", () => socket.destroy());
        parser.on("packet", (packet: Packet) => {
            if (packet.cmd === "connect") client = this.#connect(socket, packet);
            else if (client?.socket !== socket) socket.destroy();
            else this.#take(client, packet);
        });
        socket.on("close", () => {
            this.#sockets.delete(socket);
            if (client?.socket === socket) this.#gone(client);
        });
    }

    #connect(socket: Socket, packet: IConnectPacket): BrokerClient {
        const old = this.#clients.get(packet.clientId);
        if (old?.socket !== undefined) {
            old.send({ cmd: "disconnect", reasonCode: 0x8e });
            old.socket.end();
            this.#gone(old);
        }
        const isPresent = old !== undefined && packet.clean !== true && this.#clients.has(packet.clientId);
        const client = isPresent ? old : new BrokerClient(packet.clientId);
        this.#clients.set(client.id, client);
        const properties = {
            receiveMaximum: this.#limits.receiveMaximum,
            maximumPacketSize: this.#limits.packetBytesMax,
            maximumQoS: 1,
        };
        socket.write(
            mqtt.generate(
                { cmd: "connack", reasonCode: 0, sessionPresent: isPresent, properties },
                { protocolVersion: 5 },
            ),
        );
        const silentMsMax = (packet.keepalive ?? 0) * 1_500;
        const watch = (): void => {
            client.cancelSilence();
            if (silentMsMax > 0) client.cancelSilence = this.#clock.after(silentMsMax, () => socket.destroy());
        };
        socket.on("data", watch);
        watch();
        client.attach(socket, packet, this.#clock.monotonicMs());
        return client;
    }

    #take(client: BrokerClient, packet: Packet): void {
        switch (packet.cmd) {
            case "publish":
                this.#published(client, packet);
                break;
            case "puback":
                client.acknowledged(packet.messageId ?? 0, this.#clock.monotonicMs());
                break;
            case "subscribe":
                this.#subscribed(client, packet);
                break;
            case "unsubscribe":
                for (const filter of packet.unsubscriptions) client.subscriptions.delete(filter);
                client.send({
                    cmd: "unsuback",
                    messageId: packet.messageId ?? 0,
                    granted: packet.unsubscriptions.map(() => 0),
                });
                break;
            case "pingreq":
                client.send({ cmd: "pingresp" });
                break;
            case "disconnect":
                if (packet.reasonCode !== 0x04) client.will = undefined;
                client.socket?.end();
                break;
            default:
                client.socket?.destroy();
        }
    }

    #published(client: BrokerClient, packet: IPublishPacket): void {
        const judgement = this.judge(packet, client.id);
        if (judgement === undefined) {
            client.socket?.destroy();
            return;
        }
        const reasonCode = judgement === 0 && !this.#route(packet) ? NO_MATCHING_SUBSCRIBERS : judgement;
        if (packet.qos === 1) client.send({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode });
    }

    /** False when nobody is subscribed. */
    #route(packet: IPublishPacket): boolean {
        const nowMs = this.#clock.monotonicMs();
        const expiryS = packet.properties?.messageExpiryInterval;
        const expiresAtMs = expiryS === undefined ? Number.POSITIVE_INFINITY : nowMs + expiryS * 1000;
        if (packet.retain) {
            if (packet.payload.length === 0) this.#retained.delete(packet.topic);
            else this.#retained.set(packet.topic, packet);
        }
        let isWanted = false;
        for (const client of this.#clients.values()) {
            const subscription = client.subscriptionFor(packet.topic);
            if (subscription === undefined) continue;
            isWanted = true;
            const copy: IPublishPacket = {
                ...packet,
                qos: lower(subscription.qos, packet.qos),
                retain: subscription.asPublished && packet.retain,
                dup: false,
            };
            client.deliver({ packet: copy, expiresAtMs }, nowMs);
        }
        return isWanted;
    }

    #subscribed(client: BrokerClient, packet: ISubscribePacket): void {
        const nowMs = this.#clock.monotonicMs();
        const granted = packet.subscriptions.map(({ topic, qos: wanted, rap }) => {
            const qos = wanted === 0 ? 0 : 1;
            client.subscriptions.set(topic, { qos, asPublished: rap === true });
            return qos;
        });
        client.send({ cmd: "suback", messageId: packet.messageId ?? 0, granted });
        for (const kept of this.#retained.values()) {
            const filter = packet.subscriptions.find(({ topic }) => matchesFilter(topic, kept.topic));
            if (filter === undefined) continue;
            const copy: IPublishPacket = { ...kept, qos: lower(filter.qos, kept.qos), retain: true, dup: false };
            client.deliver({ packet: copy, expiresAtMs: Number.POSITIVE_INFINITY }, nowMs);
        }
    }

    /** The connection is gone: the will speaks after its delay, the session ends after its own. */
    #gone(client: BrokerClient): void {
        client.socket = undefined;
        client.cancelSilence();
        const { will, sessionExpiryS } = client;
        client.will = undefined;
        const delayMs = Math.min(will?.properties?.willDelayInterval ?? 0, sessionExpiryS) * 1000;
        if (will !== undefined) client.cancelWill = this.#clock.after(delayMs, () => this.#speak(will));
        if (sessionExpiryS === 0) this.#clients.delete(client.id);
        else {
            client.cancelExpiry = this.#clock.after(Math.min(sessionExpiryS * 1000, 2 ** 31 - 1), () =>
                this.#clients.delete(client.id),
            );
        }
    }

    #speak(will: NonNullable<IConnectPacket["will"]>): void {
        const { contentType } = will.properties ?? {};
        this.#route({
            cmd: "publish",
            topic: will.topic,
            payload: will.payload,
            qos: will.qos === 0 ? 0 : 1,
            retain: will.retain ?? false,
            dup: false,
            ...(contentType === undefined ? {} : { properties: { contentType } }),
        });
    }
}

function lower(left: number, right: number): 0 | 1 {
    return left === 0 || right === 0 ? 0 : 1;
}
