/** A lane on the bench: sets contacts, lets time pass tick by tick, collects orders and facts. No clock, no device. */
import type { Booking } from "../../../src/core/booking/booking.ts";
import type { FactDraft } from "../../../src/core/fact/fact.ts";
import type { ContactName, Reading } from "../../../src/core/lane/contacts.ts";
import type { LaneImage, LaneRead, LaneRequest } from "../../../src/core/lane/lane-image.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import { type LaneState, startingState } from "../../../src/core/lane/lane-state.ts";
import { type Step, step } from "../../../src/core/lane/lane-step.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";

export const SLOT_UTC_MS = Date.UTC(2026, 10, 22, 12);

export const PLAN: LanePlan = {
    id: "lane-1",
    role: "checkpoint-entry",
    contacts: ["approachLoop", "boomLoop", "exitLoop", "photocell1", "limitOpen", "limitClosed", "emergency"],
    isClosingAutomatic: true,
    limits: {
        readingAgeMsMax: 500,
        presenceMsMin: 200,
        readSettleMs: 300,
        readMsMax: 5_000,
        travelMsMax: 6_000,
        contradictionMsMax: 300,
        clearHoldMsMin: 2_000,
        vehicleGapMsMin: 1_000,
        noShowMsMax: 20_000,
        interlockMsMax: 3_000,
        orderRetryMs: 1_000,
        orderTriesMax: 3,
        occupiedMsMax: 600_000,
        changesPerMinuteMax: 30,
        weighMsMax: 10_000,
        weightHoldMsMin: 1_000,
        weightSwayKgMax: 20,
        weightReadingsMin: 3,
        zeroKgMax: 60,
        weightAgeMsMax: 1_000,
    },
    policy: {
        confidenceMin: 0.93,
        framesMin: 2,
        earlyMsMax: 86_400_000,
        calledEarlyMsMax: { summer: 3_600_000, winter: 7_200_000 },
        lateMsMax: 3_600_000,
        listAgeMsMax: 900_000,
        listedOnFreshList: "admit",
        listedOnOldList: "refer",
        unlistedOnFreshList: "refuse",
        unlistedOnOldList: "refer",
        onClockNotTrusted: "refer",
        waitingAreaWay: "not-checked",
        missingTrailer: "refer",
        combinationKg: {},
        calendar: { utcOffsetMinutes: 300, winter: { from: "11-01", to: "03-31" } },
        grossKgMax: 44_000,
        grossKgMin: 3_000,
    },
};

export function booking(plate: string, change: Partial<Booking> = {}): Booking {
    return {
        id: `b-${toPlateKey(plate)}`,
        slotStartUtcMs: SLOT_UTC_MS,
        slotEndUtcMs: SLOT_UTC_MS + 3_600_000,
        checkpoint: "nur-zholy",
        tractor: { text: plate, key: toPlateKey(plate) },
        trailers: [],
        status: "called",
        isLate: false,
        priority: "in-turn",
        version: 1,
        ...change,
    };
}

export function read(plate: string, asTractor: readonly Booking[], change: Partial<LaneRead> = {}): LaneRead {
    return {
        camera: "cam-1",
        track: "t1",
        text: plate,
        key: toPlateKey(plate),
        confidence: 0.97,
        frames: 6,
        agreeing: 6,
        recogniser: "bench",
        firstSeenMs: 0,
        lastSeenMs: Number.MAX_SAFE_INTEGER,
        evidence: [],
        asTractor,
        asTrailer: [],
        near: [],
        ...change,
    };
}

type Level = boolean | "stale" | "missing";

/** Contact levels hold until changed; the arm follows orders only when told to. */
export class LaneBench {
    readonly plan: LanePlan;
    readonly facts: FactDraft[] = [];
    readonly orders: string[] = [];
    state: LaneState;
    nowMs = 1_000;
    levels: { [name in ContactName]?: Level } = { limitClosed: true };
    reads: LaneRead[] = [];
    change: Partial<LaneImage> = {};
    last: Step | undefined;
    #passages = 0;
    #requests: LaneRequest[] = [];

    constructor(plan: LanePlan = PLAN, state: LaneState = startingState()) {
        this.plan = plan;
        this.state = state;
    }

    set(levels: { [name in ContactName]?: Level }): this {
        this.levels = { ...this.levels, ...levels };
        return this;
    }

    ask(asks: LaneRequest["asks"], change: Partial<LaneRequest> = {}): this {
        const id = `r${this.nowMs}-${this.#requests.length}`;
        const by = { kind: "officer", name: "A. Officer" } as const;
        this.#requests.push({ id, asks, by, reason: "seen by eye", expiresMs: this.nowMs + 5_000, ...change });
        return this;
    }

    /** Runs ticks of 50 ms for at least this long. */
    pass(ms = 50): this {
        for (let goneMs = 0; goneMs < ms; goneMs += 50) this.tick();
        return this;
    }

    tick(): Step {
        this.nowMs += 50;
        const result = step(this.state, this.image(), this.plan);
        this.#requests = [];
        this.state = result.next;
        this.last = result;
        this.facts.push(...result.facts);
        this.orders.push(...result.orders.map((order) => order.order));
        return result;
    }

    image(): LaneImage {
        const reading = (name: ContactName): Reading => {
            const level = this.levels[name] ?? false;
            if (level === "missing") return undefined;
            return level === "stale" ? { isActive: false, ageMs: 60_000 } : { isActive: level, ageMs: 20 };
        };
        return {
            nowMs: this.nowMs,
            utcMs: SLOT_UTC_MS + 600_000,
            isClockTrusted: true,
            contacts: Object.fromEntries(this.plan.contacts.map((name) => [name, reading(name)])),
            isCameraWell: true,
            reads: this.reads,
            list: { version: 7, hash: "00", ageMs: 1_000 },
            checkpoint: "nur-zholy",
            requests: this.#requests,
            isInterlockFree: true,
            freshPassage: `p${++this.#passages}`,
            ...this.change,
        };
    }

    /** The arm swings up, as a good one does. */
    armUp(): this {
        return this.set({ limitClosed: false }).pass(500).set({ limitOpen: true }).pass(100);
    }

    armDown(): this {
        return this.set({ limitOpen: false }).pass(500).set({ limitClosed: true }).pass(100);
    }

    kinds(): readonly string[] {
        return this.facts.map((fact) => fact.kind);
    }

    /** Alarms as they stand. */
    get alarms(): readonly string[] {
        return this.state.alarms;
    }

    fact(kind: string): FactDraft | undefined {
        return this.facts.find((fact) => fact.kind === kind);
    }
}

/** A bench with a booked lorry let in and the boom up. */
export function openLane(plan: LanePlan = PLAN): LaneBench {
    const bench = new LaneBench(plan).pass(100);
    bench.reads = [read("123ABC02", [booking("123ABC02")])];
    return bench.set({ approachLoop: true }).pass(800).armUp();
}
