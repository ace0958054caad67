/**
 * What a vision child must know about its camera, and how it is told: by environment variables, because an address may
 * hold a password and a command line can be read by every user of the machine.
 */
import { z } from "zod";

export const CameraPlan = z.strictObject({
    /** Device id of the camera, as in the site's configuration. */
    camera: z.string().min(1).max(64),
    /** `http://…` for MJPEG (multipart/x-mixed-replace), `rtsp://…`; user and password as in any URL. */
    url: z.string().regex(/^(?:https?|rtsps?):\/\/\S+$/),
    /** A connection that takes longer to open, or a stream silent for longer, has failed. */
    frameMsMax: z.number().int().min(500).max(20_000).default(4_000),
});

export type CameraPlan = z.infer<typeof CameraPlan>;

const PLAN = "KORDON_CAMERA";

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
    return { [PLAN]: JSON.stringify(plan), OPENCV_FFMPEG_CAPTURE_OPTIONS: pairs.join("|") };
}

/** The plan out of a child's environment; throws when it is missing or wrong. */
export function planFrom(environment: Readonly<Record<string, string | undefined>>): CameraPlan {
    const text = environment[PLAN];
    if (text === undefined) throw new Error(`${PLAN} is not set: this program is started by the daemon, not by hand`);
    return CameraPlan.parse(JSON.parse(text));
}
