/** Opens the cameras of a site that read plates by themselves: by their own streams, at the listener, or through a broker. */
import { readFileSync } from "node:fs";
import { ReadingCamera } from "../../devices/camera/reading-camera.ts";
import { loadReadingCameraProfile, type ReadingCameraProfile } from "../../devices/camera/reading-camera-profile.ts";
import type { Site } from "../config/site-schema.ts";
import type { CameraFeed } from "../ports/camera-feed.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import { CameraListener } from "../transport/camera-listener.ts";
import { CameraStream } from "../transport/camera-stream.ts";
import { MqttFeed } from "../transport/mqtt-feed.ts";
import { profileJson } from "./module-profile.ts";
import { CommandFailure, EXIT } from "./outcome.ts";

type SiteReadingCamera = Site["readingCameras"][string];

/** Missed in a row before a camera counts as silent. */
const HEARTBEATS_MISSED = 3;
/** The device id of the listener; no camera can have it, because it is no `Id` of a site file. */
const LISTENER = "camera_listener";
/** How long a stream may be silent that has no heart-beat and no limit in the site file [U]. */
const STREAM_SILENT_MS_MAX = 300_000;

export interface SiteCameras {
    readonly cameras: ReadonlyMap<string, ReadingCamera>;
    start(): void;
    /** A camera or the listener, by the name in its health. */
    device(id: string): { describe(): readonly string[] } | undefined;
    health(): readonly DeviceHealth[];
    stop(): Promise<void>;
}

/** Opens nothing yet: `start` does. Throws `CommandFailure` for a profile or password that cannot be used. */
export function readingCamerasOf(site: Site, clock: Clock): SiteCameras {
    const isPushedTo = Object.values(site.readingCameras).some(({ address }) => address !== undefined);
    const plan = isPushedTo ? site.cameraListener : undefined;
    const listener = plan && new CameraListener({ device: LISTENER, ...plan, clock });
    const cameras = new Map(
        Object.entries(site.readingCameras).map(([id, camera]) => {
            const profile = readingCameraProfile(id, camera);
            const silentMsMax = silenceOf(camera, profile);
            const feed = feedOf(id, camera, profile, { clock, listener });
            const plan = {
                camera: id,
                profile,
                feed,
                clock,
                direction: camera.direction,
                ...(camera.line === undefined ? {} : { line: camera.line }),
                ...(silentMsMax === undefined ? {} : { silentMsMax }),
            };
            return [id, new ReadingCamera(plan)] as const;
        }),
    );
    return {
        cameras,
        device: (id) => (id === LISTENER ? listener : cameras.get(id)),
        start() {
            for (const camera of cameras.values()) camera.start();
            listener?.start();
        },
        health: () => [
            ...[...cameras.values()].map((camera) => camera.health()),
            ...(listener ? [listener.health()] : []),
        ],
        async stop() {
            await Promise.all([...cameras.values()].map((camera) => camera.stop()));
            await listener?.stop();
        },
    };
}

/** The profile, judged against what the site file says of the camera. Throws `CommandFailure`. */
export function readingCameraProfile(id: string, camera: SiteReadingCamera): ReadingCameraProfile {
    const profile = loaded(camera.profile);
    const missing = NEEDED[profile.transport].filter((key) => camera[key] === undefined);
    if (missing.length > 0) {
        const needs = `${camera.profile} (${profile.transport}) needs ${missing.join(" and ")}`;
        throw new CommandFailure(EXIT.usage, `readingCameras.${id}: ${needs}`);
    }
    const scheme = profile.transport === "mqtt" ? /^mqtts?:/ : /^https?:/;
    if (camera.url !== undefined && !scheme.test(camera.url)) {
        throw new CommandFailure(EXIT.usage, `readingCameras.${id}.url: not an address for ${profile.transport}`);
    }
    return profile;
}

const NEEDED = {
    "http-pull": ["url"],
    "http-push": ["address"],
    mqtt: ["url", "topicPrefix"],
} as const satisfies Readonly<Record<ReadingCameraProfile["transport"], readonly (keyof SiteReadingCamera)[]>>;

function loaded(name: string): ReadingCameraProfile {
    try {
        return loadReadingCameraProfile(profileJson(name));
    } catch (error) {
        if (error instanceof CommandFailure) throw error;
        throw new CommandFailure(EXIT.usage, `devices/${name}.json: ${error instanceof Error ? error.message : error}`);
    }
}

function silenceOf({ silentMsMax }: SiteReadingCamera, { heartbeatMs }: ReadingCameraProfile): number | undefined {
    return silentMsMax ?? (heartbeatMs === undefined ? undefined : heartbeatMs * HEARTBEATS_MISSED);
}

function feedOf(
    id: string,
    camera: SiteReadingCamera,
    profile: ReadingCameraProfile,
    { clock, listener }: { readonly clock: Clock; readonly listener: CameraListener | undefined },
): CameraFeed {
    const { url = "", username, topicPrefix = "", address = "", path, login, channel } = camera;
    const password = camera.passwordFile === undefined ? "" : contentOf(camera.passwordFile).toString("utf8").trim();
    const credentials = { username: username ?? "", password };
    switch (profile.transport) {
        case "http-pull":
            return new CameraStream({
                device: id,
                url,
                path: profile.path.replaceAll("{channel}", String(channel)),
                ...(username === undefined ? {} : { credentials }),
                clock,
                silentMsMax: silenceOf(camera, profile) ?? STREAM_SILENT_MS_MAX,
            });
        case "http-push": {
            if (listener === undefined) throw new Error("a site without a listener is refused when its file is read");
            return listener.feedOf({ device: id, address, path, login, credentials, reply: profile.reply });
        }
        case "mqtt":
            return new MqttFeed({
                device: id,
                url,
                topic: `${topicPrefix}/${profile.topic}`,
                ...(username === undefined ? {} : credentials),
                ...(camera.caFile === undefined ? {} : { ca: contentOf(camera.caFile) }),
                clock,
            });
    }
}

function contentOf(file: string): Buffer {
    try {
        return readFileSync(file);
    } catch {
        throw new CommandFailure(EXIT.usage, `${file}: cannot be read`);
    }
}
