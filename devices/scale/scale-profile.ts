/** What one model of weighing indicator is like, as data: a new model of a known protocol is a JSON file and no code. */
import { z } from "zod";
import { readProfile } from "../device-profile.ts";

const Text = z.string().min(1);
const Bit = z.int().min(0).max(15);
const Address = z.int().min(0).max(0xffff).describe("0-based protocol address, not a 4xxxx number");

const Line = z.strictObject({
    baudRate: z.int().min(1_200).max(921_600),
    dataBits: z.literal([7, 8]),
    parity: z.enum(["none", "even", "odd"]),
    stopBits: z.literal([1, 2]),
});

const Stability = z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("given") }),
    z
        .strictObject({
            kind: z.literal("derived"),
            frames: z.int().min(2).max(100).describe("equal weights in a row"),
            overMs: z.int().min(100).max(30_000).describe("and for so long"),
        })
        .describe("the protocol does not say whether the weight stands still"),
]);

const common = {
    maker: Text,
    model: Text,
    maturity: z.enum(["simulated", "bench-tested", "in-service"]).describe("how far this profile was proved"),
    line: Line.describe("how a serial line to it is set, where the site file says nothing else"),
    periodMs: z.int().min(20).max(5_000).describe("from one frame to the next, or from one question to the next"),
    stability: Stability,
    notes: z.array(Text).default([]).describe("[U] marks what nobody has verified"),
    source: z.array(Text).min(1),
};

const Registers = z.strictObject({
    weight: z.strictObject({
        address: Address,
        kind: z.enum(["float32", "int32"]),
        wordOrder: z.enum(["high-first", "low-first"]),
    }),
    status: z
        .strictObject({
            address: Address,
            stableBit: Bit.optional(),
            negativeBit: Bit.optional().describe("the weight is a magnitude, and this is its sign"),
            overBits: z.array(Bit).default([]),
            underBits: z.array(Bit).default([]),
            faultBits: z.array(Bit).default([]),
        })
        .optional(),
});

const Profile = z
    .discriminatedUnion("protocol", [
        z.strictObject({ ...common, protocol: z.literal("mt-sics"), valueWidth: z.int().min(6).max(16) }),
        z.strictObject({
            ...common,
            protocol: z.literal("toledo-continuous"),
            hasChecksum: z.boolean(),
            statusBBit5: z.literal([0, 1]),
        }),
        z.strictObject({ ...common, protocol: z.literal("cas-22") }),
        z.strictObject({ ...common, protocol: z.literal("cas-10") }),
        z.strictObject({ ...common, protocol: z.literal("and-18") }),
        z.strictObject({
            ...common,
            protocol: z.literal("yaohua"),
            format: z.enum(["continuous-0", "continuous-1", "continuous-2", "a12e", "command"]),
        }),
        z.strictObject({ ...common, protocol: z.literal("tenso-m") }),
        z.strictObject({ ...common, protocol: z.literal("tenso-643") }),
        z.strictObject({ ...common, protocol: z.literal("rinstrum"), format: z.enum(["auto-1", "command"]) }),
        z.strictObject({ ...common, protocol: z.literal("modbus"), registers: Registers }),
    ])
    .superRefine((profile, context) => {
        const isGiven =
            profile.protocol === "modbus"
                ? profile.registers.status?.stableBit !== undefined
                : !NEVER_TELL_STABLE.has(profile.protocol);
        if (isGiven === (profile.stability.kind === "given")) return;
        const message = isGiven
            ? "the protocol says itself whether the weight stands still: use kind given"
            : "the protocol does not say whether the weight stands still: it must be derived";
        context.addIssue({ code: "custom", path: ["stability", "kind"], message });
    });

const NEVER_TELL_STABLE: ReadonlySet<string> = new Set(["yaohua", "tenso-643", "cas-10"]);

export type ScaleProfile = z.infer<typeof Profile>;
export type ModbusScaleProfile = Extract<ScaleProfile, { protocol: "modbus" }>;
export type LineScaleProfile = Exclude<ScaleProfile, ModbusScaleProfile>;

/** Takes parsed JSON; unknown keys are errors. Throws `ProfileInvalid`. */
export function loadScaleProfile(json: unknown): ScaleProfile {
    return readProfile(Profile, "a scale profile", json);
}
