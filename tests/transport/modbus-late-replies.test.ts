/**
 * Replies that come when their time is over. The oracle is the wire's own list of requests: every reply says which of them it
 * answers, so a value of another request shows itself. It calls nothing of what it judges.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModbusBus } from "../../src/transport/modbus-bus.ts";
import { ModbusLink } from "../../src/transport/modbus-link.ts";
import { ModbusRtuFraming } from "../../src/transport/modbus-rtu-framing.ts";
import { ModbusTcpFraming } from "../../src/transport/modbus-tcp-framing.ts";
import { type Asked, type Fate, LateWire } from "./late-wire.ts";
import { rtu, ScriptedWire } from "./scripted-wire.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

const TIMEOUT_MS = 100;
const LATE_MS = 1_000; // what the bus takes by itself for a time-out of 100 ms
const GAP_MS = 4;
const POLL_MS = 50;
const PROMPT: Fate = { afterMs: 3, pauseMs: 0, isGarbled: false };

function lateBus(kind: "rtu" | "tcp", fate: (number: number, unit: number) => Fate) {
    const clock = new VirtualClock();
    const asked: Asked[] = [];
    const bus = new ModbusBus({
        id: "line",
        clock,
        timeoutMs: TIMEOUT_MS,
        gapMs: GAP_MS,
        backOff: { minMs: 60, maxMs: 300, random: () => 0.5 },
        open: async () => {
            const wire = new LateWire(kind, clock, asked, fate);
            const framing = kind === "rtu" ? new ModbusRtuFraming() : new ModbusTcpFraming();
            return new ModbusLink(wire, framing, () => wire.close());
        },
    });
    return { bus, clock, asked };
}

/** Polls as drivers do for `forMs`; the numbers that came, each beside that of the request which lay on the wire last. */
async function pollLate(
    kind: "rtu" | "tcp",
    units: readonly number[],
    fate: (number: number, unit: number) => Fate,
    forMs: number,
) {
    const { bus, clock, asked } = lateBus(kind, fate);
    const values: { readonly came: number | undefined; readonly last: number | undefined }[] = [];
    const note = (came: number | undefined): void => {
        values.push({ came, last: asked.at(-1)?.number });
    };
    // Two of the same form and two that differ in their function only.
    const questions = (unit: number): readonly (() => Promise<void>)[] => {
        const on = bus.unit(unit);
        return [
            async () => note((await on.readHolding(50, 1))[0]),
            async () => note((await on.readHolding(51, 1))[0]),
            async () => note(asNumber(await on.readCoils(0, 16))),
            async () => note(asNumber(await on.readInputs(0, 16))),
        ];
    };
    let isOver = false;
    const polls = units.map(async (unit) => {
        while (!isOver) {
            for (const ask of questions(unit)) await ask().catch(() => undefined);
            await clock.sleep(POLL_MS);
        }
    });
    await clock.advance(forMs);
    isOver = true;
    await clock.until(Promise.all(polls));
    const statistics = bus.statistics();
    const { strayBytes } = bus;
    await bus.close();
    expect(clock.pendingTimers).toBeLessThanOrEqual(asked.length);
    return { values, asked, statistics, strayBytes };
}

/** Bits as they lie in two bytes, the first byte being the higher one. */
function asNumber(bits: readonly boolean[]): number {
    return bits.reduce((sum, bit, place) => (bit ? sum + 2 ** ((place + 8) % 16) : sum), 0);
}

const fates = fc.record({
    afterMs: fc.oneof(
        { weight: 4, arbitrary: fc.nat(TIMEOUT_MS - 20) },
        { weight: 5, arbitrary: fc.nat(3 * TIMEOUT_MS) },
        { weight: 1, arbitrary: fc.nat(LATE_MS - 200) },
        { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    pauseMs: fc.oneof(fc.constant(0), fc.nat(60)),
    isGarbled: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

describe.each(["rtu", "tcp"] as const)("%s: a value is never that of another request", (kind) => {
    test("whatever each reply's delay, pauses and collisions", async () => {
        const seen = { values: 0, late: 0 };
        await fc.assert(
            fc.asyncProperty(
                fc.array(fates, { minLength: 1, maxLength: 12 }),
                fc.integer({ min: 1, max: 3 }),
                async (script, count) => {
                    const units = Array.from({ length: count }, (_, index) => index + 1);
                    const { values, statistics } = await pollLate(
                        kind,
                        units,
                        (number) => script[number % script.length] ?? PROMPT,
                        2_500,
                    );
                    seen.values += values.length;
                    seen.late += statistics.reduce((sum, { lateReplies }) => sum + lateReplies, 0);
                    expect(values.filter(({ came, last }) => came !== last)).toEqual([]);
                },
            ),
            { numRuns: 150 },
        );
        expect(seen.values).toBeGreaterThan(1_000);
        if (kind === "rtu") expect(seen.late).toBeGreaterThan(100);
    });

    test("a unit that is late by every delay from none to twice the time-out, time after time", async () => {
        for (let afterMs = 1; afterMs <= 3 * TIMEOUT_MS; afterMs += 1) {
            const fate: Fate = { afterMs, pauseMs: 0, isGarbled: false };
            const { values, asked } = await pollLate(kind, [1], () => fate, 1_200);
            expect(values.filter(({ came, last }) => came !== last)).toEqual([]);
            if (afterMs < TIMEOUT_MS) expect(values.length).toBe(asked.length);
            else if (afterMs > TIMEOUT_MS) expect(values).toEqual([]);
        }
    });
});

test("the slowest reply that the bus reckons with, a hair's breadth before the same question may be asked again", async () => {
    const slowest: Fate = { ...PROMPT, afterMs: LATE_MS - 1 };
    const others: Fate = { ...PROMPT, afterMs: TIMEOUT_MS - 40 };
    const { values } = await pollLate("rtu", [1], (number) => (number === 1 ? slowest : others), 3_000);
    expect(values.length).toBeGreaterThan(10);
    expect(values.filter(({ came, last }) => came !== last)).toEqual([]);
});

/** A serial line on which the test says what comes and when. */
function scripted(units: number) {
    const clock = new VirtualClock();
    const wire = new ScriptedWire(
        () => undefined,
        () => clock.monotonicMs(),
    );
    const backOff = { minMs: 60, maxMs: 300, random: () => 0.5 };
    const open = async (): Promise<ModbusLink> => wire.link();
    const bus = new ModbusBus({ id: "line", clock, timeoutMs: TIMEOUT_MS, gapMs: GAP_MS, backOff, open });
    for (let unit = 1; unit <= units; unit++) bus.unit(unit);
    return { bus, clock, wire };
}

const codeOf = ({ code }: { readonly code?: string }): string | undefined => code;

describe("a unit that answered late", () => {
    test("is told: code, time and count; what it said is thrown away and counted", async () => {
        const { bus, clock, wire } = scripted(2);
        const read = bus.unit(1).readInputs(0, 8).catch(codeOf);
        expect(await clock.until(read)).toBe("NO_REPLY");
        await clock.advance(30);
        wire.say(rtu(1, 2, 1, 0xff));
        await expect(bus.unit(1).readInputs(0, 8)).rejects.toMatchObject({
            code: "LATE_REPLY",
            device: "line/1",
            message: expect.stringContaining("after 130 ms, not 100"),
        });
        expect(bus.statistics()[0]).toMatchObject({ timeouts: 1, lateReplies: 1, replies: 0 });
        expect(bus.strayBytes).toBe(6);
        // Nothing is owed any more: it is asked again as soon as its rest is over.
        await clock.advance(40);
        const again = bus.unit(1).readInputs(0, 8);
        await settle();
        wire.say(rtu(1, 2, 1, 0x01));
        expect((await again)[0]).toBe(true);
    });

    test("is waited for the next time, so that its reply falls upon nobody's", async () => {
        const { bus, clock, wire } = scripted(2);
        const first = bus.unit(1).readInputs(0, 8).catch(codeOf);
        await clock.until(first);
        wire.say(rtu(1, 2, 1, 0xff));
        await clock.advance(200);
        const slow = bus.unit(1).readInputs(0, 8).catch(codeOf);
        const neighbour = bus.unit(2).readInputs(0, 8);
        await clock.advance(TIMEOUT_MS + 50);
        expect(wire.requests).toHaveLength(2);
        wire.say(rtu(1, 2, 1, 0xff));
        expect(await slow).toBe("LATE_REPLY");
        await clock.advance(20);
        expect(wire.requests.map(([unit]) => unit)).toEqual([1, 1, 2]);
        wire.say(rtu(2, 2, 1, 0x80));
        expect((await neighbour)[7]).toBe(true);
    });

    test("and is silent the next time, holds the line once and no more", async () => {
        const { bus, clock, wire } = scripted(2);
        await clock.until(bus.unit(1).readInputs(0, 8).catch(codeOf));
        wire.say(rtu(1, 2, 1, 0xff));
        for (const heldMs of [LATE_MS, TIMEOUT_MS]) {
            await clock.advance(2_000);
            const askedMs = clock.monotonicMs();
            expect(await clock.until(bus.unit(1).readInputs(0, 8).catch(codeOf))).toBe("NO_REPLY");
            expect(clock.monotonicMs() - askedMs).toBe(heldMs);
        }
    });

    test("may still be asked another function: its answer to that cannot be mistaken", async () => {
        const { bus, clock, wire } = scripted(1);
        await clock.until(bus.unit(1).readInputs(0, 8).catch(codeOf));
        await clock.advance(80);
        await expect(bus.unit(1).readInputs(0, 8)).rejects.toMatchObject({ code: "NO_REPLY" });
        const write = bus.unit(1).writeCoil(0, true);
        await clock.advance(0);
        wire.say(Buffer.from(wire.requests[1] ?? []));
        await write;
        await expect(bus.unit(1).readInputs(0, 8)).rejects.toMatchObject({ code: "NO_REPLY" });
        await clock.advance(LATE_MS);
        const read = bus.unit(1).readInputs(0, 8);
        await settle();
        wire.say(rtu(1, 2, 1, 0));
        expect(await read).toHaveLength(8);
    });
});

test("what a late reply carries is not taken for a neighbour's frame, in whatever pieces it comes", async () => {
    const inner = rtu(2, 3, 2, 0xbe, 0xef);
    const late = rtu(1, 3, 10, 0, ...inner, 0, 0);
    for (let cut = 1; cut < late.length; cut++) {
        const { bus, clock, wire } = scripted(2);
        await clock.until(bus.unit(1).readHolding(0, 5).catch(codeOf));
        await clock.advance(GAP_MS);
        const read = bus.unit(2).readHolding(0, 1);
        await settle();
        wire.say(late.subarray(0, cut));
        await clock.advance(5);
        wire.say(Buffer.concat([late.subarray(cut), rtu(2, 3, 2, 0, 7)]));
        expect(await read).toEqual([7]);
    }
});

test("nobody is asked before the line has been silent, but for one on which somebody never stops talking", async () => {
    const { bus, clock, wire } = scripted(1);
    const untilSentMs = async (chatterMs: number): Promise<number> => {
        const startMs = clock.monotonicMs();
        wire.say(Buffer.from([0]));
        const before = wire.requests.length;
        const read = bus.unit(1).readInputs(0, 8).catch(codeOf);
        for (; wire.requests.length === before; await clock.advance(1)) {
            const tookMs = clock.monotonicMs() - startMs;
            if (tookMs > 0 && tookMs <= chatterMs && tookMs % 10 === 0) wire.say(Buffer.from([0]));
        }
        const sentMs = (wire.sentAtMs.at(-1) ?? 0) - startMs;
        wire.say(rtu(1, 2, 1, 0));
        await clock.until(read);
        return sentMs;
    };
    await clock.until(bus.unit(1).readCoils(0, 1).catch(codeOf)); // opens the line
    await clock.advance(100);
    expect(await untilSentMs(0)).toBe(20);
    expect(await untilSentMs(40)).toBe(60);
    expect(await untilSentMs(10_000)).toBe(TIMEOUT_MS);
});
