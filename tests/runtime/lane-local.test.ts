/** What a site knows of its own, as a real lane meets it: lists out of turn, a second try, the same plate elsewhere, an officer's link; and all of it replays. */
import { expect, onTestFinished, test } from "vitest";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { LocalBook } from "../../src/runtime/local-book.ts";
import { openLog } from "../../src/runtime/log.ts";
import { Sightings } from "../../src/runtime/sightings.ts";
import { SiteKnowledge } from "../../src/runtime/site-knowledge.ts";
import { openSiteBook } from "../../src/store/site-book-store.ts";
import { booking, SLOT_UTC_MS } from "../core/lane/lane-harness.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { RULES } from "./queue-rig.ts";
import { recordedPassage } from "./recorded-passage.ts";
import { RunnerBench, wholePassage } from "./runner-bench.ts";

const KEY = toPlateKey("123ABC02");

/** A bench whose lane has a book of its own; what the lane says is heard by it, as the daemon does. */
function site(bookings: ConstructorParameters<typeof RunnerBench>[1] = {}) {
    const folder = tempFolder();
    const store = openSiteBook(folder);
    const sightings = new Sightings({ twiceMsMax: 300_000, onwardMsMin: 5_000 });
    const clock = { monotonicMs: () => bench.nowMs, utcMs: () => SLOT_UTC_MS } as Clock;
    let local: SiteKnowledge | undefined;
    const bench: RunnerBench = new RunnerBench(folder, {
        ...bookings,
        local: (journal) => {
            const book = new LocalBook({ keeper: store, journal, calendar: RULES.calendar, log: openLog("silent") });
            local = new SiteKnowledge(book, sightings, RULES, clock);
            return local;
        },
    });
    const tick = bench.tick.bind(bench);
    let heard = 0;
    bench.tick = () => {
        tick();
        local?.hear(bench.facts.slice(heard));
        heard = bench.facts.length;
    };
    onTestFinished(() => {
        store.close();
        bench.journal.close();
    });
    const say = (kind: "out-of-turn.loaded", data: { readonly [key: string]: string | number | readonly object[] }) =>
        local?.hear(
            bench.journal.commit(
                { facts: [{ kind, data: data as never }] },
                { utcMs: SLOT_UTC_MS, isClockTrusted: true },
            ),
        );
    return { bench, sightings, say };
}

const decisions = (bench: RunnerBench): readonly string[] =>
    bench.facts
        .filter(({ kind }) => kind === "decision.made")
        .map(({ data }) => `${String(data["outcome"])} ${String(data["reason"])}`);

function expectReplays(bench: RunnerBench, passage: string): void {
    const { verdict } = recordedPassage(bench.journal, passage);
    expect(verdict.difference).toBeUndefined();
    expect(verdict.isWhole).toBe(true);
}

test("a lorry of an out-of-turn list is let in, counted, and not let in by the same row again", async () => {
    const { bench, say } = site();
    const day = { from: "2026-11-22T00:00:00Z", until: "2026-11-23T00:00:00Z" };
    say("out-of-turn.loaded", {
        list: "ot-1",
        by: "o-17",
        category: "postal",
        checkpoint: "nur-zholy",
        validFrom: day.from,
        validUntil: day.until,
        quotaPerDay: 1,
        entries: [{ id: "ot-1-2", plate: "123 abc-02", country: null, trailers: [], ...day }],
    });
    await wholePassage(bench);
    expect(decisions(bench)).toEqual(["admit OUT_OF_TURN"]);
    expect(bench.facts.find(({ kind }) => kind === "passage.completed")?.data).toMatchObject({
        bookingId: "ot-1-2",
        quotas: ["postal", "list:ot-1"],
        means: "entered",
    });
    expectReplays(bench, bench.passage());

    await bench.show("123ABC02").set({ approachLoop: true }).pass(8_000);
    expect(decisions(bench)).toEqual(["admit OUT_OF_TURN", "refer ALREADY_PASSED"]);
});

test("a booking passes once, although the list still says called", async () => {
    const { bench } = site({ bookings: [booking("123ABC02")] });
    await wholePassage(bench);
    await bench.show("123ABC02").set({ approachLoop: true }).pass(8_000);
    expect(decisions(bench)).toEqual(["admit BOOKED", "refer ALREADY_PASSED"]);
});

test("a plate that stands at another lane opens nothing, is an alarm, and may go on when the other has left", async () => {
    const { bench, sightings } = site({ bookings: [booking("123ABC02")] });
    sightings.note({ id: "lane-2", role: "checkpoint-entry" }, "p-other", KEY, bench.nowMs);
    await bench.pass(200);
    await bench.show("123ABC02").set({ approachLoop: true }).pass(7_000);
    expect(decisions(bench)).toEqual(["refer SEEN_ELSEWHERE"]);
    expect(bench.orders).toEqual([]);
    expect(bench.runner.state.alarms).toContain("PLATE_TWICE");
    expect(sightings.elsewhere({ id: "lane-2", role: "checkpoint-entry" }, KEY, bench.nowMs)).toBe("lane-1");
    const about = { id: "", sequence: 1, utcMs: 0, isClockTrusted: true, hash: "", previousHash: "" };
    sightings.hear([{ kind: "vehicle.left", passage: "p-other", data: {}, ...about }]);
    await bench.pass(500);
    expect(decisions(bench)).toEqual(["refer SEEN_ELSEWHERE", "admit BOOKED"]);
    expect(bench.orders).toEqual(["raise"]);
    expect(bench.runner.state.alarms).not.toContain("PLATE_TWICE");
});

test("an officer ties a misbooked plate to its booking: the rules let it in, and the central system is told", async () => {
    const { bench } = site({ bookings: [booking("123ABC02", { id: "b-1" })] });
    await bench.pass(200);
    await bench.show("987ZYX01").set({ approachLoop: true }).pass(7_000);
    expect(decisions(bench)).toEqual(["refuse NOT_LISTED"]);
    await bench.ask("link", { bookingId: "b-9" }).pass(100);
    expect(bench.facts.find(({ kind }) => kind === "order.refused")?.data).toMatchObject({ code: "NO_SUCH_BOOKING" });
    await bench.ask("link", { bookingId: "b-1" }).pass(200);
    expect(bench.facts.find(({ kind }) => kind === "read.linked")?.data).toEqual({
        bookingId: "b-1",
        text: "987ZYX01",
        plate: "987ZYX01",
        booked: "123ABC02",
        by: "A. Officer",
        why: "seen by eye",
    });
    expect(decisions(bench)).toEqual(["refuse NOT_LISTED", "admit BOOKED"]);
    expect(bench.orders).toEqual(["raise"]);
    expect(bench.journal.pending(0, 1_000).map(({ kind }) => kind)).toContain("read.linked");
});

test("a plate in national script is looked up in Latin letters too", async () => {
    const tractor = { text: "1234YBU", key: toPlateKey("1234YBU"), country: "MN" };
    const { bench } = site({ bookings: [booking("1234YBU", { tractor })] });
    await bench.pass(200);
    await bench.show("1234УБӨ").set({ approachLoop: true }).pass(4_000);
    expect(decisions(bench)).toEqual(["admit BOOKED"]);
});
