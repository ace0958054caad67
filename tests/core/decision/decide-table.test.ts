/**
 * Every status at every role, at every time, on every kind of list: 540 cells. The expectations stand in tables written by
 * hand from the queue's rules; nothing here asks the code what it thinks.
 */
import { describe, expect, test } from "vitest";
import { BOOKING_STATUSES, type BookingStatus } from "../../../src/core/booking/booking.ts";
import { decide } from "../../../src/core/decision/decide.ts";
import { LANE_ROLES, type LaneRole } from "../../../src/core/decision/lane-role.ts";
import { booking, PLAN, read, SLOT_UTC_MS } from "../lane/lane-harness.ts";

const HOUR_MS = 3_600_000;

/** `*`: the status alone does not decide. */
const BY_STATUS: Readonly<Record<LaneRole, Readonly<Record<BookingStatus, string>>>> = {
    "waiting-area-entry": {
        "payment-pending": "refuse NOT_PAID",
        "in-queue": "*",
        called: "*",
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
        called: "*",
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
        called: "*",
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
        entered: "*",
        crossed: "refer ALREADY_CROSSED",
        revoked: "refer BOOKING_ENDED",
        expired: "refer BOOKING_ENDED",
        annulled: "refer BOOKING_ENDED",
        unknown: "refer STATUS_UNKNOWN",
    },
};

const TIMES = {
    "25 h before": { utcMs: SLOT_UTC_MS - 25 * HOUR_MS, isClockTrusted: true },
    "3 h before": { utcMs: SLOT_UTC_MS - 3 * HOUR_MS, isClockTrusted: true },
    "in the slot": { utcMs: SLOT_UTC_MS + 60_000, isClockTrusted: true },
    "3 h after": { utcMs: SLOT_UTC_MS + 4 * HOUR_MS, isClockTrusted: true },
    "clock not trusted": { utcMs: SLOT_UTC_MS + 60_000, isClockTrusted: false },
} as const;
const LISTS = {
    "fresh, online": { list: { version: 7, hash: "", ageMs: 1_000 }, isOnline: true },
    "fresh, offline": { list: { version: 7, hash: "", ageMs: 1_000 }, isOnline: false },
    old: { list: { version: 7, hash: "", ageMs: PLAN.policy.listAgeMsMax + 1 }, isOnline: false },
} as const;

type Time = keyof typeof TIMES;
type List = keyof typeof LISTS;

const EARLY = "refuse TOO_EARLY";
const LATE = "refer TOO_LATE";
const CLOCK = "refer CLOCK_NOT_TRUSTED";
const OLD = "refer LIST_OLD";
const IN = "admit BOOKED";

/** Where the status does not decide: by time, and what an old list makes of an admission. Winter, strict policy. */
const BY_TIME: Readonly<Record<LaneRole, Readonly<Record<Time, readonly [onFresh: string, onOld: string]>>>> = {
    "waiting-area-entry": {
        "25 h before": [EARLY, EARLY],
        "3 h before": [IN, OLD],
        "in the slot": [IN, OLD],
        "3 h after": [LATE, LATE],
        "clock not trusted": [CLOCK, CLOCK],
    },
    "waiting-area-exit": {
        "25 h before": [EARLY, EARLY],
        "3 h before": [EARLY, EARLY],
        "in the slot": [IN, OLD],
        "3 h after": [LATE, LATE],
        "clock not trusted": [CLOCK, CLOCK],
    },
    "checkpoint-entry": {
        "25 h before": [EARLY, EARLY],
        "3 h before": [EARLY, EARLY],
        "in the slot": [IN, OLD],
        "3 h after": [LATE, LATE],
        "clock not trusted": [CLOCK, CLOCK],
    },
    "checkpoint-exit": {
        "25 h before": [IN, OLD],
        "3 h before": [IN, OLD],
        "in the slot": [IN, OLD],
        "3 h after": [IN, OLD],
        "clock not trusted": [IN, OLD],
    },
};

const rows = LANE_ROLES.flatMap((role) =>
    BOOKING_STATUSES.flatMap((status) =>
        (Object.keys(TIMES) as Time[]).flatMap((time) =>
            (Object.keys(LISTS) as List[]).map((list) => [role, status, time, list] as const),
        ),
    ),
);

describe("every status, role, time and list", () => {
    test("the table is whole", () => expect(rows).toHaveLength(4 * 9 * 5 * 3));

    test.each(LANE_ROLES)("%s", (lane) => {
        for (const [role, status, time, list] of rows.filter(([each]) => each === lane)) {
            const [onFresh, onOld] = BY_TIME[role][time];
            const byStatus = BY_STATUS[role][status];
            const expected = byStatus === "*" ? (list === "old" ? onOld : onFresh) : byStatus;
            for (const isLate of [false, true]) {
                const { outcome, reason } = decide({
                    role,
                    checkpoint: "nur-zholy",
                    reads: [read("123ABC02", [booking("123ABC02", { status, isLate })])],
                    policy: PLAN.policy,
                    isPresent: true,
                    rearCameras: [],
                    fullQuotas: [],
                    ...TIMES[time],
                    ...LISTS[list],
                });
                expect([role, status, time, list, `${outcome} ${reason}`]).toEqual([
                    role,
                    status,
                    time,
                    list,
                    expected,
                ]);
            }
        }
    });
});
