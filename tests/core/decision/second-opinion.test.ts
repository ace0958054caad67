/** Reads of cameras that read by themselves: when they may decide, and what becomes of two readers that see different plates. */
import { describe, expect, test } from "vitest";
import type { Booking } from "../../../src/core/booking/booking.ts";
import { type DecisionInput, decide, type JudgedRead } from "../../../src/core/decision/decide.ts";
import type { ReaderTrust } from "../../../src/core/decision/decision-policy.ts";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { booking, LaneBench, PLAN, read, SLOT_UTC_MS } from "../lane/lane-harness.ts";

const TRUST: ReaderTrust = { confidenceMin: 0.9, isUnratedTrusted: false, aheadMsMax: 0 };
const good = booking("123ABC02");
const withTrailer = booking("123ABC02", { trailers: [{ text: "55AAA02", key: toPlateKey("55AAA02") }] });

function decided(reads: readonly JudgedRead[], trust: ReaderTrust = TRUST) {
    const input: DecisionInput = {
        role: "checkpoint-entry",
        checkpoint: "nur-zholy",
        reads,
        list: { version: 7, hash: "", ageMs: 1_000 },
        utcMs: SLOT_UTC_MS + 60_000,
        isClockTrusted: true,
        policy: { ...PLAN.policy, readers: { anpr: trust, "anpr-rear": trust } },
        isPresent: true,
        rearCameras: ["cam-rear", "anpr-rear"],
        isOnline: true,
        fullQuotas: [],
    };
    const { outcome, reason, trace } = decide(input);
    return { verdict: `${outcome} ${reason}`, trace };
}

/** One event of a camera: a single frame as far as anybody knows. */
const said = (plate: string, booked: readonly Booking[], change: Partial<JudgedRead> = {}): JudgedRead =>
    read(plate, booked, { camera: "anpr", frames: 1, agreeing: 1, confidence: 0.95, ...change });
const seen = (plate: string, booked: readonly Booking[], change: Partial<JudgedRead> = {}): JudgedRead =>
    read(plate, booked, { camera: "cam-1", ...change });

describe("a camera alone", () => {
    test.each<[string, JudgedRead, ReaderTrust, string]>([
        ["sure by the site's threshold for it", said("123ABC02", [good]), TRUST, "admit BOOKED"],
        ["just sure", said("123ABC02", [good], { confidence: 0.9 }), TRUST, "admit BOOKED"],
        ["below it", said("123ABC02", [good], { confidence: 0.899 }), TRUST, "refer READ_UNSURE"],
        [
            "the site has set no threshold: our reader's is not taken for it",
            said("123ABC02", [good], { confidence: 1 }),
            { isUnratedTrusted: false, aheadMsMax: 0 },
            "refer READ_UNSURE",
        ],
        [
            "without a confidence",
            said("123ABC02", [good], { confidence: 0, isUnrated: true }),
            TRUST,
            "refer READ_UNSURE",
        ],
        [
            "without a confidence, trusted by the site",
            said("123ABC02", [good], { confidence: 0, isUnrated: true }),
            { isUnratedTrusted: true, aheadMsMax: 0 },
            "admit BOOKED",
        ],
        [
            "trusted without a confidence is not trusted with a low one",
            said("123ABC02", [good], { confidence: 0.2 }),
            { isUnratedTrusted: true, aheadMsMax: 0 },
            "refer READ_UNSURE",
        ],
    ])("%s", (_name, one, trust, expected) => expect(decided([one], trust).verdict).toBe(expected));
});

describe("two readers", () => {
    const unsure = { confidence: 0.4 };
    test.each<[string, readonly JudgedRead[], string]>([
        ["agree", [seen("123ABC02", [good]), said("123 ABC 02", [good])], "admit BOOKED"],
        ["agree, one of them unsure", [seen("123ABC02", [good]), said("123ABC02", [good], unsure)], "admit BOOKED"],
        [
            "agree, and both unsure: agreement raises nothing",
            [seen("123ABC02", [good], unsure), said("123ABC02", [good], unsure)],
            "refer READ_UNSURE",
        ],
        ["both sure of different plates", [seen("123ABC02", [good]), said("999ZZZ01", [])], "refer READERS_DISAGREE"],
        [
            "both sure of booked plates",
            [seen("123ABC02", [good]), said("777KKK05", [booking("777KKK05")])],
            "refer READERS_DISAGREE",
        ],
        [
            "one sign apart, the other unsure: both look at the same plate",
            [seen("123ABC02", [good]), said("123ABC03", [], unsure)],
            "refer READERS_DISAGREE",
        ],
        [
            "one sign apart, ours unsure",
            [seen("123ABO02", [], unsure), said("123ABC02", [good])],
            "refer READERS_DISAGREE",
        ],
        [
            "an unsure read of something else, such as a slogan",
            [seen("TRANSAVTO77", [], unsure), said("123ABC02", [good])],
            "admit BOOKED",
        ],
        [
            "our reader sees the trailer of the booking as well",
            [seen("55AAA02", [], { asTrailer: [withTrailer], track: "t2" }), said("123ABC02", [withTrailer])],
            "admit BOOKED",
        ],
        [
            "of different sides: the rear camera sees a trailer",
            [seen("123ABC02", [withTrailer]), said("55AAA02", [], { camera: "anpr-rear", asTrailer: [withTrailer] })],
            "admit BOOKED",
        ],
        [
            "of different sides: a trailer that is not booked stays the trailer's matter",
            [seen("123ABC02", [good]), said("66BBB02", [], { camera: "anpr-rear" })],
            "refer TRAILER_DIFFERS",
        ],
        [
            "national script and its Latin booking",
            [
                seen("1234УБӨ", [booking("1234YBU")], { foldedTo: toPlateKey("1234YBU") }),
                said("1234YBU", [booking("1234YBU")]),
            ],
            "admit BOOKED",
        ],
        ["two of our own, as ever", [seen("123ABC02", [good]), seen("999ZZZ01", [])], "refer SEVERAL_PLATES"],
    ])("%s", (_name, reads, expected) => expect(decided(reads).verdict).toBe(expected));

    test("the trace names both cameras with their plates", () => {
        const { trace } = decided([seen("123ABC02", [good]), said("123ABC03", [], unsure)]);
        expect(trace).toContain("readers disagree: cam-1 123ABC02, anpr 123ABC03");
    });
});

describe("in a lane that is read twice", () => {
    const plan = { ...PLAN, isReadTwice: true, policy: { ...PLAN.policy, readers: { anpr: TRUST } } };
    const bench = (reads: LaneBench["reads"]): LaneBench => {
        const opened = new LaneBench(plan).pass(100);
        opened.reads = reads;
        return opened.set({ approachLoop: true });
    };
    const ours = read("123ABC02", [good]);
    const theirs = read("123ABC02", [good], { camera: "anpr", track: "e1", frames: 1, agreeing: 1 });

    test("the quicker one does not decide alone", () => {
        const opened = bench([theirs]).pass(2_000);
        expect(opened.orders).toEqual([]);
        opened.reads = [theirs, ours];
        expect(opened.pass(200).orders).toEqual(["raise"]);
    });

    test("nor for ever wait: after the time for reading the rules go by what there is", () => {
        expect(bench([theirs]).pass(4_900).orders).toEqual([]);
        expect(bench([theirs]).pass(5_500).orders).toEqual(["raise"]);
    });

    test("a second opinion that comes in time and disagrees stops the lorry", () => {
        const opened = bench([theirs]).pass(2_000);
        opened.reads = [theirs, read("123ABC03", [])];
        opened.pass(4_000);
        expect(opened.orders).toEqual([]);
        expect(opened.fact("decision.made")?.data).toMatchObject({ outcome: "refer", reason: "READERS_DISAGREE" });
    });
});

describe("a read that comes before the vehicle is on the loop", () => {
    const openedWith = (aheadMsMax: number): LaneBench => {
        const policy = { ...PLAN.policy, readers: { anpr: { ...TRUST, aheadMsMax } } };
        const opened = new LaneBench({ ...PLAN, policy }).pass(3_000);
        const atMs = opened.nowMs;
        opened.reads = [
            read("123ABC02", [good], { camera: "anpr", frames: 1, agreeing: 1, firstSeenMs: atMs, lastSeenMs: atMs }),
        ];
        return opened.pass(1_500).set({ approachLoop: true }).pass(6_000);
    };

    test("belongs to nobody, unless the site says that its camera sees farther", () => {
        expect(openedWith(0).fact("decision.made")?.data).toMatchObject({ reason: "NO_READ" });
        expect(openedWith(1_000).fact("decision.made")?.data).toMatchObject({ reason: "NO_READ" });
        expect(openedWith(2_000).fact("decision.made")?.data).toMatchObject({ outcome: "admit" });
    });
});
