// The oracle must bite: the lane, the wiring or the books are spoilt in one place at a time, and each time it says so.
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, expect, test, vi } from "vitest";
import type { Incident } from "../../simulation/chaos/incident.ts";
import type { SiteSimulation } from "../../simulation/site-simulation.ts";
import { EventLedger } from "../../simulators/central/event-ledger.ts";
import type { LaneImage } from "../../src/core/lane/lane-image.ts";
import type { LaneState } from "../../src/core/lane/lane-state.ts";
import type { Step, step } from "../../src/core/lane/lane-step.ts";
import { JournalStore } from "../../src/store/journal-store.ts";
import { play as playScript, SECOND_MS } from "./scripted-run.ts";

type Look = (image: LaneImage, state: LaneState) => LaneImage;
type Do = (result: Step, state: LaneState, image: LaneImage) => Step;

/** Stands between the lane runner and the lane: what the lane is shown, and what becomes of its word. */
const spoilt = vi.hoisted(() => ({ look: undefined as Look | undefined, do: undefined as Do | undefined }));

vi.mock("../../src/core/lane/lane-step.ts", async (original) => {
    const real = await original<{ step: typeof step }>();
    return {
        ...real,
        step: (state: LaneState, image: LaneImage, plan: Parameters<typeof step>[2]): Step => {
            const result = real.step(state, spoilt.look?.(image, state) ?? image, plan);
            return spoilt.do?.(result, state, image) ?? result;
        },
    };
});

afterEach(() => {
    spoilt.look = undefined;
    spoilt.do = undefined;
    vi.restoreAllMocks();
});

/** Every tick is run: a spoilt lane gives its order once, and one that is not pure cannot be asked ahead. */
const play: typeof playScript = (script, prepare) => playScript({ isLeaping: false, ...script }, prepare);

const COIL = { open: 0, close: 1, closePulse: 0x11 };
const CLEAR = { isActive: false, ageMs: 0 };

const press = (atS: number, lane = 0): Incident => ({
    atMs: atS * SECOND_MS,
    forMs: 5 * SECOND_MS,
    mishap: { kind: "emergency", lane },
});

/** Gives an order of its own, once, the first time that `when` holds. */
function orderOnce(order: "raise" | "lower", when: (state: LaneState, image: LaneImage) => boolean): Do {
    let isGiven = false;
    return (result, state, image) => {
        if (isGiven || !when(state, image)) return result;
        isGiven = true;
        return { ...result, orders: [{ order, number: 1_000 }] };
    };
}

/** Sets a relay of the first lane from outside, as no daemon ordered it. */
function setRelay(simulation: SiteSimulation, atS: number, ...coils: readonly number[]): void {
    simulation.clock.after(atS * SECOND_MS, () => {
        for (const coil of coils) simulation.world.lanes[0]?.module.setCoil(coil, true);
    });
}

test("nothing is found where nothing is wrong", async () => {
    const { invariants, facts, trace } = await play({
        lanes: 2,
        hasLock: true,
        lorries: [{}, { lane: 1 }, { arrivesAtMs: 90 * SECOND_MS }],
        incidents: [press(150)],
        officersAfterMs: 10 * SECOND_MS,
        minutes: 5,
    });
    expect(invariants).toEqual([]);
    expect(facts).toMatchObject({ lost: 0, duplicated: 0 });
    expect(trace.match(/"how":"through"/g)).toHaveLength(3);
});

test("a boom that comes down on the lorry that it was opened for", async () => {
    // Everything seems clear as soon as the exit loop has seen something.
    spoilt.look = (image, { mode }) => {
        if (mode.at !== "passing") return image;
        const exitLoop = mode.track.wasExitSeen ? CLEAR : { ...CLEAR, isActive: true };
        return { ...image, contacts: { ...image.contacts, boomLoop: CLEAR, photocell1: CLEAR, exitLoop } };
    };
    const { invariants } = await play({ lorries: [{ driver: "slow" }], minutes: 3 });
    expect(invariants).toContain("lowered-unproven");
    expect(invariants).toContain("lowered-on-vehicle");
});

test("a boom that strikes because its own safety chain is blind too", async () => {
    const { invariants } = await play(
        {
            lorries: [{ shape: "high-semitrailer", driver: "stays-under-boom" }],
            incidents: [
                { atMs: 0, forMs: 1e6, mishap: { kind: "sensor", lane: 0, sensor: "boomLoop", fault: "stuck-off" } },
                { atMs: 1, forMs: 1e6, mishap: { kind: "sensor", lane: 0, sensor: "photocell", fault: "stuck-on" } },
            ],
            minutes: 3,
        },
        (simulation) => setRelay(simulation, 40, COIL.closePulse),
    );
    expect(invariants).toContain("boom-struck");
    expect(invariants).toContain("pulse-without-order");
});

test("a boom that rises for a lorry nobody let in", async () => {
    spoilt.do = orderOnce("raise", ({ mode }) => mode.at === "refused");
    const { invariants } = await play({ lorries: [{ booked: "none" }], officersAfterMs: 1e6, minutes: 3 });
    expect(invariants).toContain("opened-without-authority");
});

test("an emergency that is not heard at once", async () => {
    spoilt.look = (image) => ({ ...image, contacts: { ...image.contacts, emergency: CLEAR } });
    const { invariants } = await play({ incidents: [press(30)], minutes: 1 });
    expect(invariants).toEqual(["emergency-late"]);
});

test("a boom that comes down during an emergency", async () => {
    spoilt.do = orderOnce("lower", ({ mode, arm }) => mode.at === "emergency-open" && arm === "open");
    const { invariants } = await play({ incidents: [press(30)], minutes: 1 });
    expect(invariants).toEqual(["lowered-in-emergency"]);
});

test("two booms of a lock up together", async () => {
    spoilt.look = (image) => ({ ...image, isInterlockFree: true });
    const { invariants } = await play({ lanes: 2, hasLock: true, lorries: [{}, { lane: 1 }], minutes: 3 });
    expect(invariants).toContain("interlock");
});

test("a daemon that moves the boom because it was started", async () => {
    spoilt.do = orderOnce("lower", ({ mode }) => mode.at === "starting");
    const { invariants } = await play({ minutes: 1 });
    expect(invariants).toContain("moved-by-restart");
});

test("both relays on, and one right after the other", async () => {
    const together = await play({ minutes: 1 }, (simulation) => setRelay(simulation, 20, COIL.open, COIL.close));
    expect(together.invariants).toContain("both-relays");
    const { invariants } = await play({ lorries: [{}], minutes: 3 }, (simulation) => {
        const [lane] = simulation.world.lanes;
        simulation.clock.every(25, () => {
            // Right when the pulse for the lorry has ended.
            if (lane?.module.coil(COIL.open) === false && lane.armAngleDeg > 20 && lane.armAngleDeg < 60) {
                lane.module.setCoil(COIL.closePulse, true);
            }
        });
    });
    expect(invariants).toContain("relay-gap");
});

test("a fact that the central system never got, and one that it got with other content", async () => {
    const pending = JournalStore.prototype.pending;
    vi.spyOn(JournalStore.prototype, "pending").mockImplementation(function (this: JournalStore, after, limit) {
        return pending.call(this, after, limit).filter(({ sequence }) => sequence !== 10);
    });
    const lost = await play({ minutes: 1 });
    expect(lost.invariants).toContain("not-settled");
    expect(lost.facts.lost).toBeGreaterThan(0);
    vi.restoreAllMocks();

    const take = EventLedger.prototype.take;
    vi.spyOn(EventLedger.prototype, "take").mockImplementation(function (this: EventLedger, payload) {
        return take.call(this, payload.replace('"isTrusted":true', '"isTrusted":false'));
    });
    expect((await play({ minutes: 1 })).facts.lost).toBeGreaterThan(0);
});

test("a chain of facts that was tampered with", async () => {
    const { invariants } = await play({ minutes: 1 }, (_, folder) => {
        const close = EventLedger.prototype.close;
        // The ledger is closed after the journal and before the chain is looked at.
        vi.spyOn(EventLedger.prototype, "close").mockImplementation(function (this: EventLedger) {
            close.call(this);
            const journal = new Database(join(folder, "state", "journal.db"));
            journal.exec("UPDATE facts SET data = '{}' WHERE sequence = 5");
            journal.close();
        });
    });
    expect(invariants).toEqual(["chain-broken"]);
});

test("an honest lorry that is not let through", async () => {
    const deadLoop = { kind: "sensor", lane: 0, sensor: "approachLoop", fault: "stuck-off" } as const;
    const incidents: readonly Incident[] = [{ atMs: 0, forMs: 1e6, mishap: deadLoop }];
    const { invariants } = await play({ lorries: [{}], incidents, minutes: 3 });
    expect(invariants).toEqual(["honest-not-through"]);
});
