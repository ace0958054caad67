/** Configuration of the simulated CarGoRuqsat server, and what it and its parent say to each other over the IPC channel. */
import { z } from "zod";

const Truck = z.strictObject({ name: z.string(), number: z.string() });
const Tokens = z.strictObject({ checkpoint: z.string().min(1), waitingArea: z.string().min(1) });

export const CgrConfig = z.strictObject({
    /** On the loopback; 0 = any free one, `ready` tells which. */
    port: z.int().min(0).max(65_535).default(0),
    registrationTokens: Tokens,
    /** A registration token is worth one registration only. */
    registersOnce: z.boolean().default(false),
    /** JSON-lines file of the events taken; what it holds already counts as taken. */
    ledger: z.string().min(1),
    trucks: z.array(Truck).default([]),
    /** Says "Error" to an event that it has; otherwise it takes it again and counts the double. */
    refusesDuplicates: z.boolean().default(false),
    bodyBytesMax: z
        .int()
        .min(1_000)
        .default(4 << 20),
    /** More calls in a second are answered with 429. */
    callsPerSecondMax: z.int().min(1).default(1_000),
});
export type CgrConfig = z.output<typeof CgrConfig>;

/** What becomes of a call instead of the right answer; those that begin with `taken-` happen after the event was taken. */
const FAULTS = [
    "unauthorised",
    "error", // HTTP 200, "status": "Error"
    "server-error",
    "busy", // 429 with Retry-After
    "redirect",
    "silence",
    "slow",
    "half", // headers and the beginning of a body
    "garbage",
    "unknown-form",
    "reset", // the connection is cut
    "echo-secrets",
    "taken-silence",
    "taken-half",
    "taken-reset",
] as const;
export type CgrFault = (typeof FAULTS)[number];

/** From the parent. */
export const ToCgr = z.discriminatedUnion("do", [
    z.strictObject({
        do: z.literal("fault"),
        fault: z.enum(FAULTS),
        count: z.int().min(1).default(1),
        call: z.enum(["Auth", "TruckNumbers", "CamEvent"]).default("CamEvent"),
    }),
    /** Every event of this plate is an error. */
    z.strictObject({ do: z.literal("refuse-plate"), plate: z.string() }),
    z.strictObject({ do: z.literal("refuse-all"), isOn: z.boolean() }),
    z.strictObject({ do: z.literal("revoke-tokens") }),
    z.strictObject({ do: z.literal("set-registration"), tokens: Tokens }),
    z.strictObject({ do: z.literal("set-trucks"), trucks: z.array(Truck) }),
    /** Connections cut, port refused. */
    z.strictObject({ do: z.literal("vanish") }),
    z.strictObject({ do: z.literal("return") }),
    z.strictObject({ do: z.literal("report") }),
    /** As after a start with an empty ledger; the port stays. */
    z.strictObject({ do: z.literal("forget-all") }),
]);
export type ToCgr = z.output<typeof ToCgr>;

export interface CgrReport {
    readonly taken: number;
    readonly distinct: number;
    /** Events taken with the content of an earlier one, pictures aside. */
    readonly duplicates: number;
    readonly registrations: number;
    readonly refusedRegistrations: number;
    readonly unauthorised: number;
    readonly calls: number;
    readonly malformed: number;
}

/** To the parent. */
export type FromCgr =
    | { readonly is: "ready"; readonly url: string }
    /** An event was taken. */
    | { readonly is: "taken"; readonly point: "checkpoint" | "waiting-area"; readonly event: unknown }
    /** A call came in, before anything is answered. */
    | { readonly is: "call"; readonly call: string; readonly fault: CgrFault | null }
    | ({ readonly is: "report" } & CgrReport)
    | { readonly is: "gone" }
    | { readonly is: "back" }
    | { readonly is: "forgotten" }
    | { readonly is: "refused"; readonly reason: string };
