/** What one model of board is like, as data: a new model of a known protocol is a JSON file and no code. */
import { z } from "zod";
import { TONES } from "../../src/core/board/board-face.ts";
import { readProfile } from "../device-profile.ts";
import { CHARSETS } from "./charset.ts";

const Text = z.string().min(1);
const Hex = z.string().regex(/^([0-9A-F]{2})+$/, "bytes in upper-case hex");
const byTone = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(TONES), value);

const common = {
    maker: Text,
    model: Text,
    transport: Text.describe("the wire, for people"),
    maturity: z.enum(["simulated", "bench-tested", "in-service"]).describe("how far this profile was proved"),
    notes: z.array(Text).default([]).describe("[U] marks what nobody has verified"),
    source: z.array(Text).min(1),
};
const charset = z.enum(CHARSETS).describe("the usual one; the site file may name another");

const Line = z.strictObject({
    baudRate: z.int().min(1_200).max(921_600),
    dataBits: z.literal([7, 8]),
    parity: z.enum(["none", "even", "odd"]),
    stopBits: z.literal([1, 2]),
});

const ModbusText = z.strictObject({
    ...common,
    protocol: z.literal("modbus-text"),
    charset,
    blockRegistersMax: z
        .int()
        .min(1)
        .max(123)
        .describe("registers in one write; at 9600 baud 32 of them take 85 ms of the bus"),
    applyMsMax: z.int().min(100).max(10_000).describe("how long a committed text may take to be on the board"),
    blinking: z.array(z.enum(TONES)).default([]),
});

const Ntcip = z.strictObject({
    ...common,
    protocol: z.literal("ntcip-1203"),
    charset,
    version: z.enum(["1", "2c"]).describe("of SNMP"),
    memory: z.enum(["changeable", "volatile"]).describe("where our messages go"),
    numbers: z
        .strictObject({
            text: z.tuple([z.int().min(1).max(65_535), z.int().min(1).max(65_535)]).describe("used in turn"),
            lost: z.int().min(1).max(65_535).describe("the text for lost connections"),
        })
        .describe("messages of that memory that are ours"),
    before: z.string().max(100).describe("MULTI tags before the text, such as [jp3][jl3]"),
    colours: byTone(z.string().regex(/^\[cf\d{1,3}(,\d{1,3},\d{1,3})?\]$/, "a MULTI colour tag")).default({}),
    flashing: z.array(z.enum(TONES)).default([]),
    priority: z.int().min(1).max(255),
    validateMsMax: z.int().min(100).max(20_000).describe("how long the sign may look over a message"),
});

const LineDisplay = z.strictObject({
    ...common,
    protocol: z.literal("line-display"),
    charset,
    line: Line.describe("how a serial line to it is set, where the site file says nothing else"),
    frame: z.strictObject({
        begin: Hex,
        addressDigits: z.int().min(0).max(4).describe("decimal digits of the display's number behind the beginning"),
        tones: byTone(Hex).default({}).describe("what stands before the text, by tone"),
        lineBreak: Hex,
        end: Hex,
        check: z
            .enum(["none", "xor-hex", "sum-hex"])
            .describe("two hex digits over all between begin and end, behind it"),
        padded: z.boolean().default(false).describe("lines filled up with blanks, for displays that do not clear"),
    }),
    reply: z
        .strictObject({ yes: Hex, no: Hex, msMax: z.int().min(50).max(5_000) })
        .optional()
        .describe("what it answers; without it nobody can see whether a text arrived"),
});

const Browser = z.strictObject({ ...common, protocol: z.literal("browser") });

const Profile = z.discriminatedUnion("protocol", [ModbusText, Ntcip, LineDisplay, Browser]);

export type BoardProfile = z.infer<typeof Profile>;
export type ModbusTextProfile = z.infer<typeof ModbusText>;
export type NtcipProfile = z.infer<typeof Ntcip>;
export type LineDisplayProfile = z.infer<typeof LineDisplay>;

/** Takes parsed JSON; unknown keys are errors. Throws `ProfileInvalid`. */
export function loadBoardProfile(json: unknown): BoardProfile {
    return readProfile(Profile, "a board profile", json);
}
