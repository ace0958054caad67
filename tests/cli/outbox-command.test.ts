/** `kordon outbox`: what is withheld is listed and shown; settling needs a running daemon, a name and a reason. */
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { writeLaneSite } from "../../src/cli/bench/lane-bench-site.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { runKordon } from "./run-kordon.ts";

/** A site whose second fact of three is withheld. */
function siteWithWithheldFact(): { site: string; folder: string } {
    const folder = mkdtempSync(join(tmpdir(), "kordon-outbox-"));
    const journal = openJournal(join(folder, "state"));
    const facts = [1, 2, 3].map((n) => ({ kind: "alarm.raised", lane: "lane-1", data: { n } }) as const);
    journal.commit({ facts }, { utcMs: Date.UTC(2026, 10, 22, 8), isClockTrusted: true });
    journal.quarantine(2, "the broker refused it with reason code 0x99");
    journal.close();
    return { site: writeLaneSite(folder, [9]), folder };
}

test("lists what is withheld with its reason, and shows it as the event it would have been", async () => {
    const { site } = siteWithWithheldFact();
    const list = await runKordon("outbox", "list", "--site", site, "--json");
    expect(JSON.parse(list.out)).toEqual({
        waiting: 2,
        withheld: [
            {
                sequence: 2,
                utcMs: Date.UTC(2026, 10, 22, 8),
                kind: "alarm.raised",
                lane: "lane-1",
                reason: "the broker refused it with reason code 0x99",
            },
        ],
    });
    const shown = await runKordon("outbox", "show", "2", "--site", site);
    expect(JSON.parse(shown.out)).toMatchObject({
        type: "kz.kordon.alarm.raised.v1",
        sequence: "0000000000000002",
        data: { n: 2 },
    });
    expect(await runKordon("outbox", "show", "3", "--site", site)).toMatchObject({ code: 1 });
});

test("settling goes to the daemon with name and reason", async () => {
    const { site, folder } = siteWithWithheldFact();
    expect(await runKordon("outbox", "settle", "2", "--site", site)).toMatchObject({ code: 2 });
    const asked: unknown[] = [];
    const daemon = createServer((socket) => {
        createInterface({ input: socket }).on("line", (line) => {
            asked.push(JSON.parse(line));
            socket.write(`${JSON.stringify({ is: "done" })}\n`);
        });
    });
    onTestFinished(() => void daemon.close());
    await new Promise<void>((resolve) => daemon.listen(join(folder, "control.sock"), resolve));
    const settled = await runKordon("outbox", "settle", "2", "--site", site, "--by", "aigul", "--reason", "by mail");
    expect(settled).toMatchObject({ code: 0, out: "fact 2 is settled\n" });
    expect(asked).toEqual([{ ask: "settle", sequence: 2, by: "aigul", reason: "by mail" }]);
});
