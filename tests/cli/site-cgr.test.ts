/** The CarGoRuqsat way as the daemon puts it together from a site file: both points, the day's list, the alarm. */
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { dayListed } from "../../src/central/cgr/day-list.ts";
import { dayListFile, openCgr } from "../../src/cli/site-cgr.ts";
import { parseSite } from "../../src/config/load-site.ts";
import type { FactDraft } from "../../src/core/fact/fact.ts";
import { SiteBook } from "../../src/core/queue/site-book.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { openLog } from "../../src/runtime/log.ts";
import { openEvidence } from "../../src/store/evidence-store.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { CgrChild, REGISTRATION } from "../central/cgr/cgr-child.ts";

const EXAMPLE = readFileSync(new URL("../../config/example-site.yaml", import.meta.url), "utf8");

test("each point hears of its own lanes, the list is fetched, and a report without a sure time raises an alarm", async () => {
    const server = await CgrChild.start({ trucks: [{ name: "1:2026-11-22-1", number: "123ABC02" }] });
    const folder = mkdtempSync(join(tmpdir(), "kordon-site-cgr-"));
    writeFileSync(join(folder, "c"), REGISTRATION.checkpoint);
    writeFileSync(join(folder, "w"), REGISTRATION.waitingArea);
    const mqtt = "  url: mqtt://127.0.0.1:1883\n";
    const cgr = `  cgr:
    url: ${server.url}
    checkpoint: { registrationTokenFile: ${folder}/c }
    waitingArea: { registrationTokenFile: ${folder}/w }
    dateTimeAs: utc
    directions: { in: IN, out: OUT }
    reportsPerMinuteMax: 600
`;
    const site = { ...parseSite(EXAMPLE.replace(mqtt, mqtt + cgr), "site.yaml"), stateFolder: folder };
    const journal = openJournal(folder);
    const evidence = openEvidence(folder, { bytesMax: 1e9, ageMsMax: 1e12 });
    const book = new SiteBook(site.queue.calendar, []);
    /** What the daemon does with them about once a second. */
    const chores = (): readonly FactDraft[] => {
        const facts = way.chores();
        const time = { utcMs: Date.UTC(2026, 10, 22), isClockTrusted: true };
        for (const fact of facts.length === 0 ? [] : journal.commit({ facts }, time)) book.apply(fact);
        return facts;
    };
    const way = openCgr(site, {
        journal,
        evidence,
        bookings: { byId: () => undefined },
        clock: systemClock,
        log: openLog("silent"),
        alarms: () => book.notes("alarm"),
    });
    const pass = (means: string, plate: string, isClockTrusted = true): void => {
        const data = { means, plate, bookingId: null };
        const time = { utcMs: Date.UTC(2026, 10, 22), isClockTrusted };
        journal.commit({ facts: [{ kind: "passage.completed", lane: "l", passage: `p-${plate}`, data }] }, time);
        way.wake();
    };
    try {
        way.start();
        pass("arrived", "1AAA02");
        pass("entered", "2AAA02");
        pass("crossed", "3AAA02", false);
        pass("crossed", "4AAA02");
        await server.until("three were told", () => server.taken.length === 3);
        expect(server.taken.map(({ point, event }) => `${point} ${event.plateNumber}`).toSorted()).toEqual([
            "checkpoint 2AAA02",
            "checkpoint 4AAA02",
            "waiting-area 1AAA02",
        ]);
        const about = { code: "CGR_SET_ASIDE", point: "checkpoint", sequence: 3 };
        expect(chores()).toEqual([{ kind: "alarm.raised", data: { ...about, reason: "CLOCK_UNTRUSTED" } }]);
        expect(chores(), "once").toEqual([]);
        // Another process does this, `kordon cgr release`.
        expect(journal.openDelivery("cgr-checkpoint").release(3, "A. Serik", "entered by hand")).toBe(true);
        expect(chores()).toEqual([{ kind: "alarm.cleared", data: about }]);
        expect(chores()).toEqual([]);
        await vi.waitFor(() => expect(dayListed(dayListFile(folder), "123ABC02")).toHaveLength(1), { timeout: 5_000 });
        expect(way.health().map(({ device }) => device)).toEqual(["cgr-checkpoint", "cgr-waiting-area"]);
        expect(statSync(join(folder, "cgr-waiting-area.token")).mode & 0o777).toBe(0o600);
    } finally {
        await way.stop();
        await evidence.close();
        journal.close();
        await server.stop();
    }
});

test("without central.cgr nothing is opened", async () => {
    const site = parseSite(EXAMPLE, "site.yaml");
    const way = openCgr(site, {} as never);
    way.start();
    way.wake();
    expect(way.health()).toEqual([]);
    await way.stop();
});
