/** How one model of a camera that reads plates speaks, as data: what differs between models of a make is JSON and no code. */
import { z } from "zod";
import { readProfile } from "../device-profile.ts";

const Text = z.string().min(1);

export const DIALECTS = ["hikvision-isapi", "dahua-itc", "dahua-itsapi", "onvif-m", "ff-json"] as const;

const common = {
    maker: Text,
    model: Text,
    dialect: z.enum(DIALECTS),
    maturity: z.enum(["simulated", "bench-tested", "in-service"]).describe("how far this profile was proved"),
    confidence: z
        .strictObject({ full: z.number().positive(), isVerified: z.boolean() })
        .optional()
        .describe("the camera's number for full certainty; absent: it gives none that means anything"),
    noPlate: z.array(z.string()).default([]).describe("texts that mean: no plate was read, in any case"),
    directions: z
        .strictObject({ approaching: z.array(Text).default([]), leaving: z.array(Text).default([]) })
        .prefault({})
        .describe("the camera's words; all others count as unknown"),
    regions: z.record(Text, Text).default({}).describe("the camera's codes of countries, for the record only"),
    heartbeatMs: z
        .number()
        .int()
        .min(1_000)
        .max(3_600_000)
        .optional()
        .describe("how often the camera speaks when nothing happens; absent: it may be silent for ever"),
    notes: z.array(Text).default([]).describe("[U] marks what nobody has verified"),
    source: z.array(Text).min(1),
};

const Profile = z.discriminatedUnion("transport", [
    z.strictObject({
        ...common,
        transport: z.literal("http-pull"),
        path: z
            .string()
            .regex(/^\/\S+$/)
            .describe("asked for with GET; `{channel}` stands for the channel of the site file"),
    }),
    z.strictObject({
        ...common,
        transport: z.literal("http-push"),
        reply: z
            .strictObject({ type: Text, body: z.string() })
            .optional()
            .describe("what the camera wants to hear, or it sends the same again"),
    }),
    z.strictObject({
        ...common,
        transport: z.literal("mqtt"),
        topic: Text.describe("behind the camera's own prefix"),
    }),
]);

export type ReadingCameraProfile = z.infer<typeof Profile>;

/** Takes parsed JSON; unknown keys are errors. Throws `ProfileInvalid`. */
export function loadReadingCameraProfile(json: unknown): ReadingCameraProfile {
    return readProfile(Profile, "a profile of a reading camera", json);
}
