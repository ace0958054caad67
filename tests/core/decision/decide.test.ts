/** The decision as a table: every status in every role, then timing, freshness and reads. The expectations are written by hand. */
import { describe, expect, test } from "vitest";
import { BOOKING_STATUSES, type Booking, type BookingStatus } from "../../../src/core/booking/booking.ts";
import { type DecisionInput, decide, type JudgedRead } from "../../../src/core/decision/decide.ts";
import type { LaneRole } from "../../../src/core/decision/lane-role.ts";
import { booking, PLAN, read, SLOT_UTC_MS } from "../lane/lane-harness.ts";

const MINUTE_MS = 60_000;

function input(change: Partial<DecisionInput> = {}): DecisionInput {
    return {
        role: "checkpoint-entry",
        checkpoint: "nur-zholy",
        reads: [listed(booking("123ABC02"))],
        list: { version: 7, hash: "", ageMs: 1_000 },
        utcMs: SLOT_UTC_MS + MINUTE_MS,
        isClockTrusted: true,
        policy: PLAN.policy,
        isPresent: true,
        rearCameras: ["cam-rear"],
        passedBookings: [],
        ...change,
    };
}

const listed = (...bookings: readonly Booking[]): JudgedRead => read("123ABC02", bookings);

const verdict = (change: Partial<DecisionInput>): string => {
    const { outcome, reason } = decide(input(change));
    return `${outcome} ${reason}`;
};

describe("status by role", () => {
    const table: Record<LaneRole, Record<BookingStatus, string>> = {
        "waiting-area-entry": {
            "payment-pending": "refuse NOT_PAID",
            "in-queue": "admit BOOKED",
            called: "admit BOOKED",
            entered: "refer ALREADY_INSIDE",
            crossed: "refuse ALREADY_CROSSED",
            revoked: "refuse BOOKING_ENDED",
            expired: "refuse BOOKING_ENDED",
            annulled: "refuse BOOKING_ENDED",
            unknown: "refer STATUS_UNKNOWN",
        },
        "waiting-area-exit": {
            "payment-pending": "refuse NOT_PAID",
            "in-queue": "refuse NOT_CALLED",
            called: "admit BOOKED",
            entered: "refer ALREADY_INSIDE",
            crossed: "refer ALREADY_CROSSED",
            revoked: "refuse BOOKING_ENDED",
            expired: "refuse BOOKING_ENDED",
            annulled: "refuse BOOKING_ENDED",
            unknown: "refer STATUS_UNKNOWN",
        },
        "checkpoint-entry": {
            "payment-pending": "refuse NOT_PAID",
            "in-queue": "refuse NOT_CALLED",
            called: "admit BOOKED",
            entered: "refer ALREADY_INSIDE",
            crossed: "refuse ALREADY_CROSSED",
            revoked: "refuse BOOKING_ENDED",
            expired: "refuse BOOKING_ENDED",
            annulled: "refuse BOOKING_ENDED",
            unknown: "refer STATUS_UNKNOWN",
        },
        "checkpoint-exit": {
            "payment-pending": "refer NOT_INSIDE",
            "in-queue": "refer NOT_INSIDE",
            called: "refer NOT_INSIDE",
            entered: "admit BOOKED",
            crossed: "refer ALREADY_CROSSED",
            revoked: "refer BOOKING_ENDED",
            expired: "refer BOOKING_ENDED",
            annulled: "refer BOOKING_ENDED",
            unknown: "refer STATUS_UNKNOWN",
        },
    };
    const rows = Object.entries(table).flatMap(([role, byStatus]) =>
        Object.entries(byStatus).map(
            ([status, expected]) => [role, status, expected] as [LaneRole, BookingStatus, string],
        ),
    );

    test("the table is complete", () => expect(rows).toHaveLength(4 * BOOKING_STATUSES.length));

    test.each(rows)("%s, %s: %s", (role, status, expected) => {
        expect(verdict({ role, reads: [listed(booking("123ABC02", { status }))] })).toBe(expected);
        // Nobody without a booking of the right kind gets in by an old list, an untrusted clock or lateness either.
        const late = [listed(booking("123ABC02", { status, isLate: true }))];
        const worse = decide(
            input({ role, reads: late, isClockTrusted: false, list: { version: 7, hash: "", ageMs: Infinity } }),
        );
        expect(worse.outcome).not.toBe("admit");
    });
});

describe("slot", () => {
    const hour = 3_600_000;
    test.each([
        ["just not too early", SLOT_UTC_MS - hour, "admit BOOKED"],
        ["too early", SLOT_UTC_MS - hour - 1, "refuse TOO_EARLY"],
        ["last moment", SLOT_UTC_MS + hour + hour, "admit BOOKED"],
        ["too late", SLOT_UTC_MS + hour + hour + 1, "refer TOO_LATE"],
    ])("%s", (_name, utcMs, expected) => expect(verdict({ utcMs })).toBe(expected));

    test("is the officer's to judge when the clock is not trusted", () => {
        expect(verdict({ isClockTrusted: false })).toBe("refer CLOCK_NOT_TRUSTED");
    });

    test("does not matter on the way out", () => {
        const reads = [listed(booking("123ABC02", { status: "entered" }))];
        expect(verdict({ role: "checkpoint-exit", reads, utcMs: 0, isClockTrusted: false })).toBe("admit BOOKED");
    });
});

describe("list", () => {
    const old = { version: 7, hash: "", ageMs: PLAN.policy.listAgeMsMax + 1 };
    test.each<[string, Partial<DecisionInput>, string]>([
        ["listed on an old list, strict site", { list: old }, "refer LIST_OLD"],
        [
            "listed on an old list, lenient site",
            { list: old, policy: { ...PLAN.policy, listedOnOldList: "admit" } },
            "admit BOOKED",
        ],
        ["a list never confirmed is old", { list: { ...old, ageMs: Infinity } }, "refer LIST_OLD"],
        ["an age that is no number is old", { list: { ...old, ageMs: Number.NaN } }, "refer LIST_OLD"],
        ["no list yet", { list: { version: 0, hash: "", ageMs: Infinity } }, "refer NO_LIST"],
        ["unlisted on a fresh list", { reads: [listed()] }, "refuse NOT_LISTED"],
        ["unlisted on an old list", { reads: [listed()], list: old }, "refer NOT_LISTED"],
        ["booked for another checkpoint", { checkpoint: "bakhty" }, "refuse NOT_LISTED"],
        ["unlisted on the way out", { role: "checkpoint-exit", reads: [listed()] }, "refer NOT_LISTED"],
        ["on the way out at another checkpoint", { role: "checkpoint-exit", checkpoint: "bakhty" }, "refer NOT_LISTED"],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));
});

describe("last objections", () => {
    const kg = (grossKg: number): Partial<DecisionInput> => ({ weight: { grossKg, raw: "02" } });
    test.each<[string, Partial<DecisionInput>, string]>([
        ["the heaviest that may go in", kg(44_000), "admit BOOKED"],
        ["a kilogram more", kg(44_001), "refer OVERWEIGHT"],
        ["the lightest lorry", kg(3_000), "admit BOOKED"],
        ["a kilogram less", kg(2_999), "refer WEIGHT_UNSURE"],
        ["a weight that is no number", kg(Number.NaN), "refer WEIGHT_UNSURE"],
        ["no weight where there is a scale", { weight: { problem: "UNSTABLE" } }, "refer WEIGHT_UNSURE"],
        ["passed here already", { passedBookings: ["b-1", "b-123ABC02"] }, "refer ALREADY_PASSED"],
        ["others have passed here", { passedBookings: ["b-1"] }, "admit BOOKED"],
        ["nobody at the approach", { isPresent: false }, "refer NOT_PRESENT"],
        [
            "unlisted, too heavy and not there",
            { ...kg(90_000), isPresent: false, reads: [listed()] },
            "refuse NOT_LISTED",
        ],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));

    test("say in the trace what was weighed, or why not", () => {
        expect(decide(input(kg(50_000))).trace.at(-1)).toBe("gross 50000 kg, from 3000 to 44000 in order");
        expect(decide(input({ weight: { problem: "NOT_WHOLLY_ON" } })).trace.at(-1)).toBe("no weight: NOT_WHOLLY_ON");
    });
});

describe("reads", () => {
    const good = booking("123ABC02");
    const trailer = { text: "55AAA02", key: read("55AAA02", []).key };
    const withTrailer = booking("123ABC02", { trailers: [trailer] });
    test.each<[string, readonly JudgedRead[], string]>([
        ["none", [], "refer NO_READ"],
        ["only separators", [read("- -", [])], "refer NO_READ"],
        ["not confident", [read("123ABC02", [good], { confidence: 0.84 })], "refer READ_UNSURE"],
        ["too few frames agree", [read("123ABC02", [good], { agreeing: 1 })], "refer READ_UNSURE"],
        ["one character away", [read("123ABC03", [], { near: [good] })], "refer NEAR_MATCH"],
        ["booked as a trailer only", [read("55AAA02", [], { asTrailer: [good] })], "refer TRAILER_PLATE_ONLY"],
        ["two bookings for one plate", [listed(good, booking("123ABC02", { id: "b2" }))], "refer SEVERAL_BOOKINGS"],
        [
            "an ended booking beside a live one",
            [listed(booking("123ABC02", { id: "b2", status: "expired" }), good)],
            "admit BOOKED",
        ],
        [
            "two confident plates, both booked",
            [listed(good), read("777KKK05", [booking("777KKK05")])],
            "refer SEVERAL_PLATES",
        ],
        ["two confident plates, one unknown", [listed(good), read("999ZZZ01", [])], "refer SEVERAL_PLATES"],
        ["two cameras, one plate", [listed(good), read("123 ABC 02", [good], { camera: "cam-2" })], "admit BOOKED"],
        [
            "tractor with its own trailer",
            [listed(withTrailer), read("55AAA02", [], { asTrailer: [withTrailer] })],
            "admit BOOKED",
        ],
        [
            "tractor with its own trailer, seen from behind",
            [listed(withTrailer), read("55AAA02", [], { asTrailer: [withTrailer], camera: "cam-rear" })],
            "admit BOOKED",
        ],
        [
            "the tractor's own plate from behind",
            [listed(good), read("123ABC02", [good], { camera: "cam-rear" })],
            "admit BOOKED",
        ],
        [
            "another trailer than booked, seen from behind",
            [listed(withTrailer), read("66BBB02", [], { camera: "cam-rear" })],
            "refer TRAILER_DIFFERS",
        ],
        [
            "a trailer that is not booked at all, seen from behind",
            [listed(good), read("66BBB02", [], { camera: "cam-rear" })],
            "refer TRAILER_DIFFERS",
        ],
        [
            "the trailer of another booking, seen from behind",
            [listed(good), read("55AAA02", [], { asTrailer: [withTrailer], camera: "cam-rear" })],
            "refer TRAILER_DIFFERS",
        ],
        [
            "another booked tractor, seen from behind",
            [listed(good), read("777KKK05", [booking("777KKK05")], { camera: "cam-rear" })],
            "refer SEVERAL_PLATES",
        ],
        [
            "strangers before and behind",
            [listed(good), read("66BBB02", []), read("77CCC02", [], { camera: "cam-rear" })],
            "refer SEVERAL_PLATES",
        ],
        [
            "an unlisted tractor with a trailer behind",
            [listed(), read("66BBB02", [], { camera: "cam-rear" })],
            "refer SEVERAL_PLATES",
        ],
        [
            "an unsure plate from behind",
            [listed(good), read("66BBB02", [], { camera: "cam-rear", confidence: 0.8 })],
            "admit BOOKED",
        ],
    ])("%s", (_name, reads, expected) => expect(verdict({ reads })).toBe(expected));

    test("a near match names its candidates and admits none of them", () => {
        const decision = decide(input({ reads: [read("123ABC03", [], { near: [good, booking("123ABC05")] })] }));
        expect(decision.candidates).toEqual(["b-123ABC02", "b-123ABC05"]);
        expect(decision.bookingId).toBeUndefined();
    });

    test("says which rules it asked", () => {
        const { trace, listVersion, bookingId } = decide(input());
        expect(trace.length).toBeGreaterThanOrEqual(5);
        expect(trace.join("\n")).toMatch(/status called at checkpoint-entry: in order/);
        expect({ listVersion, bookingId }).toEqual({ listVersion: 7, bookingId: "b-123ABC02" });
    });
});
