/** A camera that reads plates and publishes to a broker, as ONVIF Profile M has it, with the faults that such cameras have. */
import { randomBytes } from "node:crypto";
import { connectAsync, type MqttClient } from "mqtt";
import type { Clock } from "../../world/clock.ts";
import { onvifBody } from "./maker-words.ts";
import { type Sighting, sightingOf } from "./sighting.ts";

export type BrokerFault =
    | { readonly kind: "none" }
    /** Random bytes in place of the event. */
    | { readonly kind: "garbage" }
    /** The event breaks off in its middle. */
    | { readonly kind: "partial" }
    /** Connected, and says nothing. */
    | { readonly kind: "silence" }
    /** Every event comes so often. */
    | { readonly kind: "duplicates"; readonly times: number }
    /** Events come so much later than what they tell of. */
    | { readonly kind: "delay"; readonly delayMs: number }
    /** Speaks under another camera's name. */
    | { readonly kind: "wrong-name"; readonly prefix: string }
    /** The event is as large as this, with blanks. */
    | { readonly kind: "oversize"; readonly bytes: number };

export class BrokerCamera {
    fault: BrokerFault = { kind: "none" };
    readonly #client: MqttClient;
    readonly #prefix: string;
    readonly #clock: Clock;
    readonly #startedMs: number;

    private constructor(client: MqttClient, prefix: string, clock: Clock) {
        this.#client = client;
        this.#prefix = prefix;
        this.#clock = clock;
        this.#startedMs = clock.monotonicMs();
    }

    static async connect(url: string, prefix: string, clock: Clock): Promise<BrokerCamera> {
        return new BrokerCamera(await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 }), prefix, clock);
    }

    /** The camera's clock begins at 1970. */
    see(plate: string, change: Partial<Sighting> = {}): Promise<void> {
        const clockMs = Math.round(this.#clock.monotonicMs() - this.#startedMs);
        return this.say(JSON.stringify(onvifBody(sightingOf(plate, clockMs, change))));
    }

    /** Anything at all under the topic of plates; `retain`: the broker keeps it for whoever comes later. */
    async say(text: string | Buffer, retain = false): Promise<void> {
        const { fault } = this;
        if (fault.kind === "silence") return;
        if (fault.kind === "delay") await new Promise<void>((go) => this.#clock.after(fault.delayMs, go));
        const prefix = fault.kind === "wrong-name" ? fault.prefix : this.#prefix;
        const topic = `${prefix}/onvif-ej/RuleEngine/Recognition/LicensePlate/&1/LPR-1`;
        const times = fault.kind === "duplicates" ? fault.times : 1;
        const payload = damaged(Buffer.from(text), fault);
        for (let time = 0; time < times; time++) await this.#client.publishAsync(topic, payload, { qos: 1, retain });
    }

    async close(): Promise<void> {
        await this.#client.endAsync(true);
    }
}

function damaged(event: Buffer, fault: BrokerFault): Buffer {
    switch (fault.kind) {
        case "garbage":
            return randomBytes(event.length);
        case "partial":
            return event.subarray(0, event.length / 2);
        case "oversize":
            return Buffer.concat([event, Buffer.alloc(Math.max(0, fault.bytes - event.length), " ")]);
        default:
            return event;
    }
}
