/** Waiting for one among many messages: the right one, in time, or a failure that says what was waited for. */
import { expect, test } from "vitest";
import { Hearing } from "../../../src/cli/bench/hearing.ts";
import { VirtualClock } from "../../transport/virtual-clock.ts";

const even = (value: number): string | undefined => (value % 2 === 0 ? `${value}` : undefined);

test("gives what was picked from the first message that has it, to each who waits", async () => {
    const clock = new VirtualClock();
    const hearing = new Hearing<number>(clock);
    hearing.hear(8);
    const both = Promise.all([hearing.next(even, "even"), hearing.next((value) => value, "any")]);
    for (const value of [3, 4, 6]) hearing.hear(value);
    expect(await both).toEqual(["4", 3]);
    expect(clock.pendingTimers).toBe(0);
});

test("fails after half a minute, and says what was waited for", async () => {
    const clock = new VirtualClock();
    const waiting = new Hearing<number>(clock).next(even, "an even number");
    await expect(clock.until(waiting)).rejects.toThrow("30 s in vain for an even number");
});

test("fails all that wait, and all that come later, with the first reason", async () => {
    const hearing = new Hearing<number>(new VirtualClock());
    const waiting = hearing.next(even, "even");
    hearing.end(new Error("the source has ended"));
    hearing.end(new Error("once more"));
    await expect(waiting).rejects.toThrow("the source has ended");
    await expect(hearing.next(even, "even")).rejects.toThrow("the source has ended");
});
