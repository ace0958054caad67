/**
 * A camera that reads plates by itself, as the lane sees it: reads with the moment they came in by our own clock, and one
 * health. What it says twice, says late or has kept somewhere is counted and never becomes a read.
 */
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import type { CameraFeed, FeedListener, FeedPart } from "../../src/ports/camera-feed.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { DeviceHealth } from "../../src/ports/device-health.ts";
import type { Evidence, PlateRead, PlateSource } from "../../src/ports/plate-source.ts";
import { CameraStopwatch } from "./camera-stopwatch.ts";
import { DIALECT_OF } from "./dialects.ts";
import type { CameraDialect, PlateEvent } from "./plate-event.ts";
import type { ReadingCameraProfile } from "./reading-camera-profile.ts";

export interface ReadingCameraPlan {
    readonly camera: string;
    readonly profile: ReadingCameraProfile;
    readonly feed: CameraFeed;
    readonly clock: Clock;
    /** Only events of this line or region count, where the camera watches several; absent: all. */
    readonly line?: string;
    /** Which way vehicles must go to count; one whose way the camera does not know counts. Default `any`. */
    readonly direction?: "approaching" | "leaving" | "any";
    /** Silent for longer is a failure; absent: it may be silent for ever. */
    readonly silentMsMax?: number;
}

/** Why something that was understood became no read, or was not understood; each is counted. */
const UNUSED = ["no-plate", "repeated", "late", "stored", "other-line", "other-way", "gone", "not-understood"] as const;
type Unused = (typeof UNUSED)[number];

/** No lane shows more plates than this at once. */
const TRACKS_MAX = 8;
/** A visit rarely lasts longer without a new event; older reads belong to nobody. */
const TRACK_MS_MAX = 600_000;
/** Two hours of a busy lane. */
const IDS_MAX = 2_000;
const PICTURES_MAX = 4;
/** Letters, digits, marks and what stands between them on plates; the longest known has 12 signs. */
const PLATE_TEXT = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\s.·•_/-]{0,23}$/u;

export class ReadingCamera implements PlateSource, FeedListener {
    readonly camera: string;
    readonly #plan: ReadingCameraPlan;
    readonly #hear: CameraDialect;
    readonly #stopwatch = new CameraStopwatch();
    /** Newest last. */
    readonly #tracks = new Map<string, PlateRead>();
    /** Oldest first. */
    readonly #seenIds = new Set<string>();
    readonly #counts = new Map<Unused, number>();
    readonly #noPlate: ReadonlySet<string>;
    /** The track that pictures still belong to. */
    #pictured: string | undefined;
    #heardMs: number | undefined;
    #startedMs: number | undefined;
    #misunderstood: string | undefined;
    #reads = 0;

    constructor(plan: ReadingCameraPlan) {
        this.camera = plan.camera;
        this.#plan = plan;
        this.#hear = DIALECT_OF[plan.profile.dialect];
        this.#noPlate = new Set(plan.profile.noPlate.map((text) => text.toLowerCase()));
    }

    start(): void {
        this.#startedMs = this.#plan.clock.monotonicMs();
        this.#plan.feed.listen(this);
        this.#plan.feed.start();
    }

    async stop(): Promise<void> {
        this.#tracks.clear();
        await this.#plan.feed.stop();
    }

    /** It reads whether anybody looks or not; reads are bound to a vehicle by their time. */
    watch(_isWanted: boolean): void {}

    reads(): readonly PlateRead[] {
        const sinceMs = this.#plan.clock.monotonicMs() - TRACK_MS_MAX;
        for (const [object, { lastSeenMs }] of this.#tracks) if (lastSeenMs < sinceMs) this.#tracks.delete(object);
        return [...this.#tracks.values()].toReversed();
    }

    health(): DeviceHealth {
        const feed = this.#plan.feed.health();
        const failures = feed.failures + this.count("not-understood");
        const failed = (code: "BAD_REPLY" | "NO_REPLY", detail: string): DeviceHealth => {
            return { device: this.camera, state: "failed", code, detail, failures };
        };
        if (feed.state === "failed") return { ...feed, device: this.camera, failures };
        if (this.#misunderstood !== undefined) {
            return failed(
                "BAD_REPLY",
                `sends what its profile does not know (${this.#misunderstood}): check model and profile`,
            );
        }
        const { silentMsMax, clock } = this.#plan;
        const sinceMs = this.#heardMs ?? this.#startedMs;
        if (silentMsMax !== undefined && sinceMs !== undefined && clock.monotonicMs() - sinceMs > silentMsMax) {
            return failed(
                "NO_REPLY",
                `nothing heard for ${silentMsMax} ms: check power, network and what it is set to send`,
            );
        }
        const isWell = this.#heardMs !== undefined || (feed.state === "well" && silentMsMax === undefined);
        return { device: this.camera, state: isWell ? "well" : "starting", failures };
    }

    /** For people: model, and what became of all that it said. */
    describe(): readonly string[] {
        const { maker, model, transport, maturity, notes } = this.#plan.profile;
        const unused = UNUSED.flatMap((why) => (this.count(why) === 0 ? [] : [`${this.count(why)} ${why}`]));
        return [
            `${maker} ${model} (${transport}, ${maturity}), reads by itself`,
            [`${this.#reads} reads`, ...unused].join(", "),
            ...notes.map((note) => `note: ${note}`),
        ];
    }

    /** How often something became no read for this reason. */
    count(why: Unused): number {
        return this.#counts.get(why) ?? 0;
    }

    heard(parts: readonly FeedPart[], isStored: boolean): boolean {
        const nowMs = this.#plan.clock.monotonicMs();
        // In a form the pictures may stand before the event that they belong to.
        const said = parts.map((part) => this.#hear(part)).sort((a, b) => rank(a.is) - rank(b.is));
        let isUnderstood = parts.length > 0;
        for (const heard of said) {
            if (heard.is === "refused") {
                isUnderstood = false;
                this.garbled(heard.why);
                continue;
            }
            this.#heardMs = nowMs;
            if (heard.is === "picture") this.#addPictures([heard.picture]);
            if (heard.is === "alive") this.#stopwatch.isLate(heard.timeMs, nowMs);
            if (heard.is === "plates") for (const event of heard.events) this.#take(event, nowMs, isStored);
        }
        if (isUnderstood) this.#misunderstood = undefined;
        return isUnderstood;
    }

    garbled(why: string): void {
        this.#count("not-understood");
        this.#misunderstood = why;
        this.#pictured = undefined;
    }

    #take(event: PlateEvent, nowMs: number, isStored: boolean): void {
        // A clock is heard in every message, whatever becomes of it.
        const isLate = this.#stopwatch.isLate(event.timeMs, nowMs);
        const isRepeated = this.#isRepeated(event);
        const unused = isStored ? "stored" : event.isLate || isLate ? "late" : this.#whyUnused(event, isRepeated);
        // A repeated message may bring the pictures that the first one promised; those that came need not come again.
        const isPictured = (this.#tracks.get(event.object)?.evidence.length ?? 0) > 0;
        const wantsPictures = unused === undefined || (unused === "repeated" && !isPictured);
        this.#pictured = wantsPictures ? event.object : undefined;
        if (unused === undefined) this.#track(event, nowMs);
        else this.#count(unused);
        this.#addPictures(event.pictures ?? []);
    }

    #whyUnused(event: PlateEvent, isRepeated: boolean): Unused | undefined {
        const { line, direction = "any", profile } = this.#plan;
        const { approaching, leaving } = profile.directions;
        const against = direction === "approaching" ? leaving : direction === "leaving" ? approaching : [];
        if (isRepeated) return "repeated";
        if (event.isGone) return "gone";
        if (line !== undefined && event.line !== line) return "other-line";
        if (event.direction !== undefined && against.includes(event.direction)) return "other-way";
        if (this.#noPlate.has(event.text.toLowerCase()) || toPlateKey(event.text) === "") return "no-plate";
        return PLATE_TEXT.test(event.text) ? undefined : "no-plate";
    }

    /** By its own id, and by plate and camera time: firmware was seen to give a repetition another id. */
    #isRepeated({ id, text, time }: PlateEvent): boolean {
        const names = [`id ${id} ${text}`, ...(time === undefined ? [] : [`at ${time} ${text}`])];
        const isKnown = names.some((name) => this.#seenIds.has(name));
        for (const name of names) this.#seenIds.add(name);
        for (const name of this.#seenIds) {
            if (this.#seenIds.size <= IDS_MAX) break;
            this.#seenIds.delete(name);
        }
        return isKnown;
    }

    #track(event: PlateEvent, nowMs: number): void {
        this.#reads++;
        const before = this.#tracks.get(event.object);
        const isSame = before !== undefined && toPlateKey(before.text) === toPlateKey(event.text);
        const { confidence, isUnrated } = this.#rated(event.confidence);
        this.#tracks.delete(event.object);
        this.#tracks.set(event.object, {
            camera: this.camera,
            track: event.object,
            text: event.text,
            confidence,
            ...(isUnrated ? { isUnrated } : {}),
            frames: (before?.frames ?? 0) + 1,
            agreeing: isSame ? before.agreeing + 1 : 1,
            firstSeenMs: before?.firstSeenMs ?? nowMs,
            lastSeenMs: nowMs,
            recogniser: `${this.#plan.profile.maker} ${this.#plan.profile.model}`,
            corners: [],
            evidence: isSame ? before.evidence : [],
            told: this.#told(event),
        });
        const [oldest] = this.#tracks.keys();
        if (this.#tracks.size > TRACKS_MAX && oldest !== undefined) this.#tracks.delete(oldest);
    }

    /** A number outside of its scale means that the scale is not the one we think. */
    #rated(value: number | undefined): { readonly confidence: number; readonly isUnrated: boolean } {
        const full = this.#plan.profile.confidence?.full;
        if (value === undefined || full === undefined || !(value >= 0 && value <= full)) {
            return { confidence: 0, isUnrated: true };
        }
        return { confidence: value / full, isUnrated: false };
    }

    #told({ time, line, direction, region, original }: PlateEvent): NonNullable<PlateRead["told"]> {
        const { regions } = this.#plan.profile;
        return {
            ...(time === undefined ? {} : { time }),
            ...(line === undefined ? {} : { line }),
            ...(direction === undefined ? {} : { direction }),
            ...(region === undefined ? {} : { region: regions[region] ?? region }),
            ...(original === undefined ? {} : { original }),
        };
    }

    #addPictures(pictures: readonly Evidence[]): void {
        const read = this.#pictured === undefined ? undefined : this.#tracks.get(this.#pictured);
        if (read === undefined || pictures.length === 0 || read.evidence.length >= PICTURES_MAX) return;
        const evidence = [...read.evidence, ...pictures].slice(0, PICTURES_MAX);
        // In its place: a picture is no new sighting.
        this.#tracks.set(read.track, { ...read, evidence });
    }

    #count(why: Unused): void {
        this.#counts.set(why, this.count(why) + 1);
    }
}

function rank(is: "plates" | "picture" | "alive" | "refused"): number {
    return is === "picture" ? 1 : 0;
}
