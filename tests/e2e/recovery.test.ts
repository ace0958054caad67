/** A journal with a page of nonsense is recovered by the commands of the how-to page, taken from it word for word. */
import { execFile } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { askOnce } from "../../src/cli/control-client.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { Checkpoint } from "./checkpoint.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const PAGE = readFileSync(new URL("../../docs/how-to/recover-the-state-folder.md", import.meta.url), "utf8");

let checkpoint: Checkpoint | undefined;

afterEach(async () => {
    await checkpoint?.close();
    checkpoint = undefined;
});

/** The commands of the page's one block, for this state folder. */
function documented(stateFolder: string): readonly string[] {
    const [, block = ""] = /## A damaged journal.*?```sh\n(.*?)```/s.exec(PAGE) ?? [];
    return block.trim().replaceAll("/var/lib/kordon", stateFolder).split("\n");
}

async function follow(day: Checkpoint): Promise<string> {
    let said = "";
    for (const command of documented(day.stateFolder)) {
        if (command === "systemctl stop kordon") await day.stopDaemon();
        else if (command === "systemctl start kordon") await day.startDaemon();
        else {
            const env = { ...process.env, PATH: `${ROOT}:${process.env["PATH"]}` };
            const { stdout, stderr } = await promisify(execFile)("sh", ["-ec", command], { env });
            said += stdout + stderr;
        }
    }
    return said;
}

/** Nonsense over the page at which this table begins. */
function damage(file: string, table: string): void {
    const db = new Database(file);
    db.pragma("wal_checkpoint(TRUNCATE)");
    const size = Number(db.pragma("page_size", { simple: true }));
    const page = db.prepare<[string], number>("SELECT rootpage FROM sqlite_schema WHERE name = ?").pluck().get(table);
    db.close();
    const handle = openSync(file, "r+");
    writeSync(handle, new Uint8Array(size).fill(0xa5), 0, size, ((page ?? 0) - 1) * size);
    closeSync(handle);
}

test("a damaged journal: the daemon refuses it, the page's commands bring the site back, and what was unsaid is in the copy", {
    timeout: 240_000,
}, async () => {
    const day = await Checkpoint.open({ passages: 1, seed: 3, speed: 6 });
    checkpoint = day;
    await day.startDaemon();
    await day.untilView("all is told", ({ listVersion, outbox }) => listVersion > 0 && outbox === 0);
    await day.central.vanish();
    for (const reason of ["unsaid-1", "unsaid-2", "unsaid-3"]) {
        const about = { lane: "lane-1", by: "test officer", reason };
        await askOnce(day.socket, { ask: "lane", asks: "refuse", ...about });
    }
    await day.until("three facts more", () => day.kinds("order.refused").length === 3);
    await day.killDaemon();
    const file = join(day.stateFolder, "journal.db");
    const before = openJournal(day.stateFolder);
    const { journalId } = before.head();
    before.close();
    damage(file, "outbox");

    await expect(day.startDaemon()).rejects.toThrow("the daemon ended with");
    const complaint = readFileSync(join(day.folder, "kordon.log"), "utf8");
    expect(complaint).toContain("journal.db: the file is damaged");

    const said = await follow(day);
    expect(said, "what the audit of the copy says").toMatch(/intact|BROKEN|damaged/);
    const recovered = readFileSync(join(`${day.stateFolder}.damaged`, "facts.jsonl"), "utf8");
    for (const reason of ["unsaid-1", "unsaid-2", "unsaid-3"]) expect(recovered).toContain(reason);
    expect(existsSync(join(day.stateFolder, "set-aside", "journal.db"))).toBe(true);

    await day.central.return();
    await day.untilView("all is told again", ({ isOnline, outbox }) => isOnline && outbox === 0);
    await day.stopDaemon();
    const after = openJournal(day.stateFolder);
    expect(after.head().journalId).not.toBe(journalId);
    expect(after.factsAfter(0, 1)).toMatchObject([{ sequence: 1 }]);
    after.close();
    expect(await day.central.report()).toMatchObject({ gaps: 0, conflicts: 0, brokenHashes: 0, malformed: 0 });
});
