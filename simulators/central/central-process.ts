/** The simulated central system with its broker (own or another's), and the orders of whoever runs the scenario. */
import { makeDay } from "../scenarios/day.ts";
import type { CentralConfig } from "./central-config.ts";
import { type FromCentral, ToCentral } from "./central-messages.ts";
import { CentralSystem } from "./central-system.ts";
import type { CentralClock } from "./clock.ts";
import { EventLedger } from "./event-ledger.ts";
import { MqttBroker } from "./mqtt-broker.ts";
import { PublishedList, type WireBooking } from "./published-list.ts";

export class CentralProcess {
    readonly #central: CentralSystem;
    readonly #ledger: EventLedger;
    readonly #broker: MqttBroker | undefined;
    readonly #url: string;
    readonly #tell: (message: FromCentral) => void;
    #eventsToRefuse = 0;
    #refusal = 0;

    private constructor(
        parts: { central: CentralSystem; ledger: EventLedger; broker: MqttBroker | undefined; url: string },
        tell: (message: FromCentral) => void,
    ) {
        this.#central = parts.central;
        this.#ledger = parts.ledger;
        this.#broker = parts.broker;
        this.#url = parts.url;
        this.#tell = tell;
        if (this.#broker !== undefined) this.#broker.judge = ({ topic }) => this.#judge(topic);
    }

    /** Resolves when it listens and `ready` was told; rejects when the port or the file cannot be had. */
    static async open(
        config: CentralConfig,
        clock: CentralClock,
        tell: (m: FromCentral) => void,
    ): Promise<CentralProcess> {
        const { receiveMaximum, packetBytesMax, port } = config;
        const broker =
            config.broker === undefined ? new MqttBroker(clock, { receiveMaximum, packetBytesMax }) : undefined;
        const url = config.broker ?? `mqtt://127.0.0.1:${await broker?.listen(port)}`;
        const ledger = new EventLedger(config.ledger);
        const list = new PublishedList(bookingsOf(config));
        const central = new CentralSystem({ ...config, ledger, list, clock, tell });
        const process = new CentralProcess({ central, ledger, broker, url }, tell);
        await central.connect(url);
        tell({ is: "ready", url, list: { version: list.version, hash: list.hash } });
        return process;
    }

    /** Carries out one order as it came over the channel; what is not an order is refused, never thrown. */
    async obey(message: unknown): Promise<void> {
        const order = ToCentral.safeParse(message);
        if (!order.success) {
            this.#tell({ is: "refused", reason: `not an order: ${order.error.issues[0]?.message ?? "unknown shape"}` });
            return;
        }
        await this.#carryOut(order.data);
    }

    async close(): Promise<void> {
        await this.#central.disconnect();
        await this.#broker?.close({ forget: false });
        this.#ledger.close();
    }

    async #carryOut(order: ToCentral): Promise<void> {
        switch (order.do) {
            case "vanish":
                await this.#central.disconnect();
                await this.#broker?.close({ forget: order.forget });
                return this.#tell({ is: "gone" });
            case "return":
                await this.#broker?.listen();
                await this.#central.connect(this.#url);
                return this.#tell({ is: "back" });
            case "fall-silent":
                return this.#broker?.fallSilent();
            case "lose-acks":
                return this.#central.loseAcks(order.count);
            case "repeat-ack":
                return this.#central.repeatAck();
            case "future-ack":
                return this.#central.ackAhead(order.ahead);
            case "refuse-events":
                this.#eventsToRefuse = order.count;
                this.#refusal = order.code;
                return;
            case "say":
                return this.#central.sayRaw(order.topic, order.text, order.retain);
            case "change":
                return this.#central.change(order.upsert, order.remove, order.isAnnounced);
            case "set-status":
                if (this.#central.setStatus(order.id, order.status)) return;
                return this.#tell({ is: "refused", reason: `no booking ${order.id}` });
            case "cut-snapshots":
                return this.#central.cutSnapshots(order.count);
            case "command":
                return this.#central.command(order.fields);
            case "report":
                return this.#tell(this.#central.report());
        }
    }

    #judge(topic: string): number {
        if (this.#eventsToRefuse === 0 || !topic.endsWith("/events")) return 0;
        this.#eventsToRefuse -= 1;
        return this.#refusal;
    }
}

function bookingsOf({ day, bookings }: CentralConfig): readonly WireBooking[] {
    return day === undefined ? bookings : makeDay(day).bookings.map((booking) => ({ ...booking }));
}
