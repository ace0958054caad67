/** The hand that plugs and unplugs USB adapters: orders the machine's own QEMU, whose monitor is at the other end of a serial line. */
import { openSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import { until } from "../until.ts";

const MONITOR = "/dev/ttyS2";

/** Of QEMU's Machine Protocol, one line each. */
interface Saying {
    /** Of the order that this answers; none where QEMU could not read it. */
    readonly id?: number;
    readonly error?: { readonly desc: string };
    readonly event?: string;
}

/**
 * A byte that no JSON holds makes QEMU forget what it has read so far. Until the line was set it echoed, so QEMU has heard
 * pieces of its own greeting.
 */
const FORGET = Buffer.from("\xff\n", "latin1");

export class UsbHand {
    readonly #orders = openSync(MONITOR, "w");
    #sayings: Saying[] = [];
    #orderCount = 0;

    private constructor() {
        // The greeting came before anybody listened: what is left of it ends in the first line. The answer to FORGET follows it.
        let isGreeting = true;
        let rest = "";
        new ReadStream(openSync(MONITOR, "r")).on("data", (bytes) => {
            const lines = (rest + String(bytes)).split("\n");
            rest = lines.pop() ?? "";
            for (const line of lines) {
                if (!isGreeting) this.#sayings.push(JSON.parse(line));
                isGreeting = false;
            }
        });
        writeSync(this.#orders, FORGET);
    }

    static async reach(): Promise<UsbHand> {
        const hand = new UsbHand();
        await hand.#order("qmp_capabilities", {});
        return hand;
    }

    /** `port` of the USB host, from 1; `cable` is what hangs on the adapter. */
    async plug(adapter: string, port: number, cable: "scale" | "nothing"): Promise<void> {
        const where = { bus: "usb.0", port: String(port), chardev: cable };
        await this.#order("device_add", { driver: "usb-serial", id: adapter, serial: adapter, ...where });
    }

    async pull(adapter: string): Promise<void> {
        await this.#order("device_del", { id: adapter });
        await this.#hears(`${adapter} is pulled`, ({ event }) => event === "DEVICE_DELETED");
    }

    async #order(execute: string, args: object): Promise<void> {
        this.#sayings = [];
        const order = ++this.#orderCount;
        writeSync(this.#orders, `${JSON.stringify({ execute, arguments: args, id: order })}\n`);
        const { error } = await this.#hears(`QEMU answers to ${execute}`, ({ id }) => id === order);
        if (error !== undefined) throw new Error(`${execute}: ${error.desc}`);
    }

    #hears(what: string, isIt: (saying: Saying) => boolean): Promise<Saying> {
        return until(what, () => this.#sayings.find(isIt));
    }
}
