/**
 * Measures how a box catches up: a journal full of facts that nobody has acknowledged, the whole daemon started on it, a real
 * Mosquitto, and a central system that stores and acknowledges. Meanwhile the lanes tick and new facts are made.
 */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { factEvent } from "../../core/fact/fact-event.ts";
import type { Clock } from "../../ports/clock.ts";
import { openJournal } from "../../store/journal-store.ts";
import { askOnce } from "../control-client.ts";
import { BenchBroker } from "./bench-broker.ts";
import { inBenchFolder } from "./bench-folder.ts";
import { BenchProcess } from "./bench-process.ts";
import { type CentralReport, FromCentral } from "./fleet-bench-messages.ts";
import { type DaemonReport, FromDaemon, FromDevices } from "./lane-bench-messages.ts";
import { AT_REST, BENCH_SITE, laneId, PULSE_MS, writeLaneSite } from "./lane-bench-site.ts";
import { passageFacts } from "./passage-facts.ts";

export interface LinkBenchPlan {
    /** Queued before the start. */
    readonly facts: number;
    readonly clock: Clock;
}

export interface LinkBenchFindings {
    /** Of the daemon's process, from its start to lanes that tick. */
    readonly readyMs: number;
    /** From the first event's arrival to the acknowledgement of the last one that was queued. */
    readonly drainMs: number;
    readonly bareClientPerS: number;
    readonly eventBytes: number;
    /** All facts in the journal at the end, and how many the box still holds as not acknowledged. */
    readonly written: number;
    readonly waiting: number;
    readonly central: CentralReport;
    readonly tickJitterMs: readonly number[];
    /** While nothing was drained, and the most while draining. */
    readonly rssMbBefore: number;
    readonly rssMbMost: number;
}

const LANES = 4;
const BARE_MESSAGES = 30_000;
const UTC_MS = Date.UTC(2026, 10, 22);
/** Facts of one prepared commit. */
const BATCH = 1_000;
/** Between two facts made while the backlog drains: some twenty a second, as of eight busy lanes. */
const LIVE_MS = 50;
const LOOK_MS = 100;
const REPORT_MS = 250;
const BARE_MS_MAX = 120_000;
const DRAIN_MS_MAX = 1_800_000;

/** Leaves no process behind. Rejects with `CommandFailure`, or with the signal's reason. */
export async function runLinkBench(plan: LinkBenchPlan, signal: AbortSignal): Promise<LinkBenchFindings> {
    return await inBenchFolder(signal, async (folder) => {
        const broker = await BenchBroker.start(folder, plan.clock);
        const rig = new LinkRig(plan, folder, broker);
        const end = (): void => void rig.close();
        signal.addEventListener("abort", end, { once: true });
        try {
            return await rig.measure();
        } finally {
            signal.removeEventListener("abort", end);
            await rig.close();
            await broker.end();
        }
    });
}

class LinkRig {
    readonly #plan: LinkBenchPlan;
    readonly #folder: string;
    readonly #broker: BenchBroker;
    readonly #processes: { end(): Promise<void> }[] = [];
    readonly #reports: DaemonReport[] = [];
    #isDraining = true;

    constructor(plan: LinkBenchPlan, folder: string, broker: BenchBroker) {
        this.#plan = plan;
        this.#folder = folder;
        this.#broker = broker;
    }

    async measure(): Promise<LinkBenchFindings> {
        const { clock, facts } = this.#plan;
        const siteFile = await this.#openSite();
        const eventBytes = fillJournal(join(this.#folder, "state"), facts);
        const bareClientPerS = await this.#bareClient(eventBytes);
        const central = await this.#openCentral();
        const first = central.said.next((said) => (said.is === "first" ? said.atMs : undefined), "the first event");
        const reached = this.#whenReached(central, facts);
        const startMs = clock.monotonicMs();
        const daemon = this.#keep(
            new BenchProcess({
                name: "daemon",
                module: new URL("lane-bench-process.ts", import.meta.url),
                args: [siteFile],
                messages: FromDaemon,
                folder: this.#folder,
                clock,
            }),
        );
        await daemon.said.next((said) => (said.is === "ready" ? true : undefined), "the daemon");
        const readyMs = clock.monotonicMs() - startMs;
        await this.#report(daemon);
        const [firstMs, lastMs] = await Promise.all([first, reached, this.#liveFacts(), this.#watch(daemon)]);
        await this.#report(daemon);
        const { written, waiting } = await this.#settle(daemon);
        const report = central.said.next((said) => (said.is === "report" ? said : undefined), "the report");
        central.tell({ do: "report" });
        const rssMb = this.#reports.map((each) => each.rssMb);
        return {
            readyMs,
            drainMs: lastMs - firstMs,
            bareClientPerS,
            eventBytes,
            written,
            waiting,
            central: await report,
            tickJitterMs: this.#reports.slice(1).flatMap((each) => each.tickJitterMs),
            rssMbBefore: rssMb[0] ?? 0,
            rssMbMost: Math.max(...rssMb),
        };
    }

    async close(): Promise<void> {
        for (const process of this.#processes.splice(0).reverse()) await process.end();
    }

    #keep<P extends { end(): Promise<void> }>(process: P): P {
        this.#processes.push(process);
        return process;
    }

    async #openSite(): Promise<string> {
        const devices = this.#keep(
            new BenchProcess({
                name: "devices",
                module: new URL("../../../simulators/bench/main.ts", import.meta.url),
                args: ["--modules", String(LANES), "--pulse", String(PULSE_MS)],
                messages: FromDevices,
                folder: this.#folder,
                clock: this.#plan.clock,
            }),
        );
        const ports = await devices.said.next((said) => (said.is === "ready" ? said.ports : undefined), "devices");
        for (const module of ports.keys()) devices.tell({ do: "set", module, inputs: AT_REST });
        return writeLaneSite(this.#folder, ports, this.#broker.url);
    }

    async #openCentral(): Promise<BenchProcess<FromCentral>> {
        const central = this.#keep(
            new BenchProcess({
                name: "central",
                module: new URL("../../../simulators/central/fleet/main.ts", import.meta.url),
                args: ["--broker", this.#broker.url, "--ledger", join(this.#folder, "events.jsonl"), "--ack", "4"],
                messages: FromCentral,
                folder: this.#folder,
                clock: this.#plan.clock,
            }),
        );
        await central.said.next((said) => (said.is === "ready" ? true : undefined), "the central system");
        central.tell({ do: "live-after", site: BENCH_SITE, sequence: this.#plan.facts });
        return central;
    }

    async #whenReached(central: BenchProcess<FromCentral>, upTo: number): Promise<number> {
        central.tell({ do: "watch", site: BENCH_SITE, upTo });
        const reached = await central.said.next(
            (said) => (said.is === "reached" ? said.atMs : undefined),
            "the last acknowledgement",
            DRAIN_MS_MAX,
        );
        this.#isDraining = false;
        return reached;
    }

    /** What mqtt.js alone does here, before anything else runs. */
    async #bareClient(bytes: number): Promise<number> {
        const main = fileURLToPath(new URL("../../../simulators/central/bare/main.ts", import.meta.url));
        const args = ["--broker", this.#broker.url, "--messages", String(BARE_MESSAGES), "--bytes", String(bytes)];
        const options = { timeout: BARE_MS_MAX, env: { ...process.env, NODE_NO_WARNINGS: "1" } };
        const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], options);
        return z.object({ perS: z.number() }).parse(JSON.parse(stdout)).perS;
    }

    /** Somebody asks the lanes for what they refuse, again and again: each asking is a fact. */
    async #liveFacts(): Promise<void> {
        for (let n = 0; this.#isDraining; n++) {
            await askOnce(join(this.#folder, "control.sock"), {
                ask: "lane",
                lane: laneId(n % LANES),
                asks: "refuse",
                by: "bench",
                reason: "there is nobody",
            });
            await this.#plan.clock.sleep(LIVE_MS);
        }
    }

    async #watch(daemon: BenchProcess<FromDaemon>): Promise<void> {
        while (this.#isDraining) {
            await this.#plan.clock.sleep(REPORT_MS);
            await this.#report(daemon);
        }
    }

    async #report(daemon: BenchProcess<FromDaemon>): Promise<void> {
        const report = daemon.said.next((said) => (said.is === "report" ? said : undefined), "the report");
        daemon.tell({ do: "report" });
        this.#reports.push(await report);
    }

    /** Ends the daemon and looks into its journal. */
    async #settle(daemon: BenchProcess<FromDaemon>): Promise<{ written: number; waiting: number }> {
        const control = join(this.#folder, "control.sock");
        for (let waiting = 1; waiting > 0; await this.#plan.clock.sleep(LOOK_MS)) {
            const answer = await askOnce(control, { ask: "lanes" });
            if (answer.is === "lanes") waiting = answer.view.outbox;
        }
        await daemon.end();
        const journal = openJournal(join(this.#folder, "state"));
        const found = { written: journal.head().sequence, waiting: journal.depth() };
        journal.close();
        return found;
    }
}

/** Fills a new journal and returns how large an event is on the average. */
function fillJournal(folder: string, facts: number): number {
    mkdirSync(folder, { recursive: true });
    const journal = openJournal(folder);
    let bytes = 0;
    for (let number = 0; journal.head().sequence < facts; ) {
        const drafts = [];
        const room = Math.min(BATCH, facts - journal.head().sequence);
        for (; drafts.length < room; number++) drafts.push(...passageFacts(laneId(number % LANES), number));
        const committed = journal.commit({ facts: drafts.slice(0, room) }, { utcMs: UTC_MS, isClockTrusted: true });
        if (bytes > 0) continue;
        for (const fact of committed) bytes += JSON.stringify(factEvent(BENCH_SITE, fact)).length;
        bytes /= committed.length;
    }
    journal.close();
    return Math.round(bytes);
}
