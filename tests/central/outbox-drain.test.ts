import { expect, test } from "vitest";
import { type DrainLimits, OutboxDrain } from "../../src/central/outbox-drain.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";
import { MemoryOutbox } from "./memory-outbox.ts";
import { ScriptedSession } from "./scripted-session.ts";

const LIMITS: DrainLimits = {
    inFlightMax: 8,
    unconfirmedMax: 20,
    eventBytesMax: 2_000,
    silentMsMax: 30_000,
    backOff: { firstMs: 1_000, longestMs: 60_000 },
};

function scene(facts: number, limits: Partial<DrainLimits> = {}) {
    const outbox = new MemoryOutbox();
    outbox.add(facts);
    const clock = new VirtualClock();
    const withheld: number[] = [];
    const faults: unknown[] = [];
    const drain = new OutboxDrain({
        site: "site",
        topic: "kordon/v1/site/events",
        liveTopic: "kordon/v1/site/live",
        outbox,
        clock,
        random: () => 1,
        limits: { ...LIMITS, ...limits },
        onWithheld: (sequence) => withheld.push(sequence),
        onStoreFault: (fault) => faults.push(fault),
    });
    const attach = (...options: ConstructorParameters<typeof ScriptedSession>): ScriptedSession => {
        const session = new ScriptedSession(...options);
        drain.attach(session);
        return session;
    };
    return { outbox, clock, drain, withheld, faults, attach };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("facts go out in order, never more than the window at once", () => {
    const { attach, outbox } = scene(18);
    const session = attach();
    expect(session.sequences(), "one to see whether anybody takes it").toEqual([1]);
    session.puback(1);
    expect(session.sequences()).toEqual(range(1, 9));
    session.puback(3);
    expect(session.sequences(), "one for each PUBACK").toEqual(range(1, 12));
    session.puback(1);
    expect(session.sequences()).toEqual(range(1, 13));
    session.pubackAll();
    expect(session.sequences()).toEqual(range(1, 18));
    expect(outbox.largestRead).toBeLessThanOrEqual(64);
});

test("the broker's receive maximum narrows the window", () => {
    const { attach } = scene(18);
    const session = attach({ inFlightMax: 2 });
    session.puback(1);
    expect(session.sequences()).toEqual([1, 2, 3]);
});

test("a PUBACK removes nothing, an acknowledgement that names a waiting fact does", () => {
    const { attach, outbox, drain } = scene(5);
    attach().pubackAll();
    expect(outbox.depth()).toBe(5);
    drain.acknowledge(3, outbox.hashOf(3));
    expect(outbox.acknowledged).toEqual([1, 2, 3]);
});

test.each([
    ["of another journal", 3, "e".repeat(64)],
    ["from the future", 99, "e".repeat(64)],
    ["of a fact long gone", 1, "e".repeat(64)],
])("an acknowledgement %s is ignored and counted", (_, upTo, hash) => {
    const { attach, outbox, drain } = scene(5);
    attach().pubackAll();
    drain.acknowledge(2, outbox.hashOf(2));
    drain.acknowledge(upTo, hash);
    expect(outbox.depth()).toBe(3);
    expect(drain.ignoredAcks()).toBe(1);
});

test("not more facts are ahead of the central system than its broker can be trusted to keep", () => {
    const { attach, outbox, drain } = scene(50);
    const session = attach();
    session.pubackAll();
    expect(session.sequences()).toEqual(range(1, 20));
    drain.acknowledge(10, outbox.hashOf(10));
    session.pubackAll();
    expect(session.sequences()).toEqual(range(1, 30));
});

test("a new connection begins at the lowest fact that is not acknowledged", () => {
    const { attach, outbox, drain } = scene(12);
    attach().pubackAll();
    drain.acknowledge(4, outbox.hashOf(4));
    drain.detach(undefined);
    outbox.add(1);
    drain.wake();
    const second = attach();
    second.pubackAll();
    expect(second.sequences()).toEqual(range(5, 13));
});

test("answers of the old connection do not count for the new one", () => {
    const { attach, drain } = scene(30);
    const first = attach();
    drain.detach(undefined);
    const second = attach();
    first.puback();
    expect(second.sent).toHaveLength(1);
    expect(first.sent).toHaveLength(1);
});

test("every connection begins with one fact, to see whether anybody takes it", () => {
    const { attach, drain } = scene(30);
    attach().pubackAll();
    drain.detach(undefined);
    expect(attach().sequences()).toEqual([1]);
});

test("a committed fact goes out when the drain is woken", () => {
    const { attach, outbox, drain } = scene(0);
    const session = attach();
    outbox.add(1);
    drain.wake();
    expect(session.sequences()).toEqual([1]);
});

test("without any acknowledgement everything goes out again, ever more rarely, until the central system is heard", async () => {
    const { attach, clock, drain, outbox } = scene(2);
    const session = attach();
    session.pubackAll();
    const republishedAfter = async (waitMs: number): Promise<number[]> => {
        const from = session.sent.length;
        await clock.advance(waitMs);
        const sequences = session.sequences(from);
        session.pubackAll();
        return sequences;
    };
    expect(await republishedAfter(29_999)).toEqual([]);
    expect(drain.isUnheard()).toBe(false);
    expect(await republishedAfter(1)).toEqual([1, 2]);
    expect(drain.isUnheard()).toBe(true);
    expect(await republishedAfter(59_999)).toEqual([]);
    expect(await republishedAfter(1)).toEqual([1, 2]);
    outbox.add(1);
    drain.wake();
    await clock.advance(30_000);
    expect(session.dropped, "the broker itself is given the short time only").toContain("stopped acknowledging");
    session.pubackAll();
    drain.heard();
    expect(session.sequences(-3)).toEqual([1, 2, 3]);
    session.pubackAll();
    drain.acknowledge(3, outbox.hashOf(3));
    expect(drain.isUnheard()).toBe(false);
    expect(await republishedAfter(10_000_000)).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
});

test("while nobody listens one fact at a time knocks, and a central system that is heard gets the rest at once", async () => {
    const { attach, clock, drain } = scene(18);
    const session = attach();
    for (const pauseMs of [1_000, 2_000, 4_000]) {
        const sent = session.sent.length;
        session.puback(1, 0x10);
        expect(drain.isUnheard()).toBe(true);
        await clock.advance(pauseMs - 1);
        expect(session.sent).toHaveLength(sent);
        await clock.advance(1);
        expect(session.sequences(sent)).toEqual([1]);
    }
    session.puback(1, 0x10);
    drain.heard();
    session.pubackAll();
    expect(session.sequences(4)).toEqual(range(1, 18));
    expect(drain.isUnheard()).toBe(false);
});

test("a broker that stops acknowledging is left", async () => {
    const { attach, clock } = scene(9);
    const session = attach();
    session.puback(2);
    await clock.advance(29_999);
    expect(session.dropped).toBeUndefined();
    await clock.advance(1);
    expect(session.dropped).toContain("stopped acknowledging");
});

test("any answer of the broker counts against the silence, and the end of the connection ends the waiting", async () => {
    const { attach, clock, drain } = scene(9);
    const first = attach();
    for (let i = 0; i < 5; i++) {
        await clock.advance(20_000);
        first.puback(1);
    }
    expect(first.dropped).toBeUndefined();
    drain.detach(undefined);
    await clock.advance(20_000);
    const second = attach();
    await clock.advance(20_000);
    expect(second.dropped).toBeUndefined();
});

test.each([
    ["0x95", 0x95],
    ["0x99", 0x99],
])("a fact refused for size or form (%s) gets a stand-in and does not block the rest", async (_, code) => {
    const { attach, clock, drain, outbox, withheld } = scene(4);
    const session = attach();
    session.puback(1);
    session.puback(1, code);
    session.puback();
    expect(withheld).toEqual([2]);
    await clock.advance(1_000);
    session.pubackAll();
    const again = session.events(4);
    expect(again.map(({ type }) => type)).toEqual([
        "kz.kordon.vehicle.arrived.v1",
        "kz.kordon.fact.withheld.v1",
        "kz.kordon.vehicle.arrived.v1",
        "kz.kordon.vehicle.arrived.v1",
    ]);
    expect(again[1]).toMatchObject({ id: "journal-2", hash: outbox.hashOf(2) });
    expect(outbox.quarantined.size, "the fact waits until the stand-in is stored").toBe(0);
    drain.acknowledge(4, outbox.hashOf(4));
    expect([...outbox.quarantined.keys()]).toEqual([2]);
    expect(outbox.depth()).toBe(0);
});

test("an event too large for the broker or for the contract goes as a stand-in at once", () => {
    const { attach, outbox, withheld } = scene(1);
    outbox.add(1, { text: "y".repeat(3_000) });
    outbox.add(1, { text: "y".repeat(1_000) });
    const session = attach({ packetBytesMax: 1_500 });
    session.pubackAll();
    expect(withheld).toEqual([2, 3]);
    expect(session.events().map(({ type }) => type.split(".")[2])).toEqual(["vehicle", "fact", "fact"]);
    expect(session.events()[1]?.data["reason"]).toMatch(/^event of \d+ bytes, at most/);
});

test.each([
    ["0x87", 0x87],
    ["0x90", 0x90],
    ["0x91", 0x91],
    ["0x97", 0x97],
])("a refusal that blames the broker (%s) withholds nothing, however often", async (_, code) => {
    const { attach, clock, withheld, outbox } = scene(3);
    const session = attach();
    for (let round = 0; round < 20; round++) {
        session.puback(session.inFlight, code);
        await clock.advance(60_000);
    }
    expect(withheld).toEqual([]);
    expect(outbox.depth()).toBe(3);
    const rounds = session.sequences().filter((sequence) => sequence === 1).length;
    expect(rounds).toBeGreaterThan(15);
});

test("refusals are answered with growing pauses", async () => {
    const { attach, clock } = scene(1);
    const session = attach();
    const pausesMs: number[] = [];
    for (let round = 0; round < 4; round++) {
        const sent = session.sent.length;
        session.puback(1, 0x97);
        const beganMs = clock.monotonicMs();
        while (session.sent.length === sent) await clock.advance(500);
        pausesMs.push(clock.monotonicMs() - beganMs);
    }
    expect(pausesMs).toEqual([1_000, 2_000, 4_000, 8_000]);
});

test("pauses are short again after an acknowledgement, and on a new connection", async () => {
    const { attach, clock, drain, outbox } = scene(1);
    const pauseMs = async (session: ScriptedSession): Promise<number> => {
        const sent = session.sent.length;
        session.puback(1, 0x97);
        const beganMs = clock.monotonicMs();
        while (session.sent.length === sent) await clock.advance(500);
        return clock.monotonicMs() - beganMs;
    };
    const first = attach();
    expect([await pauseMs(first), await pauseMs(first)]).toEqual([1_000, 2_000]);
    first.puback(1);
    drain.acknowledge(1, outbox.hashOf(1));
    outbox.add(1);
    drain.wake();
    expect([await pauseMs(first), await pauseMs(first)]).toEqual([1_000, 2_000]);
    drain.detach(undefined);
    expect(await pauseMs(attach())).toBe(1_000);
});

test("after a refusal nothing goes out again before the broker has answered for the rest", async () => {
    const { attach, clock } = scene(6);
    const session = attach();
    session.puback(1);
    session.puback(1, 0x97);
    await clock.advance(10_000);
    expect(session.sequences()).toEqual(range(1, 6));
    session.puback();
    await clock.advance(1_000);
    expect(session.sequences(6)).toEqual(range(1, 6));
});

test("a suspected fact that was stored all the same leaves the next one to be judged by itself", async () => {
    const { attach, clock, drain, outbox, withheld } = scene(1);
    const session = attach();
    session.puback(1, 0x80);
    drain.acknowledge(1, outbox.hashOf(1));
    outbox.add(2);
    await clock.advance(1_000);
    for (let round = 0; round < 2; round++) {
        expect(withheld).toEqual([]);
        session.puback(1, 0x80);
        session.pubackAll();
        await clock.advance(4_000);
    }
    expect(withheld).toEqual([2]);
});

test("an unclear refusal is held against the fact only when the broker takes others and refuses it again", async () => {
    const { attach, clock, withheld } = scene(1);
    const session = attach();
    session.puback(1, 0x80);
    await clock.advance(60_000);
    session.puback(1, 0x80);
    expect(withheld, "alone it may be the broker's trouble").toEqual([]);
    await clock.advance(60_000);
    const both = scene(2);
    const broker = both.attach();
    broker.puback(1, 0x80);
    await both.clock.advance(1_000);
    expect(broker.sequences(1), "the second round does not stop at the first fact").toEqual([1, 2]);
    broker.puback(1, 0x80);
    broker.puback(1);
    expect(both.withheld).toEqual([]);
    await both.clock.advance(60_000);
    broker.puback(1, 0x80);
    expect(both.withheld).toEqual([1]);
});

test("a packet that makes the broker end the connection is found by sending singly", () => {
    const { attach, drain, withheld } = scene(5);
    attach().puback(1);
    drain.detach(0x95);
    expect(withheld).toEqual([]);
    const second = attach();
    expect(second.sequences(), "one at a time now").toEqual([1]);
    second.puback(1);
    second.puback(1);
    expect(second.sequences()).toEqual([1, 2, 3]);
    drain.detach(0x95);
    expect(withheld).toEqual([3]);
    const third = attach();
    third.pubackAll();
    expect(third.events().map(({ type }) => type.includes("withheld"))).toEqual([false, false, true, false, false]);
});

test("a connection that ends for other reasons blames no fact", () => {
    const { attach, drain, withheld } = scene(1);
    for (const reasonCode of [undefined, 0x8b, 0x8e, 0x98]) {
        attach();
        drain.detach(reasonCode);
    }
    expect(withheld).toEqual([]);
    expect(attach().sequences()).toEqual([1]);
});

test("a disk that refuses is told and tried again", async () => {
    const { attach, clock, drain, faults, outbox } = scene(2);
    outbox.fault = new Error("disk full");
    const session = attach();
    expect(faults).toHaveLength(1);
    expect(session.sent).toHaveLength(0);
    await clock.advance(1_000);
    session.pubackAll();
    expect(session.sequences()).toEqual([1, 2]);
    outbox.fault = new Error("disk full");
    drain.acknowledge(2, "f".repeat(64));
    expect(outbox.depth()).toBe(2);
    await clock.advance(60_000);
    session.pubackAll();
    drain.acknowledge(2, outbox.hashOf(2));
    expect(outbox.depth()).toBe(0);
});

test("facts made while a backlog waits are told at once on the live topic, and come in their turn as well", () => {
    const { attach, outbox, drain } = scene(30);
    const session = attach();
    session.puback(1);
    outbox.add(2);
    drain.wake(outbox.pending(30, 2));
    const live = session.sent.filter(({ message }) => message.topic === "kordon/v1/site/live");
    expect(live.map(({ message }) => JSON.parse(Buffer.from(message.payload).toString()).sequence)).toEqual([
        "0000000000000031",
        "0000000000000032",
    ]);
    expect(live.every(({ message }) => message.isFleeting)).toBe(true);
    drain.acknowledge(9, outbox.hashOf(9));
    session.pubackAll();
    drain.acknowledge(20, outbox.hashOf(20));
    session.pubackAll();
    drain.acknowledge(30, outbox.hashOf(30));
    session.pubackAll();
    const inTurn = session.sent.filter(({ message }) => message.topic === "kordon/v1/site/events");
    expect(inTurn.map(({ message }) => Number(JSON.parse(Buffer.from(message.payload).toString()).sequence))).toEqual(
        range(1, 32),
    );
});

test("without a backlog nothing goes to the live topic, nor while nobody is known to listen", () => {
    const { attach, outbox, drain } = scene(0);
    const session = attach();
    outbox.add(3);
    drain.wake(outbox.pending(0, 3));
    expect(session.sequences(), "one to see whether anybody takes it").toEqual([1]);
    session.pubackAll();
    expect(session.sequences()).toEqual([1, 2, 3]);
    expect(session.sent.every(({ message }) => message.topic === "kordon/v1/site/events")).toBe(true);
});
