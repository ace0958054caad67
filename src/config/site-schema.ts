/** Shape of a site file. Unknown keys are errors: a typo must stop the start, not change a default. */
import { z } from "zod";
import { COMBINATIONS } from "../core/booking/booking.ts";
import type { GrossLimit } from "../core/decision/gross-limit.ts";
import { LANE_ROLES } from "../core/decision/lane-role.ts";
import type { SITE_QUOTAS } from "../core/decision/quota.ts";
import { CONTACT_NAMES } from "../core/lane/contacts.ts";

import { Board, Camera, CameraListener, Module, ReadingCamera, Scale, Screens } from "./device-schema.ts";
import { FilePath, Id, kilograms, milliseconds, ProfileName, Terminal } from "./site-values.ts";

const Limits = z.strictObject({
    readingAgeMsMax: milliseconds(50, 5_000, 500, "older readings count as unknown"),
    presenceMsMin: milliseconds(50, 10_000, 500, "presence and absence must last this long"),
    readSettleMs: milliseconds(0, 10_000, 500, "a read must stand this long before it admits"),
    readMsMax: milliseconds(500, 120_000, 8_000, "after this the lane decides with what it has"),
    travelMsMax: milliseconds(500, 60_000, 8_000, "longest normal movement of the boom, 1.5 times the rated time"),
    contradictionMsMax: milliseconds(50, 5_000, 500, "contact bounce of the limit switches"),
    clearHoldMsMin: milliseconds(100, 60_000, 3_000, "all clear without a break before lowering"),
    vehicleGapMsMin: milliseconds(50, 60_000, 1_000, "a longer gap is another vehicle"),
    noShowMsMax: milliseconds(1_000, 3_600_000, 60_000, "how long an open boom waits for its vehicle"),
    interlockMsMax: milliseconds(100, 600_000, 30_000, "how long to wait for the other boom, or for a free exit"),
    orderRetryMs: milliseconds(100, 60_000, 1_500, "pause before an order is given again"),
    orderTriesMax: z.number().int().min(1).max(20).default(3).describe("orders not applied before it is a fault"),
    occupiedMsMax: milliseconds(1_000, 86_400_000, 600_000, "a loop or photocell active for longer is an alarm"),
    changesPerMinuteMax: z
        .number()
        .int()
        .min(4)
        .max(1_000)
        .default(30)
        .describe("a contact that changes more often in a minute is an alarm"),
    weighMsMax: milliseconds(500, 120_000, 15_000, "how long to wait for a weight"),
    weightHoldMsMin: milliseconds(100, 30_000, 1_000, "how long a weight must stand still"),
    weightSwayKgMax: kilograms(0, 1_000, 20, "how far a still weight may move"),
    weightReadingsMin: z.number().int().min(2).max(100).default(3).describe("readings of the scale that must agree"),
    zeroKgMax: kilograms(0, 5_000, 60, "an empty platform shows no more than this, either way"),
    weightAgeMsMax: milliseconds(100, 10_000, 1_500, "older readings of the scale count as none"),
});

/** What a lane decides by; all of it has defaults. */
export const Policy = z.strictObject({
    confidenceMin: z.number().min(0.5).max(1).default(0.93).describe("reads below this decide nothing"),
    framesMin: z.number().int().min(1).max(100).default(3).describe("frames that must agree"),
    earlyMsMax: milliseconds(0, 172_800_000, 86_400_000, "how early before the slot into the waiting area"),
    calledEarlyMsMax: z
        .strictObject({
            summer: milliseconds(0, 172_800_000, 3_600_000, "in summer"),
            winter: milliseconds(0, 172_800_000, 7_200_000, "in winter"),
        })
        .prefault({})
        .describe(
            "how early before the slot out of the waiting area and into the checkpoint; a call with a time goes before",
        ),
    lateMsMax: milliseconds(0, 172_800_000, 3_600_000, "how late after the slot"),
    listAgeMsMax: milliseconds(10_000, 604_800_000, 900_000, "a list unconfirmed for longer is old"),
    listedOnFreshList: z.enum(["admit", "refer"]).default("admit").describe("listed and in order"),
    listedOnOldList: z.enum(["admit", "refer"]).default("refer").describe("listed and in order, but the list is old"),
    unlistedOnFreshList: z.enum(["refuse", "refer"]).default("refuse").describe("not listed, online, the list fresh"),
    unlistedOnOldList: z.enum(["refuse", "refer"]).default("refer").describe("not listed, and offline or the list old"),
    onClockNotTrusted: z.enum(["refuse", "refer"]).default("refer").describe("a slot that no clock can check"),
    waitingAreaWay: z
        .enum(["required", "not-checked"])
        .optional()
        .describe(
            "into the checkpoint only through the waiting area; by default required where this site has an exit of it",
        ),
    missingTrailer: z
        .enum(["admit", "refer"])
        .default("refer")
        .describe("the booking names trailers and the rear cameras read none of them"),
    unseenArrival: z
        .enum(["admit", "refer"])
        .default("refer")
        .describe("a sure read of a plate that was not seen to come with its vehicle"),
    combinationKg: z
        .partialRecord(
            z.enum(COMBINATIONS),
            z.strictObject({
                min: kilograms(0, 50_000, 3_000, "less than this is no such combination"),
                max: kilograms(1_000, 300_000, 44_000, "an officer is asked above this"),
            }),
        )
        .default({})
        .describe("limits where the booking says what comes"),
    grossKgMax: kilograms(1_000, 300_000, 44_000, "an officer is asked above this"),
    grossKgMin: kilograms(0, 50_000, 3_000, "less than this is no lorry"),
    combination: z
        .string()
        .optional()
        .describe("kind of vehicle in the table of massLimits whose rows count beside grossKgMax"),
});

const Contact = z.union([
    Terminal.transform((terminal) => ({ terminal, activeWhen: "on" as const })),
    z.strictObject({ terminal: Terminal, activeWhen: z.enum(["on", "off"]).default("on") }),
]);

const RelayBarrier = z.strictObject({
    open: Terminal,
    close: Terminal,
    pulseMs: milliseconds(100, 5_000, 700, "length of a pulse; modules with a hardware pulse are set to the same"),
    gapMsMin: milliseconds(500, 10_000, 500, "least time between opposite pulses"),
});
const CameraBarrier = z.strictObject({
    camera: z.strictObject({
        profile: ProfileName,
        url: z.string().regex(/^https?:\/\/[^\s/]+\/?$/, "http(s)://, host and port"),
        channel: z.number().int().min(0).max(64).default(1),
        username: z.string().min(1).optional(),
        passwordFile: FilePath.optional(),
        timeoutMs: milliseconds(500, 20_000, 3_000, "how long an answer may take"),
    }),
});

const Lane = z.strictObject({
    role: z.enum(LANE_ROLES),
    barrier: z.union([RelayBarrier, CameraBarrier]),
    lamps: z.strictObject({ red: Terminal, green: Terminal }).optional(),
    scale: Id.optional().describe("the scale on which vehicles stand before the boom"),
    contacts: z
        .partialRecord(z.enum(CONTACT_NAMES), Contact)
        .describe(
            "limitOpen: barrier:0 and limitClosed: barrier:1 are the word of a barrier that is wired to a camera",
        ),
    cameras: z.array(Id).min(1).describe("of cameras and readingCameras; of both: a second opinion"),
    rearCameras: z.array(Id).default([]).describe("those of the cameras that see the vehicle from behind"),
    closing: z.enum(["automatic", "officer"]).default("automatic"),
    interlockedWith: Id.optional(),
    limits: Limits.prefault({}),
    policy: Policy.prefault({}),
});

const CgrPoint = z.strictObject({
    registrationTokenFile: FilePath.describe(
        "holds the registration token; the point's own token is kept in the state folder",
    ),
});

/** What the documentation of the interface leaves open is asked for here without a default, so that nobody guesses. */
const Cgr = z.strictObject({
    url: z
        .string()
        .regex(
            /^(https:\/\/\S+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/\S*)?)\/$/,
            "an https:// address that ends in a slash",
        )
        .describe("the interface's address, without Checkpoint/ or WaitingArea/"),
    checkpoint: CgrPoint.optional().describe("lanes into and out of the checkpoint are reported"),
    waitingArea: CgrPoint.optional().describe("lanes into and out of the waiting area are reported"),
    dateTimeAs: z
        .enum(["utc", "local", "offset"])
        .describe(
            "2026-11-22T08:30:00Z, 2026-11-22T13:30:00 or 2026-11-22T13:30:00+05:00; undocumented, ask the operator",
        ),
    utcOffsetMinutes: z.number().int().min(-720).max(840).default(300).describe("of local time, minutes east of UTC"),
    directions: z
        .strictObject({ in: z.string().min(1).max(50), out: z.string().min(1).max(50) })
        .describe("the words for the direction of travel; undocumented, ask the operator"),
    pictureBytesMax: z
        .number()
        .int()
        .min(0)
        .max(5_000_000)
        .default(300_000)
        .describe("larger photographs are left out; 0: none are sent"),
    knownAlready: z
        .array(z.string().min(3))
        .default([])
        .describe("texts in an error which mean that the event was there already"),
    reportsPerMinuteMax: z.number().int().min(1).max(600).default(60).describe("events a minute and point"),
    callMsMax: milliseconds(1_000, 120_000, 15_000, "how long a reply may take"),
    dayListMs: milliseconds(10_000, 3_600_000, 60_000, "pause between two looks at the list of the day"),
});

const MonthAndDay = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "month and day, such as 11-01");
const percent = (usual: number, what: string) => z.number().min(0).max(100).default(usual).describe(what);
const Queue = z.strictObject({
    calendar: z
        .strictObject({
            utcOffsetMinutes: z.number().int().min(-720).max(840).default(300).describe("local time ahead of UTC"),
            winter: z
                .strictObject({ from: MonthAndDay.default("11-01"), to: MonthAndDay.default("03-31") })
                .prefault({})
                .describe("the winter of the Temporary Scheme; its days are not public: set them"),
        })
        .prefault({}),
    capacityPerDay: z
        .number()
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .describe("lorries that the checkpoint passes a day; without it the daily quotas are not counted here"),
    capacityPerHour: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe("lorries called in an hour at most; by default a 24th of capacityPerDay"),
    quotaPercent: z
        .strictObject({
            accelerated: percent(1, "of capacityPerDay"),
            postal: percent(1, "of capacityPerDay"),
            "out-of-turn": percent(5, "of capacityPerDay, all other categories together"),
        } satisfies Record<(typeof SITE_QUOTAS)[number], z.ZodType>)
        .prefault({}),
    continuity: z
        .enum(["forbidden", "allowed"])
        .default("forbidden")
        .describe("whether an officer may let the site call lorries itself while the central system is away"),
    continuityHoursMax: z.number().int().min(1).max(168).default(12).describe("for how long at a time"),
    awayMsMin: milliseconds(60_000, 86_400_000, 300_000, "the central system is away when silent for longer"),
    callMsMax: milliseconds(600_000, 86_400_000, 7_200_000, "how long a call of this site's own is good"),
    insideMsMax: milliseconds(
        3_600_000,
        2_592_000_000,
        172_800_000,
        "a plate that went in counts as inside for so long unless it was seen to leave",
    ),
    twiceMsMax: milliseconds(0, 3_600_000, 300_000, "the same plate at another lane within this time is an alarm"),
    onwardMsMin: milliseconds(0, 3_600_000, 5_000, "but for the next lane on its way, after this time"),
});

const Central = z.strictObject({
    url: z.string().regex(/^(mqtts?|wss?):\/\/\S+$/, "an mqtt(s):// or ws(s):// address"),
    username: z.string().optional(),
    passwordFile: FilePath.optional(),
    caFile: FilePath.optional(),
    certFile: FilePath.optional(),
    keyFile: FilePath.optional(),
    cgr: Cgr.optional().describe("the CarGoRuqsat interface as a second way out"),
    commands: z
        .array(z.enum(["open", "close", "message", "mode", "sync"]))
        .default(["open", "close", "message", "mode", "sync"])
        .describe("orders that the central system may give; others are refused and recorded"),
});

const days = (usual: number, what: string) => z.number().int().min(1).max(3_650).default(usual).describe(what);
const Retention = z.strictObject({
    picturesDaysMax: days(30, "photographs are deleted after so many days"),
    picturesMegabytesMax: z
        .number()
        .int()
        .min(100)
        .max(10_000_000)
        .default(20_000)
        .describe("and the oldest before, beyond this size"),
    journalDaysMax: days(
        1_095,
        "facts are deleted after so many days, once the central system has them; what the own book rests on them goes too",
    ),
});

export const Site = z.strictObject({
    version: z.literal(1),
    site: Id.describe("the site's part of the MQTT topics"),
    checkpoint: Id.describe("the checkpoint's code in bookings"),
    stateFolder: FilePath,
    controlSocket: FilePath,
    central: Central,
    retention: Retention.prefault({}),
    queue: Queue.prefault({}),
    modules: z.record(Id, Module),
    cameras: z.record(Id, Camera).default({}).describe("read by this program"),
    readingCameras: z.record(Id, ReadingCamera).default({}).describe("read plates by themselves"),
    cameraListener: CameraListener.optional().describe("where cameras push to"),
    scales: z.record(Id, Scale).default({}),
    boards: z.record(Id, Board).default({}),
    screens: Screens.optional().describe("where boards that are pages of a browser are served"),
    massLimits: FilePath.optional().describe("table of limits with dates, such as config/mass-limits.json"),
    lanes: z.record(Id, Lane),
});

type Parsed = z.infer<typeof Site>;
/** A lane with the rows of the table of limits that its policy names, once the table was read. */
export type SiteLane = Parsed["lanes"][string] & { readonly policy: { readonly grossLimits?: readonly GrossLimit[] } };
export type Site = Omit<Parsed, "lanes"> & { readonly lanes: { readonly [id: string]: SiteLane } };
export type SiteBoard = Parsed["boards"][string];
export type SiteCamera = Parsed["cameras"][string];
/** A barrier whose controller takes OPEN and CLOSE from two relays. */
export type SiteRelayBarrier = z.infer<typeof RelayBarrier>;
/** A barrier that is wired to a camera. */
export type SiteCameraBarrier = z.infer<typeof CameraBarrier>;
