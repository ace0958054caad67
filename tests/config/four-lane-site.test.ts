// The site file that uses one of everything really does, by the schema and by the folders of devices; what is new must come into it.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { siteSchemaText } from "../../src/config/site-reference.ts";
import { LANE_ROLES } from "../../src/core/decision/lane-role.ts";
import { runKordon } from "../cli/run-kordon.ts";
import { unusedOf } from "./site-coverage.ts";

const ROOT = join(import.meta.dirname, "../..");
const FILE = join(ROOT, "config/four-lane-site.yaml");
const text = readFileSync(FILE, "utf8");
const site = parse(text);
const schema = JSON.parse(siteSchemaText());

/** Every profile there is, with what it says of itself. */
const profiles = globSync("devices/*/*/*.json", { cwd: ROOT }).map((file) => ({
    name: file.slice("devices/".length, -".json".length),
    about: JSON.parse(readFileSync(join(ROOT, file), "utf8")),
}));
const used: readonly string[] = [...text.matchAll(/profile: ([a-z0-9/-]+)/g)].map(([, name = ""]) => name);

test("kordon check accepts it, whatever machine it runs on", async () => {
    const { code, out, error } = await runKordon("check", "--site", FILE);
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(out).toContain("The site file is in order.");
});

test("it has four lanes, one of each role, two of them a lock and two with scales", () => {
    const lanes: { role: string; scale?: string; interlockedWith?: string }[] = Object.values(site.lanes);
    expect(lanes.map(({ role }) => role)).toEqual([...LANE_ROLES]);
    expect(lanes.filter(({ interlockedWith }) => interlockedWith !== undefined)).toHaveLength(2);
    expect(lanes.flatMap(({ scale }) => scale ?? []).map((scale) => site.scales[scale].line.kind)).toEqual([
        "tcp",
        "modbus-tcp",
    ]);
});

test("nothing that the schema offers is missing from it: no part, kind, contact, nor key without a default", () => {
    expect(unusedOf(schema, [site])).toEqual([]);
});

test("no family of devices is missing from it", () => {
    const families = globSync("devices/*/*/README.md", { cwd: ROOT })
        .concat(globSync("devices/*/*/*.json", { cwd: ROOT }))
        .map((file) => dirname(file).slice("devices/".length));
    expect(families).toContain("scale/yaohua");
    // Barriers on relays have no profile: they are what is left of the lanes whose barrier names terminals.
    const barriers: object[] = Object.values<{ barrier: object }>(site.lanes).map(({ barrier }) => barrier);
    const isUsed = (family: string): boolean =>
        family === "barrier/relay"
            ? barriers.some((barrier) => "open" in barrier)
            : used.some((name) => dirname(name) === family);
    expect([...new Set(families)].filter((family) => !isUsed(family))).toEqual([]);
});

test("no way in which I/O modules, boards and cameras speak is missing from it", () => {
    // The same for scales would be every frame of every maker; one of each family stands in the file.
    const ways = ({ name, about }: (typeof profiles)[number]): string =>
        [name.split("/")[0], about.dialect ?? about.protocol, about.transport].filter(Boolean).join(" ");
    const wanted = profiles.filter(({ name }) => !name.startsWith("scale/") && !name.startsWith("barrier/"));
    const spoken = new Set(wanted.filter(({ name }) => used.includes(name)).map(ways));
    const missing = wanted.map(ways).filter((way) => !spoken.has(way));
    expect([...new Set(missing)]).toEqual([]);
});

test("what is left out is noticed: a kind of camera, a contact, a wire, a key", () => {
    const without = (change: (copy: typeof site) => void): readonly string[] => {
        const copy = structuredClone(site);
        change(copy);
        return unusedOf(schema, [copy]);
    };
    expect(without(({ cameras }) => delete cameras["exit-front"])).toContain("cameras.<name> (folder)");
    expect(without(({ modules }) => delete modules["io-box"])).toContain("modules.<name>.bus (gpio)");
    expect(without(({ lanes }) => delete lanes.arrivals.contacts.armBreak)).toContain("lanes.<name>.contacts.armBreak");
    expect(without(({ boards }) => delete boards.cafe)).toContain("boards.<name>.line (modbus-rtu)");
    expect(without(({ central }) => delete central.cgr)).toContain("central.cgr");
    expect(without((copy) => delete copy.screens)).toContain("screens");
    expect(without(({ lanes }) => delete lanes.entry.interlockedWith && delete lanes.exit.interlockedWith)).toContain(
        "lanes.<name>.interlockedWith",
    );
    expect(existsSync(join(dirname(FILE), site.massLimits))).toBe(true);
});
