/**
 * What a vision child must know about its camera, and how it is told: by environment variables, because an address may
 * hold a password and a command line can be read by every user of the machine.
 */
import { z } from "zod";

/** Rows of numbers are in milliseconds on the monotonic clock. */
export const CameraPlan = z.strictObject({
    /** Device id of the camera, as in the site's configuration. */
    camera: z.string().min(1).max(64),
    /** `http://…` for MJPEG (multipart/x-mixed-replace), `rtsp://…`; user and password as in any URL. */
    url: z.url({ protocol: /^(?:https?|rtsps?)$/ }),
    /** A connection that takes longer to open, or a stream silent for longer, has failed. */
    frameMsMax: z.number().int().min(500).max(20_000).default(4_000),
});

export type CameraPlan = z.infer<typeof CameraPlan>;

const PLAN = "KORDON_CAMERA";

/** Environment for a child that serves this camera. */
export function environmentOf(plan: CameraPlan): Record<string, string> {
    return {
        [PLAN]: JSON.stringify(plan),
        // FFmpeg 5.1: `timeout` (microseconds) bounds every wait on the socket, of TCP under HTTP as of RTSP; without it
        // OpenCV waits for 30 s. RTSP over UDP would lose packets without a word.
        OPENCV_FFMPEG_CAPTURE_OPTIONS: `rtsp_transport;tcp|timeout;${plan.frameMsMax * 1000}`,
    };
}

/** The plan out of a child's environment; throws when it is missing or wrong. */
export function planFrom(environment: Readonly<Record<string, string | undefined>>): CameraPlan {
    const text = environment[PLAN];
    if (text === undefined) throw new Error(`${PLAN} is not set: this program is started by the daemon, not by hand`);
    return CameraPlan.parse(JSON.parse(text));
}
