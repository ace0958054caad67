/**
 * One run of the daemon, from its start to its sudden end: the real lanes, site runner, clock trust, request desk, stores and
 * link, put together as `src/cli/site-daemon.ts` does, on simulated hardware. What outlives it lies in `SiteRemains`.
 */
import { RelayBarrier } from "../devices/barrier/relay/relay-barrier.ts";
import type { SimulatedLane } from "../simulators/world/lane.ts";
import { RELAY } from "../simulators/world/lane-wiring.ts";
import { Random } from "../simulators/world/random.ts";
import type { CommandOutcome } from "../src/central/command-intake.ts";
import type { Command } from "../src/central/messages.ts";
import { queueRulesOf } from "../src/config/site-rules.ts";
import type { Fact, FactDraft } from "../src/core/fact/fact.ts";
import { SILENT_AFTER_AGES } from "../src/core/lane/alarms.ts";
import type { ContactName } from "../src/core/lane/contacts.ts";
import type { LaneRequest } from "../src/core/lane/lane-image.ts";
import type { Barrier, BarrierOrder } from "../src/ports/barrier.ts";
import { BoardDesk } from "../src/runtime/board-desk.ts";
import { CalledLorries } from "../src/runtime/called-lorries.ts";
import { ClockTrust } from "../src/runtime/clock-trust.ts";
import type { WiredContact } from "../src/runtime/lane-runner.ts";
import { LocalBook } from "../src/runtime/local-book.ts";
import { openLog } from "../src/runtime/log.ts";
import { RequestDesk } from "../src/runtime/request-desk.ts";
import { recalledSightings, type Sightings } from "../src/runtime/sightings.ts";
import { SiteKnowledge } from "../src/runtime/site-knowledge.ts";
import { SiteRunner } from "../src/runtime/site-runner.ts";
import { openSiteBook, type SiteBookStore } from "../src/store/site-book-store.ts";
import type { IoWire } from "./devices/io-wire.ts";
import { type CameraWire, SimulatedCamera } from "./devices/simulated-camera.ts";
import {
    openSimulatedJournal,
    SimulatedBookings,
    type SimulatedDisk,
    type SimulatedJournal,
    SimulatedListWriter,
} from "./devices/simulated-disk.ts";
import { SimulatedIo } from "./devices/simulated-io.ts";
import { SimulatedScale } from "./devices/simulated-scale.ts";
import type { SimulatedBroker } from "./link/simulated-broker.ts";
import { SiteLink } from "./link/site-link.ts";
import { QuietLane } from "./quiet-lane.ts";
import { type LaneSetup, type SimulatedContact, type SitePlan, simulatedContacts, WIRING } from "./site-plan.ts";
import type { LeasedClock } from "./time/virtual-clock.ts";

/** What is there before the daemon starts and after it has died. */
export interface SiteRemains {
    readonly plan: SitePlan;
    readonly seed: number;
    readonly folder: string;
    readonly disk: SimulatedDisk;
    readonly broker: SimulatedBroker;
    readonly lanes: readonly LaneRemains[];
}

export interface LaneRemains {
    readonly setup: LaneSetup;
    readonly lane: SimulatedLane;
    readonly boom: IoWire;
    readonly panel: IoWire;
    readonly camera: CameraWire;
}

/** Looks over the daemon's shoulder; changes nothing. */
export interface LifeObserver {
    /** A tick of this lane is about to run. */
    readonly onTick: (lane: LifeLane) => void;
    readonly onOrder: (lane: LifeLane, order: BarrierOrder) => void;
    /** The lane is given a request, whoever it comes from. */
    readonly onRequest: (lane: string, request: LaneRequest) => void;
    readonly onFacts: (facts: readonly Fact[]) => void;
}

/** One lane of one run. */
export interface LifeLane {
    readonly remains: LaneRemains;
    readonly boomIo: SimulatedIo;
    readonly panelIo: SimulatedIo;
    readonly camera: SimulatedCamera;
    readonly scale: SimulatedScale | undefined;
    readonly runner: QuietLane;
}

const PROGRAM = "kordon simulated";
/** The site runner's rhythm of showing itself. */
export const SHOW_MS = 500;
const log = openLog("silent");

export class DaemonLife {
    readonly clock: LeasedClock;
    readonly desk: RequestDesk;
    readonly link: SiteLink;
    readonly lanes: readonly LifeLane[];
    readonly journal: SimulatedJournal;
    /** What the healths were when they were last compared and, where they had changed, written down. */
    #shown = "";
    /** After a tick that all lanes were spared: how long further ones would be, and what ends that before. */
    #quiet = { untilMs: Number.NEGATIVE_INFINITY, turns: 0, noticed: 0 };
    #shownMs: number;
    readonly #remains: SiteRemains;
    readonly #observer: LifeObserver;
    readonly #bookings: SimulatedBookings;
    readonly #writer: SimulatedListWriter;
    readonly #trust: ClockTrust;
    readonly #book: SiteBookStore;
    readonly #sightings: Sightings;
    readonly #local: SiteKnowledge;
    readonly #boards: BoardDesk;
    readonly #barriers: RelayBarrier[] = [];
    readonly #runner: SiteRunner;
    #requests = 0;

    /** `number`: how many runs there were before. `isSparing`: see `QuietLane`. Throws `StoreFault`. */
    constructor(remains: SiteRemains, number: number, clock: LeasedClock, observer: LifeObserver, isSparing: boolean) {
        const { folder, disk, seed, plan } = remains;
        this.#remains = remains;
        this.#observer = observer;
        this.clock = clock;
        this.#shownMs = clock.monotonicMs();
        this.journal = openSimulatedJournal(folder, disk, `${plan.site}/${seed}`);
        this.#bookings = new SimulatedBookings(folder, disk);
        this.#writer = new SimulatedListWriter(folder, disk, clock, new Random(seed, `import/${number}`), () =>
            this.#bookings.changed(),
        );
        this.#trust = new ClockTrust(clock);
        this.#book = openSiteBook(folder);
        const rules = queueRulesOf(plan);
        const { calendar } = rules;
        const book = new LocalBook({ keeper: this.#book, journal: this.journal, calendar, log });
        const watchers = remains.lanes.map(
            ({
                setup: {
                    plan: { id, role },
                },
            }) => ({ id, role }),
        );
        this.#sightings = recalledSightings(this.journal, plan.queue, watchers, clock);
        this.#local = new SiteKnowledge(book, this.#sightings, rules, clock);
        this.desk = new RequestDesk(
            clock,
            (lane, request) => this.#give(lane, request),
            () => {
                this.#requests += 1;
                return `request-${number}-${this.#requests}`;
            },
        );
        this.#boards = this.#openBoards(book);
        this.link = this.#openLink(number);
        const resumed = new Map(this.journal.openPassages().map(({ lane, passage }) => [lane, passage]));
        this.lanes = remains.lanes.map((lane) => this.#openLane(lane, resumed, number, isSparing));
        this.#runner = this.#openRunner();
    }

    /** After every step of the world; true when a contact was seen to change, which brings the next tick forward. */
    look(): boolean {
        let isChanged = false;
        for (const { boomIo, panelIo, camera, scale } of this.lanes) {
            isChanged = boomIo.look() || isChanged;
            isChanged = panelIo.look() || isChanged;
            camera.look();
            scale?.look();
        }
        return isChanged;
    }

    /** The first tick from then on shows the daemon and compares the health of its devices. */
    get nextShowMs(): number {
        return this.#shownMs + SHOW_MS;
    }

    /** Where all lanes would be spared it, and nothing is due to be shown, it is passed over as a whole. */
    tick(): void {
        const nowMs = this.clock.monotonicMs();
        const { untilMs, turns, noticed } = this.#quiet;
        const isDue = nowMs >= Math.min(untilMs, this.nextShowMs);
        if (!isDue && turns === this.clock.turns && noticed === this.#noticed()) {
            for (const { runner } of this.lanes) runner.leap();
            return;
        }
        this.#runner.tick();
        this.#quiet = { untilMs: this.#quietUntilMs(), turns: this.clock.turns, noticed: this.#noticed() };
    }

    /** Grows with everything that a device noticed. */
    #noticed(): number {
        let sum = 0;
        for (const { boomIo, panelIo, camera, scale } of this.lanes)
            sum += boomIo.changes + panelIo.changes + camera.changes + camera.looks + (scale?.changes ?? 0);
        return sum;
    }

    /** Until then no lane does anything by itself; a list that grows old is a change. */
    #quietUntilMs(): number {
        const nowMs = this.clock.monotonicMs();
        const ageMs = this.link.listAgeMs();
        return this.lanes.reduce((leastMs, { runner }) => {
            const leftMs = runner.plan.policy.listAgeMsMax - ageMs;
            return Math.min(leastMs, runner.quietUntilMs, leftMs > 0 ? nowMs + leftMs : leastMs);
        }, Number.POSITIVE_INFINITY);
    }

    #isRefusing(): boolean {
        return this.#remains.disk.journal !== undefined;
    }

    /** Another one whenever a health may be another one. */
    #healthMark(): string {
        let changes = 0;
        for (const { boomIo, panelIo, camera } of this.lanes)
            changes += boomIo.changes + panelIo.changes + camera.changes;
        let mark = `${changes}`;
        for (const { state, code } of [this.link, ...this.#barriers].map((device) => device.health()))
            mark += ` ${state} ${code}`;
        return mark;
    }

    /** After a tick: for how long neither lanes nor devices change anything by themselves, timers apart. */
    get quietForMs(): number {
        const nowMs = this.clock.monotonicMs();
        let leastMs = this.#quiet.untilMs;
        if (leastMs <= nowMs) return 0;
        for (const { boomIo, panelIo, camera } of this.lanes) {
            if (!boomIo.isSteady || !panelIo.isSteady) return 0;
            if (!boomIo.isUpToDate || !panelIo.isUpToDate || !camera.isUpToDate) return 0;
            leastMs = Math.min(leastMs, camera.nextLookMs);
        }
        return this.#shown === this.#healthMark() ? Math.max(0, leastMs - nowMs) : 0;
    }

    leap(elapsedMs: number): void {
        for (const { boomIo, panelIo, runner } of this.lanes) {
            boomIo.leap(elapsedMs);
            panelIo.leap(elapsedMs);
            runner.leap();
        }
    }

    /** Which list is in force here, straight from the file. */
    listVersion(): number {
        return this.#bookings.inForce().version;
    }

    /** The process is gone: no timer of it fires, no message reaches it, its files are closed. */
    die(): void {
        this.clock.kill();
        this.link.abandon();
        this.#bookings.close();
        void this.#writer.close();
        this.#book.close();
        this.journal.close();
    }

    #openLane(
        remains: LaneRemains,
        resumed: ReadonlyMap<string, string>,
        number: number,
        isSparing: boolean,
    ): LifeLane {
        const { setup, lane, boom, panel, camera: cameraWire } = remains;
        const { plan, pulseMs, gapMsMin } = setup;
        const { seed } = this.#remains;
        const random = (what: string): Random => new Random(seed, `${what}/${plan.id}/${number}`);
        const boomIo = new SimulatedIo(`${plan.id}-io`, boom, this.clock, random("boom-io"));
        const panelIo = new SimulatedIo(`${plan.id}-panel`, panel, this.clock, random("panel-io"));
        const camera = new SimulatedCamera(`${plan.id}-camera`, lane, cameraWire, this.clock, seed);
        const scale = plan.hasScale ? new SimulatedScale(`${plan.id}-scale`, lane, this.clock) : undefined;
        const relays = new RelayBarrier({
            id: `${plan.id}-barrier`,
            open: { io: boomIo, output: RELAY.open },
            close: { io: boomIo, output: RELAY.close },
            pulseMs,
            gapMsMin,
            clock: this.clock,
        });
        this.#barriers.push(relays);
        let settledOrders = 0;
        const barrier: Barrier = {
            id: relays.id,
            order: (order) => {
                if (this.clock.isDead) return new Promise(() => undefined);
                this.clock.stir();
                this.#observer.onOrder(opened, order);
                return relays.order(order).finally(() => {
                    settledOrders += 1;
                });
            },
            health: () => relays.health(),
        };
        const parts = {
            plan,
            checkpoint: this.#remains.plan.checkpoint,
            contacts: contactsOf(simulatedContacts(plan), boomIo, panelIo),
            barrier,
            lamps: { red: { io: boomIo, output: RELAY.red }, green: { io: boomIo, output: RELAY.green } },
            cameras: [camera],
            ...(scale === undefined ? {} : { scale }),
            bookings: this.#bookings,
            local: this.#local,
            journal: this.journal,
            evidence: { keep: () => Promise.resolve() },
            clock: this.clock,
            log,
            program: PROGRAM,
        };
        // Longer than any age that the lane asks for.
        const silentMs = (SILENT_AFTER_AGES + 1) * plan.limits.readingAgeMsMax;
        const surroundings = {
            changes: () =>
                boomIo.changes +
                panelIo.changes +
                camera.changes +
                camera.looks +
                (scale?.changes ?? 0) +
                settledOrders +
                this.#local.revision,
            sightings: () => this.#sightings.revision,
            fullQuotas: () => this.#local.fullQuotas(),
            isRefusing: () => this.#isRefusing(),
            sequence: () => this.journal.head().sequence,
            isSteady: () => [boomIo, panelIo].every((io) => io.isSteady || io.isSilentFor(silentMs)),
            nowMs: () => this.clock.monotonicMs(),
            onTick: () => this.#observer.onTick(opened),
        };
        const runner = new QuietLane(parts, resumed.get(plan.id), surroundings, isSparing);
        const opened: LifeLane = { remains, boomIo, panelIo, camera, scale, runner };
        return opened;
    }

    /** The texts that are ordered onto boards; the boards themselves are not simulated. */
    #openBoards(book: LocalBook): BoardDesk {
        const { boards, checkpoint } = this.#remains.plan;
        const desk = new BoardDesk({
            boards,
            lane: (id) => this.lanes.find(({ runner }) => runner.plan.id === id)?.runner,
            called: new CalledLorries({ bookings: this.#bookings, book, checkpoint, clock: this.clock }),
            listAgeMs: () => this.link.listAgeMs(),
            clock: this.clock,
            isClockTrusted: () => this.#trust.isTrusted(),
            remember: (facts) => this.#remember(facts),
        });
        desk.recall(this.journal);
        return desk;
    }

    #openLink(number: number): SiteLink {
        const { plan, broker, seed } = this.#remains;
        return new SiteLink({
            site: plan.site,
            broker,
            outbox: this.journal,
            list: this.#bookings,
            writer: this.#writer,
            clock: this.clock,
            random: new Random(seed, `link/${number}`),
            runId: `run${number}`,
            isClockTrusted: () => this.#trust.isTrusted(),
            nonces: this.journal,
            onCommand: (command) => this.#obey(command),
            onCommandRefused: ({ order, who, why }, code) =>
                this.#runner.remember([
                    { kind: "order.refused", data: { asks: order, by: who, kind: "central", why, code } },
                ]),
            onListChanged: (now) => this.#runner.remember([{ kind: "list.changed", data: { ...now } }]),
        });
    }

    #openRunner(): SiteRunner {
        return new SiteRunner({
            lanes: this.lanes.map(({ runner }) => runner),
            journal: this.journal,
            clock: this.clock,
            trust: this.#trust,
            log,
            listStamp: () => {
                const { version, hash } = this.#bookings.version();
                return { version, hash, ageMs: this.link.listAgeMs() };
            },
            devices: () => [
                ...this.lanes.flatMap(({ boomIo, panelIo, camera }) => [
                    boomIo.health(),
                    panelIo.health(),
                    camera.health(),
                ]),
                ...this.#barriers.map((barrier) => barrier.health()),
                this.link.health(),
            ],
            onFacts: (facts) => this.#spread(facts),
            onShow: () => {
                this.#shownMs = this.clock.monotonicMs();
                if (!this.#isRefusing()) this.#shown = this.#healthMark();
            },
            onHealth: () => undefined,
        });
    }

    #give(lane: string, request: LaneRequest): boolean {
        const found = this.lanes.find(({ runner }) => runner.plan.id === lane);
        this.#observer.onRequest(lane, request);
        found?.runner.ask(request);
        return found !== undefined;
    }

    /** As `site-daemon.ts` does it. */
    async #obey(command: Exclude<Command, { readonly order: "sync" }>): Promise<CommandOutcome> {
        const by = { kind: "central", name: command.who } as const;
        const { lane, why } = command;
        const result =
            command.order === "message"
                ? this.#boards.order({ target: lane, text: command.text, showS: command.showS, by, why })
                : await this.desk.ask(lane, {
                      asks: command.order === "mode" ? command.mode : command.order,
                      by,
                      reason: why,
                  });
        return result.outcome === "done" ? result : { outcome: "refused", code: result.code, detail: result.message };
    }

    #remember(drafts: readonly FactDraft[]): readonly Fact[] {
        const time = { utcMs: this.clock.utcMs(), isClockTrusted: this.#trust.isTrusted() };
        const facts = this.journal.commit({ facts: drafts }, time);
        this.#spread(facts);
        return facts;
    }

    #spread(facts: readonly Fact[]): void {
        this.clock.stir();
        this.#local.hear(facts);
        this.desk.hear(facts);
        this.link.wake();
        this.#observer.onFacts(facts);
    }
}

function contactsOf(
    names: readonly SimulatedContact[],
    boom: SimulatedIo,
    panel: SimulatedIo,
): { readonly [name in ContactName]?: WiredContact } {
    return Object.fromEntries(
        names.map((name) => {
            const { module, input, isActiveWhenOn } = WIRING[name];
            return [name, { io: module === "boom" ? boom : panel, input, isActiveWhenOn }];
        }),
    );
}
