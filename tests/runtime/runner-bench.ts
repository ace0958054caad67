/**
 * A real `LaneRunner` on a real journal, with made-up devices and time that passes tick by tick, as unevenly as in life.
 * Knows nothing of the test runner, so that a process that is to be killed can use it too.
 */
import type { Booking, ListStamp } from "../../src/core/booking/booking.ts";
import type { Fact } from "../../src/core/fact/fact.ts";
import type { ContactName } from "../../src/core/lane/contacts.ts";
import type { LaneRequest } from "../../src/core/lane/lane-image.ts";
import type { LanePlan } from "../../src/core/lane/lane-plan.ts";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import type { BarrierOrder } from "../../src/ports/barrier.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { ContactImage, DigitalIo } from "../../src/ports/digital-io.ts";
import type { PlateRead } from "../../src/ports/plate-source.ts";
import { type LaneParts, LaneRunner, type WiredContact } from "../../src/runtime/lane-runner.ts";
import { openLog } from "../../src/runtime/log.ts";
import { type JournalStore, openJournal } from "../../src/store/journal-store.ts";
import { booking, PLAN, SLOT_UTC_MS } from "../core/lane/lane-harness.ts";

export const PROGRAM = "kordon 9.9.9";
/** The poll of the I/O module is not in step with the lane's tick. */
const POLL_MS = 57;

export interface BenchStart {
    readonly plan?: LanePlan;
    readonly bookings?: readonly Booking[];
    /** What the lane's site knows of its own, on the bench's journal. */
    readonly local?: (journal: JournalStore) => NonNullable<LaneParts["local"]>;
    /** Milliseconds of the monotonic clock at the start. */
    readonly nowMs?: number;
}

export class RunnerBench {
    readonly journal: JournalStore;
    readonly runner: LaneRunner;
    readonly orders: BarrierOrder[] = [];
    readonly facts: Fact[] = [];
    readonly plan: LanePlan;
    nowMs: number;
    levels: { [name in ContactName]?: boolean } = { limitClosed: true };
    list: ListStamp = { version: 7, hash: "ab".repeat(32), ageMs: 12_000.4 };
    isInterlockFree = true;
    /** Whether the barrier's relay follows. */
    isBarrierWell = true;
    #reads: PlateRead[] = [];
    #ticks = 0;
    #polledMs = 0;
    #polled: ContactImage | undefined;

    constructor(folder: string, { plan = PLAN, bookings = [], local, nowMs = 5_000_000.25 }: BenchStart = {}) {
        this.plan = plan;
        this.nowMs = nowMs;
        this.journal = openJournal(folder);
        const resumed = this.journal.openPassages().find(({ lane }) => lane === plan.id)?.passage;
        const io: DigitalIo = {
            id: "io-1",
            image: () => this.#poll(),
            health: () => ({ device: "io-1", state: "well", failures: 0 }),
            pulse: () => Promise.resolve(),
            set: () => Promise.resolve(),
        };
        const contacts: { [name: string]: WiredContact } = Object.fromEntries(
            plan.contacts.map((name, input) => [name, { io, input, isActiveWhenOn: true }]),
        );
        this.runner = new LaneRunner(
            {
                plan,
                checkpoint: "nur-zholy",
                contacts,
                barrier: {
                    id: "barrier",
                    order: (order) => {
                        this.orders.push(order);
                        return this.isBarrierWell ? Promise.resolve() : Promise.reject(new Error("not applied"));
                    },
                    health: () => ({ device: "barrier", state: "well", failures: 0 }),
                },
                cameras: [
                    {
                        camera: "cam-1",
                        watch: () => undefined,
                        reads: () => this.#reads,
                        health: () => ({ device: "cam-1", state: "well", failures: 0 }),
                    },
                ],
                bookings: {
                    version: () => ({ version: 7, hash: "ab".repeat(32), bookings: bookings.length }),
                    byPlate: (key) =>
                        bookings
                            .filter(({ tractor }) => tractor.key === key)
                            .map((each) => ({ booking: each, role: "tractor" })),
                    near: () => [],
                    byId: (id) => bookings.find((each) => each.id === id),
                },
                ...(local === undefined ? {} : { local: local(this.journal) }),
                journal: this.journal,
                evidence: { keep: () => Promise.resolve() },
                clock: { monotonicMs: () => this.nowMs } as Clock,
                log: openLog("silent"),
                program: PROGRAM,
            },
            resumed,
        );
    }

    set(levels: { [name in ContactName]?: boolean }): this {
        this.levels = { ...this.levels, ...levels };
        return this;
    }

    ask(asks: LaneRequest["asks"], change: Partial<LaneRequest> = {}): this {
        const by = { kind: "officer", name: "A. Officer" } as const;
        const id = `r-${this.#ticks}`;
        this.runner.ask({ id, asks, by, reason: "seen by eye", expiresMs: this.nowMs + 5_000, ...change });
        return this;
    }

    /** The camera follows this plate from now on; every few ticks a frame more agrees. */
    show(plate: string | undefined): this {
        this.#reads = plate === undefined ? [] : [firstRead(plate, this.nowMs)];
        return this;
    }

    async pass(ms = 50): Promise<this> {
        for (let goneMs = 0; goneMs < ms; goneMs += 50) {
            this.tick();
            // What the barrier answers is heard before the next tick.
            await Promise.resolve();
            await Promise.resolve();
        }
        return this;
    }

    tick(): void {
        this.#ticks += 1;
        this.nowMs += 50 + ((this.#ticks * 7) % 5) / 8;
        if (this.#ticks % 4 === 0) this.#reads = this.#reads.map((read) => nextFrame(read, this.nowMs));
        const { list, isInterlockFree } = this;
        const utcMs = SLOT_UTC_MS + Math.round(this.nowMs - 5_000_000);
        this.facts.push(...this.runner.tick({ utcMs, isClockTrusted: true, list, isOnline: true, isInterlockFree }));
        this.list = { ...list, ageMs: list.ageMs + 50 };
    }

    async armUp(): Promise<this> {
        await this.set({ limitClosed: false }).pass(1_500);
        return this.set({ limitOpen: true }).pass(100);
    }

    async armDown(): Promise<this> {
        await this.set({ limitOpen: false }).pass(1_500);
        return this.set({ limitClosed: true }).pass(100);
    }

    kinds(): readonly string[] {
        return this.facts.map(({ kind }) => kind);
    }

    passage(): string {
        const passage = this.facts.find((fact) => fact.passage !== undefined)?.passage;
        if (passage === undefined) throw new Error("no passage yet");
        return passage;
    }

    #poll(): ContactImage {
        if (this.#polled === undefined || this.nowMs - this.#polledMs >= POLL_MS) {
            this.#polledMs = this.nowMs - 3.125;
            this.#polled = {
                atMs: this.#polledMs,
                inputs: this.plan.contacts.map((name) => this.levels[name] ?? false),
                outputs: [],
            };
        }
        return this.#polled;
    }
}

/** A booked lorry comes, is let in, passes and the boom comes down: about a minute. */
export async function wholePassage(bench: RunnerBench, plate = "123ABC02"): Promise<RunnerBench> {
    await bench.pass(200);
    await bench.show(plate).set({ approachLoop: true }).pass(4_000);
    await bench.armUp();
    await bench.pass(9_000);
    await bench.set({ boomLoop: true, photocell1: true }).pass(12_000);
    await bench.set({ approachLoop: false, exitLoop: true }).show(undefined).pass(15_000);
    await bench.set({ boomLoop: false, photocell1: false }).pass(10_000);
    await bench.set({ exitLoop: false }).pass(2_500);
    await bench.armDown();
    return bench.pass(200);
}

export const BOOKED = [booking("123ABC02"), booking("777KZZ01")];

function firstRead(plate: string, nowMs: number): PlateRead {
    return {
        camera: "cam-1",
        track: `t-${toPlateKey(plate)}`,
        text: plate,
        confidence: 0.972,
        frames: 3,
        agreeing: 3,
        firstSeenMs: nowMs,
        lastSeenMs: nowMs + 20.125,
        recogniser: "bench",
        corners: [],
        evidence: [{ jpeg: new Uint8Array([1, 2, 3]), kind: "plate" }],
    };
}

function nextFrame(read: PlateRead, nowMs: number): PlateRead {
    const frames = read.frames + 1;
    const confidence = Math.round((0.94 + (frames % 6) / 100) * 1_000) / 1_000;
    return { ...read, frames, agreeing: frames - 1, confidence, lastSeenMs: nowMs - 11.5 };
}
