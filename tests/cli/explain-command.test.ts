/** `kordon explain` tells a passage to people: with a vehicle, without one, cut short, in three languages. */
import { describe, expect, test } from "vitest";
import { BOOKED, RunnerBench, wholePassage } from "../runtime/runner-bench.ts";
import { tempFolder } from "../store/temp-folder.ts";
import { runKordon } from "./run-kordon.ts";

/** The ids of all passages, newest first, after somebody has lived through something. */
async function lived(live: (bench: RunnerBench) => Promise<unknown>): Promise<{ folder: string; passages: string[] }> {
    const folder = tempFolder();
    const bench = new RunnerBench(folder, { bookings: BOOKED });
    await bench.pass(200);
    await live(bench);
    bench.journal.close();
    const rows = JSON.parse((await runKordon("passages", "--state", folder, "--json")).out) as { passage: string }[];
    return { folder, passages: rows.map(({ passage }) => passage) };
}

describe("explain", () => {
    test("tells a passage from the arrival to the closed boom, with the plate in full", async () => {
        const { folder, passages } = await lived(wholePassage);
        const { code, out } = await runKordon("explain", passages[0] ?? "", "--state", folder);
        expect(code).toBe(0);
        const lines = out.slice(out.indexOf("\n\n"));
        const told = [
            "A vehicle stands before the boom.",
            "Camera cam-1 read 123ABC02",
            "Booking list version 7.",
            "State “called” at “entry of the checkpoint”: in order.",
            "Boom up (order 1): booking b-123ABC02 was admitted by the rules.",
            "Boom down (order 2): the passage is over and everything is clear.",
            "The boom is down.",
            "All inputs are recorded",
        ].map((sentence) => lines.indexOf(sentence));
        expect(told).toEqual(told.toSorted((a, b) => a - b));
        expect(told).not.toContain(-1);
    });

    test.each([
        ["ru", "Шлагбаум вверх (команда № 1): бронь b-123ABC02 пропущена по правилам."],
        ["kk", "Шлагбаум жоғары (1-бұйрық): b-123ABC02 броні ереже бойынша өткізілді."],
    ])("speaks %s", async (language, sentence) => {
        const { folder, passages } = await lived(wholePassage);
        const run = await runKordon("explain", passages[0] ?? "", "--state", folder, "--lang", language, "--json");
        expect(JSON.parse(run.out)).toMatchObject({ language, summary: expect.arrayContaining([sentence]) });
    });

    test("tells an emergency at an empty lane, its reset included", async () => {
        const { folder, passages } = await lived(async (bench) => {
            await bench.set({ emergency: true }).pass(100);
            await bench.armUp();
            await bench.pass(5_000);
            await bench.set({ emergency: false }).ask("reset").pass(100);
        });
        expect(passages).toHaveLength(1);
        const { out } = await runKordon("explain", passages[0] ?? "", "--state", folder, "--json");
        const kinds = JSON.parse(out).lines.map(({ kind }: { kind: string }) => kind) as string[];
        expect(kinds[0]).toBe("emergency.raised");
        expect(kinds).toEqual(expect.arrayContaining(["boom.commanded", "boom.opened", "emergency.reset"]));
        expect(kinds.at(-1)).toBe("passage.recorded");
        const [row] = JSON.parse((await runKordon("passages", "--state", folder, "--json")).out);
        expect(row).toMatchObject({ plate: null, raisedBy: "emergency", outcome: "no vehicle" });
    });

    test("tells what there is of a passage that still goes on", async () => {
        const { folder, passages } = await lived((bench) =>
            bench.show("999ZZZ09").set({ approachLoop: true }).pass(9_000),
        );
        const { out } = await runKordon("explain", passages[0] ?? "", "--state", folder, "--lang", "ru");
        expect(out).toContain("Kordon шлагбаум не поднимал.");
        expect(out).toContain("999ZZZ09");
        expect(out).toContain("Чем всё закончилось, не записано.");
    });
});
