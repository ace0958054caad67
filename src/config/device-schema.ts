/** Shape of a site file's devices: how each is reached, and what the site says of it. */
import { z } from "zod";
import { FilePath, Id, milliseconds, ProfileName } from "./site-values.ts";

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
    dataBits: z.literal(8).default(8),
    parity: z.enum(["none", "even", "odd"]).default("none"),
    stopBits: z.literal([1, 2]).default(1),
    unit: z.number().int().min(1).max(247),
    timeoutMs: milliseconds(20, 10_000, 250, "how long an answer may take"),
    lateMs: z
        .number()
        .int()
        .min(50)
        .max(60_000)
        .optional()
        .describe(
            "no answer comes later than this; after one that failed to come the same question waits so long. Default: 1000, or three times timeoutMs; see explanation/buses",
        ),
});

const Gpio = z.strictObject({
    kind: z.literal("gpio"),
    pulse: z
        .literal("software")
        .optional()
        .describe("stated: this program may time the pulses of a barrier; see devices/io-module/gpio/README.md"),
});

export const Module = z.strictObject({
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

export const Scale = z.strictObject({
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

export const Board = z.strictObject({
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
export const Screens = z.strictObject({
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
    width: z.number().int().min(64).max(8_192).default(1_920).describe("pixels; a camera without this size is refused"),
    height: z.number().int().min(64).max(8_192).default(1_080).describe("pixels, with `width`"),
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
export const Camera = z.discriminatedUnion("kind", [StreamCamera, SnapshotCamera, DeviceCamera, FolderCamera]);

/** How a reading camera is reached stands in its profile; which of these keys it needs follows from that. */
export const ReadingCamera = z.strictObject({
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

export const CameraListener = z.strictObject({
    host: z.union([z.ipv4(), z.ipv6()]).describe("this machine's own address in the cameras' network"),
    port: z.number().int().min(0).max(65_535),
    bodyBytesMax: z.number().int().min(10_000).max(33_554_432).default(6_291_456).describe("larger pushes are refused"),
    requestMsMax: milliseconds(1_000, 60_000, 10_000, "slower pushes are cut off"),
    connectionsMax: z.number().int().min(1).max(256).default(16).describe("at the same time"),
});
