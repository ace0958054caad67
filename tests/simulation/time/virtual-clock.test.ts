// Simulated time: order of timers, promises in between, leaps, steps of the wall clock, and clocks that are taken away.
import { expect, test } from "vitest";
import { VirtualClock } from "../../../simulation/time/virtual-clock.ts";

const START_UTC_MS = 1_800_000_000_000;

function clock() {
    const virtual = new VirtualClock(START_UTC_MS);
    const startMs = virtual.monotonicMs();
    const to = async (ms: number): Promise<void> => {
        await virtual.advance(startMs + ms);
    };
    return { virtual, to };
}

test("timers fire at their instants, equal ones in the order in which they were asked for", async () => {
    const { virtual, to } = clock();
    const fired: string[] = [];
    for (const [name, ms] of [
        ["c", 30],
        ["a", 10],
        ["b1", 20],
        ["b2", 20],
        ["never", 50],
    ] as const) {
        virtual.after(ms, () => fired.push(`${name}@${virtual.worldMs()}`));
    }
    virtual.after(20, () => fired.push("cancelled"))();
    await to(40);
    expect(fired).toEqual(["a@10", "b1@20", "b2@20", "c@30"]);
    expect(virtual.worldMs()).toBe(40);
});

test("a thousand timers in any order come out in order", async () => {
    const { virtual, to } = clock();
    const fired: number[] = [];
    for (let n = 0; n < 1_000; n++) {
        const ms = (n * 7_919) % 1_000;
        virtual.after(ms, () => fired.push(ms));
    }
    await to(1_000);
    expect(fired).toEqual(fired.toSorted((one, other) => one - other));
    expect(fired).toHaveLength(1_000);
});

test("a turn is a timer that fired or what a stir announced, never mere time", async () => {
    const { virtual, to } = clock();
    const lease = virtual.lease(() => undefined);
    virtual.after(10, () => undefined);
    await to(5);
    const before = lease.turns;
    await to(9);
    expect(lease.turns).toBe(before);
    await to(20);
    expect(lease.turns).toBe(before + 1);
    lease.stir();
    await to(30);
    expect(lease.turns).toBe(before + 2);
});

test("between two timers every promise runs to its end, however long the chain", async () => {
    const { virtual, to } = clock();
    const seen: string[] = [];
    virtual.after(10, () => {
        const chain = async (): Promise<void> => {
            for (let n = 0; n < 100; n++) await Promise.resolve();
            seen.push("chain");
        };
        void chain();
    });
    virtual.after(10, () => seen.push("next timer"));
    await to(10);
    expect(seen).toEqual(["chain", "next timer"]);
});

test("a timer that follows a sleep counts from the instant of the sleep's end", async () => {
    const { virtual, to } = clock();
    const at: number[] = [];
    const work = async (): Promise<void> => {
        for (let n = 0; n < 3; n++) {
            await virtual.sleep(15);
            at.push(virtual.worldMs());
        }
    };
    void work();
    await to(100);
    expect(at).toEqual([15, 30, 45]);
});

test("every fires in its rhythm until it is cancelled, a sleep ends with its signal", async () => {
    const { virtual, to } = clock();
    let count = 0;
    const cancel = virtual.every(10, () => {
        count += 1;
        if (count === 3) cancel();
    });
    const stop = new AbortController();
    const sleep = virtual.sleep(1_000, stop.signal);
    virtual.after(5, () => stop.abort(new Error("enough")));
    const ended = expect(sleep).rejects.toThrow("enough");
    await to(100);
    await ended;
    expect(count).toBe(3);
    await expect(virtual.sleep(1, stop.signal)).rejects.toThrow("enough");
});

test("a step of the wall clock moves no timer", async () => {
    const { virtual, to } = clock();
    let firedAtMs = 0;
    virtual.after(100, () => {
        firedAtMs = virtual.worldMs();
    });
    virtual.stepWall(-3_600_000);
    await to(200);
    expect(firedAtMs).toBe(100);
    expect(virtual.utcMs()).toBe(START_UTC_MS + 200 - 3_600_000);
    expect(virtual.trueUtcMs()).toBe(START_UTC_MS + 200);
});

test("leaps pass over time in which nothing is due, and over nothing else", () => {
    const { virtual } = clock();
    virtual.after(1_000, () => undefined);
    virtual.leap(900);
    expect(virtual.worldMs()).toBe(900);
    expect(() => virtual.leap(200)).toThrow(RangeError);
});

test("a leased clock is held by a stall and ended by a death; its errors are told to whoever gave it", async () => {
    const { virtual, to } = clock();
    const thrown: unknown[] = [];
    const lease = virtual.lease((error) => thrown.push(error));
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${virtual.worldMs()}`);
    lease.after(10, note("early"));
    lease.after(20, note("held"));
    lease.after(25, note("held too"));
    virtual.after(22, note("others"));
    virtual.after(12, () => {
        lease.heldUntilMs = virtual.monotonicMs() + 38;
    });
    lease.after(60, () => {
        throw new Error("nobody catches this");
    });
    lease.after(80, note("dead"));
    virtual.after(70, () => lease.kill());
    await to(100);
    expect(fired).toEqual(["early@10", "others@22", "held@50", "held too@50"]);
    expect(thrown).toEqual([new Error("nobody catches this")]);
    lease.run(() => fired.push("after death"));
    expect(fired).toHaveLength(4);
});
