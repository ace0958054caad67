import fc from "fast-check";
import { expect, test } from "vitest";
import type { SnapshotPart } from "../../src/central/messages.ts";
import { SnapshotAssembly } from "../../src/central/snapshot-assembly.ts";

const BYTES = 60;

const part = (version: number, number: number, parts: number): SnapshotPart => ({
    version,
    hash: String(version % 10).repeat(64),
    part: number,
    parts,
    bookings: [],
});

test("parts in any order, some of them twice, are each taken once, and the one that completes the list says so", () => {
    const arrivals = fc.integer({ min: 1, max: 8 }).chain((parts) => {
        const numbers = Array.from({ length: parts }, (_, i) => i + 1);
        const doubles = fc.array(fc.constantFrom(...numbers), { maxLength: 6 });
        return doubles.chain((more) => fc.shuffledSubarray([...numbers, ...more], { minLength: parts + more.length }));
    });
    fc.assert(
        fc.property(arrivals, (numbers) => {
            const parts = Math.max(...numbers);
            const assembly = new SnapshotAssembly(10_000);
            const seen = new Set<number>();
            for (const number of numbers) {
                const outcome = assembly.add(part(3, number, parts), BYTES);
                if (seen.has(number)) {
                    expect(outcome).toEqual({ outcome: "ignored" });
                    continue;
                }
                seen.add(number);
                expect(outcome).toEqual({
                    outcome: "taken",
                    isFirst: seen.size === 1,
                    isLast: seen.size === parts,
                });
                if (seen.size === parts) return;
            }
        }),
        { seed: 1 },
    );
});

test("a newer list takes the place of one begun, and late parts of the older one are ignored", () => {
    const assembly = new SnapshotAssembly(10_000);
    expect(assembly.add(part(1, 1, 2), BYTES)).toMatchObject({ isFirst: true, isLast: false });
    expect(assembly.add(part(2, 1, 2), BYTES)).toMatchObject({ isFirst: true, isLast: false });
    expect(assembly.add(part(1, 2, 2), BYTES).outcome).toBe("ignored");
    expect(assembly.add(part(2, 2, 2), BYTES)).toMatchObject({ isFirst: false, isLast: true });
    expect(assembly.isWaiting()).toBe(false);
});

test("parts with another hash or count are not mixed with those that came before", () => {
    const assembly = new SnapshotAssembly(10_000);
    assembly.add(part(1, 1, 2), BYTES);
    const other = { ...part(1, 2, 2), hash: "f".repeat(64) };
    expect(assembly.add(other, BYTES)).toMatchObject({ isFirst: true, isLast: false });
    expect(assembly.add({ ...other, part: 1 }, BYTES)).toMatchObject({ isFirst: false, isLast: true });
});

test("a list beyond the bound is given up, and so is a part that cannot be", () => {
    const assembly = new SnapshotAssembly(100);
    expect(assembly.add(part(1, 1, 3), BYTES).outcome).toBe("taken");
    expect(assembly.add(part(1, 2, 3), BYTES)).toMatchObject({ outcome: "refused" });
    expect(assembly.isWaiting()).toBe(false);
    expect(assembly.add(part(1, 4, 3), BYTES)).toMatchObject({ outcome: "refused", reason: "part 4 of 3" });
});
