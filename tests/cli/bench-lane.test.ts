/** The lane bench runs, ends and tells what it promises to tell. How fast this machine is today is nobody's failure. */
import { expect, test } from "vitest";
import { z } from "zod";
import { runKordon } from "./run-kordon.ts";

const Spread = z
    .strictObject({ p50: z.number().min(0), p99: z.number().positive(), max: z.number().positive() })
    .refine(({ p50, p99, max }) => p50 <= p99 && p99 <= max);
const answering = {
    emergencies: z.int().positive(),
    tickJitterMs: Spread,
    inputToOrderMs: Spread,
    emergencyToCoilMs: Spread,
    cpuShare: z.number().positive(),
};
const Result = z.strictObject({
    lanes: z.literal(3),
    seconds: z.literal(2),
    ...answering,
    bareRoundTripMs: Spread,
    rssMb: z.number().positive(),
    withDeadDevice: z.strictObject(answering),
    ratioDead: z.strictObject({ emergencyToCoil: z.number().positive(), tickJitter: z.number().positive() }),
    machine: z.strictObject({ cores: z.int().positive(), load: z.number().min(0), node: z.string() }),
});

test("presses emergencies on a whole daemon and prints one JSON object", async () => {
    const { code, out, error } = await runKordon("bench", "lane", "--lanes", "3", "--seconds", "2", "--json");
    expect({ code, error }).toEqual({ code: 0, error: "" });
    const result = Result.parse(JSON.parse(out));
    expect(result.emergencies).toBeGreaterThan(result.withDeadDevice.emergencies);
}, 90_000);

test.each([
    ["--lanes", "2"],
    ["--seconds", "0"],
    ["--seconds", "soon"],
])("refuses %s %s", async (option, value) => {
    expect(await runKordon("bench", "lane", option, value)).toMatchObject({ code: 2 });
});
