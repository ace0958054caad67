/**
 * Many boxes' links in one process, each with its own journal, client and lists, as `SiteDaemon` puts them together; only the
 * lanes are left out. Makes the facts of passages at the pace it is told and says at its end what stands in each journal.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CentralLink } from "../../central/central-link.ts";
import { LINK_LIMITS } from "../../central/link-limits.ts";
import { systemClock } from "../../runtime/clock.ts";
import { type JournalStore, openJournal } from "../../store/journal-store.ts";
import type { FromBoxes } from "./fleet-bench-messages.ts";
import { laneId } from "./lane-bench-site.ts";
import { passageFacts } from "./passage-facts.ts";

const NO_LIST = { version: 0, hash: "0".repeat(64), bookings: 0 };
/** A lane tells a passage in a few ticks: so many facts at once. */
const FACTS_PER_COMMIT = 4;
const BEAT_MS = 20;
const MS_PER_S = 1_000;

interface Box {
    readonly site: string;
    readonly journal: JournalStore;
    readonly link: CentralLink;
}

const [folder = "", url = "", sites = "0", lanes = "0", passages = "0", seconds = "0"] = process.argv.slice(2);
const clock = systemClock;

function openBox(index: number): Box {
    const site = `site-${index + 1}`;
    const state = join(folder, site);
    mkdirSync(state, { recursive: true });
    const journal = openJournal(state);
    const refuse = async (): Promise<never> => {
        throw new Error("this box takes no lists");
    };
    const link = new CentralLink({
        site,
        broker: { url, clientId: `kordon-${site}` },
        outbox: journal,
        quarantine: journal,
        nonces: journal,
        list: { version: () => NO_LIST },
        writer: { begin: () => undefined, stage: () => undefined, replace: refuse, change: refuse },
        clock,
        random: Math.random,
        runId: crypto.randomUUID().replaceAll("-", ""),
        software: "kordon bench",
        isClockTrusted: () => true,
        isSwitchedOn: () => false,
        onCommand: refuse,
        limits: LINK_LIMITS,
        on: {
            factWithheld: (sequence, reason) => complain(`${site}: ${sequence} withheld: ${reason}`),
            commandRefused: () => undefined,
            listAnew: () => undefined,
            messageRefused: (topic, reason) => complain(`${topic}: ${reason}`),
            listChanged: () => undefined,
            listTrouble: (code, reason) => complain(`${site}: ${code}: ${reason}`),
            storeFault: (error) => complain(String(error)),
        },
    });
    return { site, journal, link };
}

function complain(what: string): void {
    process.stderr.write(`${what}\n`);
}

function say(message: FromBoxes): void {
    process.send?.(message);
}

/** Passages one after the other over all lanes of all sites, as evenly over the time as the machine manages. */
async function makePassages(boxes: readonly Box[]): Promise<void> {
    const startMs = clock.monotonicMs();
    for (let made = 0; made < Number(passages); ) {
        const elapsedS = (clock.monotonicMs() - startMs) / MS_PER_S;
        const due = Math.min(Number(passages), Math.ceil((Number(passages) * elapsedS) / Number(seconds)));
        const untilMs = clock.monotonicMs() + BEAT_MS;
        for (; made < due && clock.monotonicMs() < untilMs; made++) passage(boxes, made);
        await clock.sleep(made < due ? 0 : BEAT_MS);
    }
}

function passage(boxes: readonly Box[], number: number): void {
    const box = boxes[number % boxes.length];
    if (box === undefined) return;
    const drafts = passageFacts(laneId(Math.floor(number / boxes.length) % Number(lanes)), number);
    for (let from = 0; from < drafts.length; from += FACTS_PER_COMMIT) {
        const facts = drafts.slice(from, from + FACTS_PER_COMMIT);
        box.link.wake(box.journal.commit({ facts }, { utcMs: clock.utcMs(), isClockTrusted: true }));
    }
}

async function main(): Promise<void> {
    const boxes = Array.from({ length: Number(sites) }, (_, index) => openBox(index));
    for (const { link } of boxes) link.start();
    while (!boxes.every(({ link }) => link.isOnline())) await clock.sleep(BEAT_MS);
    say({ is: "online" });
    await makePassages(boxes);
    say({ is: "made" });
    while (boxes.some(({ journal }) => journal.depth() > 0)) await clock.sleep(BEAT_MS);
    say({ is: "drained", facts: boxes.reduce((sum, { journal }) => sum + journal.head().sequence, 0) });
    await Promise.all(boxes.map(({ link }) => link.stop()));
    for (const { journal } of boxes) journal.close();
}

process.once("SIGTERM", () => process.exit(0));
await main();
