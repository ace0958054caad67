/** What was recorded on the bench comes out again; whatever is changed in it is named with tick and field. */
import { describe, expect, test } from "vitest";
import type { FactDraft } from "../../../src/core/fact/fact.ts";
import type { LaneImage } from "../../../src/core/lane/lane-image.ts";
import { type RecordedTick, type Recording, replay } from "../../../src/core/replay/replay.ts";
import { booking, LaneBench, PLAN, read } from "../lane/lane-harness.ts";

interface Taken {
    recording: Writable<Omit<Recording, "ticks">> & { ticks: Writable<RecordedTick>[] };
    facts: Writable<FactDraft>[];
}

type Writable<T> = { -readonly [member in keyof T]: T[member] };

/** A booked lorry drives up and is let in; the bench's own results are what was recorded. */
function record(): Taken {
    const bench = new LaneBench().pass(100);
    bench.reads = [read("123ABC02", [booking("123ABC02")])];
    bench.set({ approachLoop: true });
    const taken: Taken = { recording: { program: "kordon 1", plan: PLAN, state: bench.state, ticks: [] }, facts: [] };
    for (let n = 0; n < 40; n += 1) {
        if (n === 30) bench.set({ limitClosed: false, limitOpen: true });
        let image: LaneImage | undefined;
        const look = bench.image.bind(bench);
        bench.image = () => {
            image = structuredClone(look());
            return image;
        };
        const { orders, light, facts } = bench.tick();
        bench.image = look;
        if (image === undefined) throw new Error("no image");
        const place = { first: taken.facts.length + 1, count: facts.length };
        taken.recording.ticks.push({ image, orders, light, facts: place });
        taken.facts.push(...structuredClone(facts));
    }
    return taken;
}

const run = ({ recording, facts }: Taken) => replay(recording, (sequence) => facts[sequence - 1]);

function tickOf({ recording, facts }: Taken, kind: string): number {
    const sequence = facts.findIndex((fact) => fact.kind === kind) + 1;
    return recording.ticks.findIndex(({ facts: at }) => sequence >= at.first && sequence < at.first + at.count);
}

test("the same inputs give the same orders, lamp and facts", () => {
    const taken = record();
    const again = run(taken);
    expect(again.difference).toBeUndefined();
    expect(again.ticks).toHaveLength(40);
    expect(again.end.mode.at).toBe("open-waiting");
    expect(again.ticks.flatMap(({ orders }) => orders)).toEqual([{ order: "raise", number: 1 }]);
    expect(taken.facts.map(({ kind }) => kind)).toContain("boom.opened");
});

describe("names the first difference", () => {
    test.each<[string, (taken: Taken) => void, string, string]>([
        [
            "in a fact's data",
            ({ facts }) => {
                const fact = facts.find(({ kind }) => kind === "decision.made");
                if (fact !== undefined) fact.data = { ...fact.data, reason: "OFFICER" };
            },
            "decision.made",
            "facts[1].data.reason",
        ],
        [
            "in a fact's passage",
            ({ facts }) => {
                const fact = facts.find(({ kind }) => kind === "boom.opened");
                if (fact !== undefined) fact.passage = "another";
            },
            "boom.opened",
            "facts[0].passage",
        ],
        ["a fact that is gone", ({ facts }) => void facts.pop(), "boom.opened", "facts[0]"],
        [
            "an order that was not given",
            (taken) => {
                const tick = taken.recording.ticks[tickOf(taken, "boom.commanded")];
                if (tick !== undefined) tick.orders = [];
            },
            "boom.commanded",
            "orders[0]",
        ],
        [
            "the lamp",
            (taken) => {
                const tick = taken.recording.ticks[tickOf(taken, "vehicle.arrived")];
                if (tick !== undefined) tick.light = "green";
            },
            "vehicle.arrived",
            "light",
        ],
        [
            "an input that decides",
            (taken) => {
                for (const tick of taken.recording.ticks) {
                    tick.image = { ...tick.image, reads: tick.image.reads.map((each) => ({ ...each, agreeing: 0 })) };
                }
            },
            "decision.made",
            "facts",
        ],
        [
            "the plan",
            ({ recording }) => {
                recording.plan = { ...recording.plan, role: "checkpoint-exit" };
            },
            "decision.made",
            "facts",
        ],
    ])("%s", (_, change, kind, field) => {
        const taken = record();
        const tick = tickOf(taken, kind) + 1;
        change(taken);
        const { difference, ticks } = run(taken);
        expect(difference?.at?.tick).toBe(tick);
        expect(difference?.field.startsWith(field)).toBe(true);
        expect(difference?.recorded).not.toEqual(difference?.recomputed);
        expect(ticks).toHaveLength(tick - 1);
    });

    test("also for inputs with which nothing can be computed", () => {
        const taken = record();
        const tick = taken.recording.ticks[5];
        if (tick !== undefined) tick.image = { ...tick.image, requests: [undefined as never] };
        expect(run(taken).difference).toMatchObject({ at: { tick: 6 }, field: "image" });
    });
});
