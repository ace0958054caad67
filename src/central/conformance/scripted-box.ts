/**
 * A box whose every packet is chosen by a case: connects as `kordon-{site}` does, keeps all that comes down, and does
 * nothing by itself. It can vanish without a word, as boxes do.
 */
import { connect, type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from "mqtt";
import type { Clock } from "../../ports/clock.ts";
import type { BrokerAddress } from "../mqtt-connection.ts";
import { CaseFailure } from "./conformance-case.ts";

/** A message that came down. */
export interface Heard {
    /** Below `kordon/v1/{site}/`. */
    readonly topic: string;
    readonly payload: Buffer;
    /** Undefined where the payload is no JSON. */
    readonly json: unknown;
    readonly packet: IPublishPacket;
}

export interface Publication {
    readonly retain?: boolean;
    readonly expiryS?: number;
    readonly contentType?: string;
    readonly correlation?: Uint8Array;
}

export interface ScriptedBoxOptions {
    readonly site: string;
    readonly broker: BrokerAddress;
    readonly clock: Clock;
    /** Longest wait for anything that must come. */
    readonly waitMs: number;
}

const DOWN = ["ack", "bookings/snapshot", "bookings/delta", "bookings/version", "commands"] as const;
const INCOMING_BYTES_MAX = 256 << 10;
const SESSION_EXPIRY_S = 600;

export class ScriptedBox {
    readonly heard: Heard[] = [];
    connack: IConnackPacket | undefined;
    /** Reason codes of the five subscriptions, in the order of the contract's topics. */
    granted: readonly number[] = [];
    readonly #options: ScriptedBoxOptions;
    readonly #root: string;
    #client: MqttClient | undefined;
    #looks: (() => void)[] = [];
    /** Reason codes by packet id. */
    readonly #pubacks = new Map<number, number>();
    isClosed = true;

    constructor(options: ScriptedBoxOptions) {
        this.#options = options;
        this.#root = `kordon/v1/${options.site}/`;
    }

    /** Resolves when connected and subscribed; throws `CaseFailure` with the broker's word. */
    async connect({ isClean = false, suffix = "" } = {}): Promise<void> {
        const { broker } = this.#options;
        const options: IClientOptions = {
            protocolVersion: 5,
            clientId: `${broker.clientId}${suffix}`,
            ...(broker.username === undefined ? {} : { username: broker.username }),
            ...(broker.password === undefined ? {} : { password: broker.password }),
            ...broker.tls,
            clean: isClean,
            reconnectPeriod: 0,
            resubscribe: false,
            connectTimeout: this.#options.waitMs,
            properties: { sessionExpiryInterval: SESSION_EXPIRY_S, maximumPacketSize: INCOMING_BYTES_MAX },
            will: {
                topic: `${this.#root}status`,
                payload: Buffer.from(JSON.stringify({ state: "offline", reason: "lost" })),
                qos: 1,
                retain: true,
                properties: { willDelayInterval: 0, contentType: "application/json" },
            },
        };
        const client = connect(broker.url, options);
        this.#client = client;
        this.isClosed = false;
        this.connack = undefined;
        client.on("packetreceive", (packet) => {
            if (packet.cmd === "puback") this.#pubacks.set(packet.messageId ?? 0, packet.reasonCode ?? 0);
            this.#poke();
        });
        client.on("message", (topic, payload, packet) => this.#take(topic, payload, packet));
        let complaint: string | undefined;
        client.on("error", (error) => {
            complaint = error.message || error.name;
            this.#poke();
        });
        client.on("close", () => {
            this.isClosed = true;
            this.#poke();
        });
        client.on("connect", (connack) => {
            this.connack = connack;
            this.#poke();
        });
        const accepted = this.until("the broker accepts the connection", () => {
            if (complaint !== undefined || this.isClosed) {
                throw new CaseFailure(`connection refused: ${complaint ?? "closed"}`);
            }
            return this.connack !== undefined;
        });
        await accepted.catch((error: unknown) => {
            this.isClosed = true;
            client.end(true);
            throw error;
        });
    }

    /** Subscribes as a box does. */
    async subscribe(): Promise<void> {
        // Retained as published, which a box does not ask for: else nobody could tell what is kept from what is live.
        const wanted = Object.fromEntries(
            DOWN.map((topic) => [`${this.#root}${topic}`, { qos: 1, rap: true } as const]),
        );
        const granted = await this.#client?.subscribeAsync(wanted);
        this.granted = (granted ?? []).map(({ qos }) => qos);
    }

    /** Listens where a box does not; false when the broker does not allow it. */
    async listenTo(topic: string): Promise<boolean> {
        try {
            const granted = await this.#client?.subscribeAsync(`${this.#root}${topic}`, { qos: 1, rap: true });
            return granted?.every(({ qos }) => qos < 0x80) === true;
        } catch {
            return false;
        }
    }

    /** Resolves with the PUBACK's reason code; 0 where the broker gave none. */
    async publish(topic: string, payload: string | Uint8Array, about: Publication = {}): Promise<number> {
        const client = this.#client;
        if (client === undefined || this.isClosed) throw new CaseFailure("the broker ended the connection");
        client.publish(
            `${this.#root}${topic}`,
            Buffer.from(payload),
            {
                qos: 1,
                retain: about.retain ?? false,
                properties: {
                    contentType: about.contentType ?? "application/json",
                    ...(about.expiryS === undefined ? {} : { messageExpiryInterval: about.expiryS }),
                    ...(about.correlation === undefined ? {} : { correlationData: Buffer.from(about.correlation) }),
                },
            },
            () => undefined,
        );
        const messageId = client.getLastMessageId();
        this.#pubacks.delete(messageId);
        await this.until(`the broker acknowledges a message on ${topic}`, () => {
            const isAnswered = this.#pubacks.has(messageId);
            if (!isAnswered && this.isClosed) throw new CaseFailure("the broker ended the connection over a message");
            return isAnswered;
        });
        return this.#pubacks.get(messageId) ?? 0;
    }

    /** Without waiting for the broker. */
    throwIn(topic: string, payload: string): void {
        this.#client?.publish(`${this.#root}${topic}`, payload, { qos: 1 }, () => undefined);
    }

    /** Waits until `look` is true, looked at again with every packet; throws `CaseFailure` after the longest wait. */
    async until(what: string, look: () => boolean, waitMs = this.#options.waitMs): Promise<void> {
        if (look()) return;
        await new Promise<void>((resolve, reject) => {
            const done = (act: () => void): void => {
                cancel();
                this.#looks = this.#looks.filter((other) => other !== again);
                act();
            };
            const again = (): void => {
                try {
                    if (look()) done(resolve);
                } catch (error) {
                    done(() => reject(error));
                }
            };
            const cancel = this.#options.clock.after(waitMs, () =>
                done(() => reject(new CaseFailure(`waited ${waitMs} ms in vain: ${what}`))),
            );
            this.#looks.push(again);
        });
    }

    /** The connection is cut as by a power cut: no goodbye. */
    async drop(): Promise<void> {
        const client = this.#client;
        this.#client = undefined;
        if (client === undefined || this.isClosed) return;
        client.stream.destroy();
        await this.until("the connection is cut", () => this.isClosed);
    }

    /** Says goodbye. */
    async end(): Promise<void> {
        const client = this.#client;
        this.#client = undefined;
        await client?.endAsync(this.isClosed).catch(() => undefined);
    }

    #take(topic: string, payload: Buffer, packet: IPublishPacket): void {
        if (!topic.startsWith(this.#root)) return;
        this.heard.push({ topic: topic.slice(this.#root.length), payload, json: parse(payload), packet });
        this.#poke();
    }

    #poke(): void {
        for (const look of [...this.#looks]) look();
    }
}

function parse(payload: Buffer): unknown {
    try {
        return JSON.parse(utf8.decode(payload));
    } catch {
        return undefined;
    }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
