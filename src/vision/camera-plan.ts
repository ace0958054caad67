/**
 * What a vision child must know about its camera, and how it is told: by environment variables, because an address may
 * hold a password and a command line can be read by every user of the machine.
 */
import { z } from "zod";
import { SightLimits } from "./camera-sight.ts";

const Common = {
    /** Device id of the camera, as in the site's configuration. */
    camera: z.string().min(1).max(64),
    /** A connection that takes longer to open, or a stream silent for longer, has failed. */
    frameMsMax: z.number().int().min(500).max(20_000).default(4_000),
    sight: SightLimits.prefault({}),
};
const Pixels = z.number().int().min(64).max(8_192);

const StreamPlan = z.strictObject({
    ...Common,
    kind: z.literal("stream").optional(),
    /** `http://…` for MJPEG (multipart/x-mixed-replace), `rtsp://…`; user and password as in any URL. */
    url: z.string().regex(/^(?:https?|rtsps?):\/\/\S+$/),
});

const SnapshotPlan = z.strictObject({
    ...Common,
    kind: z.literal("snapshot"),
    /** Gives one JPEG for each GET. */
    url: z.string().regex(/^https?:\/\/\S+$/),
    everyMs: z.number().int().min(100).max(5_000).default(500),
    login: z
        .strictObject({ username: z.string(), password: z.string(), mayBeBasic: z.boolean().default(false) })
        .optional(),
});

const DevicePlan = z.strictObject({
    ...Common,
    kind: z.literal("v4l2"),
    /** `/dev/v4l/by-id/…`; numbers of `/dev/video…` change with the order of plugging in. */
    path: z.string().startsWith("/dev/"),
    width: Pixels,
    height: Pixels,
});

const FolderPlan = z.strictObject({
    ...Common,
    kind: z.literal("folder"),
    path: z.string().min(1),
    everyMs: z.number().int().min(50).max(5_000).default(200),
    /** Without a new picture for longer the camera has failed; absent: it sends when it likes. */
    silentMsMax: z.number().int().min(1_000).optional(),
});

export const CameraPlan = z.discriminatedUnion("kind", [StreamPlan, SnapshotPlan, DevicePlan, FolderPlan]);

export type CameraPlan = z.infer<typeof CameraPlan>;
/** A plan as it is written, defaults left out. */
export type CameraOrder = z.input<typeof CameraPlan>;
export type StreamPlan = z.infer<typeof StreamPlan>;
export type SnapshotPlan = z.infer<typeof SnapshotPlan>;
export type DevicePlan = z.infer<typeof DevicePlan>;
export type FolderPlan = z.infer<typeof FolderPlan>;

const PLAN = "KORDON_CAMERA";

/** How long the newest frame may lie back before the camera counts as silent. */
export function silentMsMaxOf(plan: CameraPlan): number {
    if (plan.kind === "folder") return plan.silentMsMax ?? Number.POSITIVE_INFINITY;
    return (plan.frameMsMax + (plan.kind === "snapshot" ? plan.everyMs : 0)) * 2;
}

/** Environment for a child that serves this camera. */
export function environmentOf(plan: CameraPlan): Record<string, string> {
    const options = {
        // Over UDP RTSP would lose packets without a word.
        rtsp_transport: "tcp",
        // Microseconds; in FFmpeg 5.1 it bounds every wait on the socket, of TCP under HTTP as of RTSP. OpenCV alone waits 30 s.
        timeout: plan.frameMsMax * 1000,
        // What answers as a camera must not make FFmpeg open files or other addresses.
        protocol_whitelist: "http,https,tcp,tls,rtsp,rtp",
    };
    const pairs = Object.entries(options).map(([option, value]) => `${option};${value}`);
    return {
        [PLAN]: JSON.stringify(plan),
        OPENCV_FFMPEG_CAPTURE_OPTIONS: pairs.join("|"),
        // Whole seconds; OpenCV alone waits 10 s for a frame of a V4L2 device.
        OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT: String(Math.ceil(plan.frameMsMax / 1_000)),
        // Otherwise each thread that handles pictures keeps freed ones to itself: forty megabytes more in full HD.
        MALLOC_ARENA_MAX: "1",
    };
}

/** The plan out of a child's environment; throws when it is missing or wrong. */
export function planFrom(environment: Readonly<Record<string, string | undefined>>): CameraPlan {
    const text = environment[PLAN];
    if (text === undefined) throw new Error(`${PLAN} is not set: this program is started by the daemon, not by hand`);
    return CameraPlan.parse(JSON.parse(text));
}
