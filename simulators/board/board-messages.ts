/** How a simulated board is set up, what its parent may order, and what it tells: JSON over IPC, or printed where there is none. */
import { z } from "zod";
import { WireFault } from "../wire/wire-fault.ts";

export const BoardConfig = z.discriminatedUnion("speaks", [
    z.strictObject({
        speaks: z.literal("modbus-text"),
        port: z.int().min(0).max(65_535).default(0),
        /** A serial device in place of a port: unit 1 at 9600 baud. */
        path: z.string().optional(),
        lines: z.int().min(1).max(32).default(8),
        columns: z.int().min(8).max(80).default(24),
        /** How long the display takes after a commit. */
        applyMs: z.number().min(0).default(0),
    }),
    z.strictObject({
        speaks: z.literal("ntcip-1203"),
        port: z.int().min(0).max(65_535).default(0),
        charset: z.enum(["kz-1048", "ascii", "cp1251"]).default("ascii"),
        /** A minute of the sign; shorter than a real one, so that nobody waits. */
        minuteMs: z.number().min(1).default(60_000),
        crcSwapped: z.boolean().default(false),
    }),
    z.strictObject({
        speaks: z.literal("line-display"),
        port: z.int().min(0).max(65_535).default(0),
        /** A serial device in place of a port. */
        path: z.string().optional(),
        charset: z.enum(["utf-8", "kz-1048", "cp1251"]).default("kz-1048"),
        address: z.int().min(0).max(99).default(1),
    }),
]);
export type BoardConfig = z.output<typeof BoardConfig>;

/** What can go wrong; not every board can have every fault. */
export const BoardFault = z.union([
    WireFault,
    /** A text board: commits are taken and nothing is shown. */
    z.strictObject({ kind: z.literal("frozen") }),
    /** A text board: the third register of every block is lost. A display: every frame loses a byte. */
    z.strictObject({ kind: z.literal("torn") }),
    /** A sign: in local control; a display: takes nothing. */
    z.strictObject({ kind: z.literal("refuses") }),
    /** A sign: an SNMP error for every write. */
    z.strictObject({ kind: z.literal("snmp-error"), status: z.int().min(1).max(5) }),
    /** A sign: this is what dmsActivateMsgError says to every activation. */
    z.strictObject({ kind: z.literal("activate-error"), code: z.int().min(1).max(11) }),
]);
export type BoardFault = z.output<typeof BoardFault>;

export const BoardOrder = z.discriminatedUnion("do", [
    z.strictObject({ do: z.literal("fault"), fault: BoardFault }),
    /** Power goes and comes again. */
    z.strictObject({ do: z.literal("power-cycle") }),
]);

/** What stands on the board; `by`: a text of the daemon, the board's own text for lost connections, or nothing. */
export interface BoardShows {
    readonly is: "shows";
    readonly lines: readonly string[];
    readonly tone: string;
    readonly by: "daemon" | "lost" | "nobody";
}

/** A board on its wire. */
export interface SimulatedBoard {
    /** 0 on a serial device. */
    readonly port: number;
    fault(fault: BoardFault): void;
    powerCycle(): void;
    close(): Promise<void>;
}
