/** Every GPIO profile in the folder is loaded and judged; what is not a profile is refused with the place. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { describeGpioProfile, loadGpioProfile } from "../../../../devices/io-module/gpio/gpio-profile.ts";

const folder = join(import.meta.dirname, "../../../../devices/io-module/gpio");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, file), "utf8"));
const good = {
    maker: "Acme",
    model: "Box",
    transport: "gpio",
    maturity: "simulated",
    inputs: [{ chip: "a", line: 0 }],
    outputs: [{ chip: "a", line: 1, isActiveLow: true }],
    source: ["page 1"],
};

describe.each(files)("%s", (file) => {
    test("loads, is described for people, and claims no more than was proved", () => {
        const profile = loadGpioProfile(read(file));
        expect(profile.maturity).toBe("simulated");
        expect(describeGpioProfile(profile)[0]).toContain(`${profile.maker} ${profile.model}`);
    });
});

test("a profile gets what it does not say", () => {
    expect(loadGpioProfile(good)).toMatchObject({ debounceMs: 10, inputs: [{ isActiveLow: false }] });
    expect(describeGpioProfile(loadGpioProfile(good))).toContain("outputs: a:1 low");
});

test.each([
    ["an unknown key", { ...good, typo: 1 }, "typo"],
    ["a line that is named twice", { ...good, outputs: [{ chip: "a", line: 0 }] }, "a line 0 is named twice"],
    ["a line without its chip", { ...good, inputs: [{ line: 0 }] }, "inputs.0.chip"],
    ["a kernel number in place of a name", { ...good, inputs: [17] }, "inputs.0"],
    ["a debounce that would hide a passing lorry", { ...good, debounceMs: 2_000 }, "debounceMs"],
    ["another wire", { ...good, transport: "modbus-tcp" }, "transport"],
])("%s is refused with its place", (_name, json, place) => {
    expect(() => loadGpioProfile(json)).toThrow(place);
    expect(() => loadGpioProfile(json)).toThrow(expect.objectContaining({ code: "PROFILE_INVALID" }));
});
