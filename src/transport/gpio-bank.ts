/** GPIO lines through `onoff`: found by chip label and offset, taken all or none, given back switched off. The only user of onoff. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Gpio } from "onoff";
import { DeviceFault } from "../ports/device-health.ts";
import type { GpioBank, GpioBankEvents, GpioLineName, OpenGpioBank } from "../ports/gpio.ts";
import { GPIO_ROOT, gpioChips, gpioNumberOf } from "./gpio-chips.ts";
import { type GpioGuard, standGuard } from "./gpio-guard.ts";
import { bootId, GpioLease } from "./gpio-lease.ts";

interface NumberedLine extends GpioLineName {
    readonly number: number;
}

/** `device` stands in errors; `leaseFile` remembers the lines taken, in the site's state folder. */
export function gpioBanks(device: string, leaseFile: string): OpenGpioBank {
    return async ({ inputs, outputs }, events) => {
        const chips = gpioChips();
        const numbered = (line: GpioLineName): NumberedLine => {
            const number = gpioNumberOf(line, chips);
            if (typeof number === "string") throw new DeviceFault(device, "NOT_CONNECTED", number);
            return { ...line, number };
        };
        const bank = new SysfsGpioBank(device, new GpioLease(leaseFile, bootId()), events);
        await bank.open(inputs.map(numbered), outputs.map(numbered));
        return bank;
    };
}

class SysfsGpioBank implements GpioBank {
    readonly #device: string;
    readonly #lease: GpioLease;
    readonly #events: GpioBankEvents;
    #numbers: readonly number[] = [];
    readonly #taken: { readonly line: NumberedLine; readonly gpio: Gpio; readonly isOutput: boolean }[] = [];
    #guard: GpioGuard | undefined;

    constructor(device: string, lease: GpioLease, events: GpioBankEvents) {
        this.#device = device;
        this.#lease = lease;
        this.#events = events;
    }

    async open(inputs: readonly NumberedLine[], outputs: readonly NumberedLine[]): Promise<void> {
        // Loaded here and not above: its add-on need not exist where no site uses GPIO.
        const onoff = await import("onoff");
        try {
            this.#releaseOwn([...inputs, ...outputs]);
            this.#numbers = [...inputs, ...outputs].map(({ number }) => number);
            this.#lease.add(this.#numbers);
            for (const line of outputs) this.#take(onoff.Gpio, line, true);
            this.#guard = await standGuard(
                outputs.map(({ number }) => valueFileOf(number)),
                () => this.#events.onLost("the guard that switches the outputs off after a crash has ended"),
            );
            for (const line of inputs) this.#take(onoff.Gpio, line, false);
        } catch (error) {
            await this.close();
            throw error instanceof DeviceFault ? error : this.#fault(String(error), error);
        }
    }

    async read(): Promise<{ readonly inputs: readonly boolean[]; readonly outputs: readonly boolean[] }> {
        const levels = { inputs: [] as boolean[], outputs: [] as boolean[] };
        for (const { line, gpio, isOutput } of this.#taken) {
            try {
                levels[isOutput ? "outputs" : "inputs"].push((await gpio.read()) === 1);
            } catch (error) {
                throw this.#fault(`${nameOf(line)} cannot be read (${error})`, error);
            }
        }
        return levels;
    }

    async write(output: number, isOn: boolean): Promise<void> {
        const found = this.#taken.filter(({ isOutput }) => isOutput)[output];
        if (found === undefined) throw new RangeError(`${this.#device} has no output ${output}`);
        try {
            await found.gpio.write(isOn ? 1 : 0);
        } catch (error) {
            throw this.#fault(`${nameOf(found.line)} cannot be written (${error})`, error);
        }
    }

    async close(): Promise<void> {
        const taken = this.#taken.splice(0);
        for (const { gpio, isOutput } of taken) if (isOutput) attempt(() => gpio.writeSync(0));
        await this.#guard?.end();
        for (const { gpio } of taken) attempt(() => gpio.unexport());
        this.#lease.remove(this.#numbers.filter((number) => !existsSync(folderOf(number))));
    }

    /** Lines left behind by a killed process of this site are switched off and given back; anybody else's are an error. */
    #releaseOwn(lines: readonly NumberedLine[]): void {
        const own = this.#lease.numbers();
        for (const line of lines) {
            if (!existsSync(folderOf(line.number))) continue;
            if (!own.has(line.number)) {
                throw this.#fault(
                    `${nameOf(line)} is exported as gpio${line.number} by another program: stop it, or free the line with ` +
                        `"echo ${line.number} > ${GPIO_ROOT}/unexport"`,
                );
            }
            attempt(() => writeFileSync(valueFileOf(line.number), "0"));
            writeFileSync(join(GPIO_ROOT, "unexport"), String(line.number));
        }
    }

    #take(Line: typeof Gpio, line: NumberedLine, isOutput: boolean): void {
        // "high" and "low" set the wire's own level together with the direction, whatever active_low says.
        const off = line.isActiveLow ? "high" : "low";
        const options = { activeLow: line.isActiveLow };
        try {
            const gpio = isOutput
                ? new Line(line.number, off, "none", options)
                : new Line(line.number, "in", "both", options);
            this.#taken.push({ line, gpio, isOutput });
            if (!isOutput) gpio.watch(() => this.#events.onEdge());
        } catch (error) {
            throw this.#fault(`${nameOf(line)} cannot be taken${whyNot(error)}`, error);
        }
    }

    #fault(message: string, cause?: unknown): DeviceFault {
        return new DeviceFault(this.#device, "NOT_CONNECTED", message, cause === undefined ? {} : { cause });
    }
}

function whyNot(error: unknown): string {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    switch (code) {
        case "EBUSY":
            return ": the kernel or another program holds it (gpioinfo and /sys/kernel/debug/gpio say who)";
        case "EACCES":
        case "EPERM":
            return `: not allowed; the user must belong to the group that owns ${GPIO_ROOT}/export`;
        default:
            return ` (${error})`;
    }
}

function nameOf({ chip, line }: GpioLineName): string {
    return `line ${line} of ${chip}`;
}

function folderOf(number: number): string {
    return join(GPIO_ROOT, `gpio${number}`);
}

function valueFileOf(number: number): string {
    return join(folderOf(number), "value");
}

/** While giving back there is nobody to complain to: the next one that takes the line finds out. */
function attempt(act: () => void): void {
    try {
        act();
    } catch {
        // the line is gone with its chip
    }
}
