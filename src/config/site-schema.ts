/** Shape of a site file. Unknown keys are errors: a typo must stop the start, not change a default. */
import { z } from "zod";
import { COMBINATIONS } from "../core/booking/booking.ts";
import type { GrossLimit } from "../core/decision/gross-limit.ts";
import { LANE_ROLES } from "../core/decision/lane-role.ts";
import type { SITE_QUOTAS } from "../core/decision/quota.ts";
import { CONTACT_NAMES } from "../core/lane/contacts.ts";

const Id = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "lower-case letters, digits and dashes, starting with a letter");
const milliseconds = (least: number, most: number, usual: number, what: string) =>
    z.number().int().min(least).max(most).default(usual).describe(`${what}, ms`);
const kilograms = (least: number, most: number, usual: number, what: string) =>
    z.number().int().min(least).max(most).default(usual).describe(`${what}, kg`);
/** `module:terminal`, terminals counted from 0 as the module's protocol does. */
const Terminal = z.string().regex(/^[a-z][a-z0-9-]{0,30}:\d{1,3}$/, "module and terminal, such as io-1:0");
const FilePath = z.string().min(1);

const Tcp = z.strictObject({
    kind: z.literal("modbus-tcp"),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(502),
    unit: z.number().int().min(0).max(255).default(1),
    timeoutMs: milliseconds(20, 10_000, 250, "how long an answer may take"),
});
const Rtu = z.strictObject({
    kind: z.literal("modbus-rtu"),
    path: z.string().min(1).describe("a stable name such as /dev/serial/by-id/…"),
    baudRate: z.number().int().min(1_200).max(921_600).default(9_600),
    dataBits: z.literal([7, 8]).default(8),
    parity: z.enum(["none", "even", "odd"]).default("none"),
    stopBits: z.literal([1, 2]).default(1),
    unit: z.number().int().min(1).max(247),
    timeoutMs: milliseconds(20, 10_000, 250, "how long an answer may take"),
});

const Gpio = z.strictObject({
    kind: z.literal("gpio"),
    pulse: z
        .literal("software")
        .optional()
        .describe("stated: this program may time the pulses of a barrier; see devices/io-module/gpio/README.md"),
});

const ProfileName = z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)+$/, "path below devices/, without .json");
const Module = z.strictObject({
    profile: ProfileName,
    bus: z.discriminatedUnion("kind", [Tcp, Rtu, Gpio]),
    pollMs: milliseconds(10, 1_000, 50, "pause between polls"),
});

const Serial = z.strictObject({
    kind: z.literal("serial"),
    path: z.string().min(1).describe("a stable name such as /dev/serial/by-id/…"),
    baudRate: z.number().int().min(1_200).max(921_600).optional().describe("default: the profile's"),
    dataBits: z.literal([7, 8]).optional().describe("default: the profile's"),
    parity: z.enum(["none", "even", "odd"]).optional().describe("default: the profile's"),
    stopBits: z.literal([1, 2]).optional().describe("default: the profile's"),
});
const SerialServer = z.strictObject({
    kind: z.literal("tcp"),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).describe("of the serial server, in TCP server mode"),
});

const Scale = z.strictObject({
    profile: z
        .string()
        .regex(/^scale(\/[a-z0-9-]+)+$/, "path below devices/, without .json, such as scale/cas/cas-ci-22"),
    line: z.discriminatedUnion("kind", [Serial, SerialServer, Tcp, Rtu]),
    unit: z
        .number()
        .int()
        .min(0)
        .max(9_999)
        .default(1)
        .describe("number or address of the indicator, where it has one"),
    capacityKg: z.number().int().min(1_000).max(300_000).describe("what the scale weighs at most, kg"),
    divisionKg: z.number().min(0.1).max(1_000).describe("step of the display, kg; the finest of several"),
    weightUnit: z.enum(["kg", "t"]).default("kg").describe("of weights that come without their unit"),
    kgPerCount: z
        .number()
        .min(0.001)
        .max(1_000)
        .default(1)
        .describe("worth of one count of a whole-number register, kg"),
});

const Snmp = z.strictObject({
    kind: z.literal("snmp"),
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(161),
    communityFile: FilePath.optional().describe("holds the community name; without it, public"),
    timeoutMs: milliseconds(100, 10_000, 1_000, "how long one of two tries may take"),
});
const Page = z.strictObject({ kind: z.literal("browser").describe("a page that screens takes to a browser") });

const Board = z.strictObject({
    profile: z
        .string()
        .regex(/^board(\/[a-z0-9-]+)+$/, "path below devices/, without .json, such as board/ntcip-1203/generic-sign"),
    line: z.discriminatedUnion("kind", [Serial, SerialServer, Tcp, Rtu, Snmp, Page]),
    number: z.number().int().min(0).max(9_999).default(1).describe("of a display on a line, where its frames have one"),
    lane: Id.optional().describe("a display at a lane: the lane whose word it shows"),
    gates: z
        .record(Id, z.string().regex(/^[A-Z0-9]{1,4}$/, "up to four capital letters and digits"))
        .optional()
        .describe("a board of the waiting area: the lanes that called lorries drive to, and the sign at each"),
    lines: z.number().int().min(1).max(32),
    columns: z.number().int().min(8).max(80).describe("characters in a line"),
    charset: z.enum(["utf-8", "kz-1048", "cp1251", "ascii"]).optional().describe("default: the profile's"),
    languages: z
        .array(z.enum(["kk", "ru", "en"]))
        .min(1)
        .max(3)
        .default(["kk", "ru", "en"])
        .describe("in turn"),
    pageMs: milliseconds(2_000, 60_000, 6_000, "how long a page stands"),
    oldAfterMs: milliseconds(10_000, 86_400_000, 300_000, "a list unconfirmed for longer is marked as old"),
});
const Screens = z.strictObject({
    host: z.string().min(1).default("127.0.0.1").describe("address to listen on; anybody who reaches it may look"),
    port: z.number().int().min(1).max(65_535),
});

const level = (least: number, most: number, usual: number, what: string) =>
    z.number().int().min(least).max(most).default(usual).describe(what);
/** When a camera that delivers pictures is a failed device all the same; what the numbers mean: docs/how-to/set-up-a-camera.md. */
const Sight = z
    .strictObject({
        frozenMsMax: milliseconds(5_000, 3_600_000, 60_000, "pictures in which nothing but a clock changes"),
        stillMsMax: milliseconds(1_000, 600_000, 10_000, "a plate without the change of a single pixel is doubted"),
        blindMsMax: milliseconds(5_000, 3_600_000, 60_000, "dark, dazzled or covered without a plate being read"),
        darkLevelMax: level(-1, 255, 16, "dark: 99 % of the pixels are no brighter; -1: not judged"),
        brightLevelMin: level(0, 256, 250, "dazzled: 90 % of the pixels are no darker; 256: not judged"),
        edgeLevelMin: z
            .number()
            .min(0)
            .max(255)
            .default(4)
            .describe("covered: no edges stronger than this; 0: not judged"),
    })
    .prefault({});
const EveryCamera = {
    frameMsMax: milliseconds(500, 20_000, 4_000, "longest wait for a connection or a frame"),
    sight: Sight,
};
const StreamCamera = z.strictObject({
    kind: z.literal("stream").optional(),
    url: z.string().regex(/^(https?|rtsps?):\/\/\S+$/, "an http(s):// MJPEG or rtsp(s):// stream"),
    ...EveryCamera,
});
const SnapshotCamera = z.strictObject({
    kind: z.literal("snapshot"),
    url: z
        .string()
        .regex(
            /^https?:\/\/[^\s@]+$/,
            "an http(s):// address that gives one JPEG; the login goes into username and passwordFile",
        ),
    everyMs: milliseconds(100, 5_000, 500, "from one asking to the next"),
    username: z.string().min(1).optional(),
    passwordFile: FilePath.optional(),
    login: z
        .enum(["digest", "basic"])
        .default("digest")
        .describe("basic: shows the password to everybody on the wire; only for cameras that know nothing else"),
    ...EveryCamera,
});
const DeviceCamera = z.strictObject({
    kind: z.literal("v4l2"),
    path: z.string().startsWith("/dev/").describe("a stable name such as /dev/v4l/by-id/…"),
    width: z.number().int().min(64).max(8_192).optional().describe("pixels; default: as the camera likes"),
    height: z.number().int().min(64).max(8_192).optional().describe("pixels; default: as the camera likes"),
    ...EveryCamera,
});
const FolderCamera = z.strictObject({
    kind: z.literal("folder"),
    path: FilePath.describe("folder into which a camera uploads JPEG or PNG files"),
    everyMs: milliseconds(50, 5_000, 200, "from one look into it to the next"),
    silentMsMax: z
        .number()
        .int()
        .min(1_000)
        .max(86_400_000)
        .optional()
        .describe("without a new picture for longer the camera has failed, ms; default: it sends when it likes"),
    ...EveryCamera,
});
const Camera = z.discriminatedUnion("kind", [StreamCamera, SnapshotCamera, DeviceCamera, FolderCamera]);

/** How a reading camera is reached stands in its profile; which of these keys it needs follows from that. */
const ReadingCamera = z.strictObject({
    profile: z
        .string()
        .regex(
            /^camera(\/[a-z0-9-]+)+$/,
            "path below devices/, without .json, such as camera/hikvision-isapi/alert-stream",
        ),
    url: z
        .string()
        .regex(
            /^(https?|mqtts?):\/\/[^\s/]+\/?$/,
            "http(s)://, host and port of the camera, or mqtt(s):// of its broker",
        )
        .optional()
        .describe("of a camera that is asked, or of the broker it publishes to"),
    channel: z.number().int().min(0).max(64).default(1).describe("of the camera, where its path has one"),
    topicPrefix: z
        .string()
        .regex(/^[^#+\s]+[^#+\s/]$/, "without wildcards and without a slash at its end")
        .optional()
        .describe("of a camera that publishes"),
    address: z
        .union([z.ipv4(), z.ipv6()])
        .optional()
        .describe("IP address of a camera that pushes; nobody else may push for it"),
    path: z
        .string()
        .regex(/^\/[\w./-]*$/, "begins with /")
        .default("/")
        .describe("what the path of its pushes begins with, for several cameras behind one address"),
    login: z
        .enum(["digest", "basic", "digest-without-nonce", "none"])
        .default("digest")
        .describe("how a camera that pushes says who it is; all but digest can be overheard and repeated"),
    username: z.string().min(1).optional(),
    passwordFile: FilePath.optional(),
    caFile: FilePath.optional().describe("PEM authority of the broker, instead of the system's"),
    confidenceMin: z
        .number()
        .min(0.5)
        .max(1)
        .optional()
        .describe("reads of this camera below this decide nothing; without it none of them does"),
    unratedReads: z
        .enum(["refer", "trust"])
        .default("refer")
        .describe("reads for which the camera gives no usable confidence; trust: they may decide"),
    line: z.string().min(1).max(32).optional().describe("only events of this line or region of the camera count"),
    direction: z
        .enum(["approaching", "leaving", "any"])
        .default("any")
        .describe("only vehicles that go this way count, and those whose way the camera does not know"),
    aheadMsMax: milliseconds(
        0,
        10_000,
        0,
        "how long before the approach loop a read may come; only where the camera sees farther",
    ),
    silentMsMax: z
        .number()
        .int()
        .min(5_000)
        .max(86_400_000)
        .optional()
        .describe("silent for longer is a failure, ms; default: three heart-beats of the profile, where it has them"),
});

const CameraListener = z.strictObject({
    host: z.union([z.ipv4(), z.ipv6()]).describe("this machine's own address in the cameras' network"),
    port: z.number().int().min(0).max(65_535),
    bodyBytesMax: z.number().int().min(10_000).max(33_554_432).default(8_388_608).describe("larger pushes are refused"),
    requestMsMax: milliseconds(1_000, 60_000, 10_000, "slower pushes are cut off"),
    connectionsMax: z.number().int().min(1).max(256).default(32).describe("at the same time"),
});

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

const Policy = z.strictObject({
    confidenceMin: z.number().min(0.5).max(1).default(0.85).describe("reads below this decide nothing"),
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
