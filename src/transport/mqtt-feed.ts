/**
 * A camera that publishes its events to a broker, ONVIF Profile M's way. Never a lasting session: what the broker kept for us
 * while we were away is old. What it keeps for everybody (retained) is handed on as such.
 */
import { connect, type MqttClient } from "mqtt";
import type { CameraFeed, FeedListener } from "../ports/camera-feed.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth, FaultCode } from "../ports/device-health.ts";
import { type BackOff, backOffMs } from "./back-off.ts";

export interface MqttFeedPlan {
    readonly device: string;
    /** `mqtt://host:port` or `mqtts://host:port`. */
    readonly url: string;
    /** May hold wildcards. */
    readonly topic: string;
    readonly username?: string;
    readonly password?: string;
    /** PEM; replaces the system's authorities. */
    readonly ca?: Buffer;
    readonly clock: Clock;
    /** Default 1 to 30 s. */
    readonly backOff?: BackOff;
}

const CONNECT_MS_MAX = 10_000;
const KEEPALIVE_S = 15;
/** An event without pictures; a larger packet ends the connection. */
const PACKET_BYTES_MAX = 256 * 1024;

export class MqttFeed implements CameraFeed {
    readonly #plan: MqttFeedPlan;
    readonly #backOff: BackOff;
    #listener: FeedListener | undefined;
    #client: MqttClient | undefined;
    #cancelRetry: Cancel = () => undefined;
    #isOpen = false;
    #fault: { readonly code: FaultCode; readonly detail: string } | undefined;
    #failures = 0;
    #failuresInRow = 0;
    #isStopped = false;

    constructor(plan: MqttFeedPlan) {
        this.#plan = plan;
        this.#backOff = plan.backOff ?? { minMs: 1_000, maxMs: 30_000, random: Math.random };
    }

    listen(listener: FeedListener): void {
        this.#listener = listener;
    }

    start(): void {
        if (this.#client === undefined) this.#connect();
    }

    stop(): Promise<void> {
        this.#isStopped = true;
        this.#cancelRetry();
        this.#client?.end(true);
        return Promise.resolve();
    }

    health(): DeviceHealth {
        const common = { device: this.#plan.device, failures: this.#failures };
        if (this.#isOpen) return { ...common, state: "well" };
        return this.#fault === undefined
            ? { ...common, state: "starting" }
            : { ...common, state: "failed", ...this.#fault };
    }

    #connect(): void {
        const { url, topic, username, password, ca } = this.#plan;
        const client = connect(url, {
            protocolVersion: 5,
            clean: true,
            reconnectPeriod: 0,
            resubscribe: false,
            connectTimeout: CONNECT_MS_MAX,
            keepalive: KEEPALIVE_S,
            properties: { maximumPacketSize: PACKET_BYTES_MAX, sessionExpiryInterval: 0 },
            ...(username === undefined ? {} : { username }),
            ...(password === undefined ? {} : { password }),
            ...(ca === undefined ? {} : { ca }),
        });
        this.#client = client;
        let why = "the broker closed the connection";
        client.on("connect", () => {
            client.subscribe(topic, { qos: 1 }, (error) => {
                if (error === null) {
                    this.#isOpen = true;
                    return;
                }
                why = `subscribing to ${topic} failed: ${error.message}`;
                client.end(true);
            });
        });
        client.on("message", (_topic, payload, { retain }) => {
            if (this.#isStopped) return;
            const part = { type: "application/json", name: "", bytes: payload };
            if (this.#listener?.heard([part], retain) === true) this.#failuresInRow = 0;
        });
        client.on("error", (error) => {
            why = error.message || error.name;
            client.end(true);
        });
        client.once("close", () => this.#closed(why));
    }

    #closed(why: string): void {
        this.#isOpen = false;
        if (this.#isStopped) return;
        this.#failures++;
        this.#failuresInRow++;
        const detail = `broker ${new URL(this.#plan.url).host}: ${why}: check network, broker and rights`;
        this.#fault = { code: "NOT_CONNECTED", detail };
        const waitMs = backOffMs(this.#failuresInRow, this.#backOff);
        this.#cancelRetry = this.#plan.clock.after(waitMs, () => this.#connect());
    }
}
