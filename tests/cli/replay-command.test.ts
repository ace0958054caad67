/** `kordon replay` and `kordon audit` over a real journal: intact it replays without a difference; no tampering goes unseen. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import type Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packChunk } from "../../src/runtime/recording-format.ts";
import { type FactRow, factHash } from "../../src/store/fact-chain.ts";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { BOOKED, RunnerBench, wholePassage } from "../runtime/runner-bench.ts";
import { rawJournal } from "../store/journal-maker.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { runKordon } from "./run-kordon.ts";

/** The bytes of an intact journal with two passages, made once and copied for every test. */
let master = "";
let passage = "";
let other = "";

beforeAll(async () => {
    master = mkdtempSync(join(tmpdir(), "kordon-replay-"));
    const bench = new RunnerBench(master, { bookings: BOOKED });
    await wholePassage(bench);
    await wholePassage(bench, "777KZZ01");
    const recorded = bench.facts.filter(({ kind }) => kind === "passage.recorded");
    passage = recorded[0]?.passage ?? "";
    other = recorded[1]?.passage ?? "";
    bench.journal.close();
});

afterAll(() => rmSync(master, { recursive: true, force: true }));

function copy(): string {
    const folder = tempFolder();
    cpSync(master, folder, { recursive: true });
    return folder;
}

describe("an intact passage", () => {
    test("replays without a difference, as text and as JSON", async () => {
        const folder = copy();
        const text = await runKordon("replay", passage, "--state", folder);
        expect(text).toMatchObject({ code: 0, error: "" });
        expect(text.out).toContain("No difference");
        expect(text.out).toMatch(/raise #1, boom\.commanded/);
        const json = await runKordon("replay", passage, "--state", folder, "--json");
        expect(JSON.parse(json.out)).toMatchObject({
            passage,
            isSame: true,
            isWhole: true,
            recordedBy: ["kordon 9.9.9"],
            difference: null,
        });
    });

    test("replays while the daemon writes on", async () => {
        const folder = copy();
        const bench = new RunnerBench(folder, { bookings: BOOKED, nowMs: 9_000 });
        await bench.pass(200);
        await bench.show("123ABC02").set({ approachLoop: true }).pass(4_000);
        expect(await runKordon("replay", passage, "--state", folder)).toMatchObject({ code: 0 });
        const goingOn = await runKordon("replay", bench.passage(), "--state", folder);
        expect(goingOn).toMatchObject({ code: 0 });
        expect(goingOn.out).toContain("still goes on, or the daemon was killed");
        bench.journal.close();
    });

    test("that is not there is said so, with the nearest ids", async () => {
        const run = await runKordon("replay", `${passage.slice(0, -1)}3`, "--state", copy());
        expect(run).toMatchObject({ code: 1, out: "" });
        expect(run.error).toContain(passage);
        expect(run.error).toContain("kordon passages");
    });
});

test("a passage of which retention took the beginning: the chain stays intact, and replay says why it cannot", async () => {
    const folder = copy();
    const journal = openJournal(folder);
    journal.acknowledge(journal.head().sequence);
    expect(journal.prune(Number.MAX_SAFE_INTEGER, 5).facts).toBe(5);
    journal.close();
    expect(await runKordon("audit", "verify", "--state", folder)).toMatchObject({ code: 0 });
    const replayed = await runKordon("replay", passage, "--state", folder);
    expect(replayed).toMatchObject({ code: 1 });
    expect(replayed.error).toContain("retention");
    expect(await runKordon("replay", other, "--state", folder)).toMatchObject({ code: 0 });
    expect((await runKordon("explain", passage, "--state", folder)).out).toContain("The boom is down.");
});

describe("passages", () => {
    test("lists both, newest first, with masked plates", async () => {
        const folder = copy();
        const rows = JSON.parse((await runKordon("passages", "--state", folder, "--json")).out) as object[];
        expect(rows).toMatchObject([
            { passage: other, plate: "77****01", raisedBy: "decision", outcome: "passage.completed" },
            { passage, plate: "12****02", lane: "lane-1" },
        ]);
        const text = (await runKordon("passages", "--state", folder, "--limit", "1")).out;
        expect(text).toContain(other);
        expect(text).not.toContain(`${passage}\n`);
        expect(text).not.toMatch(/777KZZ01|123ABC02/);
    });

    test("says when there are none, and when there is no journal", async () => {
        const folder = tempFolder();
        expect(await runKordon("passages", "--state", folder)).toMatchObject({ code: 2 });
        const bench = new RunnerBench(folder);
        bench.journal.close();
        expect(await runKordon("passages", "--state", folder)).toMatchObject({ code: 0, out: "no passages yet\n" });
    });
});

describe("wrong usage ends with code 2", () => {
    test.each([
        ["neither site nor state", ["replay", "x"]],
        ["both", ["replay", "x", "--state", "a", "--site", "b"]],
        ["no such language", ["explain", "x", "--state", "a", "--lang", "de"]],
        ["a head that is none", ["audit", "verify", "--state", "a", "--head", "42"]],
        ["a limit that is none", ["passages", "--state", "a", "--limit", "many"]],
    ])("%s", async (_, args) => {
        expect(await runKordon(...args)).toMatchObject({ code: 2 });
    });
});

type Tamper = (db: Database.Database) => void;

const chunkAt = (db: Database.Database, n: number): { id: number; chunk: Uint8Array } =>
    db.prepare("SELECT id, chunk FROM inputs WHERE passage = ? ORDER BY id LIMIT 1 OFFSET ?").get(passage, n) as never;

describe("tampering with", () => {
    test.each<[string, Tamper, "both" | "audit"]>([
        [
            "the reason of a decision",
            (db) =>
                void db
                    .prepare(
                        "UPDATE facts SET data = replace(data, 'BOOKED', 'OFFICER') WHERE passage = ? AND kind = 'decision.made'",
                    )
                    .run(passage),
            "both",
        ],
        [
            "the kind of a fact",
            (db) =>
                void db
                    .prepare("UPDATE facts SET kind = 'emergency.raised' WHERE passage = ? AND kind = 'passage.begun'")
                    .run(passage),
            "both",
        ],
        [
            "the number of an order",
            (db) =>
                void db
                    .prepare(
                        `UPDATE facts SET data = replace(data, '"number":1', '"number":7') WHERE passage = ? AND kind = 'boom.commanded'`,
                    )
                    .run(passage),
            "both",
        ],
        [
            "the lane of a fact",
            (db) =>
                void db
                    .prepare("UPDATE facts SET lane = 'lane-2' WHERE kind = 'boom.opened' AND passage = ?")
                    .run(passage),
            "both",
        ],
        [
            "the passage of a fact",
            (db) =>
                void db
                    .prepare("UPDATE facts SET passage = 'p' WHERE kind = 'boom.opened' AND passage = ?")
                    .run(passage),
            "both",
        ],
        [
            "the time of a fact",
            (db) =>
                void db
                    .prepare("UPDATE facts SET utc_ms = utc_ms - 1 WHERE kind = 'boom.opened' AND passage = ?")
                    .run(passage),
            "audit",
        ],
        [
            "a fact by taking it out",
            (db) => void db.prepare("DELETE FROM facts WHERE kind = 'boom.opened' AND passage = ?").run(passage),
            "both",
        ],
        [
            "a chunk's bytes",
            (db) => {
                const { id, chunk } = chunkAt(db, 7);
                chunk[chunk.length - 6] = (chunk[chunk.length - 6] ?? 0) ^ 1;
                db.prepare("UPDATE inputs SET chunk = ? WHERE id = ?").run(chunk, id);
            },
            "both",
        ],
        [
            "the first chunk by taking it out",
            (db) => void db.prepare("DELETE FROM inputs WHERE id = ?").run(chunkAt(db, 0).id),
            "both",
        ],
        [
            "a chunk in the middle by taking it out",
            (db) => void db.prepare("DELETE FROM inputs WHERE id = ?").run(chunkAt(db, 6).id),
            "both",
        ],
        [
            "the last chunk by taking it out",
            (db) =>
                void db
                    .prepare("DELETE FROM inputs WHERE id = (SELECT max(id) FROM inputs WHERE passage = ?)")
                    .run(passage),
            "both",
        ],
        [
            "all inputs by taking them out",
            (db) => void db.prepare("DELETE FROM inputs WHERE passage = ?").run(passage),
            "both",
        ],
        [
            "two chunks by exchanging them",
            (db) => {
                const [left, right] = [chunkAt(db, 5), chunkAt(db, 9)];
                const update = db.prepare("UPDATE inputs SET chunk = ? WHERE id = ?");
                update.run(left.chunk, right.id);
                update.run(right.chunk, left.id);
            },
            "both",
        ],
        [
            "the inputs by a chunk put in",
            (db) =>
                void db
                    .prepare("INSERT INTO inputs (lane, passage, after_sequence, chunk) VALUES ('lane-1', ?, 9, ?)")
                    .run(passage, deflateSync('{"format":1}')),
            "both",
        ],
        [
            "an input by giving it to another passage",
            (db) => void db.prepare("UPDATE inputs SET passage = ? WHERE id = ?").run(other, chunkAt(db, 3).id),
            "both",
        ],
        [
            "the seal",
            (db) =>
                void db
                    .prepare(
                        `UPDATE facts SET data = replace(data, '"chunks":', '"chunks":1') WHERE kind = 'passage.recorded' AND passage = ?`,
                    )
                    .run(passage),
            "both",
        ],
    ])("%s is found", async (_, tamper, by) => {
        const folder = copy();
        const db = rawJournal(folder);
        db.pragma("foreign_keys = OFF");
        const before = db.serialize();
        tamper(db);
        expect(db.serialize().equals(before)).toBe(false);
        expect(await runKordon("audit", "verify", "--state", folder)).toMatchObject({ code: 1 });
        expect(await runKordon("replay", passage, "--state", folder)).toMatchObject({ code: by === "both" ? 1 : 0 });
    });
});

/** Somebody who knows the format changes the text of the inputs and packs all of it anew. */
function rewriteInputs(db: Database.Database, change: (text: string) => string): void {
    const rows = db.prepare("SELECT id, chunk FROM inputs WHERE passage = ? ORDER BY id").all(passage) as {
        readonly id: number;
        readonly chunk: Uint8Array;
    }[];
    const update = db.prepare("UPDATE inputs SET chunk = ? WHERE id = ?");
    let before: Buffer | undefined;
    let dictionary: Buffer | undefined;
    for (const { id, chunk } of rows) {
        const text = inflateSync(chunk, before === undefined ? {} : { dictionary: before });
        before = Buffer.concat([before ?? Buffer.alloc(0), text]).subarray(-16_384);
        const lines = change(text.toString())
            .split("\n")
            .map((line) => JSON.parse(line));
        const packed = packChunk(lines, dictionary);
        dictionary = packed.dictionary;
        update.run(packed.chunk, id);
    }
}

describe("tampering by somebody who knows the format:", () => {
    test("inputs written anew without a change are the same inputs", async () => {
        const folder = copy();
        rewriteInputs(rawJournal(folder), (text) => text);
        expect(await runKordon("replay", passage, "--state", folder)).toMatchObject({ code: 0 });
        expect(await runKordon("audit", "verify", "--state", folder)).toMatchObject({ code: 0 });
    });

    test.each<[string, (text: string) => string, string]>([
        ["an age that changes nothing", (text) => text.replace('"contacts":[4,', '"contacts":[5,'), "inputs"],
        ["the plate on the list", (text) => text.replaceAll('"123ABC02"', '"123ABC09"'), "tick"],
        ["the threshold of the day", (text) => text.replaceAll('"confidenceMin":0.93', '"confidenceMin":0.99'), "tick"],
        ["the program", (text) => text.replaceAll("kordon 9.9.9", "kordon 9.9.8"), "inputs"],
    ])("%s is found by replay and by audit", async (_, change, where) => {
        const folder = copy();
        let isChanged = false;
        rewriteInputs(rawJournal(folder), (text) => {
            const changed = change(text);
            isChanged ||= changed !== text;
            return changed;
        });
        expect(isChanged).toBe(true);
        const replayed = await runKordon("replay", passage, "--state", folder);
        expect(replayed).toMatchObject({ code: 1 });
        expect(replayed.error).toContain(where);
        expect(await runKordon("audit", "verify", "--state", folder)).toMatchObject({ code: 1 });
    });

    test("a fact with the whole chain made anew is found by replay and by a published head", async () => {
        const folder = copy();
        const { sequence, hash } = JSON.parse((await runKordon("audit", "head", "--state", folder, "--json")).out);
        const db = rawJournal(folder);
        db.prepare("UPDATE facts SET data = replace(data, 'BOOKED', 'OFFICER') WHERE passage = ?").run(passage);
        let head = String(db.prepare("SELECT pruned_hash FROM journal").pluck().get());
        for (const row of db.prepare("SELECT * FROM facts ORDER BY sequence").all() as FactRow[]) {
            head = factHash(head, row);
            db.prepare("UPDATE facts SET hash = ? WHERE sequence = ?").run(head, row.sequence);
        }
        expect(await runKordon("audit", "verify", "--state", folder)).toMatchObject({ code: 0 });
        expect(await runKordon("audit", "verify", "--state", folder, "--head", `${sequence}:${hash}`)).toMatchObject({
            code: 1,
        });
        const replayed = await runKordon("replay", passage, "--state", folder);
        expect(replayed).toMatchObject({ code: 1 });
        expect(replayed.error).toMatch(
            /tick \d+ .*facts\[1\]\.data\.reason was recorded as "OFFICER" and comes out as "BOOKED"/,
        );
    });
});

describe("audit", () => {
    test("says intact, prints the head, and takes that head again", async () => {
        const folder = copy();
        const verdict = JSON.parse((await runKordon("audit", "verify", "--state", folder, "--json")).out);
        const head = JSON.parse((await runKordon("audit", "head", "--state", folder, "--json")).out);
        expect(verdict).toMatchObject({ isIntact: true, head: head.hash });
        const text = (await runKordon("audit", "head", "--state", folder)).out.trim();
        expect(text).toBe(`${head.journalId} ${head.sequence}:${head.hash}`);
        const published = text.split(" ")[1] ?? "";
        expect(await runKordon("audit", "verify", "--state", folder, "--head", published)).toMatchObject({ code: 0 });
    });

    test("finds an end that was cut off with all its traces, by a head published before", async () => {
        const folder = copy();
        const { sequence, hash } = JSON.parse((await runKordon("audit", "head", "--state", folder, "--json")).out);
        const db = rawJournal(folder);
        db.pragma("foreign_keys = OFF");
        db.exec(
            "DELETE FROM facts WHERE sequence > 12; DELETE FROM outbox WHERE sequence > 12; DELETE FROM inputs WHERE after_sequence > 12",
        );
        db.exec("UPDATE sqlite_sequence SET seq = 12 WHERE name = 'facts'");
        expect(await runKordon("audit", "verify", "--state", folder)).toMatchObject({ code: 0 });
        const run = await runKordon("audit", "verify", "--state", folder, "--head", `${sequence}:${hash}`);
        expect(run).toMatchObject({ code: 1 });
        expect(run.error).toContain("fact 13");
    });

    test("finds a journal written anew with an intact chain, by a head published before", () => {
        const folder = copy();
        const hash = "0".repeat(64);
        expect(verifyJournal(folder, { sequence: 5, hash })).toMatchObject({ isIntact: false, sequence: 5 });
        expect(verifyJournal(folder, { sequence: 0, hash })).toMatchObject({ isIntact: false, sequence: 0 });
    });

    test("names the first broken fact", async () => {
        const folder = copy();
        rawJournal(folder).exec("UPDATE facts SET utc_ms = 0 WHERE sequence IN (6, 9)");
        const run = await runKordon("audit", "verify", "--state", folder);
        expect(run.out).toContain("BROKEN at fact 6");
    });
});
