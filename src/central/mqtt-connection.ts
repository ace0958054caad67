/**
 * Keeps a connection to the broker: MQTT 5, own reconnection with back-off and jitter by our own clock, a fresh
 * client of mqtt.js for every attempt. So none of its queues survives a connection: what must not be lost is in the
 * outbox, and what the broker must repeat is in the session that it keeps for us.
 */
import { Socket } from "node:net";
import { connect, type IClientOptions, type IConnackPacket, type MqttClient } from "mqtt";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth, FaultCode } from "../ports/device-health.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import type { BrokerSession, IncomingMessage, OutgoingMessage } from "./broker-session.ts";
import { MqttSession } from "./mqtt-session.ts";
import { MALFORMED } from "./reason-code.ts";

export interface BrokerAddress {
    /** `mqtt://host:port` or `mqtts://host:port`. */
    readonly url: string;
    /** Unique per site: the broker ends the older of two connections with the same id. */
    readonly clientId: string;
    readonly username?: string;
    readonly password?: string;
    /** PEM. `ca` replaces the system's authorities; `cert` and `key` are this box's own. */
    readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

export interface ConnectionLimits {
    readonly keepaliveS: number;
    readonly connectMsMax: number;
    /** How long the broker keeps our subscriptions and waiting messages while we are away. */
    readonly sessionExpiryS: number;
    /** The broker says we are offline after this time without a new connection. */
    readonly willDelayS: number;
    readonly incomingBytesMax: number;
    readonly backOff: BackOff;
}

export interface MqttConnectionOptions {
    readonly address: BrokerAddress;
    readonly limits: ConnectionLimits;
    readonly subscriptions: readonly string[];
    readonly will: OutgoingMessage;
    readonly clock: Clock;
    /** 0..1, for the jitter. */
    readonly random: () => number;
    readonly onOnline: (session: BrokerSession) => void;
    /** `reasonCode` is the broker's own, from its DISCONNECT, where it gave one; or says that its answer was unreadable. */
    readonly onOffline: (reasonCode: number | undefined) => void;
    readonly onMessage: (message: IncomingMessage, session: BrokerSession) => void;
}

/** A connection that lived this long was a good one: the next failure starts at the shortest waiting time again. */
const GOOD_CONNECTION_MS = 30_000;
/** How long `stop` waits for the broker, once for the farewell and once for the goodbye. */
const FAREWELL_MS = 2_000;
/** Unacknowledged messages the broker may send us at once. */
const RECEIVE_MAXIMUM = 16;

export class MqttConnection {
    readonly #options: MqttConnectionOptions;
    readonly #host: string;
    #client: MqttClient | undefined;
    #session: MqttSession | undefined;
    #cancelRetry: Cancel = () => undefined;
    #attempt = 0;
    #failures = 0;
    #failure: { readonly code: FaultCode; readonly detail: string } | undefined;
    #isStopped = false;

    /** Throws `TypeError` for an address that is none. */
    constructor(options: MqttConnectionOptions) {
        this.#options = options;
        this.#host = new URL(options.address.url).host;
    }

    /** Returns at once; the first attempt follows. */
    start(): void {
        this.#connect();
    }

    isOnline(): boolean {
        return this.#session !== undefined;
    }

    health(): Pick<DeviceHealth, "state" | "code" | "detail" | "failures"> {
        if (this.#session !== undefined) return { state: "well", failures: this.#failures };
        if (this.#failure === undefined) return { state: "starting", failures: this.#failures };
        return { state: "failed", ...this.#failure, failures: this.#failures };
    }

    /** Says `farewell`, then goodbye, so that the broker does not publish the will. Waits for the broker, but not long. */
    async stop(farewell: OutgoingMessage): Promise<void> {
        this.#isStopped = true;
        this.#cancelRetry();
        const client = this.#client;
        const session = this.#session;
        this.#session = undefined;
        if (client === undefined) return;
        const isTaken = session !== undefined && (await this.#isDone((done) => session.publish(farewell, done)));
        if (isTaken) await this.#isDone((done) => client.end(false, done));
        client.stream.destroy(); // Otherwise the will speaks for us.
    }

    /** False when `act` is not done after the time that a farewell may take. */
    #isDone(act: (done: () => void) => void): Promise<boolean> {
        return new Promise((resolve) => {
            const cancel = this.#options.clock.after(FAREWELL_MS, () => resolve(false));
            act(() => {
                cancel();
                resolve(true);
            });
        });
    }

    #connect(): void {
        const client = connect(this.#options.address.url, this.#clientOptions());
        this.#client = client;
        let failure = "the broker closed the connection";
        let reasonCode: number | undefined;
        let onlineSinceMs: number | undefined;
        const session = new MqttSession(client);
        client.on("connect", (connack: IConnackPacket) => {
            session.begin(connack);
            // Small packets must not wait until the other side has confirmed those before (RFC 896).
            if (client.stream instanceof Socket) client.stream.setNoDelay(true);
            client.subscribe([...this.#options.subscriptions], { qos: 1 }, (error) => {
                if (error) {
                    session.drop(`subscribing failed: ${error.message}`);
                    return;
                }
                onlineSinceMs = this.#options.clock.monotonicMs();
                this.#session = session;
                this.#options.onOnline(session);
            });
        });
        client.on("message", (topic, payload, packet) => {
            const { responseTopic, correlationData } = packet.properties ?? {};
            const message: IncomingMessage = {
                topic,
                payload,
                isRetained: packet.retain,
                ...(responseTopic === undefined ? {} : { responseTopic }),
                ...(correlationData === undefined ? {} : { correlation: correlationData }),
            };
            this.#options.onMessage(message, session);
        });
        // One message per turn of the event loop: a list in hundreds of parts must not hold up the lanes.
        client.handleMessage = (_packet, done) => {
            this.#options.clock.after(0, () => done());
        };
        client.on("disconnect", (packet) => {
            reasonCode = packet.reasonCode;
            failure = `the broker said goodbye with reason 0x${(reasonCode ?? 0).toString(16)}`;
        });
        client.on("error", (error) => {
            failure = error.message || error.name;
            if (client.stream.destroyed) return;
            // The connection lives on and can no longer be read, e.g. after a reason code that the standard has not.
            reasonCode = MALFORMED;
            client.end(true);
        });
        client.once("close", () => {
            if (onlineSinceMs !== undefined) {
                const livedMs = this.#options.clock.monotonicMs() - onlineSinceMs;
                if (livedMs >= GOOD_CONNECTION_MS) this.#attempt = 0;
            }
            this.#closed(session, session.dropReason ?? failure, reasonCode);
        });
    }

    #closed(session: MqttSession, detail: string, reasonCode: number | undefined): void {
        const wasOnline = this.#session === session;
        this.#session = undefined;
        if (wasOnline || this.#failure === undefined) this.#failures += 1;
        this.#failure = {
            code: "NOT_CONNECTED",
            detail: `Broker ${this.#host}: ${detail}. Check the network and the broker.`,
        };
        if (wasOnline) this.#options.onOffline(reasonCode);
        if (this.#isStopped) return;
        const delayMs = backOffMs(this.#options.limits.backOff, this.#attempt, this.#options.random);
        this.#attempt += 1;
        this.#cancelRetry = this.#options.clock.after(delayMs, () => this.#connect());
    }

    #clientOptions(): IClientOptions {
        const { address, limits, will } = this.#options;
        return {
            protocolVersion: 5,
            clientId: address.clientId,
            ...(address.username === undefined ? {} : { username: address.username }),
            ...(address.password === undefined ? {} : { password: address.password }),
            ...address.tls,
            clean: false,
            reconnectPeriod: 0,
            resubscribe: false,
            queueQoSZero: false,
            connectTimeout: limits.connectMsMax,
            keepalive: limits.keepaliveS,
            properties: {
                sessionExpiryInterval: limits.sessionExpiryS,
                receiveMaximum: RECEIVE_MAXIMUM,
                maximumPacketSize: limits.incomingBytesMax,
            },
            will: {
                topic: will.topic,
                payload: Buffer.from(will.payload),
                qos: 1,
                retain: will.isRetained ?? false,
                properties: { willDelayInterval: limits.willDelayS, contentType: "application/json" },
            },
        };
    }
}
