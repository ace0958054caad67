/** One CarGoRuqsat point on the wire, against the simulated server in its own process: what goes right and what can go wrong. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { CgrFault } from "../../../simulators/central/cgr/cgr-messages.ts";
import { type BoxOptions, CgrBox, NOON_MS, pictureOf } from "./cgr-box.ts";
import { CgrChild, REGISTRATION } from "./cgr-child.ts";

let shared: CgrChild;
/** That of most tests, or one of the test's own. */
let server: CgrChild;
const boxes: CgrBox[] = [];

function open(options: BoxOptions = {}): CgrBox {
    const box = new CgrBox(server.url, options);
    boxes.push(box);
    return box;
}

/** Where an answer never comes. */
const IMPATIENT: BoxOptions = { limits: { callMsMax: 300 } };

beforeAll(async () => {
    shared = await CgrChild.start();
});

beforeEach(async () => {
    server = shared;
    await shared.forgetAll();
});

afterEach(async () => {
    for (const box of boxes.splice(0)) await box.close();
    if (server !== shared) await server.stop();
});

afterAll(() => shared.stop());

function settled(box: CgrBox, sequence: number): Promise<void> {
    return vi.waitFor(
        () => expect(box.journal.openDelivery("cgr-checkpoint").settledUpTo()).toBeGreaterThanOrEqual(sequence),
        {
            timeout: 10_000,
            interval: 5,
        },
    );
}

describe("what is told", () => {
    test("a passage in and one out, with time, confidence and pictures as the interface asks", async () => {
        const box = open();
        const picture = { kind: "frame", camera: "front", utcMs: NOON_MS, isClockTrusted: true } as const;
        await box.evidence.keep({ ...picture, jpeg: pictureOf("123ABC02"), passage: "lane-1-1" });
        box.point.start();
        box.pass("123ABC02");
        await settled(box, box.pass("777AAA05", { way: "out" }));
        expect(server.taken).toEqual([
            {
                point: "checkpoint",
                event: {
                    plateNumber: "123ABC02",
                    dateTime: "2026-11-22T12:01:00+05:00",
                    recognitionConfidence: 91.3,
                    relatedPlateNumbers: [],
                    direction: "IN",
                    fullImage: Buffer.from("picture of 123ABC02").toString("base64"),
                },
            },
            {
                point: "checkpoint",
                event: {
                    plateNumber: "777AAA05",
                    dateTime: "2026-11-22T12:02:00+05:00",
                    recognitionConfidence: 91.3,
                    relatedPlateNumbers: [],
                    direction: "OUT",
                },
            },
        ]);
        expect(box.point.health()).toMatchObject({ device: "cgr-checkpoint", state: "well" });
    });

    test("passages of the other point, other facts and passages before the setting up are not told", async () => {
        const box = open();
        box.journal.commit(
            {
                facts: [
                    { kind: "passage.completed", lane: "l", passage: "p", data: { means: "arrived", plate: "1AAA02" } },
                ],
            },
            { utcMs: NOON_MS, isClockTrusted: true },
        );
        box.journal.commit(
            { facts: Array.from({ length: 350 }, () => ({ kind: "lane.started", lane: "l", data: {} }) as const) },
            { utcMs: NOON_MS, isClockTrusted: true },
        );
        box.point.start();
        await settled(box, box.pass("123ABC02"));
        expect(server.plates()).toEqual(["123ABC02"]);
    });

    test("without a plate nothing can be told; with an untrusted time a person must", async () => {
        const box = open();
        box.point.start();
        box.pass(null);
        const unsure = box.pass("222BBB02", { isClockTrusted: false });
        await settled(box, box.pass("123ABC02"));
        expect(server.plates()).toEqual(["123ABC02"]);
        expect(box.setAside).toEqual([{ sequence: unsure, reason: "CLOCK_UNTRUSTED" }]);
        expect(box.point.counts()).toMatchObject({ plateless: 1, sent: 1 });
        expect(box.told).toContain("checkpoint untold 2");
        expect(box.point.health()).toMatchObject({ state: "failed", code: "REFUSED" });
    });
});

describe("the token", () => {
    test("is fetched once, lies in a file for its owner only, and serves after a restart", async () => {
        const first = open();
        first.point.start();
        await settled(first, first.pass("111AAA02"));
        const file = join(first.folder, "cgr-checkpoint.token");
        expect(statSync(file).mode & 0o777).toBe(0o600);
        await boxes.pop()?.close();
        const second = open({ folder: first.folder });
        second.point.start();
        await settled(second, second.pass("222AAA02"));
        expect(await server.report()).toMatchObject({ registrations: 1, distinct: 2, duplicates: 0, unauthorised: 0 });
    });

    test("that no longer holds is renewed, and nothing is lost or doubled", async () => {
        const box = open();
        box.point.start();
        await settled(box, box.pass("111AAA02"));
        await server.order({ do: "revoke-tokens" });
        await server.report();
        await settled(box, box.pass("222AAA02"));
        expect(await server.report()).toMatchObject({ registrations: 2, distinct: 2, duplicates: 0, unauthorised: 1 });
    });

    test("is not asked for in a loop when the registration is wrong; a new registration helps without a restart", async () => {
        const box = open({ registration: "wrong-one", limits: { registration: { firstMs: 200, longestMs: 400 } } });
        box.point.start();
        const sequence = box.pass("111AAA02");
        await server.until("two registrations were tried", () => server.calls("Auth") >= 2);
        // Between the two lay at least half of the first waiting time, in which ten quick retries would have fitted.
        expect(server.calls("Auth")).toBe(2);
        expect(box.point.health()).toMatchObject({ state: "failed", code: "NOT_AUTHORISED" });
        writeFileSync(join(box.folder, "registration"), REGISTRATION.checkpoint);
        await settled(box, sequence);
        expect(await server.report()).toMatchObject({ distinct: 1, registrations: 1 });
    });

    test("that is refused at once after every registration does not make a loop either", async () => {
        const box = open({ limits: { registration: { firstMs: 100, longestMs: 100 } } });
        await server.order({ do: "fault", fault: "unauthorised", count: 4 });
        await server.report();
        box.point.start();
        await settled(box, box.pass("111AAA02"));
        const { registrations, unauthorised } = await server.report();
        expect([registrations, unauthorised]).toEqual([5, 4]);
    });

    test("cannot be kept: it still serves, and that is said", async () => {
        const folder = mkdtempSync(join(tmpdir(), "kordon-cgr-box-"));
        const box = open({ folder });
        mkdirSync(join(folder, "cgr-checkpoint.token"));
        box.point.start();
        await settled(box, box.pass("111AAA02"));
        expect(box.told.join()).toMatch(/EISDIR|ENOTEMPTY|directory/);
    });

    test("and registration never come out, whatever the server says", async () => {
        const box = open();
        box.point.start();
        await settled(box, box.pass("111AAA02"));
        await server.order({ do: "fault", fault: "echo-secrets", count: 2 });
        await server.order({ do: "fault", fault: "echo-secrets", call: "Auth" });
        await server.order({ do: "fault", fault: "unauthorised", count: 2 });
        await server.report();
        await settled(box, box.pass("222AAA02"));
        const token = readFileSync(join(box.folder, "cgr-checkpoint.token"), "utf8").trim();
        const said = JSON.stringify([box.told, box.point.health(), box.setAside]);
        expect(said).toContain("(secret)");
        expect(said).not.toContain(token);
        expect(said).not.toContain(REGISTRATION.checkpoint);
    });
});

describe("trouble", () => {
    const harmless: CgrFault[] = [
        "error",
        "server-error",
        "busy",
        "redirect",
        "silence",
        "slow",
        "half",
        "garbage",
        "unknown-form",
        "reset",
    ];
    test.each(harmless)("%s: told again until it is taken, once", async (fault) => {
        const box = open(fault.includes("silence") ? IMPATIENT : {});
        const count = fault === "busy" ? 1 : 2; // it asks for a second's patience
        await server.order({ do: "fault", fault, count });
        await server.report();
        box.point.start();
        box.pass("111AAA02");
        await settled(box, box.pass("222AAA02"));
        expect(server.plates()).toEqual(["111AAA02", "222AAA02"]);
        expect(box.point.counts().retried).toBe(count);
        expect(box.setAside).toEqual([]);
    });

    test.each<CgrFault>(["taken-silence", "taken-half", "taken-reset"])(
        "%s: nobody can know, so it is told again with the same content",
        async (fault) => {
            const box = open(fault.includes("silence") ? IMPATIENT : {});
            await server.order({ do: "fault", fault });
            await server.report();
            box.point.start();
            await settled(box, box.pass("111AAA02"));
            expect(server.plates()).toEqual(["111AAA02", "111AAA02"]);
            expect(await server.report()).toMatchObject({ distinct: 1, duplicates: 1 });
        },
    );

    test("a server that knows doubles is understood where the site file names its words", async () => {
        server = await CgrChild.start({ refusesDuplicates: true });
        const box = open({ ...IMPATIENT, point: { knownAlready: ["already registered"] } });
        await server.order({ do: "fault", fault: "taken-silence" });
        await server.report();
        box.point.start();
        await settled(box, box.pass("111AAA02"));
        expect(await server.report()).toMatchObject({ taken: 1, duplicates: 0 });
        expect(box.setAside).toEqual([]);
    });

    test("pictures that are too large for the server are left out", async () => {
        server = await CgrChild.start({ bodyBytesMax: 20_000 });
        const box = open();
        const jpeg = Buffer.alloc(50_000, "x");
        const sha256 = createHash("sha256").update(jpeg).digest("hex");
        const about = { kind: "plate", camera: "c", utcMs: NOON_MS, isClockTrusted: true } as const;
        await box.evidence.keep({ ...about, jpeg, passage: "p-1" });
        box.journal.commit(
            {
                facts: [
                    {
                        kind: "vehicle.recognised",
                        lane: "l",
                        passage: "p-1",
                        data: { key: "1AA02", confidence: 1, evidence: [sha256] },
                    },
                    {
                        kind: "passage.completed",
                        lane: "l",
                        passage: "p-1",
                        data: { means: "entered", plate: "1AA02" },
                    },
                ],
            },
            { utcMs: NOON_MS, isClockTrusted: true },
        );
        box.point.start();
        await settled(box, 2);
        expect(server.taken[0]?.event).toMatchObject({ plateNumber: "1AA02" });
        expect(server.taken[0]?.event.plateImage).toBeUndefined();
    });

    test("a report that is always refused is set aside when others are taken, and never stops them", async () => {
        const box = open();
        await server.order({ do: "refuse-plate", plate: "666BAD02" });
        await server.report();
        box.point.start();
        box.pass("111AAA02");
        const bad = box.pass("666BAD02");
        box.pass("222AAA02");
        await settled(box, box.pass("333AAA02"));
        expect(server.plates()).toEqual(["111AAA02", "222AAA02", "333AAA02"]);
        await vi.waitFor(() => expect(box.setAside).toEqual([{ sequence: bad, reason: "Cannot process 66****02" }]));
        expect(box.point.health()).toMatchObject({ state: "failed", code: "REFUSED" });
        box.journal.openDelivery("cgr-checkpoint").release(bad, "A. Officer", "by hand");
        expect(box.point.health()).toMatchObject({ state: "well" });
    });

    test("several bad reports in a row are told apart from a server that refuses everything", async () => {
        const box = open();
        await server.order({ do: "refuse-plate", plate: "666BAD02" });
        await server.report();
        box.point.start();
        const bad = Array.from({ length: 7 }, () => box.pass("666BAD02"));
        await settled(box, box.pass("333AAA02"));
        await vi.waitFor(() => expect(box.setAside.map(({ sequence }) => sequence)).toEqual(bad));
    });

    test("while the server refuses everything nothing is set aside, and all arrives afterwards, each once", async () => {
        const box = open();
        await server.order({ do: "refuse-all", isOn: true });
        await server.report();
        box.point.start();
        const plates = Array.from({ length: 12 }, (_, i) => `${100 + i}AAA02`);
        const last = plates.map((plate) => box.pass(plate)).at(-1) ?? 0;
        await server.until("it has refused for a while", () => server.calls("CamEvent") >= 40);
        expect(box.setAside).toEqual([]);
        expect(box.point.health()).toMatchObject({ state: "failed", code: "REFUSED" });
        await server.order({ do: "refuse-all", isOn: false });
        await settled(box, last);
        await server.until("all have arrived", () => server.plates().length === plates.length);
        expect(server.plates().toSorted()).toEqual(plates);
        expect(box.setAside).toEqual([]);
        await vi.waitFor(() => expect(box.point.health()).toMatchObject({ state: "well" }));
    });

    test("a long absence: everything waits, is told in order, and meanwhile nothing is pruned", async () => {
        const box = open();
        box.point.start();
        await settled(box, box.pass("000AAA02"));
        await server.order({ do: "vanish" });
        await server.until("it is gone", () => server.heard.some(({ is }) => is === "gone"));
        const plates = Array.from({ length: 60 }, (_, i) => `${100 + i}BBB02`);
        const last = plates.map((plate) => box.pass(plate)).at(-1) ?? 0;
        await vi.waitFor(() => expect(box.point.health()).toMatchObject({ code: "NOT_CONNECTED" }), { timeout: 5_000 });
        box.journal.acknowledge(last);
        box.journal.prune(NOON_MS * 2, 10_000);
        expect(box.journal.factsAfter(3, 1)[0]?.sequence).toBe(4);
        await server.order({ do: "return" });
        await settled(box, last);
        expect(server.plates()).toEqual(["000AAA02", ...plates]);
        expect(await server.report()).toMatchObject({ duplicates: 0 });
    });

    test("calls keep their distance", async () => {
        server = await CgrChild.start({ callsPerSecondMax: 25 });
        // Far below what the server takes, so that a busy machine may bunch some of them.
        const box = open({ limits: { pauseMs: 100 } });
        box.point.start();
        const last = Array.from({ length: 30 }, (_, i) => box.pass(`${100 + i}CCC02`)).at(-1) ?? 0;
        await settled(box, last);
        expect(box.point.counts().retried).toBe(0);
    });

    test("an Ok that cannot be written down is not told a second time", async () => {
        const box = open();
        box.point.start();
        await settled(box, box.pass("111AAA02"));
        const raw = new Database(join(box.folder, "journal.db"));
        raw.exec("CREATE TRIGGER no BEFORE UPDATE ON deliveries BEGIN SELECT raise(ABORT, 'no'); END");
        const last = box.pass("222AAA02");
        await vi.waitFor(() => expect(box.told.some((text) => text.includes("no"))).toBe(true), { timeout: 5_000 });
        raw.exec("DROP TRIGGER no");
        raw.close();
        await settled(box, last);
        expect(server.plates()).toEqual(["111AAA02", "222AAA02"]);
    });
});
