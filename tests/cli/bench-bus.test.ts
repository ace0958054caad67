/** The bus bench runs, ends and tells what it promises to tell. How fast this machine is today is nobody's failure. */
import { expect, test } from "vitest";
import { z } from "zod";
import { hasSocat } from "../transport/third-party-peers.ts";
import { runKordon } from "./run-kordon.ts";

const Part = z.strictObject({
    periodMs: z.strictObject({ p50: z.number().positive(), p99: z.number().positive(), max: z.number().positive() }),
    meanMs: z.number().positive(),
    readsPerS: z.number().positive(),
    timeoutsPerS: z.number().min(0),
});
const Tcp = z.strictObject({ readsPerS: z.number().positive(), cpuShare: z.number().positive() });
const Result = z.strictObject({
    line: z.strictObject({
        units: z.literal(6),
        dead: z.literal(1),
        baudRate: z.literal(19_200),
        timeoutMs: z.literal(250),
        noneDead: Part,
        findingOut: Part,
        someDead: Part,
        ratio: z.number().positive(),
    }),
    tcp: z.strictObject({ modules: z.literal(4), steady: Tcp, flatOut: Tcp }),
    machine: z.strictObject({ cores: z.int().positive(), load: z.number().min(0), node: z.string() }),
});

test("polls a line with and without a dead unit, and modules on TCP, and prints one JSON object", async (context) => {
    if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
    const size = ["--units", "6", "--dead", "1", "--tcp", "4", "--seconds", "2"];
    const { code, out, error } = await runKordon("bench", "bus", ...size, "--json");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const { line } = Result.parse(JSON.parse(out));
    expect(line.noneDead.timeoutsPerS).toBe(0);
    expect(line.findingOut.timeoutsPerS).toBeGreaterThan(0);
    // A request of 8 bytes and its answer of 6 take 8 ms at 19200 baud: no line is faster than its bytes.
    expect(line.noneDead.periodMs.p50).toBeGreaterThan(6 * 8);
}, 60_000);

test("a line with nobody alive is wrong usage", async () => {
    expect(await runKordon("bench", "bus", "--units", "4", "--dead", "4")).toMatchObject({ code: 2 });
});
