/** Every profile in the folder is loaded and judged; what is not a profile is refused with the place and the reason. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProfileInvalid } from "../../../../devices/device-profile.ts";
import {
    describeIoModuleProfile,
    loadIoModuleProfile,
} from "../../../../devices/io-module/modbus/io-module-profile.ts";

const folder = join(import.meta.dirname, "../../../../devices/io-module/modbus");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, file), "utf8"));

test("the first four models are there", () => {
    expect(files).toEqual(
        expect.arrayContaining([
            "advantech-adam-6060.json",
            "moxa-iologik-e1214.json",
            "waveshare-relay-8.json",
            "wirenboard-wb-mr6c.json",
        ]),
    );
});

describe.each(files)("%s", (file) => {
    test("loads, and is described for people", () => {
        const profile = loadIoModuleProfile(read(file));
        const lines = describeIoModuleProfile(profile);
        expect(lines[0]).toContain(`${profile.maker} ${profile.model}`);
        expect(lines.every((line) => line.trim() !== "" && !line.includes("undefined"))).toBe(true);
    });

    test("claims no more than was proved: no profile was on a bench yet", () => {
        expect(loadIoModuleProfile(read(file)).maturity).toBe("simulated");
    });

    test("a key that is not known is an error, on every level", () => {
        const json = read(file);
        expect(() => loadIoModuleProfile({ ...json, pulses: {} })).toThrow(ProfileInvalid);
        for (const [key, value] of Object.entries(json)) {
            if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
            expect(() => loadIoModuleProfile({ ...json, [key]: { ...value, typo: 1 } })).toThrow(key);
        }
    });

    test.each(["maker", "model", "transport", "maturity", "outputs", "source"])("%s is needed", (key) => {
        const { [key]: _gone, ...rest } = read(file);
        expect(() => loadIoModuleProfile(rest)).toThrow(key);
    });
});

/** Facts from the makers' manuals, beside the profiles: addresses as they stand on the wire. */
test("the addresses are those of the manuals", () => {
    expect(loadIoModuleProfile(read("moxa-iologik-e1214.json"))).toMatchObject({
        inputs: { count: 6, function: 2, address: 0x0000 },
        outputs: { count: 6, function: 1, address: 0x0000 },
        pulse: { kind: "start-coil", address: 0x0010 },
    });
    expect(loadIoModuleProfile(read("advantech-adam-6060.json"))).toMatchObject({
        inputs: { address: 1 - 1 },
        outputs: { address: 17 - 1 },
    });
    expect(loadIoModuleProfile(read("waveshare-relay-8.json"))).toMatchObject({
        outputs: { count: 8, address: 0 },
        pulse: { kind: "flash-on", address: 0x0200, unitMs: 100 },
    });
    expect(loadIoModuleProfile(read("wirenboard-wb-mr6c.json"))).toMatchObject({
        pulse: { kind: "software" },
        watchdog: {
            registers: [
                { address: 8, value: 2 },
                { address: 930, value: 0 },
                { address: 938, value: 1 },
            ],
        },
    });
});

describe("what is no profile is refused with place and reason", () => {
    const moxa = read("moxa-iologik-e1214.json");
    test.each<[string, unknown, string]>([
        ["nothing", undefined, "file"],
        ["a list", [], "file"],
        [
            "an address of the 4xxxx kind",
            { ...moxa, outputs: { count: 6, function: 1, address: 400_001 } },
            "outputs.address",
        ],
        ["no outputs at all", { ...moxa, outputs: { count: 0, function: 1, address: 0 } }, "outputs.count"],
        ["inputs by function 4", { ...moxa, inputs: { count: 6, function: 4, address: 0 } }, "inputs.function"],
        ["an unknown kind of pulse", { ...moxa, pulse: { kind: "toggle" } }, "pulse"],
        ["a pulse without its address", { ...moxa, pulse: { kind: "start-coil" } }, "pulse.address"],
        ["an unknown wire", { ...moxa, transport: "modbus-udp" }, "transport"],
        ["a proof that does not exist", { ...moxa, maturity: "perfect" }, "maturity"],
        ["no source", { ...moxa, source: [] }, "source"],
    ])("%s", (_name, json, place) => {
        expect(() => loadIoModuleProfile(json)).toThrow(place);
        expect(() => loadIoModuleProfile(json)).toThrow(expect.objectContaining({ code: "PROFILE_INVALID" }));
    });

    test("a software pulse without a watchdog: nothing would drop the relay", () => {
        const { watchdog: _gone, ...rest } = read("wirenboard-wb-mr6c.json");
        expect(() => loadIoModuleProfile(rest)).toThrow("needs `watchdog`");
    });
});
