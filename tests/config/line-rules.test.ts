/** Devices that share a Modbus line agree on what belongs to the line. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { parseSite, SiteFileError } from "../../src/config/load-site.ts";

const EXAMPLE = fileURLToPath(new URL("../../config/example-site.yaml", import.meta.url));
const example = parse(readFileSync(EXAMPLE, "utf8"));
const profile = "io-module/modbus/wirenboard-wb-mr6c";

/** Two more modules on a line, as the site file has them. */
function complaints(first: object, second: object): readonly string[] {
    const rtu = { kind: "modbus-rtu", path: "/dev/serial/by-id/usb-1" };
    const modules = {
        ...example.modules,
        "io-8": { profile, bus: { ...rtu, unit: 8, ...first } },
        "io-9": { profile, bus: { ...rtu, unit: 9, ...second } },
    };
    try {
        parseSite(stringify({ ...example, modules }), "site.yaml");
        return [];
    } catch (error) {
        if (!(error instanceof SiteFileError)) throw error;
        return error.complaints.map(({ path, expected }) => `${path}: ${expected}`);
    }
}

const WIRE = "/dev/serial/by-id/usb-1 is one wire: modules.io-8.bus";

test.each([
    ["the same settings", {}, {}, []],
    ["another line", {}, { path: "/dev/serial/by-id/usb-2", baudRate: 19_200 }, []],
    ["a late limit of their own", { lateMs: 300 }, { lateMs: 300 }, []],
    ["another speed", {}, { baudRate: 19_200 }, [`modules.io-9.bus.baudRate: ${WIRE} says 9600, this one 19200`]],
    [
        "another time-out and late limit",
        { timeoutMs: 100, lateMs: 400 },
        {},
        [
            `modules.io-9.bus.timeoutMs: ${WIRE} says 100, this one 250`,
            `modules.io-9.bus.lateMs: ${WIRE} says 400, this one nothing`,
        ],
    ],
    [
        "late before its time is over",
        { lateMs: 250 },
        { lateMs: 250 },
        ["modules.io-8.bus.lateMs: must be more than timeoutMs: a late reply comes after it"],
    ],
])("%s", (_name, first, second, expected) => {
    expect(complaints(first, second)).toEqual(expected);
});
