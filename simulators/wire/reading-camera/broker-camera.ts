/** A camera that reads plates and publishes to a broker, as ONVIF Profile M has it. */
import { connectAsync, type MqttClient } from "mqtt";
import type { Clock } from "../../world/clock.ts";
import { onvifBody } from "./maker-words.ts";
import { type Sighting, sightingOf } from "./sighting.ts";

export class BrokerCamera {
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
        const topic = `${this.#prefix}/onvif-ej/RuleEngine/Recognition/LicensePlate/&1/LPR-1`;
        await this.#client.publishAsync(topic, text, { qos: 1, retain });
    }

    async close(): Promise<void> {
        await this.#client.endAsync(true);
    }
}
