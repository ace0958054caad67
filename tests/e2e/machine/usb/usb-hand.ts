/** The hand that plugs and unplugs USB adapters: orders the machine's own QEMU, whose monitor is at the other end of a serial line. */
import { openSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";
import { until } from "../until.ts";

const MONITOR = "/dev/ttyS2";

/** Of QEMU's Machine Protocol, one line each. */
interface Saying {
    readonly return?: unknown;
    readonly error?: { readonly desc: string };
    readonly event?: string;
}

export class UsbHand {
    readonly #orders = openSync(MONITOR, "w");
    #sayings: Saying[] = [];

    private constructor() {
        let rest = "";
        new ReadStream(openSync(MONITOR, "r")).on("data", (bytes) => {
            const lines = (rest + String(bytes)).split("\n");
            rest = lines.pop() ?? "";
            // Its greeting came before anybody listened: half of it is lost.
            for (const line of lines.filter((text) => text.startsWith("{"))) this.#sayings.push(JSON.parse(line));
        });
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
        writeSync(this.#orders, `${JSON.stringify({ execute, arguments: args })}\n`);
        const isAnswer = (saying: Saying): boolean => saying.return !== undefined || saying.error !== undefined;
        const { error } = await this.#hears(`QEMU answers to ${execute}`, isAnswer);
        if (error !== undefined) throw new Error(`${execute}: ${error.desc}`);
    }

    #hears(what: string, isIt: (saying: Saying) => boolean): Promise<Saying> {
        return until(what, () => this.#sayings.find(isIt));
    }
}
