/** Which GPIO chips this machine has and which kernel number a line bears on it today. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GpioLineName } from "../ports/gpio.ts";

/** Where the kernel shows GPIO to programs; absent where it was built without CONFIG_GPIO_SYSFS. */
export const GPIO_ROOT = "/sys/class/gpio";

export interface GpioChip {
    readonly label: string;
    /** Kernel number of its line 0. */
    readonly base: number;
    readonly lines: number;
}

/** All chips of this machine; undefined where the kernel has no sysfs GPIO. */
export function gpioChips(root = GPIO_ROOT): readonly GpioChip[] | undefined {
    let names: readonly string[];
    try {
        names = readdirSync(root);
    } catch {
        return undefined;
    }
    const said = (chip: string, file: string): string => readFileSync(join(root, chip, file), "utf8").trim();
    return names
        .filter((name) => name.startsWith("gpiochip"))
        .map((name) => ({
            label: said(name, "label"),
            base: Number(said(name, "base")),
            lines: Number(said(name, "ngpio")),
        }));
}

/** Today's kernel number of a line, or in words why it has none here. */
export function gpioNumberOf({ chip, line }: GpioLineName, chips: readonly GpioChip[] | undefined): number | string {
    if (chips === undefined) {
        return "this kernel has no sysfs GPIO (CONFIG_GPIO_SYSFS): use a kernel that has it, or an I/O module";
    }
    const [found, ...others] = chips.filter(({ label }) => label === chip);
    if (found === undefined) {
        const known = chips.length === 0 ? "none" : chips.map(({ label, lines }) => `${label} (${lines})`).join(", ");
        return `no GPIO chip "${chip}" here; there are: ${known}`;
    }
    if (others.length > 0) return `${others.length + 1} GPIO chips are called "${chip}": a line cannot be told by it`;
    if (line >= found.lines) return `GPIO chip "${chip}" has lines 0 to ${found.lines - 1}, not ${line}`;
    return found.base + line;
}
