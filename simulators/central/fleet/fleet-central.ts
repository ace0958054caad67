/**
 * A central system for many sites: several readers share the events of all of them through one shared subscription, one
 * ledger puts them in order and one acknowledgement a site goes back. Answers every question about the list with an empty one.
 */
import { Socket } from "node:net";
import { connect, type MqttClient } from "mqtt";
import type { Cancel, Clock } from "../../world/clock.ts";
import type { LedgerEvent } from "../event-ledger.ts";
import { Durations } from "./durations.ts";
import { FleetLedger } from "./fleet-ledger.ts";
import { type FromFleetCentral, ToFleetCentral } from "./fleet-messages.ts";

export interface FleetCentralOptions {
    /** `mqtt://host:port`. */
    readonly broker: string;
    /** How many readers share the events. */
    readonly readers: number;
    readonly ledgerFile: string;
    /** Acknowledgements are gathered for so long. */
    readonly ackMs: number;
    readonly clock: Clock & { utcMs(): number };
    readonly tell: (message: FromFleetCentral) => void;
}

const ROOT = "kordon/v1/";
/** What the broker may give one reader at once: its own default of 20 would be the narrowest place of all. */
const RECEIVE_MAXIMUM = 2_000;
const EMPTY_LIST = { version: 0, hash: "0".repeat(64) };

export class FleetCentral {
    readonly #options: FleetCentralOptions;
    readonly #ledger: FleetLedger;
    readonly #clients: MqttClient[] = [];
    readonly #liveAfter = new Map<string, number>();
    /** Facts of `live` that are still to come on `events`, by site. */
    readonly #headStarted = new Map<string, Set<number>>();
    readonly #watches: { readonly site: string; readonly upTo: number }[] = [];
    readonly #latency = new Durations();
    #headStarts = 0;
    #isFirst = true;
    #cancelAck: Cancel | undefined;

    constructor(options: FleetCentralOptions) {
        this.#options = options;
        this.#ledger = new FleetLedger(options.ledgerFile);
    }

    /** Resolves when every reader listens. */
    async open(): Promise<void> {
        for (let reader = 0; reader < this.#options.readers; reader++) {
            const mine = [
                `$share/central/${ROOT}+/events`,
                ...(reader === 0 ? [`${ROOT}+/live`, `${ROOT}+/requests`] : []),
            ];
            this.#clients.push(await this.#join(reader, mine));
        }
    }

    obey(message: unknown): void {
        const order = ToFleetCentral.safeParse(message);
        if (!order.success) {
            this.#options.tell({ is: "refused", reason: order.error.issues[0]?.message ?? "unknown shape" });
            return;
        }
        switch (order.data.do) {
            case "watch":
                this.#watches.push(order.data);
                break;
            case "live-after":
                this.#liveAfter.set(order.data.site, order.data.sequence);
                break;
            case "report":
                this.#report();
        }
    }

    async close(): Promise<void> {
        this.#cancelAck?.();
        await Promise.all(this.#clients.map((client) => client.endAsync(true)));
        this.#ledger.close();
    }

    async #join(reader: number, topics: readonly string[]): Promise<MqttClient> {
        const client = connect(this.#options.broker, {
            protocolVersion: 5,
            clientId: `central-${reader}`,
            clean: false,
            properties: { sessionExpiryInterval: 3_600, receiveMaximum: RECEIVE_MAXIMUM },
        });
        client.on("message", (topic, payload) => this.#take(topic, payload));
        client.on("error", () => undefined); // mqtt.js tries again by itself
        await new Promise<void>((resolve) => client.once("connect", () => resolve()));
        if (client.stream instanceof Socket) client.stream.setNoDelay(true);
        await client.subscribeAsync([...topics], { qos: 1 });
        return client;
    }

    #take(topic: string, payload: Buffer): void {
        const [site = "", kind] = topic.slice(ROOT.length).split("/");
        if (kind === "events") this.#takeEvent(site, payload.toString());
        else if (kind === "live") this.#takeHeadStart(site, payload.toString());
        else if (kind === "requests") this.#answer(site, payload.toString());
    }

    #takeEvent(site: string, payload: string): void {
        const event = this.#ledger.take(site, payload);
        if (event !== undefined) {
            const sequence = Number(event.sequence);
            if (this.#headStarted.get(site)?.delete(sequence) !== true) this.#noteLatency(site, sequence, event);
        }
        if (this.#isFirst) this.#options.tell({ is: "first", atMs: this.#options.clock.monotonicMs() });
        this.#isFirst = false;
        this.#cancelAck ??= this.#options.clock.after(this.#options.ackMs, () => {
            this.#cancelAck = undefined;
            this.#acknowledge();
        });
    }

    #takeHeadStart(site: string, payload: string): void {
        this.#headStarts += 1;
        const event = JSON.parse(payload) as LedgerEvent;
        const sequence = Number(event.sequence);
        this.#noteLatency(site, sequence, event);
        const known = this.#headStarted.get(site) ?? new Set();
        this.#headStarted.set(site, known.add(sequence));
    }

    #noteLatency(site: string, sequence: number, { time }: LedgerEvent): void {
        if (sequence <= (this.#liveAfter.get(site) ?? 0)) return;
        this.#latency.add(this.#options.clock.utcMs() - Date.parse(time));
    }

    #acknowledge(): void {
        for (const [site, ack] of this.#ledger.flush()) {
            this.#say(`${site}/ack`, ack, true);
            for (const watch of this.#watches) {
                if (watch.site !== site || watch.upTo > ack.upTo) continue;
                this.#options.tell({ is: "reached", ...watch, atMs: this.#options.clock.monotonicMs() });
                this.#watches.splice(this.#watches.indexOf(watch), 1);
            }
        }
    }

    #answer(site: string, payload: string): void {
        const { ref } = JSON.parse(payload) as { ref: string };
        this.#say(`${site}/bookings/version`, { ...EMPTY_LIST, ref }, false);
    }

    #say(topic: string, message: object, retain: boolean): void {
        this.#clients[0]?.publish(`${ROOT}${topic}`, JSON.stringify(message), { qos: 1, retain });
    }

    #report(): void {
        const { sites, stored, ahead, repeated, brokenHashes, malformed } = this.#ledger;
        const latency = this.#latency.summary();
        const headStarts = this.#headStarts;
        const report = { sites, stored, ahead, repeated, headStarts, brokenHashes, malformed, latency };
        this.#options.tell({ is: "report", ...report });
    }
}
