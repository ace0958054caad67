/** Debouncing: a change is told at once, stands for the hold time, and no contact that chatters seems to stand still. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Debouncer } from "../../../../devices/io-module/gpio/debouncer.ts";

test("the first level is told as it is, and so is the one after forgetting", () => {
    const debouncer = new Debouncer(50);
    expect(debouncer.settle([true, false], 0)).toEqual([true, false]);
    debouncer.forget();
    expect(debouncer.settle([false, true], 1)).toEqual([false, true]);
});

test.each([
    // levels as [ms, seen, told]
    [
        "a clean change",
        [
            [0, false, false],
            [10, true, true],
            [100, true, true],
        ],
    ],
    [
        "bounce at a change",
        [
            [0, false, false],
            [10, true, true],
            [12, false, true],
            [14, true, true],
            [90, true, true],
        ],
    ],
    [
        "a spike",
        [
            [0, false, false],
            [10, true, true],
            [12, false, true],
            [59, false, true],
            [60, false, false],
        ],
    ],
    [
        "a change at the end of the hold",
        [
            [0, true, true],
            [10, false, false],
            [60, true, true],
        ],
    ],
] as const)("%s", (_name, steps) => {
    const debouncer = new Debouncer(50);
    const told = steps.map(([atMs, seen]) => debouncer.settle([seen], atMs)[0]);
    expect(told).toEqual(steps.map(([, , expected]) => expected));
});

test("it says when to look again, and only while a line differs from what was told", () => {
    const debouncer = new Debouncer(50);
    debouncer.settle([false, false], 0);
    debouncer.settle([true, false], 10);
    expect(debouncer.lookAgainMs).toBeUndefined();
    debouncer.settle([false, true], 20);
    expect(debouncer.lookAgainMs).toBe(60);
    debouncer.settle([false, true], 60);
    expect(debouncer.lookAgainMs).toBeUndefined();
});

test("whatever is seen: changes keep their distance, and what is told is never older than the hold", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), { minLength: 1, maxLength: 60 });
    fc.assert(
        fc.property(steps, (walk) => {
            const debouncer = new Debouncer(50);
            let nowMs = 0;
            let changedMs = Number.NEGATIVE_INFINITY;
            let differsSinceMs: number | undefined;
            let told: boolean | undefined;
            for (const [stepMs, seen] of walk) {
                nowMs += stepMs;
                const [next] = debouncer.settle([seen], nowMs);
                if (told !== undefined && next !== told) {
                    expect(nowMs - changedMs).toBeGreaterThanOrEqual(50);
                    changedMs = nowMs;
                }
                told = next;
                differsSinceMs = next === seen ? undefined : (differsSinceMs ?? nowMs);
                if (differsSinceMs !== undefined) expect(nowMs - differsSinceMs).toBeLessThan(50);
            }
        }),
    );
});
