// Texts that the simulated central system orders onto boards: written down when the order was sound, and never when it was spoilt.
import { expect, test } from "vitest";
import { runSeed } from "../../simulation/run-seed.ts";
import { storm } from "../../simulation/scenarios/storm.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
/** A command reaches the box within this, or it is void. */
const COMMAND_MS = 25_000;

interface Ordered {
    readonly atMs: number;
    readonly board: string;
}

/** From a trace: when which board was meant, and by which line that says so. */
function said(trace: readonly string[]): { readonly sound: Ordered[]; readonly shown: Ordered[] } {
    const sound: Ordered[] = [];
    const shown: Ordered[] = [];
    for (const line of trace) {
        const [what, at, ...rest] = line.split(" ");
        if (what === "fact" && rest[1] === "message.ordered") {
            const { boards } = JSON.parse(line.slice(line.indexOf("{")));
            for (const board of boards) shown.push({ atMs: Number(at), board });
        }
        if (what !== "event" || !line.includes('"order":"message"')) continue;
        const { mishap, isOver } = JSON.parse(rest.join(" "));
        if (!isOver && mishap.flaw === undefined)
            sound.push({ atMs: Number(at), board: `${mishap.fields.lane}-display` });
    }
    return { sound, shown };
}

test("every text on a board was soundly ordered for its lane shortly before, and some are", {
    timeout: 180_000,
}, async () => {
    let count = 0;
    for (const seed of SEEDS) {
        const { trace = [], violations } = await runSeed(storm, { seed, keepsTrace: true });
        expect(violations).toEqual([]);
        const { sound, shown } = said(trace);
        for (const { atMs, board } of shown) {
            const isOrdered = sound.some((order) => order.board === board && atMs - order.atMs <= COMMAND_MS);
            expect(isOrdered, `seed ${seed}: ${board} at ${atMs}`).toBe(true);
        }
        count += shown.length;
    }
    expect(count).toBeGreaterThan(0);
});
