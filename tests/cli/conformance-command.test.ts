/** `kordon conformance` as people and their builds call it: table, JSON, exit codes, and what is refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CentralChild, SITE } from "../central/central-child.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import { wireBookings } from "../central/wire-bookings.ts";
import { runKordon } from "./run-kordon.ts";

let central: CentralChild;
const QUICK = ["--site", SITE, "--wait-ms", "5000", "--quiet-ms", "100"];

beforeAll(async () => {
    central = await CentralChild.start({ bookings: wireBookings(5), defects: ["acks-qos0"] });
});

afterAll(() => central.stop());

test("--list names at least fifty cases with their claims and needs no broker", async () => {
    const { code, out } = await runKordon("conformance", "--list");
    expect(code).toBe(0);
    expect(out.trim().split("\n").length).toBeGreaterThanOrEqual(50);
    expect(out).toMatch(/^ack\.gap-holds +acknowledges nothing beyond a missing event$/m);
    const { out: json } = await runKordon("conformance", "--list", "--only", "snapshot.*", "--json");
    expect(JSON.parse(json).map(({ name }: { name: string }) => name)).toContain("snapshot.hash");
});

test("kept cases end with exit code 0", async () => {
    const { code, out } = await runKordon(
        "conformance",
        "--broker",
        central.url,
        ...QUICK,
        "--only",
        "ack.first,list.answered",
    );
    expect([code, out.trim()]).toEqual([0, expect.stringMatching(/^2 kept, 0 broken, 0 skipped, of \d+ known$/)]);
});

test("a broken one is named with what must hold and what was seen, and ends with exit code 1", async () => {
    const { code, out, error } = await runKordon(
        "conformance",
        "--broker",
        central.url,
        ...QUICK,
        "--only",
        "ack.qos1,ack.first",
    );
    expect([code, error]).toEqual([1, "1 of 2 cases failed"]);
    expect(out).toMatch(/ack\.qos1 +must hold: acks are published with QoS 1/);
    expect(out).toMatch(/was seen: +QoS 0/);
});

test("--json says the same for machines", async () => {
    const args = ["conformance", "--broker", central.url, ...QUICK, "--only", "ack.qos1,command.form", "--json"];
    const { code, out } = await runKordon(...args);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
        kept: 0,
        broken: 1,
        skipped: 1,
        cases: [
            { name: "ack.qos1", outcome: "broken", seen: "QoS 0" },
            { name: "command.form", outcome: "skipped" },
        ],
    });
});

test.each([
    [["--site", SITE], "--broker"],
    [["--broker", "http://x", "--site", SITE], "--broker"],
    [["--broker", "mqtt://127.0.0.1:9"], "--site"],
    [["--broker", "mqtt://127.0.0.1:9", "--site", "a/b"], "--site"],
    [["--broker", "mqtt://127.0.0.1:9", "--site", SITE, "--only", "nothing"], "no case"],
    [["--broker", "mqtt://127.0.0.1:9", "--site", SITE, "--ca", "/nowhere.pem"], "/nowhere.pem"],
])("%j is wrong usage", async (args, complaint) => {
    const { code, error } = await runKordon("conformance", ...args);
    expect(code).toBe(2);
    expect(error).toContain(complaint);
});

describe("behind Mosquitto", () => {
    test("the same central system keeps what concerns the broker", async (context) => {
        context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
        const mosquitto = await Mosquitto.start();
        const behind = await CentralChild.start({ bookings: wireBookings(5), broker: mosquitto.url });
        try {
            const only = ["--only", "broker.*,reconnect.*,ack.retained,ack.gap-*,snapshot.*,malformed.*", "--json"];
            const { out } = await runKordon("conformance", "--broker", mosquitto.url, ...QUICK, ...only);
            const { cases } = JSON.parse(out) as { cases: readonly { outcome: string }[] };
            expect(cases.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
            expect(cases.length).toBeGreaterThan(35);
        } finally {
            await behind.stop();
            await mosquitto.kill();
        }
    });
});
