/** The far side of the GPIO lines, as the kernel's simulator shows it: what is pulled to which level, and what the wire carries. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { Condition } from "../../../central/condition.ts";
import { LOW_LINES } from "./gate-wiring.ts";

const DEVICE = "/sys/devices/platform/gpio-sim.0";
const LOOK_MS = 10;
const PATIENCE_MS = 60_000;

export interface Change {
    readonly line: number;
    readonly isOn: boolean;
    readonly atMs: number;
}

export class SimulatedLines {
    readonly changes: Change[] = [];
    readonly #folder: string;
    readonly #changed = new Condition();
    readonly #levels = new Map<number, boolean>();

    /** `watched`: outputs whose every change is kept, to the nearest few milliseconds. */
    constructor(watched: readonly number[]) {
        const chip = readdirSync(DEVICE).find((name) => name.startsWith("gpiochip"));
        this.#folder = join(DEVICE, chip ?? "gpiochip?");
        for (const line of watched) this.#levels.set(line, this.isOn(line));
        systemClock.every(LOOK_MS, () => this.#look());
    }

    /** Closes or opens a contact. */
    pull(line: number, isOn: boolean): void {
        this.#write(line, "pull", isOn === LOW_LINES.has(line) ? "pull-down" : "pull-up");
    }

    /** As whoever is wired to the line feels it. */
    isOn(line: number): boolean {
        return (this.#read(line, "value") === "1") !== LOW_LINES.has(line);
    }

    async until(what: string, look: () => boolean): Promise<void> {
        await this.#changed.until(what, look, PATIENCE_MS);
    }

    #look(): void {
        for (const [line, before] of this.#levels) {
            const isOn = this.isOn(line);
            if (isOn !== before) this.changes.push({ line, isOn, atMs: systemClock.monotonicMs() });
            this.#levels.set(line, isOn);
        }
        this.#changed.poke();
    }

    #read(line: number, file: string): string {
        return readFileSync(join(this.#folder, `sim_gpio${line}`, file), "utf8").trim();
    }

    #write(line: number, file: string, text: string): void {
        writeFileSync(join(this.#folder, `sim_gpio${line}`, file), text);
    }
}
