/** The whole daemon put together from a site: the one place that knows all its parts. It wires, starts and stops; it decides nothing. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { CentralLink, type LaneCommand } from "../central/central-link.ts";
import type { CommandOutcome } from "../central/command-intake.ts";
import { callPolicyOf, planOf, queueRulesOf } from "../config/site-rules.ts";
import type { Site, SiteLane } from "../config/site-schema.ts";
import { type Fact, type FactDraft, factOf } from "../core/fact/fact.ts";
import type { LaneRequest } from "../core/lane/lane-image.ts";
import type { QueueRules } from "../core/queue/queue-rules.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { Supervise } from "../ports/supervised-child.ts";
import { BoardDesk } from "../runtime/board-desk.ts";
import { CalledLorries } from "../runtime/called-lorries.ts";
import { ClockTrust } from "../runtime/clock-trust.ts";
import type { SiteView } from "../runtime/control-protocol.ts";
import { ControlSocket, refuseIfServed } from "../runtime/control-socket.ts";
import { logFacts } from "../runtime/fact-log.ts";
import { LaneRunner } from "../runtime/lane-runner.ts";
import { LocalBook } from "../runtime/local-book.ts";
import type { Log } from "../runtime/log.ts";
import { QueueDesk } from "../runtime/queue-desk.ts";
import { QueueKeeper } from "../runtime/queue-keeper.ts";
import { RequestDesk } from "../runtime/request-desk.ts";
import { Retention } from "../runtime/retention.ts";
import { recalledSightings } from "../runtime/sightings.ts";
import { SiteKnowledge } from "../runtime/site-knowledge.ts";
import { SiteRunner } from "../runtime/site-runner.ts";
import { viewOf } from "../runtime/site-view.ts";
import { type BookingStore, openBookings } from "../store/booking-store.ts";
import { BookingWriter } from "../store/booking-writer.ts";
import { type EvidenceStore, openEvidence } from "../store/evidence-store.ts";
import { type JournalStore, openLastingJournal } from "../store/journal-store.ts";
import type { LogUpkeep } from "../store/log-upkeep.ts";
import { openSiteBook, type SiteBookStore } from "../store/site-book-store.ts";
import { boardPlans } from "./board-plans.ts";
import { barrierOf, type LaneBarrier } from "./lane-barrier.ts";
import { SiteBoards } from "./site-boards.ts";
import { type CgrWay, openCgr } from "./site-cgr.ts";
import { contactsOf, lampsOf, openHardware, type SiteHardware } from "./site-hardware.ts";
import { kordonVersion } from "./version-command.ts";

const MEGABYTE = 1_000_000;
const DAY_MS = 86_400_000;

/** A running site. Starting one rejects when its state folder, control socket or address for screens cannot be had; then nothing runs. */
export class SiteDaemon {
    readonly #site: Site;
    readonly #clock: Clock;
    readonly #log: Log;
    readonly #journal: JournalStore;
    readonly #upkeep: LogUpkeep;
    readonly #bookings: BookingStore;
    readonly #writer: BookingWriter;
    readonly #evidence: EvidenceStore;
    readonly #trust: ClockTrust;
    readonly #desk: RequestDesk;
    readonly #control: ControlSocket;
    readonly #hardware: SiteHardware;
    readonly #boardDesk: BoardDesk;
    readonly #boards: SiteBoards;
    readonly #barriers: LaneBarrier[] = [];
    readonly #lanes: readonly LaneRunner[];
    readonly #link: CentralLink;
    readonly #cgr: CgrWay;
    readonly #runner: SiteRunner;
    readonly #retention: Retention;
    readonly #bookStore: SiteBookStore;
    readonly #local: SiteKnowledge;
    readonly #queueKeeper: QueueKeeper;

    static async start(site: Site, clock: Clock, log: Log, supervise: Supervise): Promise<SiteDaemon> {
        mkdirSync(site.stateFolder, { recursive: true, mode: 0o750 });
        await refuseIfServed(site.controlSocket);
        const daemon = new SiteDaemon(site, clock, log, supervise);
        // The two that need an address: without one of them nothing runs, and what is open already is let go.
        await daemon.#control
            .start()
            .then(() => daemon.#boards.start())
            .catch(async (error: unknown) => {
                await daemon.stop();
                throw error;
            });
        daemon.#link.start();
        daemon.#cgr.start();
        daemon.#runner.start();
        daemon.#retention.start();
        log.info({ site: site.site, lanes: daemon.#lanes.length, socket: site.controlSocket }, "kordon is running");
        return daemon;
    }

    private constructor(site: Site, clock: Clock, log: Log, supervise: Supervise) {
        this.#site = site;
        this.#clock = clock;
        this.#log = log;
        ({ journal: this.#journal, upkeep: this.#upkeep } = openLastingJournal(site.stateFolder));
        this.#bookings = openBookings(site.stateFolder, ({ code, message }, kept) =>
            log.error({ code, error: message, kept }, "the booking list is damaged and was set aside, officers decide"),
        );
        this.#writer = new BookingWriter(site.stateFolder);
        this.#evidence = openEvidence(site.stateFolder, {
            bytesMax: site.retention.picturesMegabytesMax * MEGABYTE,
            ageMsMax: site.retention.picturesDaysMax * DAY_MS,
        });
        this.#trust = new ClockTrust(clock);
        this.#desk = new RequestDesk(clock, (lane, request) => this.#give(lane, request));
        this.#bookStore = openSiteBook(site.stateFolder);
        const rules = queueRulesOf(site);
        const { calendar } = rules;
        const book = new LocalBook({ keeper: this.#bookStore, journal: this.#journal, calendar, log });
        const watchers = Object.entries(site.lanes).map(([id, { role }]) => ({ id, role }));
        const sightings = recalledSightings(this.#journal, site.queue, watchers, clock);
        this.#local = new SiteKnowledge(book, sightings, rules, clock);
        this.#queueKeeper = this.#openQueueKeeper(book, rules);
        this.#boardDesk = this.#openBoardDesk(book);
        this.#control = new ControlSocket({
            path: site.controlSocket,
            log,
            desk: this.#desk,
            view: () => this.#view(),
            devices: () => ({ devices: [...this.#devices()], buses: [...this.#hardware.buses()] }),
            queue: new QueueDesk({
                book,
                keeper: this.#queueKeeper,
                rules,
                checkpoint: site.checkpoint,
                clock,
                isClockTrusted: () => this.#trust.isTrusted(),
                remember: (facts) => this.#remember(facts),
            }),
            boards: { view: () => this.#boards.view(), order: (order) => this.#boardDesk.order(order) },
            settle: ({ sequence, by, reason }) => this.#settle(sequence, by, reason),
        });
        this.#hardware = openHardware(site, clock, supervise, () => this.#runner.wake());
        const unitOn = this.#hardware.unitOn;
        this.#boards = new SiteBoards({ site, desk: this.#boardDesk, clock, unitOn });
        const resumed = new Map(this.#journal.openPassages().map(({ lane, passage }) => [lane, passage]));
        this.#lanes = Object.entries(site.lanes).map(([id, lane]) => this.#openLane(id, lane, resumed.get(id)));
        this.#link = this.#openLink();
        this.#cgr = openCgr(site, {
            journal: this.#journal,
            evidence: this.#evidence,
            bookings: this.#bookings,
            clock,
            log,
            alarms: () => book.book.notes("alarm"),
        });
        this.#runner = this.#openRunner();
        this.#retention = new Retention({
            journalDaysMax: site.retention.journalDaysMax,
            clock,
            log,
            isClockTrusted: () => this.#trust.isTrusted(),
            pruneEvidence: (nowUtcMs) => this.#evidence.prune(nowUtcMs),
            pruneJournal: (beforeUtcMs) => this.#journal.prune(beforeUtcMs),
            remember: (facts) => this.#remember(facts),
        });
    }

    /** Ends everything in order; the boom is not touched. */
    async stop(): Promise<void> {
        this.#runner.stop();
        this.#retention.stop();
        this.#desk.stop();
        await this.#control.stop();
        await this.#boards.stop();
        await Promise.all([this.#link.stop(), this.#cgr.stop()]);
        await Promise.all(this.#barriers.map((barrier) => barrier.stop()));
        await this.#hardware.close();
        await this.#writer.close();
        await this.#evidence.close();
        this.#bookings.close();
        this.#bookStore.close();
        this.#journal.close();
        await this.#upkeep.close();
        this.#log.info({}, "kordon has ended");
    }

    #openLane(id: string, lane: SiteLane, resumed: string | undefined): LaneRunner {
        const lamps = lampsOf(lane, this.#hardware);
        const scale = lane.scale === undefined ? undefined : this.#hardware.scales.get(lane.scale);
        const barrier = this.#openBarrier(id, lane);
        const parts = {
            plan: planOf(id, lane, this.#site),
            checkpoint: this.#site.checkpoint,
            contacts: contactsOf(lane, this.#hardware, barrier),
            barrier,
            ...(lamps === undefined ? {} : { lamps }),
            ...(scale === undefined ? {} : { scale }),
            cameras: lane.cameras.flatMap((camera) => this.#hardware.cameras.get(camera) ?? []),
            bookings: this.#bookings,
            local: this.#local,
            journal: this.#journal,
            evidence: this.#evidence,
            clock: this.#clock,
            log: this.#log,
            program: `kordon ${kordonVersion()}`,
        };
        return new LaneRunner(parts, resumed);
    }

    #openBarrier(id: string, lane: SiteLane): LaneBarrier {
        const barrier = barrierOf(id, lane, this.#hardware, this.#clock);
        this.#barriers.push(barrier);
        return barrier;
    }

    #openBoardDesk(book: LocalBook): BoardDesk {
        const { checkpoint } = this.#site;
        const desk = new BoardDesk({
            boards: boardPlans(this.#site),
            lane: (id) => this.#lanes.find(({ plan }) => plan.id === id),
            called: new CalledLorries({ bookings: this.#bookings, book, checkpoint, clock: this.#clock }),
            listAgeMs: () => this.#link.listAgeMs(),
            clock: this.#clock,
            isClockTrusted: () => this.#trust.isTrusted(),
            remember: (facts) => this.#remember(facts),
        });
        desk.recall(this.#journal);
        return desk;
    }

    #openQueueKeeper(book: LocalBook, rules: QueueRules): QueueKeeper {
        const roles = Object.values(this.#site.lanes).map(({ role }) => role);
        return new QueueKeeper({
            book,
            bookings: this.#bookings,
            rules,
            policy: callPolicyOf(this.#site),
            checkpoint: this.#site.checkpoint,
            keptMsMax: this.#site.retention.journalDaysMax * DAY_MS,
            seesArrivals: roles.includes("waiting-area-entry"),
            clock: this.#clock,
            isClockTrusted: () => this.#trust.isTrusted(),
            listAgeMs: () => this.#link.listAgeMs(),
            firstUnacknowledged: () => this.#journal.pending(0, 1)[0]?.sequence ?? Number.POSITIVE_INFINITY,
            log: this.#log,
        });
    }

    #openLink(): CentralLink {
        const log = this.#log;
        return new CentralLink({
            site: this.#site.site,
            broker: brokerOf(this.#site),
            outbox: this.#journal,
            quarantine: this.#journal,
            list: this.#bookings,
            writer: this.#writer,
            clock: this.#clock,
            random: Math.random,
            runId: randomBytes(8).toString("hex"),
            software: `kordon ${kordonVersion()}`,
            isClockTrusted: () => this.#trust.isTrusted(),
            nonces: this.#journal,
            isSwitchedOn: (order) => this.#site.central.commands.includes(order),
            onCommand: (command) => obey(this.#desk, this.#boardDesk, command),
            on: {
                factWithheld: (sequence, reason) =>
                    log.error({ sequence, reason }, "a fact cannot be carried and was set aside"),
                commandRefused: ({ order, who, why }, code) => {
                    this.#runner.remember([
                        factOf("order.refused", { asks: order, by: who, kind: "central", why, code }),
                    ]);
                },
                listAnew: ({ who, why }) => {
                    const data = { asks: "list-anew", by: who, kind: "central", why } as const;
                    this.#runner.remember([factOf("officer.ordered", data)]);
                },
                messageRefused: (topic, reason) => log.warn({ topic, reason }, "message refused"),
                listChanged: (now) => this.#runner.remember([factOf("list.changed", now)]),
                listTrouble: (code, reason) => log.warn({ code, reason }, "booking list refused, asked for again"),
                storeFault: (error) => log.error({ error: String(error) }, "the link cannot use the disk"),
            },
        });
    }

    #openRunner(): SiteRunner {
        return new SiteRunner({
            lanes: this.#lanes,
            journal: this.#journal,
            clock: this.#clock,
            trust: this.#trust,
            log: this.#log,
            listStamp: () => {
                const { version, hash } = this.#bookings.version();
                return { version, hash, ageMs: this.#link.listAgeMs() };
            },
            isOnline: () => this.#link.isOnline(),
            chores: () => [...this.#queueKeeper.chores(), ...this.#cgr.chores()],
            devices: () => this.#devices(),
            onFacts: (facts) => this.#spread(facts),
            onShow: () => this.#control.refresh(),
            onHealth: (health) => this.#link.publishDeviceHealth([health]),
        });
    }

    #view(): SiteView {
        const { alarms } = this.#queueKeeper;
        const devices = this.#devices();
        return viewOf(
            this.#site.site,
            this.#lanes,
            this.#link,
            this.#journal,
            this.#runner,
            this.#trust,
            alarms,
            devices,
        );
    }

    #devices(): readonly DeviceHealth[] {
        return [
            ...this.#hardware.health(),
            ...this.#barriers.map((barrier) => barrier.health()),
            ...this.#boards.health(),
            this.#link.health(),
            ...this.#cgr.health(),
        ];
    }

    #give(lane: string, request: LaneRequest): boolean {
        const runner = this.#lanes.find((each) => each.plan.id === lane);
        runner?.ask(request);
        return runner !== undefined;
    }

    #settle(sequence: number, by: string, why: string): boolean {
        if (!this.#journal.quarantined().some((withheld) => withheld.sequence === sequence)) return false;
        this.#remember([factOf("officer.ordered", { asks: "settle", sequence, by, kind: "officer", why })]);
        return this.#journal.settle(sequence);
    }

    /** Tells everybody who waits for facts. */
    #spread(facts: readonly Fact[]): void {
        logFacts(facts, this.#log);
        this.#local.hear(facts);
        this.#queueKeeper.hear(facts);
        this.#desk.hear(facts);
        this.#control.hear(facts);
        this.#link.wake(facts);
        this.#cgr.wake();
    }

    #remember(drafts: readonly FactDraft[]): readonly Fact[] {
        const time = { utcMs: this.#clock.utcMs(), isClockTrusted: this.#trust.isTrusted() };
        const facts = this.#journal.commit({ facts: drafts }, time);
        this.#spread(facts);
        return facts;
    }
}

/** Orders of the central system go the same way as an officer's; what no lane can do is refused, not ignored. */
async function obey(desk: RequestDesk, boards: BoardDesk, command: LaneCommand): Promise<CommandOutcome> {
    const by = { kind: "central", name: command.who } as const;
    const result =
        command.order === "message"
            ? boards.order({ target: command.lane, text: command.text, showS: command.showS, by, why: command.why })
            : await desk.ask(command.lane, {
                  asks: command.order === "mode" ? command.mode : command.order,
                  by,
                  reason: command.why,
              });
    return result.outcome === "done" ? result : { outcome: "refused", code: result.code, detail: result.message };
}

function brokerOf({ site, central }: Site): ConstructorParameters<typeof CentralLink>[0]["broker"] {
    const read = (file: string | undefined): Buffer | undefined =>
        file === undefined ? undefined : readFileSync(file);
    const [ca, cert, key, password] = [central.caFile, central.certFile, central.keyFile, central.passwordFile].map(
        read,
    );
    const isTls = ca !== undefined || cert !== undefined || key !== undefined;
    return {
        url: central.url,
        clientId: `kordon-${site}`,
        ...(central.username === undefined ? {} : { username: central.username }),
        ...(password === undefined ? {} : { password: password.toString("utf8").trim() }),
        ...(isTls ? { tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } } : {}),
    };
}
