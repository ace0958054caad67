/**
 * One run of a whole site: world, daemon after daemon, officers and central system on one virtual clock, judged by the oracle.
 * The daemon's heartbeat is driven from here, so that time in which nothing can happen may be leapt over.
 */
import { join } from "node:path";
import type { SimulatedLane } from "../simulators/world/lane.ts";
import { LaneGeometry } from "../simulators/world/lane-geometry.ts";
import { Random } from "../simulators/world/random.ts";
import { PlatformPlan } from "../simulators/world/weighing-platform.ts";
import { World } from "../simulators/world/world.ts";
import { StoreFault } from "../src/ports/journal.ts";
import { TICK_MS } from "../src/runtime/site-runner.ts";
import { verifyJournal } from "../src/store/journal-audit.ts";
import type { Ambush } from "./chaos/incident.ts";
import { Switchboard } from "./chaos/switchboard.ts";
import { DaemonLife, type LaneRemains, type LifeObserver, SHOW_MS, type SiteRemains } from "./daemon-life.ts";
import { IoWire } from "./devices/io-wire.ts";
import { LanePanel } from "./devices/lane-panel.ts";
import { SimulatedDisk, SuddenDeath } from "./devices/simulated-disk.ts";
import { SimulatedBroker } from "./link/simulated-broker.ts";
import { SimulatedCentral } from "./link/simulated-central.ts";
import { siteTopics } from "./link/site-link.ts";
import { BookedPlates } from "./oracle/booked-plates.ts";
import { Books, type FactBalance } from "./oracle/books.ts";
import { HonestLorries } from "./oracle/honest-lorries.ts";
import { Oracle } from "./oracle/oracle.ts";
import { Officers } from "./people/officers.ts";
import type { Run } from "./scenarios/scenario.ts";
import { VirtualClock } from "./time/virtual-clock.ts";
import { Trace } from "./trace.ts";

/** The world's step; a whole number of them to the daemon's heartbeat. */
const STEP_MS = 25;
/** For the last facts to be acknowledged once the last lorry has left. */
const SETTLE_MS = 45 * 60_000;
/** The service manager starts a daemon again that ended by itself. */
const RESTART_MS = 2_000;
const ARM_TRAVEL_MS = 2_500;

export interface SimulationOptions {
    readonly run: Run;
    readonly seed: number;
    /** Empty, for this run only. */
    readonly folder: string;
    /** False: every tick is run. The facts must be the same. */
    readonly isLeaping?: boolean;
    readonly keepsTrace?: boolean;
}

export class SiteSimulation {
    readonly clock: VirtualClock;
    readonly world: World;
    readonly oracle: Oracle;
    readonly trace: Trace;
    readonly books = new Books();
    readonly honest: HonestLorries;
    readonly central: SimulatedCentral;
    readonly #options: SimulationOptions;
    readonly #remains: SiteRemains;
    readonly #officers: Officers;
    /** Lanes with a scale, whose beams are wired to the panel. */
    readonly #weighing: readonly { readonly panel: LanePanel; readonly lane: SimulatedLane }[];
    readonly #ambushes: Ambush[];
    readonly #observer: LifeObserver;
    #life: DaemonLife | undefined;
    #lives = 0;
    #stalledUntilMs = 0;
    #trap: { readonly ambush: Ambush; ticksLeft: number } | undefined;

    constructor(options: SimulationOptions) {
        const { run, seed, folder, keepsTrace = false } = options;
        const { plan, day } = run;
        this.#options = options;
        this.clock = new VirtualClock(run.startUtcMs);
        this.trace = new Trace(keepsTrace);
        this.honest = new HonestLorries(day.lorries);
        this.world = this.#makeWorld();
        const panels = plan.lanes.map(() => new LanePanel());
        this.#weighing = this.world.lanes.flatMap((lane, index) => {
            const panel = panels[index];
            return panel === undefined || lane.platform === undefined ? [] : [{ panel, lane }];
        });
        const lanes = plan.lanes.map((setup, index): LaneRemains => {
            const lane = this.world.lanes[index];
            if (lane === undefined) throw new Error(`the world has no lane ${index}`);
            const panel = new IoWire(panels[index] ?? new LanePanel(), 0);
            return { setup, lane, boom: new IoWire(lane.module, RELAYS), panel, camera: { isBroken: false } };
        });
        const booked = new BookedPlates(day.bookings);
        this.oracle = new Oracle(lanes, booked, this.clock);
        const disk = new SimulatedDisk((facts) => {
            this.trace.facts(this.clock.worldMs(), facts);
            this.books.durable(facts);
            this.oracle.durable(facts);
        });
        const broker = new SimulatedBroker(this.clock, new Random(seed, "broker"), siteTopics(plan.site));
        this.central = new SimulatedCentral({
            site: plan.site,
            broker,
            clock: this.clock,
            random: new Random(seed, "central"),
            ledgerFile: join(folder, "ledger.jsonl"),
            bookings: day.bookings,
            onStatus: (change) => booked.note(change),
        });
        this.#remains = { plan, seed, folder: join(folder, "state"), disk, broker, lanes };
        this.#officers = this.#hireOfficers(panels);
        this.#observer = this.#makeObserver();
        this.#ambushes = [...run.ambushes];
        new Switchboard({
            clock: this.clock,
            disk,
            broker,
            central: this.central,
            lanes: lanes.map((lane, index) => ({ ...lane, buttons: panels[index] ?? new LanePanel() })),
            kill: (awayMs) => this.#kill(awayMs),
            stall: (forMs) => this.#stall(forMs),
            onMishap: (mishap, isOver) => {
                this.trace.event(this.clock.worldMs(), { mishap, isOver });
                if (mishap.kind === "command" && !isOver)
                    this.oracle.command(mishap.fields["lane"], mishap.flaw !== undefined);
            },
        }).plan(run.incidents);
    }

    /** From the first start of the daemon until everybody has left and everything is acknowledged, or time is up. */
    async run(): Promise<void> {
        const { lengthMs, overtimeMs } = this.#options.run;
        this.world.start();
        this.#start();
        await this.#go(lengthMs, () => false);
        await this.#go(lengthMs + overtimeMs, () => this.world.isOver);
        await this.#go(this.clock.worldMs() + SETTLE_MS, () => this.#isSettled());
        if (!this.#isSettled())
            this.oracle.note("not-settled", undefined, `${this.#life?.journal.depth()} facts waiting`);
    }

    /** Closes everything and judges what can only be judged at the end: the books, the chain, and who got through. */
    close(): FactBalance {
        const life = this.#life;
        const facts = life?.journal.factsAfter(0, Number.MAX_SAFE_INTEGER) ?? [];
        const balance = this.books.balance(facts, this.central.report());
        life?.die();
        this.#life = undefined;
        this.central.close();
        const chain = verifyJournal(this.#remains.folder);
        const { notThrough } = this.honest;
        if (!chain.isIntact) this.oracle.note("chain-broken", undefined, chain.reason);
        if (balance.lost > 0) this.oracle.note("fact-lost", undefined, String(balance.lost));
        if (balance.duplicated > 0) this.oracle.note("fact-doubled", undefined, String(balance.duplicated));
        if (notThrough.length > 0)
            this.oracle.note("honest-not-through", undefined, `lorries ${notThrough.join(", ")}`);
        return balance;
    }

    /**
     * Tick after tick of the daemon, with as much quiet time before each as there is, until it is over, which no quiet time
     * brings about, or until this world time. Waits only where a timer fired.
     */
    async #go(untilMs: number, isOver: () => boolean): Promise<void> {
        while (this.clock.worldMs() < untilMs && !isOver()) {
            this.#leap(untilMs);
            for (let step = 1; step <= TICK_MS / STEP_MS; step++) {
                const fired = this.clock.advance(this.clock.monotonicMs() + STEP_MS);
                if (fired !== undefined) await fired;
                this.#step(step === TICK_MS / STEP_MS);
            }
        }
    }

    /** A contact that changes brings a tick forward. */
    #step(isTickDue: boolean): void {
        this.world.advance(STEP_MS);
        for (const { boom } of this.#remains.lanes) boom.hold();
        for (const { panel, lane } of this.#weighing) panel.showBeams(lane.beams.inputs);
        this.oracle.step();
        const life = this.#life;
        if (life === undefined || this.#isStalled) return;
        const isWoken = life.look();
        if (isWoken || isTickDue) this.#tick(life);
    }

    #tick(life: DaemonLife): void {
        life.clock.run(() => life.tick());
        if (this.#life !== life) return;
        this.oracle.endTick();
        this.#watchForAmbush(life);
    }

    get #isStalled(): boolean {
        return this.clock.monotonicMs() < this.#stalledUntilMs;
    }

    /**
     * To the last tick before anything can happen; where the daemon would show and compare health on the way, to one of those
     * ticks, so that it goes on in the same rhythm. The ticks in between would all have been alike.
     */
    #leap(untilMs: number): void {
        const { isLeaping = true } = this.#options;
        if (!isLeaping || !this.world.isStill || this.#isStalled || this.#trap !== undefined) return;
        const nowMs = this.clock.monotonicMs();
        const worldMs = this.clock.worldMs();
        const freeMs = Math.min(
            this.clock.nextTimerMs() - nowMs,
            this.world.nextAtMs - worldMs,
            this.#ambushFromMs - worldMs,
            untilMs - worldMs,
            this.#life?.quietForMs ?? Number.POSITIVE_INFINITY,
        );
        const showMs = Math.ceil((this.#life?.nextShowMs ?? Number.POSITIVE_INFINITY) / TICK_MS) * TICK_MS;
        const lastMs = nowMs + freeMs - 1;
        const [fromMs, everyMs] = lastMs < showMs ? [nowMs, TICK_MS] : [showMs, SHOW_MS];
        const tickMs = fromMs + Math.floor((lastMs - fromMs) / everyMs) * everyMs;
        const leapMs = tickMs - TICK_MS - nowMs;
        if (!(leapMs > 0 && Number.isFinite(leapMs))) return;
        this.clock.leap(leapMs);
        this.world.advance(leapMs);
        this.#life?.leap(leapMs);
    }

    /** World time from which on modes are compared with the next ambush's; without any change they stay what they are. */
    get #ambushFromMs(): number {
        const fromMs = this.#ambushes[0]?.fromMs ?? Number.POSITIVE_INFINITY;
        return fromMs > this.clock.worldMs() ? fromMs : Number.POSITIVE_INFINITY;
    }

    #isSettled(): boolean {
        return this.#life !== undefined && this.#life.journal.depth() === 0;
    }

    #start(): void {
        const clock = this.clock.lease((error) => this.#diedOf(error));
        const { isLeaping = true } = this.#options;
        try {
            this.#life = new DaemonLife(this.#remains, this.#lives, clock, this.#observer, isLeaping);
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            this.clock.after(RESTART_MS, () => this.#start());
            return;
        }
        this.#lives += 1;
        this.oracle.restart();
        this.trace.event(this.clock.worldMs(), { started: this.#lives });
    }

    #kill(awayMs: number): void {
        const life = this.#life;
        if (life === undefined) return;
        this.#life = undefined;
        this.#trap = undefined;
        this.#remains.disk.deathInCommit = undefined;
        life.die();
        this.trace.event(this.clock.worldMs(), { died: this.#lives });
        this.clock.after(awayMs, () => this.#start());
    }

    /** Something that the daemon did not catch has reached the top: a real process would be gone. */
    #diedOf(error: unknown): void {
        const isPlanned = error instanceof SuddenDeath;
        if (!isPlanned)
            this.oracle.note("daemon-threw", undefined, error instanceof Error ? error.message : String(error));
        this.#kill(isPlanned ? (this.#trap?.ambush.awayMs ?? RESTART_MS) : RESTART_MS);
    }

    #stall(forMs: number): void {
        const untilMs = this.clock.monotonicMs() + forMs;
        this.#stalledUntilMs = untilMs;
        if (this.#life !== undefined) this.#life.clock.heldUntilMs = untilMs;
    }

    #watchForAmbush(life: DaemonLife): void {
        const trap = this.#trap;
        if (trap === undefined) {
            const next = this.#ambushes[0];
            if (next === undefined || next.fromMs > this.clock.worldMs()) return;
            if (!life.lanes.some(({ runner }) => runner.state.mode.at === next.mode)) return;
            this.#ambushes.shift();
            this.#trap = { ambush: next, ticksLeft: next.afterTicks };
            return;
        }
        trap.ticksLeft -= 1;
        if (trap.ticksLeft > 0) return;
        const { moment, awayMs } = trap.ambush;
        if (moment === "between-ticks") this.#kill(awayMs);
        else this.#remains.disk.deathInCommit = moment;
    }

    #makeWorld(): World {
        const { run, seed } = this.#options;
        const { plan, day, passersBy } = run;
        return new World({
            seed,
            lanes: plan.lanes.map(({ plan: { id, hasScale }, pulseMs }) => ({
                id,
                ...(hasScale ? { scale: { platform: PlatformPlan.parse({}) } } : {}),
                geometry: LaneGeometry.parse({}),
                armTravelMs: ARM_TRAVEL_MS,
                pulseMs,
            })),
            lorries: day.lorries,
            passersBy,
            sky: { light: { kind: "day", exposure: 1 }, weather: "clear" },
            tell: (event) => {
                this.trace.event(event.atMs, event);
                this.oracle.event(event);
                this.honest.note(event);
            },
            tellOfPasserBy: (event) => {
                this.trace.event(event.atMs, event);
                this.oracle.passerBy(event);
            },
        });
    }

    #makeObserver(): LifeObserver {
        return {
            onTick: (lane) => this.oracle.tick(lane, () => this.#life?.listVersion() ?? 0),
            onOrder: (lane, order) => {
                this.trace.order(this.clock.worldMs(), lane.runner.plan.id, order);
                this.oracle.order(lane, order);
            },
            onRequest: (lane, request) => this.oracle.request(lane, request),
            onFacts: (facts) => this.#officers.hear(facts),
        };
    }

    #hireOfficers(panels: readonly LanePanel[]): Officers {
        const { run, seed } = this.#options;
        const lanes = this.#remains.lanes.map(({ setup, lane }, index) => {
            const { id } = setup.plan;
            return {
                id,
                lane,
                panel: panels[index] ?? new LanePanel(),
                screen: () => this.#life?.lanes.find(({ runner }) => runner.plan.id === id)?.runner.state,
            };
        });
        const world = {
            clock: this.clock,
            random: new Random(seed, "officers"),
            lanes,
            lorries: run.day.lorries,
            ask: (lane: string, request: Parameters<DaemonLife["desk"]["ask"]>[1]) => {
                void this.#life?.desk.ask(lane, request);
            },
        };
        return new Officers(world, run.officers);
    }
}

/** As many as the module has; see simulators/wire/relay-module.ts. */
const RELAYS = 6;
