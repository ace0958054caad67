/** A reading camera on a feed of the test's own, with time that passes when told to. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ReadingCamera, type ReadingCameraPlan } from "../../../devices/camera/reading-camera.ts";
import { loadReadingCameraProfile, type ReadingCameraProfile } from "../../../devices/camera/reading-camera-profile.ts";
import type { CameraFeed, FeedListener, FeedPart } from "../../../src/ports/camera-feed.ts";
import type { DeviceHealth } from "../../../src/ports/device-health.ts";
import { VirtualClock } from "../../transport/virtual-clock.ts";

const DEVICES = join(import.meta.dirname, "../../../devices");

export function profile(name: string): ReadingCameraProfile {
    return loadReadingCameraProfile(JSON.parse(readFileSync(join(DEVICES, `${name}.json`), "utf8")));
}

class BenchFeed implements CameraFeed {
    state: Pick<DeviceHealth, "state" | "code" | "detail"> = { state: "well" };
    #listener: FeedListener | undefined;

    listen(listener: FeedListener): void {
        this.#listener = listener;
    }
    start(): void {}
    stop(): Promise<void> {
        return Promise.resolve();
    }
    health(): DeviceHealth {
        return { device: "feed", failures: 0, ...this.state };
    }
    say(
        ...parts: readonly (FeedPart | { readonly type: string; readonly name: string; readonly body: Buffer })[]
    ): boolean {
        const all = parts.map((part) => ("body" in part ? { ...part, bytes: part.body } : part));
        return this.#listener?.heard(all, false) ?? false;
    }
    keep(part: FeedPart): boolean {
        return this.#listener?.heard([part], true) ?? false;
    }
    garble(why: string): void {
        this.#listener?.garbled(why);
    }
}

export function openCamera(name: string, change: Partial<ReadingCameraPlan> = {}) {
    const clock = new VirtualClock();
    const feed = new BenchFeed();
    const camera = new ReadingCamera({ camera: "anpr", profile: profile(name), feed, clock, ...change });
    camera.start();
    return { clock, feed, camera, texts: () => camera.reads().map(({ text }) => text) };
}

export const part = (type: string, body: string | Uint8Array, name = ""): FeedPart => ({
    type,
    name,
    bytes: typeof body === "string" ? Buffer.from(body) : body,
});
