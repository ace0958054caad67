/** What one model of I/O module is like, as data: a new model is a JSON file beside this one and no code. */
import { z } from "zod";
import { readProfile } from "../../device-profile.ts";

const Address = z.int().min(0).max(0xffff).describe("0-based protocol address, not a 0xxxx or 4xxxx number");
const Word = z.int().min(0).max(0xffff);
const Text = z.string().min(1);

const Bits = z.int().min(1).max(16).describe("bit n of one holding register is terminal n");

const Inputs = z.discriminatedUnion("function", [
    z.strictObject({
        count: z.int().min(1).max(64),
        function: z.literal(1).describe("read as coils"),
        address: Address,
    }),
    z.strictObject({
        count: z.int().min(1).max(64),
        function: z.literal(2).describe("read as discrete inputs"),
        address: Address,
    }),
    z.strictObject({ count: Bits, function: z.literal(3).describe("read as bits of a register"), address: Address }),
]);

const Outputs = z.discriminatedUnion("function", [
    z.strictObject({
        count: z.int().min(1).max(64),
        function: z.literal(1).describe("read back as coils; written with function 5"),
        address: Address,
    }),
    z.strictObject({
        count: Bits,
        function: z.literal(3).describe("read back as bits of a register; written with function 6, a register each"),
        address: Address,
        write: z.strictObject({ address: Address.describe("register of output 0"), on: Word, off: Word }),
    }),
]);

const Pulse = z.discriminatedUnion("kind", [
    z.strictObject({
        kind: z.literal("start-coil"),
        address: Address.describe("coil of output 0: on starts a pulse as long as the module is set to, off ends it"),
    }),
    z.strictObject({
        kind: z.literal("flash-on"),
        address: Address.describe("function 5 here, with the length as its value, closes output 0 for that time"),
        unitMs: z.int().min(1).max(10_000),
        unitsMax: Word.min(1),
    }),
    z.strictObject({ kind: z.literal("software").describe("on, wait, off: only with the module's own watchdog") }),
]);

const Watchdog = z.strictObject({
    timeoutMs: z.int().min(500).max(60_000).describe("silence after which the module drops its relays by itself"),
    registers: z
        .array(z.strictObject({ address: Address, count: z.int().min(1).max(64), value: Word, meaning: Text }))
        .min(1)
        .describe("holding registers that must hold `value`: written at start where they differ, and read back"),
});

const Check = z.strictObject({
    function: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    address: Address,
    count: z.int().min(1).max(64),
    oneOf: z.array(Word).min(1).describe("values that are safe; coils and inputs count as 0 and 1"),
    danger: Text.describe("what a different value means"),
    fix: Text.describe("what the installer does about it"),
});

const Profile = z
    .strictObject({
        maker: Text,
        model: Text,
        transport: z.enum(["modbus-tcp", "modbus-rtu"]),
        maturity: z.enum(["simulated", "bench-tested", "in-service"]).describe("how far this profile was proved"),
        inputs: Inputs.optional(),
        outputs: Outputs,
        pulse: Pulse.optional().describe("absent: the model has no safe way to pulse; lamps and inputs only"),
        watchdog: Watchdog.optional(),
        checks: z.array(Check).default([]),
        notes: z.array(Text).default([]).describe("[U] marks what nobody has verified"),
        source: z.array(Text).min(1),
    })
    .superRefine((profile, context) => {
        if (profile.pulse?.kind !== "software" || profile.watchdog !== undefined) return;
        context.addIssue({
            code: "custom",
            path: ["pulse"],
            message: "a software pulse needs `watchdog`: without it nothing drops the relay when this program dies",
        });
    });

export type IoModuleProfile = z.infer<typeof Profile>;
export type IoModuleCheck = z.infer<typeof Check>;
export type IoModuleWatchdog = z.infer<typeof Watchdog>;

/** Takes parsed JSON; unknown keys are errors. Throws `ProfileInvalid`. */
export function loadIoModuleProfile(json: unknown): IoModuleProfile {
    return readProfile(Profile, "an I/O module profile", json);
}

/** For people: what the driver will do with such a module and what must be set in it. One line each. */
export function describeIoModuleProfile(profile: IoModuleProfile): readonly string[] {
    const { maker, model, transport, maturity, inputs, outputs, pulse, watchdog, checks, notes } = profile;
    return [
        `${maker} ${model} (${transport}, ${maturity})`,
        inputs === undefined ? "no inputs" : `${inputs.count} inputs: ${describeTerminals(inputs)}`,
        `${outputs.count} outputs: ${describeTerminals(outputs)}, written with function ${outputs.function === 1 ? 5 : 6}`,
        describePulse(pulse),
        ...(watchdog === undefined ? [] : [`watchdog: relays drop after ${watchdog.timeoutMs} ms without a request`]),
        ...(watchdog?.registers ?? []).map(
            ({ address, count, value, meaning }) => `sets holding ${range(address, count)} to ${value}: ${meaning}`,
        ),
        ...checks.map(({ danger, fix }) => `checks: ${danger}; ${fix}`),
        ...notes.map((note) => `note: ${note}`),
    ];
}

function describeTerminals({
    function: code,
    address,
}: {
    readonly function: 1 | 2 | 3;
    readonly address: number;
}): string {
    return code === 3 ? `bits of holding register ${address}` : `function ${code} from ${address}`;
}

function describePulse(pulse: IoModuleProfile["pulse"]): string {
    switch (pulse?.kind) {
        case undefined:
            return "pulse: none; not for OPEN and CLOSE relays";
        case "start-coil":
            return `pulse: by the module, started at coil ${pulse.address} onwards, width as set in the module`;
        case "flash-on":
            return `pulse: by the module, function 5 at ${pulse.address} onwards, in steps of ${pulse.unitMs} ms`;
        case "software":
            return "pulse: by this program, under the module's watchdog";
    }
}

export function range(address: number, count: number): string {
    return count === 1 ? `${address}` : `${address}..${address + count - 1}`;
}
