/** The decision, rule by rule: timing, freshness, reads and what else speaks against a vehicle. The expectations are written by hand. */
import { describe, expect, test } from "vitest";
import type { Booking } from "../../../src/core/booking/booking.ts";
import { type DecisionInput, decide, type JudgedRead } from "../../../src/core/decision/decide.ts";
import { READ_DOUBTS, type ReadDoubt } from "../../../src/core/decision/read-doubt.ts";
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
        isOnline: true,
        fullQuotas: [],
        ...change,
    };
}

const listed = (...bookings: readonly Booking[]): JudgedRead => read("123ABC02", bookings);

const verdict = (change: Partial<DecisionInput>): string => {
    const { outcome, reason } = decide(input(change));
    return `${outcome} ${reason}`;
};

describe("slot", () => {
    const hour = 3_600_000;
    /** Noon of 22 November is winter by the site's calendar, noon of 22 June is summer. */
    const june = Date.UTC(2026, 5, 22, 12);
    const slot = (slotStartUtcMs: number, more: Partial<Booking> = {}): readonly JudgedRead[] => [
        listed(booking("123ABC02", { slotStartUtcMs, slotEndUtcMs: slotStartUtcMs + hour, ...more })),
    ];
    const winter = SLOT_UTC_MS;
    test.each<[string, Partial<DecisionInput>, string]>([
        ["winter: just not too early", { utcMs: winter - 2 * hour }, "admit BOOKED"],
        ["winter: too early", { utcMs: winter - 2 * hour - 1 }, "refuse TOO_EARLY"],
        ["summer: just not too early", { utcMs: june - hour, reads: slot(june) }, "admit BOOKED"],
        ["summer: too early", { utcMs: june - hour - 1, reads: slot(june) }, "refuse TOO_EARLY"],
        [
            "out of the waiting area too early",
            { role: "waiting-area-exit", utcMs: winter - 2 * hour - 1 },
            "refuse TOO_EARLY",
        ],
        [
            "into the waiting area a day before",
            { role: "waiting-area-entry", utcMs: winter - 24 * hour },
            "admit BOOKED",
        ],
        ["more than a day before", { role: "waiting-area-entry", utcMs: winter - 24 * hour - 1 }, "refuse TOO_EARLY"],
        ["last moment", { utcMs: winter + 2 * hour }, "admit BOOKED"],
        ["too late", { utcMs: winter + 2 * hour + 1 }, "refer TOO_LATE"],
        [
            "called earlier than the season's limit",
            { utcMs: winter - 5 * hour, reads: slot(winter, { calledAtUtcMs: winter - 5 * hour }) },
            "admit BOOKED",
        ],
        [
            "before its call",
            { utcMs: winter - 5 * hour - 1, reads: slot(winter, { calledAtUtcMs: winter - 5 * hour }) },
            "refuse TOO_EARLY",
        ],
        [
            "after its call was over",
            { utcMs: winter + 1, reads: slot(winter, { calledUntilUtcMs: winter }) },
            "refer CALL_OVER",
        ],
        [
            "a call that is over does not matter at the waiting area's entry",
            { role: "waiting-area-entry", utcMs: winter + 1, reads: slot(winter, { calledUntilUtcMs: winter }) },
            "admit BOOKED",
        ],
    ])("%s", (_name, change, expected) => expect(verdict(change)).toBe(expected));

    test.each([
        ["in the middle of winter", Date.UTC(2026, 0, 15, 12), 2 * hour],
        ["local midnight, first day of winter", Date.UTC(2026, 9, 31, 19), 2 * hour],
        ["a minute before it", Date.UTC(2026, 9, 31, 18, 59), hour],
        ["last hour of winter", Date.UTC(2026, 2, 31, 18), 2 * hour],
        ["first hour of summer", Date.UTC(2026, 2, 31, 19), hour],
    ])("season: %s", (_name, start, earlyMs) => {
        expect(verdict({ utcMs: start - earlyMs, reads: slot(start) })).toBe("admit BOOKED");
        expect(verdict({ utcMs: start - earlyMs - 1, reads: slot(start) })).toBe("refuse TOO_EARLY");
    });

    test("a winter within one year is one too", () => {
        const calendar = { utcOffsetMinutes: 300, winter: { from: "06-01", to: "06-30" } };
        const policy = { ...PLAN.policy, calendar };
        expect(verdict({ policy, utcMs: june - 2 * hour, reads: slot(june) })).toBe("admit BOOKED");
        expect(verdict({ policy, utcMs: winter - 2 * hour })).toBe("refuse TOO_EARLY");
    });

    test("is the officer's to judge when the clock is not trusted", () => {
        expect(verdict({ isClockTrusted: false })).toBe("refer CLOCK_NOT_TRUSTED");
        const policy = { ...PLAN.policy, onClockNotTrusted: "refuse" } as const;
        expect(verdict({ isClockTrusted: false, policy })).toBe("refuse CLOCK_NOT_TRUSTED");
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
        [
            "listed on a fresh list, a site that looks at everybody",
            { policy: { ...PLAN.policy, listedOnFreshList: "refer" } },
            "refer OFFICER_WANTED",
        ],
        ["listed while the link is down, the list still fresh", { isOnline: false }, "admit BOOKED"],
        ["unlisted on a fresh list", { reads: [listed()] }, "refuse NOT_LISTED"],
        ["unlisted while the link is down", { reads: [listed()], isOnline: false }, "refer NOT_LISTED"],
        [
            "unlisted while the link is down, strict site",
            { reads: [listed()], isOnline: false, policy: { ...PLAN.policy, unlistedOnOldList: "refuse" } },
            "refuse NOT_LISTED",
        ],
        ["unlisted on an old list", { reads: [listed()], list: old }, "refer NOT_LISTED"],
        ["booked for another checkpoint", { checkpoint: "bakhty" }, "refuse NOT_LISTED"],
        [
            "booked for another checkpoint, while the link is down",
            { checkpoint: "bakhty", isOnline: false },
            "refer NOT_LISTED",
        ],
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
            "refer REAR_DIFFERS",
        ],
        [
            "strangers before and behind",
            [listed(good), read("66BBB02", []), read("77CCC02", [], { camera: "cam-rear" })],
            "refer SEVERAL_PLATES",
        ],
        [
            "an unlisted tractor with a trailer behind",
            [listed(), read("66BBB02", [], { camera: "cam-rear" })],
            "refer REAR_DIFFERS",
        ],
        [
            "an unsure plate from behind",
            [listed(good), read("66BBB02", [], { camera: "cam-rear", confidence: 0.8 })],
            "admit BOOKED",
        ],
    ])("%s", (_name, reads, expected) => expect(verdict({ reads })).toBe(expected));

    const doubted = (doubt: ReadDoubt, more: Partial<JudgedRead> = {}): JudgedRead =>
        read("123ABC02", [good], { doubts: [doubt], ...more });
    test.each<[name: string, reads: readonly JudgedRead[], expected: string, unseenArrival?: "admit" | "refer"]>([
        ["no doubt", [read("123ABC02", [good], { doubts: [], travel: "towards" })], "admit BOOKED"],
        ["a camera that cannot tell", [listed(good)], "admit BOOKED"],
        ...READ_DOUBTS.map((doubt): [string, JudgedRead[], string] => [doubt, [doubted(doubt)], "refer NOT_LIVE"]),
        ["not seen to come, at a site that admits that", [doubted("arrival-unseen")], "admit BOOKED", "admit"],
        ["a photograph, at a site that admits unseen arrivals", [doubted("picture-still")], "refer NOT_LIVE", "admit"],
        [
            "not seen to come by one camera, but by another",
            [doubted("arrival-unseen"), read("123ABC02", [good], { camera: "cam-2", doubts: [] })],
            "admit BOOKED",
        ],
        [
            "not seen to come by one camera, and another cannot tell",
            [doubted("arrival-unseen"), read("123ABC02", [good], { camera: "cam-2" })],
            "refer NOT_LIVE",
        ],
        [
            "still to one camera, and lively to another",
            [doubted("picture-still"), read("123ABC02", [good], { camera: "cam-2", doubts: [] })],
            "refer NOT_LIVE",
        ],
        [
            "doubtful, and a strange plate beside it",
            [doubted("moves-alone"), read("999ZZZ01", [], { track: "t2", doubts: [] })],
            "refer NOT_LIVE",
        ],
        ["doubtful and unsure", [doubted("moves-alone", { confidence: 0.5 }), listed(good)], "admit BOOKED"],
        ["doubtful and not listed", [read("999ZZZ01", [], { doubts: ["stays-behind"] })], "refer NOT_LIVE"],
    ])("doubt: %s", (_name, reads, expected, unseenArrival) => {
        const policy = unseenArrival === undefined ? PLAN.policy : { ...PLAN.policy, unseenArrival };
        expect(verdict({ reads, policy })).toBe(expected);
    });

    test("a near match names its candidates and admits none of them", () => {
        const decision = decide(input({ reads: [read("123ABC03", [], { near: [good, booking("123ABC05")] })] }));
        expect(decision.candidates).toEqual(["b-123ABC02", "b-123ABC05"]);
        expect(decision.bookingId).toBeUndefined();
        expect(decision.comparisons).toEqual([
            {
                bookingId: "b-123ABC02",
                plate: "123ABC02",
                differences: [{ indexA: 7, indexB: 7, a: "3", b: "2", kind: "other" }],
            },
            {
                bookingId: "b-123ABC05",
                plate: "123ABC05",
                differences: [{ indexA: 7, indexB: 7, a: "3", b: "5", kind: "other" }],
            },
        ]);
    });

    test("no more than five candidates are shown", () => {
        const near = ["0", "1", "4", "5", "6", "7", "8"].map((digit) => booking(`123ABC0${digit}`));
        const decision = decide(input({ reads: [read("123ABC03", [], { near })] }));
        expect(decision.candidates).toHaveLength(5);
        expect(decision.comparisons).toHaveLength(5);
    });

    test("says which rules it asked", () => {
        const { trace, listVersion, bookingId } = decide(input());
        expect(trace.length).toBeGreaterThanOrEqual(5);
        expect(trace.join("\n")).toMatch(/status called at checkpoint-entry: in order/);
        expect({ listVersion, bookingId }).toEqual({ listVersion: 7, bookingId: "b-123ABC02" });
    });
});
