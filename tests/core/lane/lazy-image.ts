/**
 * An image whose parts are chosen when the lane looks at them. Contacts come as raw readings; readings that the lane's own
 * eyes cannot tell apart, and the oracle need not, are tried once.
 */
import type { ContactName, ContactReadings, Reading } from "../../../src/core/lane/contacts.ts";
import type { LaneImage, LaneRead, LaneRequest, OrderEcho } from "../../../src/core/lane/lane-image.ts";
import type { LanePlan } from "../../../src/core/lane/lane-plan.ts";
import { perceive } from "../../../src/core/lane/perceive.ts";
import type { ScaleReading } from "../../../src/core/lane/scale-reading.ts";
import { claimsOf } from "./claims-of.ts";
import { booking, read, SLOT_UTC_MS } from "./lane-harness.ts";

export const NOW_MS = 1_000_000;
const FRESH_MS = 50;

const READINGS: readonly Reading[] = [
    { isActive: false, ageMs: 0 },
    { isActive: true, ageMs: FRESH_MS },
    { isActive: false, ageMs: FRESH_MS + 1 },
    { isActive: true, ageMs: FRESH_MS + 1 },
    { isActive: false, ageMs: Number.NaN },
    undefined,
];

/** Contacts that one claim of the lane rests on are chosen together. */
const GROUPS: readonly (readonly ContactName[])[] = [
    ["approachLoop"],
    ["boomLoop", "photocell1", "photocell2"],
    ["exitLoop"],
    ["limitOpen", "limitClosed"],
    ["armBreak"],
    ["emergency"],
    ["keySwitch"],
    ["scaleBeam1", "scaleBeam2"],
];

export type Level = "active" | "clear" | "unknown";

/** What a reading is worth, by the oracle's own rule. */
function levelOf(reading: Reading): Level {
    if (reading === undefined || !(reading.ageMs >= 0 && reading.ageMs <= FRESH_MS)) return "unknown";
    return reading.isActive ? "active" : "clear";
}

const GOOD = booking("123ABC02");
const ADMITTING: readonly LaneRead[] = [read("123ABC02", [GOOD])];
const READS: readonly (readonly LaneRead[])[] = [
    [],
    ADMITTING,
    [read("123ABC02", [GOOD], { confidence: 0.5 })],
    [read("999ZZZ01", [])],
    // The same good plate, but nobody has seen it since this vehicle came.
    [read("123ABC02", [GOOD], { lastSeenMs: 0 })],
];

/** The booking that a link names, as the list has it now: gone, good, or of a lorry that must not go. */
const NAMED: readonly LaneImage["named"][] = [
    undefined,
    { booking: GOOD, known: {} },
    { booking: { ...GOOD, status: "annulled" }, known: {} },
];

/** Numbers count from the lane's latest order. */
const ECHOES: readonly (OrderEcho | undefined)[] = [
    undefined,
    { order: "raise", number: 0, status: "failed" },
    { order: "raise", number: 0, status: "applied" },
    { order: "raise", number: -1, status: "failed" },
    { order: "raise", number: -1, status: "applied" },
];

const scale = (grossKg: number, change: Partial<ScaleReading> = {}): ScaleReading => ({
    grossKg,
    isStable: true,
    isInRange: true,
    raw: "02",
    ageMs: 0,
    ...change,
});
const WEIGHINGS: readonly (ScaleReading | undefined)[] = [
    undefined,
    scale(0),
    scale(20_000),
    scale(30_000),
    scale(20_000, { isStable: false }),
    scale(20_000, { isInRange: false }),
    scale(20_000, { ageMs: 1_001 }),
];

const asked = (asks: LaneRequest["asks"], kind: "officer" | "central" = "officer"): LaneRequest => ({
    id: `${kind} ${asks}`,
    asks,
    by: { kind, name: "A. Officer" },
    reason: "seen",
    expiresMs: NOW_MS + 1,
});
const REQUESTS: readonly (LaneRequest | undefined)[] = [
    undefined,
    ...(["accept", "refuse", "open", "close", "hold-open", "reset", "out-of-service", "in-service"] as const).map(
        (asks) => asked(asks),
    ),
    { ...asked("link"), bookingId: GOOD.id },
    asked("reset", "central"),
    asked("close", "central"),
    asked("out-of-service", "central"),
];

/** Thrown to end a run whose rest is the same as without the request that was just refused. */
export const SAME_AS_UNASKED = new Error("the rest of this run is the same as without the request");

/** Who chooses: one of `of` possibilities, counted from 0, for a part of the image. */
export interface Chooser {
    pick(of: number, part: number): number;
}

const FIRST = GROUPS.length;
/** Where a choice is kept: the groups of contacts first, then the other parts of an image. */
export const PARTS = {
    limits: 3,
    armBreak: 4,
    emergency: 5,
    keySwitch: 6,
    reads: FIRST,
    interlock: FIRST + 1,
    echo: FIRST + 2,
    weighing: FIRST + 3,
    request: FIRST + 4,
    named: FIRST + 5,
} as const;

export class LazyImage implements LaneImage {
    readonly nowMs = NOW_MS;
    readonly utcMs = SLOT_UTC_MS;
    readonly isClockTrusted = true;
    readonly isCameraWell = true;
    readonly list = { version: 1, hash: "", ageMs: 0 };
    readonly checkpoint = "nur-zholy";
    freshPassage = "fresh";
    wasBlind = false;
    /** Number of the lane's latest order: an echo is of this one, or of the one before. */
    latestOrder = 1;
    readonly contacts: ContactReadings;
    readonly #chooser: Chooser;
    readonly #plan: LanePlan;
    readonly #groups: readonly Group[];
    readonly #chosen: (number | undefined)[] = [];
    /** Tells whether the request just heard was refused. */
    wasRefused: () => boolean = () => false;

    constructor(chooser: Chooser, plan: LanePlan) {
        this.#chooser = chooser;
        this.#plan = plan;
        this.#groups = groupsOf(plan);
        const contacts = {};
        for (const [part, names] of GROUPS.entries()) {
            const group = this.#groups[part] ?? [];
            for (const name of names) {
                const get = (): Reading => this.#pick(part, group)?.[name];
                Object.defineProperty(contacts, name, { get, enumerable: true });
            }
        }
        this.contacts = contacts;
    }

    /** Nothing has been looked at. */
    forget(): void {
        this.#chosen.fill(undefined);
    }

    /** Everything chosen, for a person to read. */
    get all(): Readonly<Record<string, unknown>> {
        const levels = this.#plan.contacts.map((name) => [name, this.seen(name) ?? "not looked at"]);
        const { reads, interlock, echo, weighing, named } = PARTS;
        const others = Object.entries({ reads, interlock, echo, weighing, named }).map(([n, at]) => [
            n,
            this.#chosen[at],
        ]);
        return { ...Object.fromEntries([...levels, ...others]), asked: this.asked?.id };
    }

    /** Level of a contact as chosen; undefined: the lane never looked, so it may be anything. */
    seen(name: ContactName): Level | undefined {
        const part = GROUP_OF.get(name) ?? 0;
        const taken = this.#chosen[part];
        return taken === undefined ? undefined : levelOf(this.#groups[part]?.[taken]?.[name]);
    }

    /** The request that the lane heard. */
    get asked(): LaneRequest | undefined {
        return REQUESTS[this.#chosen[PARTS.request] ?? 0];
    }

    /** Whether the lane looked at reads, and they admit. */
    get hasAdmittingRead(): boolean {
        return READS[this.#chosen[PARTS.reads] ?? 0] === ADMITTING;
    }

    /** Whether the lane looked at the booking that an officer named, and it admits. */
    get hasAdmittingName(): boolean {
        return NAMED[this.#chosen[PARTS.named] ?? 0]?.booking === GOOD;
    }

    /** Whether the lane heard an officer tie the vehicle to a booking that the list holds. */
    get isLinkHeard(): boolean {
        return this.asked?.asks === "link" && NAMED[this.#chosen[PARTS.named] ?? 0] !== undefined;
    }

    /** Whether the lane made sure that the other boom is down. */
    get sawInterlockFree(): boolean {
        const taken = this.#chosen[PARTS.interlock];
        return taken !== undefined && INTERLOCK[taken] === true;
    }

    get reads(): readonly LaneRead[] {
        return this.#pick(PARTS.reads, READS) ?? [];
    }

    get named(): NonNullable<LaneImage["named"]> {
        // As with the echo: absent and undefined are the same to whoever reads it.
        return this.#pick(PARTS.named, NAMED) as NonNullable<LaneImage["named"]>;
    }

    get isInterlockFree(): boolean {
        return this.#plan.interlockedWith === undefined || this.#pick(PARTS.interlock, INTERLOCK) === true;
    }

    get echo(): OrderEcho {
        // The lane's type says that an echo may be absent, not undefined; reading it gives the same.
        const echo = this.#pick(PARTS.echo, ECHOES);
        return (echo && { ...echo, number: this.latestOrder + echo.number }) as OrderEcho;
    }

    get weighing(): ScaleReading {
        return this.#pick(PARTS.weighing, WEIGHINGS) as ScaleReading;
    }

    get requests(): readonly LaneRequest[] {
        const plain = this.#pick(PARTS.request, REQUESTS);
        if (plain === undefined) return [];
        const request = { ...plain, id: `${plain.id} ${this.freshPassage}` };
        const wasRefused = this.wasRefused;
        function* heard(): Generator<LaneRequest, undefined> {
            yield request;
            if (wasRefused()) throw SAME_AS_UNASKED;
            return undefined;
        }
        return Object.assign([request], { [Symbol.iterator]: heard });
    }

    #pick<T>(part: number, options: readonly T[]): T | undefined {
        let taken = this.#chosen[part];
        if (taken === undefined) {
            taken = options.length > 1 ? this.#chooser.pick(options.length, part) : 0;
            this.#chosen[part] = taken;
        }
        return options[taken];
    }
}

const INTERLOCK: readonly boolean[] = [true, false];

type Group = readonly ContactReadings[];

/** The part of an image to which a contact belongs. */
const GROUP_OF: ReadonlyMap<ContactName, number> = new Map(
    GROUPS.flatMap((names, part) => names.map((name) => [name, part] as const)),
);

const groupsByPlan = new Map<LanePlan, readonly Group[]>();

/**
 * For each group of contacts its readings: one for each difference that the lane's eyes or the oracle can see.
 * What an eye sees of one group does not depend on another; `perceive.test.ts` shows it for all combinations.
 */
function groupsOf(plan: LanePlan): readonly Group[] {
    const known = groupsByPlan.get(plan);
    if (known !== undefined) return known;
    const clear = Object.fromEntries(plan.contacts.map((name) => [name, { isActive: false, ageMs: 0 }]));
    const groups = GROUPS.map((names): Group => {
        const wired = names.filter((name) => plan.contacts.includes(name));
        const classes = new Map<string, ContactReadings>();
        for (const readings of combinations(wired)) {
            const levels = wired.map((name) => levelOf(readings[name]));
            const told = names.includes("limitOpen")
                ? [isSurelyAt("limitOpen", readings, plan), isSurelyAt("limitClosed", readings, plan)]
                : [
                      levels.includes("active"),
                      names.some(isClearSensor) && levels.every((each) => each === "clear"),
                      names.includes("boomLoop") && levels.includes("active") && levelOf(readings.boomLoop) !== "clear",
                  ];
            const key = JSON.stringify([told, claimsOf(perceive({ ...clear, ...readings }, plan))]);
            if (!classes.has(key)) classes.set(key, readings);
        }
        return [...classes.values()];
    });
    groupsByPlan.set(plan, groups);
    return groups;
}

const isClearSensor = (name: ContactName): boolean => name === "exitLoop" || name === "boomLoop";

/** The arm is at this switch, and the other one, where there is one, does not deny it. */
function isSurelyAt(name: "limitOpen" | "limitClosed", readings: ContactReadings, plan: LanePlan): boolean {
    const other = name === "limitOpen" ? "limitClosed" : "limitOpen";
    const isDenied = plan.contacts.includes(other) && levelOf(readings[other]) !== "clear";
    return levelOf(readings[name]) === "active" && !isDenied;
}

function combinations(names: readonly ContactName[]): readonly ContactReadings[] {
    return names.reduce<readonly ContactReadings[]>(
        (sofar, name) => sofar.flatMap((readings) => READINGS.map((reading) => ({ ...readings, [name]: reading }))),
        [{}],
    );
}
