/** One demonstration from empty folder to counts: starts the processes, lets the day happen, ends everything again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { loadSite } from "../../config/load-site.ts";
import { systemClock } from "../../runtime/clock.ts";
import type { Answer, SiteView } from "../../runtime/control-protocol.ts";
import { openJournal } from "../../store/journal-store.ts";
import { askDaemon, askOnce } from "../control-client.ts";
import { CommandFailure, EXIT } from "../outcome.ts";
import { DemoLedger, type DemoSummary, type FactSeen, summarise, WorldSays, WorldTruth } from "./demo-ledger.ts";
import { DemoOfficer } from "./demo-officer.ts";
import { DemoProcesses } from "./demo-processes.ts";
import { boardFile, centralFile, DEMO_LANE, type DemoPlan, siteFile, worldFile } from "./demo-site.ts";
import { DemoView } from "./demo-view.ts";

/** From the start of the daemon to the first picture and the list, on a busy machine with a cold disk. */
const READY_MS_MAX = 90_000;
/** For the last facts to be acknowledged after the last lorry. */
const SETTLE_MS_MAX = 30_000;
const POLL_MS = 200;

const CentralReady = z.looseObject({ is: z.literal("ready"), url: z.string() });
const CentralReport = z.looseObject({
    is: z.literal("report"),
    distinct: z.number(),
    lost: z.number(),
    conflicts: z.number(),
    gaps: z.number(),
});
const WorldReady = z.looseObject({
    is: z.literal("ready"),
    lanes: z.array(z.looseObject({ modbusPort: z.number(), cameraPort: z.number() })),
});
const BoardReady = z.looseObject({ is: z.literal("ready"), port: z.number() });
const BoardShows = z.looseObject({ is: z.literal("shows"), lines: z.array(z.string()) });
const WorldFinished = z.looseObject({ is: z.literal("finished"), truth: WorldTruth });

export interface DemoResult extends DemoSummary {
    readonly events: {
        readonly recorded: number;
        readonly acknowledged: number;
        readonly lost: number;
        readonly duplicated: number;
    };
}

export class Demo {
    readonly #plan: DemoPlan;
    readonly #keeps: boolean;
    readonly #view: DemoView;
    readonly #ledger = new DemoLedger();
    readonly #processes: DemoProcesses;
    readonly #stop = new AbortController();

    constructor(options: { passages: number; seed: number; speed: number; keep?: boolean }, out: NodeJS.WriteStream) {
        const { passages, seed, speed } = options;
        this.#plan = {
            folder: mkdtempSync(join(tmpdir(), "kordon-demo-")),
            passages,
            seed,
            speed,
            startUtcMs: systemClock.utcMs(),
        };
        this.#keeps = options.keep === true;
        this.#view = new DemoView(out, passages);
        this.#processes = new DemoProcesses(this.#plan.folder, systemClock, (name, how) => {
            this.#stop.abort(
                new CommandFailure(
                    EXIT.failed,
                    `${name} ended by itself (${how}); its log: ${join(this.#plan.folder, `${name}.log`)}`,
                ),
            );
        });
    }

    /** Ends the day early; `run` then returns undefined. */
    interrupt(): void {
        this.#stop.abort(undefined);
    }

    /** Undefined when interrupted. Whatever happens, no process and (unless kept) no file is left. */
    async run(): Promise<DemoResult | undefined> {
        let isFailed = true;
        try {
            const result = await this.#day();
            isFailed = false;
            return result;
        } catch (error) {
            if (error instanceof CommandFailure) throw error;
            if (!this.#stop.signal.aborted) throw error;
            isFailed = false;
            return undefined;
        } finally {
            await this.#processes.endAll();
            if (this.#keeps || isFailed) this.#view.say(`everything is kept in ${this.#plan.folder}`);
            else rmSync(this.#plan.folder, { recursive: true, force: true });
        }
    }

    async #day(): Promise<DemoResult> {
        const { signal } = this.#stop;
        this.#view.say(
            `starting a simulated checkpoint: ${this.#plan.passages} lorries, seed ${this.#plan.seed}, ${this.#plan.speed} times real speed`,
        );
        const central = this.#simulator("central", centralFile(this.#plan));
        const world = this.#simulator("world", worldFile(this.#plan), (message) => this.#witness(message));
        const board = this.#simulator("board", boardFile(this.#plan), (message) => {
            const shows = BoardShows.safeParse(message);
            if (shows.success) this.#view.display(shows.data.lines);
        });
        const [{ url }, { lanes }, { port: displayPort }] = await Promise.all([
            central.once(CentralReady),
            world.once(WorldReady),
            board.once(BoardReady),
        ]);
        const ports = lanes[0];
        if (ports === undefined) throw new CommandFailure(EXIT.failed, "the simulated world has no lane");

        const site = loadSite(siteFile(this.#plan, { brokerUrl: url, displayPort, ...ports }));
        this.#processes.daemon(join(this.#plan.folder, "site.yaml"));
        await this.#until(
            site.controlSocket,
            READY_MS_MAX,
            isReady,
            "the daemon to see its lane, its camera and its list",
        );
        const officer = new DemoOfficer(site.controlSocket, systemClock, (lorry) =>
            world.tell({ do: "wave-away", lorry }),
        );
        this.#listen(site.controlSocket, officer).catch(() => undefined); // The daemon ending is noticed elsewhere.
        this.#watch(site.controlSocket).catch(() => undefined);

        const finished = world.once(WorldFinished);
        world.tell({ do: "start" });
        const { truth } = await finished;
        await this.#until(site.controlSocket, SETTLE_MS_MAX, isSettled, "the last facts to be acknowledged");
        await this.#processes.end("kordon");
        // What the daemon said while it ended may still be on its way into the simulated central system's ledger.
        const reported = central.once(CentralReport);
        central.tell({ do: "report" });
        const report = await reported;
        signal.throwIfAborted();

        const journal = openJournal(site.stateFolder);
        const { sequence } = journal.head();
        const waiting = journal.depth();
        journal.close();
        const lane = site.lanes[DEMO_LANE];
        return {
            ...summarise(this.#ledger.stories(), truth, lane?.policy.confidenceMin ?? 1),
            events: {
                recorded: sequence,
                acknowledged: sequence - waiting,
                // What the daemon said while it ended may still wait in its outbox; that is not lost.
                lost: Math.max(0, sequence - waiting - report.distinct),
                duplicated: report.conflicts,
            },
        };
    }

    #simulator(name: "central" | "world" | "board", file: string, onMessage: (message: unknown) => void = () => {}) {
        const waiting: ((message: unknown) => void)[] = [];
        const tell = this.#processes.simulator(name, file, (message) => {
            onMessage(message);
            for (const hear of [...waiting]) hear(message);
        });
        const once = <T>(schema: z.ZodType<T>): Promise<T> =>
            new Promise((resolve, reject) => {
                const { signal } = this.#stop;
                const abort = (): void => reject(signal.reason);
                signal.addEventListener("abort", abort, { once: true });
                if (signal.aborted) abort();
                const hear = (message: unknown): void => {
                    const heard = schema.safeParse(message);
                    if (!heard.success) return;
                    waiting.splice(waiting.indexOf(hear), 1);
                    signal.removeEventListener("abort", abort);
                    resolve(heard.data);
                };
                waiting.push(hear);
            });
        return { tell, once };
    }

    #witness(message: unknown): void {
        const says = WorldSays.safeParse(message);
        if (!says.success) return;
        const over = this.#ledger.world(says.data);
        if (over !== undefined) this.#view.story(over);
    }

    /** Facts as they are committed, for the ledger and the officer. */
    async #listen(socket: string, officer: DemoOfficer): Promise<void> {
        for await (const answer of askDaemon(socket, { ask: "facts" }, this.#stop.signal)) {
            const fact = factOf(answer);
            const story = fact === undefined ? undefined : this.#ledger.fact(fact);
            if (fact !== undefined && story !== undefined) officer.hear(fact, story);
        }
    }

    async #watch(socket: string): Promise<void> {
        for await (const answer of askDaemon(socket, { ask: "watch" }, this.#stop.signal)) {
            if (answer.is === "lanes") this.#view.status(answer.view);
        }
    }

    /** Asks the daemon until it stands as wanted. */
    async #until(socket: string, msMax: number, isWanted: (view: SiteView) => boolean, what: string): Promise<void> {
        const giveUpMs = systemClock.monotonicMs() + msMax;
        let last: SiteView | undefined;
        while (systemClock.monotonicMs() < giveUpMs) {
            this.#stop.signal.throwIfAborted();
            const answer = await askOnce(socket, { ask: "lanes" }).catch(() => undefined);
            if (answer?.is === "lanes") last = answer.view;
            if (last !== undefined && isWanted(last)) return;
            await systemClock.sleep(POLL_MS, this.#stop.signal);
        }
        throw new CommandFailure(
            EXIT.failed,
            `waited ${msMax / 1000} s for ${what}; the lane says: ${JSON.stringify(last ?? "nothing")}`,
        );
    }
}

function isReady(view: SiteView): boolean {
    return (
        view.isOnline &&
        view.listVersion > 0 &&
        view.lanes.every((lane) => lane.mode === "idle" && !lane.alarms.includes("CAMERA_FAILED"))
    );
}

function isSettled(view: SiteView): boolean {
    return view.outbox === 0 && view.lanes.every((lane) => lane.mode === "idle");
}

function factOf(answer: Answer): FactSeen | undefined {
    if (answer.is !== "fact") return undefined;
    const { kind, passage, data } = answer.fact;
    return { kind, passage: typeof passage === "string" ? passage : undefined, data: (data ?? {}) as FactSeen["data"] };
}
