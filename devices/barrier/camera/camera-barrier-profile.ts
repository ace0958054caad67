/** How one make of camera moves the barrier that is wired to it, as data: a new make is a JSON file and no code. */
import { z } from "zod";
import { readProfile } from "../../device-profile.ts";

const Text = z.string().min(1);
const Pattern = Text.refine((text) => isPattern(text), "a regular expression");

const Request = z.strictObject({
    method: z.enum(["GET", "PUT"]),
    path: z
        .string()
        .regex(/^\/\S+$/, "begins with /")
        .describe("`{channel}` stands for the channel of the site file"),
    body: Text.optional(),
});

const Profile = z.strictObject({
    maker: Text,
    model: Text,
    transport: z.literal("http"),
    maturity: z.enum(["simulated", "bench-tested", "in-service"]).describe("how far this profile was proved"),
    open: Request,
    close: Request.optional().describe("absent: the camera cannot close, and neither can the lane"),
    accepted: Pattern.describe("what the answer to an order holds when the camera has taken it"),
    status: z
        .strictObject({ request: Request, up: Pattern, down: Pattern })
        .optional()
        .describe("where the camera says how the boom stands; what fits neither pattern is not known"),
    ownOpening: z
        .strictObject({ request: Request, isOff: Pattern, danger: Text, fix: Text })
        .optional()
        .describe("where the camera says that it opens by its own list; read at the start and after each absence"),
    notes: z.array(Text).default([]).describe("[U] marks what nobody has verified"),
    source: z.array(Text).min(1),
});

export type CameraBarrierProfile = z.infer<typeof Profile>;
export type CameraBarrierRequest = z.infer<typeof Request>;

/** Takes parsed JSON; unknown keys are errors. Throws `ProfileInvalid`. */
export function loadCameraBarrierProfile(json: unknown): CameraBarrierProfile {
    return readProfile(Profile, "a camera barrier profile", json);
}

function isPattern(text: string): boolean {
    try {
        return new RegExp(text, "i").test("") || true;
    } catch {
        return false;
    }
}
