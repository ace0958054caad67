/** A rack of I/O modules with nothing behind them, each on a port of its own: inputs follow orders, coil writes are told with their instant. */
import { ModbusTcpServer } from "../wire/modbus-tcp-server.ts";
import { RelayModule } from "../wire/relay-module.ts";
import type { Clock } from "../world/clock.ts";
import { Random } from "../world/random.ts";
import { type FromBench, ToBench } from "./messages.ts";

/** How exactly a relay's pulse ends. */
const STEP_MS = 10;

/** Tells every write of a coil before it is answered. */
class WatchedModule extends RelayModule {
    readonly #onWrite: (coil: number, isOn: boolean) => void;

    constructor(pulseMs: number, onWrite: (coil: number, isOn: boolean) => void) {
        super(pulseMs);
        this.#onWrite = onWrite;
    }

    override setCoil(address: number, isOn: boolean): void {
        super.setCoil(address, isOn);
        this.#onWrite(address, isOn);
    }
}

interface Slot {
    readonly module: RelayModule;
    readonly server: ModbusTcpServer;
}

export class ModuleRack {
    readonly #slots: readonly Slot[];
    readonly #clock: Clock;
    readonly #tell: (message: FromBench) => void;
    readonly #cancel: () => void;

    private constructor(slots: readonly Slot[], clock: Clock, tell: (message: FromBench) => void) {
        this.#slots = slots;
        this.#clock = clock;
        this.#tell = tell;
        this.#cancel = clock.every(STEP_MS, () => {
            for (const { module } of slots) module.advance(STEP_MS);
        });
    }

    /** Resolves when every module answers and `ready` was told. */
    static async open(
        options: { readonly modules: number; readonly pulseMs: number },
        clock: Clock,
        tell: (message: FromBench) => void,
    ): Promise<ModuleRack> {
        const slots = await Promise.all(
            Array.from({ length: options.modules }, async (_, index): Promise<Slot> => {
                const module = new WatchedModule(options.pulseMs, (coil, isOn) =>
                    tell({ is: "coil", module: index, coil, isOn, atMs: clock.monotonicMs() }),
                );
                const random = new Random(index, "bench/wire");
                return { module, server: await ModbusTcpServer.listen({ port: 0, bank: module, clock, random }) };
            }),
        );
        tell({ is: "ready", ports: slots.map(({ server }) => server.port) });
        return new ModuleRack(slots, clock, tell);
    }

    /** Carries out one order as it came over the channel; what is not an order is refused, never thrown. */
    obey(message: unknown): void {
        const order = ToBench.safeParse(message);
        const slot = this.#slots[order.data?.module ?? 0];
        if (!order.success || slot === undefined) {
            const reason = order.success ? `no module ${order.data.module}` : `not an order: ${order.error.message}`;
            this.#tell({ is: "refused", reason });
        } else if (order.data.do === "fault") {
            slot.server.fault(order.data.fault);
        } else {
            for (const [input, isOn] of order.data.inputs) slot.module.inputs[input] = isOn;
            this.#tell({ is: "set", module: order.data.module, atMs: this.#clock.monotonicMs() });
        }
    }

    async close(): Promise<void> {
        this.#cancel();
        await Promise.all(this.#slots.map(({ server }) => server.close()));
    }
}
