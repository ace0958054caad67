/** The terminals of one computer with GPIO, as data: which line of which chip each of them is. */
import { z } from "zod";
import { readProfile } from "../../device-profile.ts";

const Text = z.string().min(1);

const Line = z.strictObject({
    chip: Text.describe("label of the GPIO chip, as in /sys/class/gpio/gpiochip*/label"),
    line: z.int().min(0).max(4_095).describe("offset on that chip, from 0; not the kernel's number, which moves"),
    isActiveLow: z.boolean().default(false).describe("the contact or relay is on while the line is low"),
});

const Profile = z
    .strictObject({
        maker: Text,
        model: Text,
        transport: z.literal("gpio"),
        maturity: z.enum(["simulated", "bench-tested", "in-service"]).describe("how far this profile was proved"),
        inputs: z.array(Line).max(64).default([]).describe("in the order of the terminals"),
        outputs: z.array(Line).max(64).default([]).describe("in the order of the terminals"),
        debounceMs: z.int().min(0).max(200).default(10).describe("a change is told at once and then stands this long"),
        notes: z.array(Text).default([]).describe("[U] marks what nobody has verified"),
        source: z.array(Text).min(1),
    })
    .superRefine(({ inputs, outputs }, context) => {
        const seen = new Set<string>();
        for (const { chip, line } of [...inputs, ...outputs]) {
            const name = `${chip} line ${line}`;
            if (seen.has(name))
                context.addIssue({ code: "custom", path: ["outputs"], message: `${name} is named twice` });
            seen.add(name);
        }
    });

export type GpioProfile = z.infer<typeof Profile>;

/** Takes parsed JSON; unknown keys are errors. Throws `ProfileInvalid`. */
export function loadGpioProfile(json: unknown): GpioProfile {
    return readProfile(Profile, "a GPIO profile", json);
}

/** For people, one line each. */
export function describeGpioProfile({ maker, model, maturity, ...profile }: GpioProfile): readonly string[] {
    const terminals = (lines: GpioProfile["inputs"]): string =>
        lines.length === 0
            ? "none"
            : lines.map(({ chip, line, isActiveLow }) => `${chip}:${line}${isActiveLow ? " low" : ""}`).join(", ");
    return [
        `${maker} ${model} (gpio, ${maturity})`,
        `inputs: ${terminals(profile.inputs)}`,
        `outputs: ${terminals(profile.outputs)}`,
        "pulse: by this program; a guard process switches the outputs off when it dies",
        ...profile.notes.map((note) => `note: ${note}`),
    ];
}
