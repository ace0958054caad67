/** The benches of the link and the list run, end and tell what they promise to tell; nothing is lost, however slow this machine is today. */
import { expect, test } from "vitest";
import { z } from "zod";
import { MOSQUITTO, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import { runKordon } from "./run-kordon.ts";

const Spread = z
    .strictObject({ p50: z.number().min(0), p99: z.number().min(0), max: z.number().min(0) })
    .refine(({ p50, p99, max }) => p50 <= p99 && p99 <= max);
const machine = z.strictObject({ cores: z.int().positive(), load: z.number().min(0), node: z.string() });
const nothingWrong = { lost: z.literal(0), duplicated: z.literal(0), brokenHashes: z.literal(0) };
const Count = z.int().min(0);

const Link = z.strictObject({
    facts: z.literal(1_500),
    ...nothingWrong,
    repeated: Count,
    readyMs: Count,
    drainPerS: z.number().positive(),
    bareClientPerS: z.number().positive(),
    ratio: z.number().positive(),
    liveFacts: Count,
    liveP99Ms: Count,
    liveMaxMs: Count,
    tickJitterMs: Spread,
    rssGrowthMb: z.number(),
    eventBytes: z.int().min(300).max(2_000),
    machine,
});
const List = z.strictObject({
    bookings: z.literal(800),
    snapshotMs: Spread,
    snapshotAfterLastPartMs: Spread,
    deltaMs: Spread,
    tickLateMs: Spread,
    manyBookings: z.literal(2_000),
    keyLookUpMs: Spread,
    nearLookUpMs: Spread,
    machine,
});
const Fleet = z.strictObject({
    sites: z.literal(5),
    lanes: z.literal(2),
    passages: z.literal(40),
    facts: z.literal(400),
    ...nothingWrong,
    repeated: Count,
    onlineMs: Count,
    factsPerS: z.number().positive(),
    latencyMs: Spread,
    brokerCpuShare: z.number().min(0).nullable(),
    brokerCpuUsPerFact: z.number().min(0).nullable(),
    machine,
});

test.for<[name: string, args: string[], result: z.ZodType, needsBroker: boolean]>([
    ["link", ["--facts", "1500"], Link, true],
    ["list", ["--bookings", "800", "--many", "2000"], List, false],
    ["fleet", ["--sites", "5", "--lanes", "2", "--passages", "40", "--seconds", "1"], Fleet, true],
])(
    "kordon bench %s prints one JSON object",
    { timeout: 120_000 },
    async ([name, args, result, needsBroker], context) => {
        context.skip(needsBroker && MOSQUITTO === undefined, NEEDS_MOSQUITTO);
        const { code, out, error } = await runKordon("bench", name, ...args, "--json");
        expect({ code, error }).toEqual({ code: 0, error: "" });
        result.parse(JSON.parse(out));
    },
);

test.each([
    ["link", "--facts", "10"],
    ["list", "--bookings", "many"],
    ["fleet", "--sites", "0"],
])("kordon bench %s refuses %s %s", async (...args) => {
    expect(await runKordon("bench", ...args)).toMatchObject({ code: 2 });
});
