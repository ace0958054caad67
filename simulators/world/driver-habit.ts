/**
 * How drivers behave, as data: a pace and a list of things done one after the other.
 * A new kind of driver is a new entry here; the code that drives (`driven-lorry.ts`) stays as it is.
 */

export type Place = "stop-line" | "exit" | "turn-out" | { readonly frontAtM: number };

export type DriverStep =
    /** Forward; brakes for the lorry ahead and, unless `heedsBoom` is false, for a boom that is not upright. */
    | { readonly do: "drive"; readonly to: Place }
    /** Backwards. */
    | { readonly do: "reverse"; readonly to: Place }
    /** Stands until the boom is fully open and the lamp green for the driver's reaction time. Patience runs here. */
    | { readonly do: "await-green" }
    /** Stands until the boom is fully open and minds no lamp. Patience runs here too. */
    | { readonly do: "await-boom" }
    | { readonly do: "rest"; readonly ms: number };

export interface DriverHabit {
    readonly paceMps: number;
    readonly accelMps2: number;
    readonly brakeMps2: number;
    readonly reactionMs: number;
    readonly heedsBoom: boolean;
    /** Waits at the queue line until the lorry ahead has passed; otherwise follows it closely. */
    readonly keepsBack: boolean;
    readonly script: readonly DriverStep[];
}

const careful = { accelMps2: 0.7, brakeMps2: 1.2, reactionMs: 1_200, heedsBoom: true, keepsBack: true } as const;
const toLine = { do: "drive", to: "stop-line" } as const;
const awaitGreen = { do: "await-green" } as const;
const awaitBoom = { do: "await-boom" } as const;
const through = { do: "drive", to: "exit" } as const;

export const DRIVER_HABITS = {
    normal: { ...careful, paceMps: 2.8, script: [toLine, awaitGreen, through] },
    slow: { ...careful, paceMps: 1, accelMps2: 0.3, reactionMs: 4_000, script: [toLine, awaitGreen, through] },
    /** Gets his green and goes away all the same. */
    "backs-out": {
        ...careful,
        paceMps: 2.8,
        script: [toLine, awaitGreen, { do: "rest", ms: 2_000 }, { do: "reverse", to: "turn-out" }],
    },
    /** Drives half under the boom, stands there, then goes on. */
    "stays-under-boom": {
        ...careful,
        paceMps: 2.8,
        script: [toLine, awaitGreen, { do: "drive", to: { frontAtM: 9.4 } }, { do: "rest", ms: 25_000 }, through],
    },
    /** Rolls on until his front axle is off the weighing platform. */
    overshoots: {
        ...careful,
        paceMps: 2.8,
        script: [{ do: "drive", to: { frontAtM: -0.62 } }, awaitGreen, through],
    },
    /** Keeps to the tail of the lorry before him and slips through under the boom that rose for it, lamp or no lamp. */
    tailgater: { ...careful, paceMps: 2.8, reactionMs: 300, keepsBack: false, script: [toLine, awaitBoom, through] },
} as const satisfies Record<string, DriverHabit>;

export type DriverHabitName = keyof typeof DRIVER_HABITS;

/** What a driver does who was waved away or lost patience. */
export const TURN_BACK: readonly DriverStep[] = [
    { do: "rest", ms: 1_500 },
    { do: "reverse", to: "turn-out" },
];
