/**
 * What lies between a driver and one I/O module: the module's terminals, and what is wrong with the wire and the relays.
 * It outlives the daemon; the driver at its end (`simulated-io.ts`) does not.
 */
import type { WireFault } from "../../simulators/wire/wire-fault.ts";

/** The terminals of a module, as the simulated world offers them. */
export interface Terminals {
    readonly inputs: readonly boolean[];
    /** Relays from 0 on; undefined where there is none. */
    coil(address: number): boolean | undefined;
    setCoil(address: number, isOn: boolean): void;
}

/** A relay that does not follow: its coil is dead, or its contact welds the next time it closes. */
export type RelayFault = "dead" | "welded";

export class IoWire {
    fault: WireFault = { kind: "none" };
    readonly terminals: Terminals;
    /** How many relays the module has. */
    readonly relays: number;
    readonly #broken = new Map<number, { readonly fault: RelayFault; isClosed: boolean }>();

    constructor(terminals: Terminals, relays: number) {
        this.terminals = terminals;
        this.relays = relays;
    }

    get isAnyRelayBroken(): boolean {
        return this.#broken.size > 0;
    }

    breakRelay(relay: number, fault: RelayFault): void {
        this.#broken.set(relay, { fault, isClosed: false });
    }

    mendRelay(relay: number): void {
        if (this.#broken.get(relay)?.isClosed === true) this.terminals.setCoil(relay, false);
        this.#broken.delete(relay);
    }

    /** `address`: where to write, the relay itself or its hardware pulse. */
    write(relay: number, address: number, isOn: boolean): void {
        const broken = this.#broken.get(relay);
        if (broken?.fault === "dead" && isOn) return;
        if (broken?.isClosed === true && !isOn) return;
        this.terminals.setCoil(address, isOn);
    }

    /** Called every step of the world: a welded contact stays closed when the module lets go of it. */
    hold(): void {
        for (const [relay, broken] of this.#broken) {
            if (broken.fault !== "welded") continue;
            if (this.terminals.coil(relay) === true) broken.isClosed = true;
            else if (broken.isClosed) this.terminals.setCoil(relay, true);
        }
    }
}
