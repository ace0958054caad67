/** Lines by chip label and offset, in a folder laid out like the kernel's; a kernel without GPIO says so. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { gpioChips, gpioNumberOf } from "../../src/transport/gpio-chips.ts";

const root = mkdtempSync(join(tmpdir(), "kordon-gpio-"));
afterAll(() => rmSync(root, { recursive: true }));

function chip(base: number, label: string, lines: number): void {
    const folder = join(root, `gpiochip${base}`);
    mkdirSync(folder);
    for (const [file, text] of [
        ["base", base],
        ["label", label],
        ["ngpio", lines],
    ] as const) {
        writeFileSync(join(folder, file), `${text}\n`);
    }
}

chip(1016, "gate-io", 8);
chip(0, "pinctrl-bcm2711", 58);
chip(600, "pcf8574", 8);
chip(608, "pcf8574", 8);
writeFileSync(join(root, "export"), "");

const numberOf = (name: string, line: number) =>
    gpioNumberOf({ chip: name, line, isActiveLow: false }, gpioChips(root));

test.each([
    ["gate-io", 3, 1019],
    ["pinctrl-bcm2711", 17, 17],
])("%s:%d is gpio%d today", (name, line, number) => {
    expect(numberOf(name, line)).toBe(number);
});

test.each([
    ["a chip that is not there", "gpio-9", 0, "no GPIO chip"],
    ["a line beyond the chip", "gate-io", 8, "has lines 0 to 7"],
    ["a label that two chips bear", "pcf8574", 0, "2 GPIO chips"],
])("%s is said in words", (_name, name, line, words) => {
    expect(numberOf(name, line)).toContain(words);
});

test("a kernel without sysfs GPIO says so", () => {
    expect(gpioChips(join(root, "nowhere"))).toBeUndefined();
    expect(gpioNumberOf({ chip: "a", line: 0, isActiveLow: false }, undefined)).toContain("CONFIG_GPIO_SYSFS");
});
