/** Photographs on a real disk: kept once, found again, bounded by size and age, and never without a row. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { NewEvidence } from "../../src/ports/evidence-keeper.ts";
import { type EvidenceLimits, type EvidenceStore, openEvidence } from "../../src/store/evidence-store.ts";
import { fact, journalIn, MORNING_MS, trusted } from "./journal-maker.ts";
import { tempFolder } from "./temp-folder.ts";

const DAY_MS = 86_400_000;
const roomy: EvidenceLimits = { bytesMax: 1 << 30, ageMsMax: 365 * DAY_MS };

function evidenceIn(folder: string, limits = roomy): EvidenceStore {
    const evidence = openEvidence(folder, limits);
    onTestFinished(() => evidence.close());
    return evidence;
}

function photo(text: string, about: Partial<NewEvidence> = {}): NewEvidence {
    const jpeg = new TextEncoder().encode(text);
    return { kind: "frame", passage: "p-1", camera: "front", utcMs: MORNING_MS, isClockTrusted: true, jpeg, ...about };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const files = (folder: string): string[] =>
    readdirSync(join(folder, "evidence"), { recursive: true, encoding: "utf8" })
        .filter((path) => path.includes(".jpg"))
        .sort();

describe("keep", () => {
    test("writes the file under its day and hash, and a row that says what it is", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder);
        const item = await evidence.keep(photo("a lorry"));
        expect(item).toEqual({
            sha256: sha256("a lorry"),
            kind: "frame",
            passage: "p-1",
            camera: "front",
            bytes: 7,
            utcMs: MORNING_MS,
            isClockTrusted: true,
        });
        expect(files(folder)).toEqual([`2026-11-22/${sha256("a lorry")}.jpg`]);
        expect(evidence.ofPassage("p-1")).toEqual([item]);
        expect(new TextDecoder().decode(await evidence.read(item.sha256))).toBe("a lorry");
        expect(evidence.totalBytes()).toBe(7);
    });

    test("keeps the same photograph of the same passage once", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder);
        const items = await Promise.all([evidence.keep(photo("a lorry")), evidence.keep(photo("a lorry"))]);
        expect(items[0]).toEqual(items[1]);
        expect(evidence.ofPassage("p-1")).toHaveLength(1);
        expect(evidence.totalBytes()).toBe(7);
    });

    test("writes the file once more when a crash had left a row without it", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder);
        const { sha256: hash } = await evidence.keep(photo("a lorry"));
        rmSync(join(folder, "evidence"), { recursive: true });
        expect(await evidence.read(hash)).toBeUndefined();
        await evidence.keep(photo("a lorry", { utcMs: MORNING_MS + DAY_MS }));
        expect(files(folder)).toEqual([`2026-11-22/${hash}.jpg`]);
        expect(evidence.totalBytes()).toBe(7);
    });

    test("gives a passage's photographs oldest first, and the total again after a restart", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder);
        await evidence.keep(photo("first"));
        await evidence.keep(photo("second", { utcMs: 5, isClockTrusted: false }));
        await evidence.keep(photo("other", { passage: "p-2" }));
        expect(evidence.ofPassage("p-1").map(({ bytes }) => bytes)).toEqual([5, 6]);
        expect(evidenceIn(folder).totalBytes()).toBe(16);
    });

    test("may be used beside an open journal", async () => {
        const folder = tempFolder();
        const journal = journalIn(folder);
        const evidence = evidenceIn(folder);
        for (let n = 0; n < 20; n += 1) {
            const kept = evidence.keep(photo(`photo ${n}`));
            journal.commit({ facts: [fact("vehicle.recognised")] }, trusted());
            await kept;
        }
        expect(evidence.ofPassage("p-1")).toHaveLength(20);
        expect(journal.depth()).toBe(20);
    });

    test("a folder that cannot be written leaves neither row nor file", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder);
        writeFileSync(join(folder, "evidence"), "not a folder");
        await expect(evidence.keep(photo("a lorry"))).rejects.toMatchObject({
            name: "StoreFault",
            code: "DISK_FAILED",
        });
        expect(evidence.ofPassage("p-1")).toEqual([]);
        expect(evidence.totalBytes()).toBe(0);
    });
});

describe("read", () => {
    test("does not give out bytes that were altered, nor what it never had", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder);
        const { sha256: hash } = await evidence.keep(photo("a lorry"));
        writeFileSync(join(folder, "evidence/2026-11-22", `${hash}.jpg`), "another");
        expect(await evidence.read(hash)).toBeUndefined();
        expect(await evidence.read("../../journal.db")).toBeUndefined();
    });
});

describe("prune", () => {
    test("deletes what is too old and says what it was", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder, { bytesMax: 1 << 30, ageMsMax: 2 * DAY_MS });
        const kept = [];
        for (const day of [0, 1, 2, 3])
            kept.push(await evidence.keep(photo(`day ${day}`, { utcMs: MORNING_MS + day * DAY_MS })));
        expect(await evidence.prune(MORNING_MS + 4 * DAY_MS)).toEqual(kept.slice(0, 2));
        expect(files(folder).map((path) => path.slice(0, 10))).toEqual(["2026-11-24", "2026-11-25"]);
        expect(existsSync(join(folder, "evidence/2026-11-22"))).toBe(false);
        expect(await evidence.read(sha256("day 0"))).toBeUndefined();
        expect(evidence.totalBytes()).toBe(10);
    });

    test("deletes the oldest until the rest fits, also when there are very many", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder, { bytesMax: 500, ageMsMax: 365 * DAY_MS });
        for (let n = 0; n < 250; n += 1)
            await evidence.keep(photo(`photo ${String(n).padStart(4, "0")}`, { utcMs: MORNING_MS + n }));
        const deleted = await evidence.prune(MORNING_MS);
        expect(deleted).toHaveLength(200);
        expect(deleted.at(-1)?.utcMs).toBe(MORNING_MS + 199);
        expect(evidence.totalBytes()).toBe(500);
        expect(files(folder)).toHaveLength(50);
    });

    test("what was kept without a trusted clock goes by its place", async () => {
        const evidence = evidenceIn(tempFolder(), { bytesMax: 1 << 30, ageMsMax: DAY_MS });
        const keep = (text: string, utcMs: number, isClockTrusted: boolean) =>
            evidence.keep(photo(text, { utcMs, isClockTrusted }));
        await keep("1970", 0, false);
        await keep("the day before", MORNING_MS, true);
        await keep("1970 again", 0, false);
        await keep("in the future", MORNING_MS * 2, false);
        await keep("today", MORNING_MS + DAY_MS, true);
        const deleted = await evidence.prune(MORNING_MS + DAY_MS + 1);
        expect(deleted.map(({ bytes }) => bytes)).toEqual(["1970".length, "the day before".length]);
        expect(await evidence.prune(MORNING_MS + 3 * DAY_MS)).toHaveLength(3);
    });

    test("a photograph that two passages share goes with the last of them", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder, { bytesMax: 7, ageMsMax: 365 * DAY_MS });
        await evidence.keep(photo("a lorry"));
        await evidence.keep(photo("a lorry", { passage: "p-2", utcMs: MORNING_MS + 1 }));
        expect(await evidence.prune(MORNING_MS)).toMatchObject([{ passage: "p-1" }]);
        expect(new TextDecoder().decode(await evidence.read(sha256("a lorry")))).toBe("a lorry");
        expect(evidence.totalBytes()).toBe(7);
    });

    test("what a crash left half-written goes with its row", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder, { bytesMax: 0, ageMsMax: 0 });
        const { sha256: hash } = await evidence.keep(photo("a lorry"));
        writeFileSync(join(folder, "evidence/2026-11-22", `${hash}.jpg.part`), "a lo");
        await evidence.prune(MORNING_MS);
        expect(files(folder)).toEqual([]);
    });

    test("a file that somebody deleted is no obstacle", async () => {
        const folder = tempFolder();
        const evidence = evidenceIn(folder, { bytesMax: 0, ageMsMax: 0 });
        await evidence.keep(photo("a lorry"));
        await evidence.prune(MORNING_MS);
        expect(await evidence.prune(MORNING_MS)).toEqual([]);
    });
});
