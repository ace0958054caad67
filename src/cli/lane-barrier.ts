/** The barrier of one lane, from its part of the site file: on two relays, or on a camera. */
import { CameraBarrier } from "../../devices/barrier/camera/camera-barrier.ts";
import {
    type CameraBarrierProfile,
    loadCameraBarrierProfile,
} from "../../devices/barrier/camera/camera-barrier-profile.ts";
import { RelayBarrier } from "../../devices/barrier/relay/relay-barrier.ts";
import { isBoomTerminal } from "../config/site-rules.ts";
import type { Site, SiteCameraBarrier, SiteLane, SiteRelayBarrier } from "../config/site-schema.ts";
import type { Barrier } from "../ports/barrier.ts";
import type { Clock } from "../ports/clock.ts";
import type { ContactImage } from "../ports/digital-io.ts";
import { CameraHttpClient } from "../transport/camera-http-client.ts";
import { profileJson } from "./module-profile.ts";
import { CommandFailure, EXIT } from "./outcome.ts";
import { secretIn } from "./secret-file.ts";
import { outputOf, type SiteHardware } from "./site-hardware.ts";

/** A barrier that this process has opened and has to let go. */
export interface LaneBarrier extends Barrier {
    /** Takes no more orders; never moves the boom. */
    stop(): Promise<void>;
    /** What its controller itself says of the boom, as inputs: 0 up, 1 down. Absent: it says nothing. */
    contacts?(): ContactImage | undefined;
}

/** Looks per age at which a reading becomes unknown, and no faster than a camera bears [U]. */
const LOOKS_PER_AGE = 3;
const LOOK_MS_MIN = 200;

/** Ready for orders; nothing is moved by it. Throws `CommandFailure` for a profile or password file that cannot be used. */
export function barrierOf(
    id: string,
    { barrier, contacts, limits }: SiteLane,
    hardware: SiteHardware,
    clock: Clock,
): LaneBarrier {
    if (!("camera" in barrier)) return relayBarrier(id, barrier, hardware, clock);
    const isWatched = Object.values(contacts).some(({ terminal }) => isBoomTerminal(terminal));
    const lookMs = Math.max(LOOK_MS_MIN, limits.readingAgeMsMax / LOOKS_PER_AGE);
    const opened = cameraBarrier(id, barrier, clock, isWatched ? lookMs : undefined);
    opened.start();
    return opened;
}

export function cameraBarrier(
    lane: string,
    { camera }: SiteCameraBarrier,
    clock: Clock,
    lookMs?: number,
): CameraBarrier {
    const id = `${lane}-barrier`;
    const { url, channel, username, passwordFile, timeoutMs } = camera;
    const password = passwordFile === undefined ? "" : secretIn(passwordFile);
    const credentials = username === undefined ? {} : { credentials: { username, password } };
    const http = (): CameraHttpClient => new CameraHttpClient({ device: id, url, timeoutMs, clock, ...credentials });
    return new CameraBarrier({
        id,
        profile: cameraProfile(camera.profile),
        channel,
        orders: http(),
        looks: http(),
        clock,
        ...(lookMs === undefined ? {} : { lookMs }),
    });
}

/** Why lanes with a barrier on a camera cannot be operated, one line each. Throws `CommandFailure` for a profile that is none. */
export function checkCameraBarriers(site: Site): readonly string[] {
    return Object.entries(site.lanes).flatMap(([id, { barrier, closing, contacts }]) => {
        if (!("camera" in barrier)) return [];
        const { close, status } = cameraProfile(barrier.camera.profile);
        const asked = Object.entries(contacts).filter(([, { terminal }]) => isBoomTerminal(terminal));
        return [
            ...(close !== undefined || closing === "officer"
                ? []
                : [`lanes.${id}.barrier.camera: this camera cannot close: set closing: officer`]),
            ...(status !== undefined
                ? []
                : asked.map(([name]) => `lanes.${id}.contacts.${name}: this camera does not say how the boom stands`)),
        ];
    });
}

function relayBarrier(id: string, barrier: SiteRelayBarrier, hardware: SiteHardware, clock: Clock): RelayBarrier {
    const { open, close, pulseMs, gapMsMin } = barrier;
    return new RelayBarrier({
        id: `${id}-barrier`,
        open: outputOf(open, hardware),
        close: outputOf(close, hardware),
        pulseMs,
        gapMsMin,
        clock,
    });
}

function cameraProfile(name: string): CameraBarrierProfile {
    try {
        return loadCameraBarrierProfile(profileJson(name));
    } catch (error) {
        if (error instanceof CommandFailure) throw error;
        throw new CommandFailure(EXIT.usage, `devices/${name}.json: ${error instanceof Error ? error.message : error}`);
    }
}
