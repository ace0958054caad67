/** `kordon cgr`, `check` and `list` on a site with the CarGoRuqsat way: what is said, and what is refused. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseSite } from "../../src/config/load-site.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { runKordon } from "./run-kordon.ts";

const EXAMPLE = readFileSync(new URL("../../config/example-site.yaml", import.meta.url), "utf8");
const CGR = [
    "  cgr:",
    "    url: https://cgr.example/",
    "    checkpoint: { registrationTokenFile: registration.txt }",
    "    dateTimeAs: local",
    "    directions: { in: ENTRY, out: EXIT }",
    "",
];

function siteText(cgr: readonly string[]): string {
    const url = "  url: mqtt://127.0.0.1:1883\n";
    return EXAMPLE.replace(url, `${url}${cgr.join("\n")}`).replace("../var/nur-zholy\n", "state\n");
}

function siteFile(cgr = CGR): { file: string; state: string } {
    const folder = mkdtempSync(join(tmpdir(), "kordon-cgr-cli-"));
    const file = join(folder, "site.yaml");
    writeFileSync(file, siteText(cgr));
    return { file, state: join(folder, "state") };
}

test("check says what would be told, to whom, and never a token", async () => {
    const { file } = siteFile();
    const { code, out } = await runKordon("check", "--site", file);
    expect(code).toBe(0);
    expect(out).toContain('CarGoRuqsat at https://cgr.example/: times as local, directions "ENTRY" and "EXIT"');
    expect(out).toMatch(/checkpoint +reports passages of lane-1 +registration token in \/.*registration\.txt/);
});

test("check names the lanes that would not be reported", async () => {
    const waitingOnly = CGR.map((line) => line.replace("checkpoint:", "waitingArea:"));
    const { out } = await runKordon("check", "--site", siteFile(waitingOnly).file);
    expect(out).toMatch(/checkpoint +NOT REPORTED: lane-1/);
});

test.each([
    ["url: https://cgr.example/", "url: http://cgr.example/", "an https:// address"],
    ["url: https://cgr.example/", "url: https://cgr.example/api", "ends in a slash"],
    ["dateTimeAs: local", "dateTimeAs: guess", "dateTimeAs"],
    ["    dateTimeAs: local\n", "", "dateTimeAs"],
    ["    directions: { in: ENTRY, out: EXIT }\n", "", "directions"],
    ["    checkpoint: { registrationTokenFile: registration.txt }\n", "", "without one nothing is reported"],
    ["directions: { in: ENTRY", "tokens: abc\n    directions: { in: ENTRY", "unknown key"],
])("a site file with %j changed to %j is refused", (before, after, complaint) => {
    const text = siteText(CGR);
    expect(() => parseSite(text, "site.yaml")).not.toThrow();
    expect(() => parseSite(text.replace(before, after), "site.yaml")).toThrow(complaint);
});

test("plain HTTP is taken on the loopback only", () => {
    const at = (url: string): string => siteText(CGR).replace("https://cgr.example/", url);
    expect(() => parseSite(at("http://127.0.0.1:8080/"), "s")).not.toThrow();
    expect(() => parseSite(at("http://localhost/api/"), "s")).not.toThrow();
    expect(() => parseSite(at("http://localhost.evil.example/"), "s")).toThrow();
});

test("status and release: what was set aside is shown until a named person releases it", async () => {
    const { file, state } = siteFile();
    expect((await runKordon("cgr", "status", "--site", file)).code).toBe(2);
    const journal = openJournal(state);
    const way = journal.openDelivery("cgr-checkpoint");
    journal.commit({ facts: [{ kind: "lane.started", data: {} }] }, { utcMs: 1e12, isClockTrusted: true });
    way.settle(1, [{ sequence: 1, reason: "no such truck" }]);
    const status = await runKordon("cgr", "status", "--site", file, "--json");
    expect(JSON.parse(status.out)).toEqual([
        {
            point: "checkpoint",
            isRegistered: false,
            settledUpTo: 1,
            setAside: [{ sequence: 1, reason: "no such truck" }],
        },
    ]);
    const release = ["cgr", "release", "1", "--site", file, "--by", "A. Officer", "--reason", "entered in the portal"];
    expect(await runKordon(...release)).toMatchObject({ code: 0 });
    expect(await runKordon(...release)).toMatchObject({ code: 1 });
    expect(way.setAside()).toEqual([]);
    expect((await runKordon("cgr", "release", "none", "--site", file, "--by", "A", "--reason", "b")).code).toBe(2);
    journal.close();
});

test("list shows the day's entry beside the booking list, as no reason to open", async () => {
    const { file, state } = siteFile();
    openJournal(state).close();
    const trucks = [{ name: "4711:2026-11-22-17", number: "123ABC02" }];
    writeFileSync(join(state, "cgr-day-list.json"), JSON.stringify({ utcMs: Date.UTC(2026, 10, 22), trucks }));
    const { out } = await runKordon("list", "123 abc 02", "--site", file);
    expect(out).toContain("123ABC02: not in the list");
    expect(out).toContain(
        "2026-11-22 00:00:00.000: 123ABC02 is in the queue as 4711:2026-11-22-17; says nothing of slot",
    );
});
