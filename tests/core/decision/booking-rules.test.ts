/** What this site itself knows, lists from outside the queue, quotas, countries, trailers and an officer's link: by hand, rule by rule. */
import { describe, expect, test } from "vitest";
import type { Booking } from "../../../src/core/booking/booking.ts";
import {
    type DecisionInput,
    type DecisionReason,
    decide,
    type JudgedRead,
    type OfficerLink,
} from "../../../src/core/decision/decide.ts";
import type { LaneRole } from "../../../src/core/decision/lane-role.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import type { KnownBooking, PlateKnowledge } from "../../../src/core/queue/local-knowledge.ts";
import { booking, PLAN, read, SLOT_UTC_MS } from "../lane/lane-harness.ts";

function input(change: Partial<DecisionInput> = {}): DecisionInput {
    return {
        role: "checkpoint-entry",
        checkpoint: "nur-zholy",
        reads: [seen()],
        list: { version: 7, hash: "", ageMs: 1_000 },
        isOnline: true,
        utcMs: SLOT_UTC_MS + 60_000,
        isClockTrusted: true,
        policy: PLAN.policy,
        isPresent: true,
        rearCameras: [],
        fullQuotas: [],
        ...change,
    };
}

const ID = "b-123ABC02";
const booked = (change: Partial<Booking> = {}): Booking => booking("123ABC02", change);
const known = (change: Partial<PlateKnowledge>): Partial<JudgedRead> => ({
    known: { outOfTurn: [], bookings: {}, isInside: false, ...change },
});
function seen(bookings: readonly Booking[] = [booked()], change: Partial<JudgedRead> = {}): JudgedRead {
    return read("123ABC02", bookings, change);
}
const verdict = (change: Partial<DecisionInput>): string => {
    const { outcome, reason } = decide(input(change));
    return `${outcome} ${reason}`;
};

describe("what this site saw itself", () => {
    const stages = ["arrived", "left-waiting-area", "entered", "crossed"] as const;
    /** A called booking that the site has seen come so far. */
    const table: Record<LaneRole, Record<(typeof stages)[number], string>> = {
        "waiting-area-entry": {
            arrived: "refer ALREADY_PASSED",
            "left-waiting-area": "refer ALREADY_PASSED",
            entered: "refer ALREADY_PASSED",
            crossed: "refer ALREADY_PASSED",
        },
        "waiting-area-exit": {
            arrived: "admit BOOKED",
            "left-waiting-area": "refer ALREADY_PASSED",
            entered: "refer ALREADY_PASSED",
            crossed: "refer ALREADY_PASSED",
        },
        "checkpoint-entry": {
            arrived: "admit BOOKED",
            "left-waiting-area": "admit BOOKED",
            entered: "refer ALREADY_PASSED",
            crossed: "refer ALREADY_PASSED",
        },
        "checkpoint-exit": {
            arrived: "refer NOT_INSIDE",
            "left-waiting-area": "refer NOT_INSIDE",
            entered: "admit BOOKED",
            crossed: "refer NOT_INSIDE",
        },
    };
    const rows = Object.entries(table).flatMap(([role, byStage]) =>
        Object.entries(byStage).map(([stage, expected]) => [role, stage, expected] as [LaneRole, "entered", string]),
    );
    test.each(rows)("%s, %s: %s", (role, stage, expected) => {
        const reads = [seen([booked()], known({ bookings: { [ID]: { stage } } }))];
        expect(verdict({ role, reads })).toBe(expected);
    });

    test.each<[string, Partial<DecisionInput>, string]>([
        [
            "another booking's progress says nothing",
            { reads: [seen([booked()], known({ bookings: { "b-1": { stage: "crossed" } } }))] },
            "admit BOOKED",
        ],
        ["the plate is inside", { reads: [seen([booked()], known({ isInside: true }))] }, "refer ALREADY_INSIDE"],
        [
            "the plate is inside, and wants out",
            { role: "checkpoint-exit", reads: [seen([booked()], known({ isInside: true }))] },
            "admit BOOKED",
        ],
        [
            "inside without a booking, and wants out",
            { role: "checkpoint-exit", reads: [seen([], known({ isInside: true }))] },
            "admit INSIDE",
        ],
        [
            "the same with nobody on the loop",
            { role: "checkpoint-exit", isPresent: false, reads: [seen([], known({ isInside: true }))] },
            "refer NOT_PRESENT",
        ],
        [
            "inside, and its booking annulled meanwhile",
            { role: "checkpoint-exit", reads: [seen([booked({ status: "annulled" })], known({ isInside: true }))] },
            "refer BOOKING_ENDED",
        ],
        [
            "contradicted by the central system",
            { reads: [seen([booked()], known({ bookings: { [ID]: { stage: "arrived", isContradicted: true } } }))] },
            "refer CONTRADICTED",
        ],
        [
            "called by this site",
            {
                reads: [
                    seen(
                        [booked({ status: "in-queue" })],
                        known({ bookings: { [ID]: { calledUntilUtcMs: SLOT_UTC_MS + 3_600_000 } } }),
                    ),
                ],
            },
            "admit BOOKED",
        ],
        [
            "called by this site long before its slot",
            {
                utcMs: SLOT_UTC_MS - 20 * 3_600_000,
                reads: [
                    seen(
                        [booked({ status: "in-queue" })],
                        known({ bookings: { [ID]: { calledUntilUtcMs: SLOT_UTC_MS } } }),
                    ),
                ],
            },
            "admit BOOKED",
        ],
        [
            "called by this site, and that is over",
            {
                reads: [
                    seen(
                        [booked({ status: "in-queue" })],
                        known({ bookings: { [ID]: { calledUntilUtcMs: SLOT_UTC_MS } } }),
                    ),
                ],
            },
            "refer CALL_OVER",
        ],
        [
            "the same plate at another lane",
            { reads: [seen([booked()], { seenElsewhere: "lane-2" })] },
            "refer SEEN_ELSEWHERE",
        ],
        [
            "the same plate at another lane, on the way out",
            { role: "checkpoint-exit", reads: [seen([booked({ status: "entered" })], { seenElsewhere: "lane-2" })] },
            "refer SEEN_ELSEWHERE",
        ],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));

    test("who was not seen to come through the waiting area is put before an officer where that is required", () => {
        const policy = { ...PLAN.policy, waitingAreaWay: "required" } as const;
        const came = known({ bookings: { [ID]: { stage: "left-waiting-area" } } });
        const arrived = known({ bookings: { [ID]: { stage: "arrived" } } });
        expect(verdict({ policy })).toBe("refer NO_WAITING_AREA");
        expect(verdict({ policy, reads: [seen([booked()], arrived)] })).toBe("refer NO_WAITING_AREA");
        expect(verdict({ policy, reads: [seen([booked()], came)] })).toBe("admit BOOKED");
        expect(verdict({ policy, role: "waiting-area-exit" })).toBe("admit BOOKED");
    });
});

describe("one active booking a vehicle", () => {
    test.each<[string, readonly Booking[], LaneRole, string]>([
        ["two here", [booked(), booked({ id: "b-2" })], "checkpoint-entry", "refer SEVERAL_BOOKINGS"],
        [
            "one here and one at another checkpoint",
            [booked(), booked({ id: "b-2", checkpoint: "bakhty", status: "in-queue" })],
            "checkpoint-entry",
            "refer SEVERAL_BOOKINGS",
        ],
        [
            "one here, the other one crossed elsewhere",
            [booked(), booked({ id: "b-2", checkpoint: "bakhty", status: "crossed" })],
            "checkpoint-entry",
            "admit BOOKED",
        ],
        [
            "the one inside leaves, the other one waits",
            [booked({ status: "entered" }), booked({ id: "b-2", status: "in-queue" })],
            "checkpoint-exit",
            "admit BOOKED",
        ],
        [
            "an unknown state may be a live one",
            [booked(), booked({ id: "b-2", status: "unknown" })],
            "checkpoint-entry",
            "refer SEVERAL_BOOKINGS",
        ],
    ])("%s", (_name, bookings, role, expected) => expect(verdict({ role, reads: [seen(bookings)] })).toBe(expected));
});

describe("holds", () => {
    test.each<[string, readonly string[], string]>([
        ["none", [], "admit BOOKED"],
        ["the booker is blocked", ["booker-blocked"], "admit BOOKED"],
        ["anything else", ["customs-debt"], "refer HELD"],
        ["both", ["booker-blocked", "customs-debt"], "refer HELD"],
    ])("%s", (_name, holds, expected) => expect(verdict({ reads: [seen([booked({ holds })])] })).toBe(expected));
});

describe("quotas of the day", () => {
    test.each<[string, Partial<Booking>, readonly string[], LaneRole, string]>([
        ["in turn", {}, ["accelerated", "postal", "out-of-turn"], "checkpoint-entry", "admit BOOKED"],
        ["accelerated, room", { priority: "accelerated" }, ["out-of-turn"], "checkpoint-entry", "admit BOOKED"],
        ["accelerated, full", { priority: "accelerated" }, ["accelerated"], "checkpoint-entry", "refer QUOTA_FULL"],
        ["out of turn, full", { priority: "out-of-turn" }, ["out-of-turn"], "waiting-area-exit", "refer QUOTA_FULL"],
        [
            "post has a quota of its own",
            { priority: "out-of-turn", category: "postal" },
            ["out-of-turn"],
            "checkpoint-entry",
            "admit BOOKED",
        ],
        [
            "a full quota keeps nobody from waiting",
            { priority: "accelerated" },
            ["accelerated"],
            "waiting-area-entry",
            "admit BOOKED",
        ],
    ])("%s", (_name, change, fullQuotas, role, expected) =>
        expect(verdict({ role, fullQuotas, reads: [seen([booked(change)])] })).toBe(expected),
    );

    test("are named in the decision, so that they can be counted", () => {
        const reads = [seen([booked({ priority: "accelerated" })])];
        expect(decide(input({ reads })).quotas).toEqual(["accelerated"]);
        expect(decide(input()).quotas).toBeUndefined();
    });
});

describe("lists from outside the queue", () => {
    const entry = booked({ id: "ot-1-1", list: "ot-1", priority: "out-of-turn", category: "perishable" });
    const listed = known({ outOfTurn: [entry] });
    test.each<[string, Partial<DecisionInput>, string]>([
        ["no booking at all", { reads: [seen([], listed)] }, "admit OUT_OF_TURN"],
        [
            "in the queue and not called",
            { reads: [seen([booked({ status: "in-queue" })], listed)] },
            "admit OUT_OF_TURN",
        ],
        ["booking ended", { reads: [seen([booked({ status: "expired" })], listed)] }, "admit OUT_OF_TURN"],
        ["a booking in order comes first", { reads: [seen([booked()], listed)] }, "admit BOOKED"],
        ["held by the central system", { reads: [seen([booked({ holds: ["x"] })], listed)] }, "refer HELD"],
        [
            "a near booking beside it",
            { reads: [seen([], { ...listed, near: [booking("123ABC03")] })] },
            "admit OUT_OF_TURN",
        ],
        ["its quota is used up", { fullQuotas: ["list:ot-1"], reads: [seen([], listed)] }, "refer QUOTA_FULL"],
        ["the site's quota is used up", { fullQuotas: ["out-of-turn"], reads: [seen([], listed)] }, "refer QUOTA_FULL"],
        ["a moment before it is valid", { utcMs: SLOT_UTC_MS - 1, reads: [seen([], listed)] }, "refuse TOO_EARLY"],
        ["a moment after", { utcMs: SLOT_UTC_MS + 3_600_001, reads: [seen([], listed)] }, "refer TOO_LATE"],
        ["another checkpoint's", { checkpoint: "bakhty", reads: [seen([], listed)] }, "refuse NOT_LISTED"],
        [
            "used already",
            { reads: [seen([], known({ outOfTurn: [entry], bookings: { "ot-1-1": { stage: "entered" } } }))] },
            "refer ALREADY_PASSED",
        ],
        [
            "used already, but it stands there twice",
            {
                reads: [
                    seen(
                        [],
                        known({
                            outOfTurn: [entry, { ...entry, id: "ot-1-2" }],
                            bookings: { "ot-1-1": { stage: "crossed" } },
                        }),
                    ),
                ],
            },
            "admit OUT_OF_TURN",
        ],
        [
            "on its way out",
            {
                role: "checkpoint-exit",
                reads: [seen([], known({ outOfTurn: [entry], bookings: { "ot-1-1": { stage: "entered" } } }))],
            },
            "admit OUT_OF_TURN",
        ],
        [
            "on its way out without having entered",
            { role: "checkpoint-exit", reads: [seen([], listed)] },
            "refer NOT_INSIDE",
        ],
        [
            "no way through the waiting area is asked of it",
            { policy: { ...PLAN.policy, waitingAreaWay: "required" }, reads: [seen([], listed)] },
            "admit OUT_OF_TURN",
        ],
        [
            "without any central list",
            { list: { version: 0, hash: "", ageMs: Infinity }, reads: [seen([], listed)] },
            "refer NO_LIST",
        ],
        ["unsure read", { reads: [seen([], { ...listed, confidence: 0.5 })] }, "refer READ_UNSURE"],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));
});

describe("country and form of the plate", () => {
    const from = (plate: string, country: string, change: Partial<JudgedRead> = {}): readonly JudgedRead[] => [
        read(plate, [booking(plate, { tractor: { text: plate, key: toPlateKey(plate), country } })], change),
    ];
    test.each<[string, readonly JudgedRead[], string]>([
        ["Kazakh plate, booked as Kazakh", from("123ABC02", "KZ"), "admit BOOKED"],
        ["Kazakh plate, booked as Russian", from("123ABC02", "RU"), "refer COUNTRY_DIFFERS"],
        ["the camera saw another country", from("123ABC02", "KZ", { country: "UZ" }), "refer COUNTRY_DIFFERS"],
        ["the camera saw the same", from("123ABC02", "KZ", { country: "KZ" }), "admit BOOKED"],
        ["a country without known forms", from("ZZ9999", "MD"), "admit BOOKED"],
        ["a Chinese plate in Latin letters", from("A12345", "CN"), "admit BOOKED"],
        ["a Chinese plate that is none", from("新123", "CN"), "refer COUNTRY_DIFFERS"],
    ])("%s", (_name, reads, expected) => expect(verdict({ reads })).toBe(expected));
});

describe("trailers that should be there", () => {
    const trailer = { text: "55AAA02", key: toPlateKey("55AAA02") };
    const withTrailer = booked({ trailers: [trailer] });
    const behind = read("55AAA02", [], { asTrailer: [withTrailer], camera: "cam-rear" });
    const rearCameras = ["cam-rear"];
    test.each<[string, Partial<DecisionInput>, string]>([
        ["read behind", { rearCameras, reads: [seen([withTrailer]), behind] }, "admit BOOKED"],
        ["not read", { rearCameras, reads: [seen([withTrailer])] }, "refer TRAILER_NOT_SEEN"],
        [
            "read unsurely",
            { rearCameras, reads: [seen([withTrailer]), { ...behind, confidence: 0.4 }] },
            "refer TRAILER_NOT_SEEN",
        ],
        ["no camera behind", { reads: [seen([withTrailer])] }, "admit BOOKED"],
        [
            "a site that does not mind",
            { rearCameras, reads: [seen([withTrailer])], policy: { ...PLAN.policy, missingTrailer: "admit" } },
            "admit BOOKED",
        ],
        ["none booked", { rearCameras }, "admit BOOKED"],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));
});

describe("weight", () => {
    const policy = { ...PLAN.policy, combinationKg: { single: { min: 4_000, max: 25_000 } } };
    test.each<[string, Partial<Booking>, number, string]>([
        ["over its papers, under the site's limit", { permittedMassKg: 20_000 }, 20_001, "refer OVERWEIGHT"],
        ["papers above the site's limit change nothing", { permittedMassKg: 60_000 }, 44_001, "refer OVERWEIGHT"],
        ["a single lorry above its own limit", { combination: "single" }, 25_001, "refer OVERWEIGHT"],
        ["a single lorry too light to be one", { combination: "single" }, 3_500, "refer WEIGHT_UNSURE"],
        ["a combination without a limit of its own", { combination: "road-train" }, 44_000, "admit BOOKED"],
    ])("%s", (_name, change, grossKg, expected) =>
        expect(verdict({ policy, weight: { grossKg, raw: "02" }, reads: [seen([booked(change)])] })).toBe(expected),
    );
});

describe("an officer's link", () => {
    const link = (change: Partial<Booking> = {}, known: KnownBooking = {}): OfficerLink => ({
        by: "A. Officer",
        bookingId: ID,
        held: { booking: booked(change), known },
    });
    test.each<[string, Partial<DecisionInput>, string]>([
        ["another plate than booked", { link: link(), reads: [read("999ZZZ01", [])] }, "admit BOOKED"],
        ["no plate at all", { link: link(), reads: [] }, "admit BOOKED"],
        ["not called", { link: link({ status: "in-queue" }), reads: [] }, "refuse NOT_CALLED"],
        ["another checkpoint", { link: link({ checkpoint: "bakhty" }), reads: [] }, "refer NOT_LISTED"],
        ["nobody there", { link: link(), reads: [], isPresent: false }, "refer NOT_PRESENT"],
        ["no list", { link: link(), list: { version: 0, hash: "", ageMs: 0 } }, "refer NO_LIST"],
        [
            "trailers nobody read",
            { link: link({ trailers: [booked().tractor] }), reads: [], rearCameras: ["r"] },
            "admit BOOKED",
        ],
        [
            "the booking is gone, whatever the plate says",
            { link: { by: "A. Officer", bookingId: ID }, reads: [seen([booked()])] },
            "refer NOT_LISTED",
        ],
        ["passed already", { link: link({}, { stage: "entered" }), reads: [] }, "refer ALREADY_PASSED"],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));

    test("stands in the trace with the officer's name", () => {
        const { trace, plate, bookingId } = decide(input({ link: link(), reads: [read("999ZZZ01", [])] }));
        expect(trace[0]).toBe("linked to b-123ABC02 by A. Officer");
        expect({ plate, bookingId }).toEqual({ plate: "999ZZZ01", bookingId: ID });
    });
});

test("nobody is let in at all by one of these alone: a near booking, an unsure read, an empty loop, no list", () => {
    const worst: readonly Partial<DecisionInput>[] = [
        { reads: [read("123ABC03", [], { near: [booked()] })] },
        { reads: [seen([booked()], { agreeing: 1 })] },
        { isPresent: false },
        { list: { version: 0, hash: "", ageMs: 0 } },
    ];
    const reasons: DecisionReason[] = [];
    for (const change of worst) {
        const { outcome, reason } = decide(input(change));
        expect(outcome).toBe("refer");
        reasons.push(reason);
    }
    expect(reasons).toEqual(["NEAR_MATCH", "READ_UNSURE", "NOT_PRESENT", "NO_LIST"]);
});
