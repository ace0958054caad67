/** The barrier of one lane, from its part of the site file: on two relays, or on a camera. */
import { readFileSync } from "node:fs";
import { CameraBarrier } from "../../devices/barrier/camera/camera-barrier.ts";
import {
    type CameraBarrierProfile,
    loadCameraBarrierProfile,
} from "../../devices/barrier/camera/camera-barrier-profile.ts";
import { RelayBarrier } from "../../devices/barrier/relay/relay-barrier.ts";
import type { Site, SiteCameraBarrier, SiteLane, SiteRelayBarrier } from "../config/site-schema.ts";
import type { Barrier } from "../ports/barrier.ts";
import type { Clock } from "../ports/clock.ts";
import { CameraHttpClient } from "../transport/camera-http-client.ts";
import { profileJson } from "./module-profile.ts";
import { CommandFailure, EXIT } from "./outcome.ts";
import { outputOf, type SiteHardware } from "./site-hardware.ts";

/** A barrier that this process has opened and has to let go. */
export interface LaneBarrier extends Barrier {
    /** Takes no more orders; never moves the boom. */
    stop(): Promise<void>;
}

/** Ready for orders; nothing is moved by it. Throws `CommandFailure` for a profile or password file that cannot be used. */
export function barrierOf(id: string, { barrier }: SiteLane, hardware: SiteHardware, clock: Clock): LaneBarrier {
    if (!("camera" in barrier)) return relayBarrier(id, barrier, hardware, clock);
    const opened = cameraBarrier(id, barrier, clock);
    opened.start();
    return opened;
}

export function cameraBarrier(lane: string, { camera }: SiteCameraBarrier, clock: Clock): CameraBarrier {
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
    });
}

/** Why lanes with a barrier on a camera cannot be operated, one line each. Throws `CommandFailure` for a profile that is none. */
export function checkCameraBarriers(site: Site): readonly string[] {
    return Object.entries(site.lanes).flatMap(([id, { barrier, closing }]) => {
        if (!("camera" in barrier)) return [];
        const { close } = cameraProfile(barrier.camera.profile);
        if (close !== undefined || closing === "officer") return [];
        return [`lanes.${id}.barrier.camera: this camera cannot close: set closing: officer`];
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

function secretIn(file: string): string {
    try {
        return readFileSync(file, "utf8").trim();
    } catch {
        throw new CommandFailure(EXIT.usage, `${file}: the password cannot be read`);
    }
}
