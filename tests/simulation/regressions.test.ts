// Faults that seeds have found, each played again by hand: seeds lose their story when the code around them changes.
import { expect, test } from "vitest";
import type { Incident } from "../../simulation/chaos/incident.ts";
import { play, SECOND_MS } from "./scripted-run.ts";

function during(fromS: number, toS: number, mishap: Incident["mishap"]): Incident {
    return { atMs: fromS * SECOND_MS, forMs: (toS - fromS) * SECOND_MS, mishap };
}

/** Lines of the trace that name all of these. */
function linesWith(trace: string, ...words: readonly string[]): readonly string[] {
    return trace.split("\n").filter((line) => words.every((word) => line.includes(word)));
}

const DAMAGED_LIST = { kind: "disk", file: "bookings", code: "DISK_FAILED" } as const;
const FULL_DISK = { kind: "disk", file: "journal", code: "DISK_FULL" } as const;

test("a booking list that cannot be read ends no daemon: its lorries go to the officer and in when it can be read again", async () => {
    const { invariants, trace } = await play({
        lorries: [{}],
        incidents: [during(10, 80, DAMAGED_LIST)],
        minutes: 3,
    });
    expect(invariants).toEqual([]);
    expect(linesWith(trace, "event", '"died"')).toEqual([]);
    expect(linesWith(trace, "decision.made", "NO_LIST")).toHaveLength(1);
    expect(linesWith(trace, '"how":"through"')).toHaveLength(1);
});

test("the emergency button works while the booking list cannot be read and a lorry is in front of the camera", async () => {
    const { invariants, trace } = await play({
        lorries: [{}],
        incidents: [during(10, 120, DAMAGED_LIST), during(60, 65, { kind: "emergency", lane: 0 })],
        officersAfterMs: 20 * SECOND_MS,
        minutes: 4,
    });
    expect(invariants).toEqual([]);
    expect(linesWith(trace, "boom.commanded", '"by":"emergency"').length).toBeGreaterThan(0);
});

test("an emergency that begins and ends while the journal cannot be written is on record afterwards, and is reset by name", async () => {
    const { invariants, trace } = await play({
        incidents: [during(30, 90, FULL_DISK), during(40, 50, { kind: "emergency", lane: 0 })],
        officersAfterMs: 10 * SECOND_MS,
        minutes: 3,
    });
    expect(invariants).toEqual([]);
    expect(linesWith(trace, "order 40", "raise").length).toBeGreaterThan(0);
    expect(linesWith(trace, "emergency.raised")).toHaveLength(1);
    expect(linesWith(trace, "emergency.reset", "officer-1")).toHaveLength(1);
    expect(linesWith(trace, "moved-unasked")).toEqual([]);
});

test("a command that is refused while the journal cannot be written ends no daemon", async () => {
    const { invariants, trace } = await play({
        incidents: [
            during(20, 40, FULL_DISK),
            during(30, 30, { kind: "command", fields: { order: "open", lane: "lane-1" }, flaw: "stale" }),
        ],
        minutes: 1,
    });
    expect(invariants).toEqual([]);
    expect(linesWith(trace, "event", '"died"')).toEqual([]);
});

test("an opening that waited through a broken disk is not given to the next lorry", async () => {
    const { invariants } = await play({
        lanes: 2,
        hasLock: true,
        lorries: [
            { lane: 1, patienceMs: 20 * SECOND_MS },
            { lane: 1, arrivesAtMs: 80 * SECOND_MS, booked: "none" },
        ],
        incidents: [
            during(25, 42, { kind: "key", lane: 0, to: "up" }),
            during(42.5, 48, { kind: "key", lane: 0, to: "down" }),
            during(43, 150, FULL_DISK),
        ],
        minutes: 4,
    });
    expect(invariants).not.toContain("opened-without-authority");
});

test("a boom stays up over a container chassis that stops beneath it while the exit loop is dead", async () => {
    const { invariants } = await play({
        lorries: [{ shape: "high-semitrailer", driver: "stays-under-boom" }],
        incidents: [during(0, 1_000, { kind: "sensor", lane: 0, sensor: "exitLoop", fault: "stuck-off" })],
        officersAfterMs: 20 * SECOND_MS,
        minutes: 4,
    });
    expect(invariants).not.toContain("lowered-on-vehicle");
    expect(invariants).not.toContain("boom-struck");
});
