/**
 * A camera and its vision child, as the lane sees them: voted reads of the plates in view, drawn from the true plates by
 * `read-model.ts`. Belongs to one run of the daemon; the next one begins blind.
 */

import type { SimulatedLane } from "../../simulators/world/lane.ts";
import { Random } from "../../simulators/world/random.ts";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import type { PlateRead, PlateSource } from "../../src/ports/plate-source.ts";
import type { LeasedClock } from "../time/virtual-clock.ts";
import { type PlateSight, sightOf } from "./read-model.ts";

/** Where a front plate can be read; see simulators/world/scene-view.ts. */
const READABLE_M = [-6, -1.5] as const;
const FRAME_MS = 300;
/** A track whose plate was not seen for so long is gone. */
const TRACK_MS = 1_500;
/** From the start of the child to its first frame. */
const OPENING_MS = [800, 3_000] as const;
/** A single frame is worth at most this much, many frames almost everything; as the vote counts. */
const DOUBT_OF_ONE_FRAME = 0.4;
const DEPICTED = [
    [0.4, 0.6],
    [0.6, 0.6],
    [0.6, 0.7],
    [0.4, 0.7],
] as const;

/** What lies between the camera and the box; outlives the daemon. Broken: cut cable, hung camera, black picture. */
export interface CameraWire {
    isBroken: boolean;
}

interface Track {
    readonly sight: PlateSight;
    frames: number;
    read: PlateRead | undefined;
    lastFrameMs: number;
}

export class SimulatedCamera implements PlateSource {
    readonly camera: string;
    #isBroken = false;
    readonly #lane: SimulatedLane;
    readonly #wire: CameraWire;
    readonly #clock: LeasedClock;
    readonly #seed: number;
    readonly #tracks = new Map<string, Track>();
    #reads: readonly PlateRead[] = [];
    #isWanted = false;
    #isOpen = false;
    #failures = 0;
    #changes = 0;
    #looks = 0;
    #nextFrameMs = 0;

    constructor(camera: string, lane: SimulatedLane, wire: CameraWire, clock: LeasedClock, seed: number) {
        this.camera = camera;
        this.#lane = lane;
        this.#wire = wire;
        this.#clock = clock;
        this.#seed = seed;
        this.#open();
    }

    /** Grows with every change of its health. */
    get changes(): number {
        return this.#changes;
    }

    /** Grows with every frame that showed a plate or lost one. */
    get looks(): number {
        return this.#looks;
    }

    /** When the next frame may change the reads; Infinity while nobody asks for them or there is nothing to see. */
    get nextLookMs(): number {
        const isLooking = this.#isWanted && this.#isOpen && (this.#tracks.size > 0 || this.#inView().length > 0);
        return isLooking ? this.#nextFrameMs : Number.POSITIVE_INFINITY;
    }

    /** It has noticed what became of its wire. */
    get isUpToDate(): boolean {
        return this.#wire.isBroken === this.#isBroken;
    }

    watch(isWanted: boolean): void {
        if (this.#isWanted === isWanted) return;
        this.#isWanted = isWanted;
        if (!isWanted) this.#forget();
    }

    reads(): readonly PlateRead[] {
        return this.#reads;
    }

    health(): DeviceHealth {
        const common = { device: this.camera, failures: this.#failures };
        if (this.#isBroken)
            return { ...common, state: "failed", code: "FRAME_TIMEOUT", detail: "check camera and cable" };
        return { ...common, state: this.#isOpen ? "well" : "starting" };
    }

    /** Called after every step of the world. */
    look(): void {
        const nowMs = this.#clock.monotonicMs();
        if (this.#wire.isBroken !== this.#isBroken) this.#follow(this.#wire.isBroken);
        if (!this.#isWanted || !this.#isOpen || nowMs < this.#nextFrameMs) return;
        this.#nextFrameMs = (Math.floor(nowMs / FRAME_MS) + 1) * FRAME_MS;
        const before = this.#tracks.size;
        for (const { name, plate } of this.#inView()) this.#see(name, plate, nowMs);
        for (const [name, track] of this.#tracks) if (nowMs - track.lastFrameMs > TRACK_MS) this.#tracks.delete(name);
        if (before + this.#tracks.size === 0) return;
        this.#looks += 1;
        this.#reads = [...this.#tracks.values()].flatMap(({ read }) => read ?? []);
    }

    #follow(isBroken: boolean): void {
        this.#isBroken = isBroken;
        this.#isOpen = false;
        this.#changes += 1;
        if (isBroken) this.#failures += 1;
        else this.#open();
        this.#forget();
    }

    #open(): void {
        const random = new Random(this.#seed, `camera/${this.camera}/${this.#failures}`);
        this.#clock.after(random.between(...OPENING_MS), () => {
            this.#isOpen = !this.#isBroken;
            this.#changes += 1;
        });
    }

    #forget(): void {
        this.#looks += 1;
        this.#tracks.clear();
        this.#reads = [];
    }

    #inView(): { readonly name: string; readonly plate: string }[] {
        const [fromM, toM] = READABLE_M;
        const seen = this.#lane
            .scene()
            .filter(({ frontAtM }) => frontAtM >= fromM && frontAtM <= toM)
            .map(({ id, plate }) => ({ name: `lorry-${id}`, plate: plate.text }));
        const held = this.#lane.passerBy?.plate;
        return held === undefined ? seen : [...seen, { name: `held-up-${held.text}`, plate: held.text }];
    }

    /** The same plate at the same camera is read the same way each time: a bent or dirty plate stays one. */
    #see(name: string, plate: string, nowMs: number): void {
        let track = this.#tracks.get(name);
        if (track === undefined) {
            const sight = sightOf(plate, new Random(this.#seed, `read/${this.camera}/${name}`));
            track = { sight, frames: 0, read: undefined, lastFrameMs: nowMs };
            this.#tracks.set(name, track);
        }
        track.frames += 1;
        track.lastFrameMs = nowMs;
        track.read = this.#vote(name, track, nowMs);
    }

    #vote(name: string, { sight, frames, read }: Track, nowMs: number): PlateRead | undefined {
        const counted = frames - sight.blindFrames;
        if (sight.text === undefined || counted <= 0) return undefined;
        const agreeing = Math.max(1, Math.floor(counted * sight.agreeing));
        return {
            camera: this.camera,
            track: name,
            text: sight.text,
            confidence: Math.min(sight.confidence, 1 - DOUBT_OF_ONE_FRAME / agreeing),
            frames: counted,
            agreeing,
            firstSeenMs: read?.firstSeenMs ?? nowMs,
            lastSeenMs: nowMs,
            recogniser: "simulated",
            corners: DEPICTED,
            evidence: read?.evidence ?? [{ jpeg: Buffer.from(`${this.camera} ${name}`), kind: "plate" }],
        };
    }
}
