/**
 * Drives one lane: freezes what its devices say into an image, steps the pure core, writes the facts down, and only then acts.
 * Nothing here decides; nothing here acts inside an event callback.
 */
import { createHash } from "node:crypto";
import type { Booking, ListStamp } from "../core/booking/booking.ts";
import { foldedBooking, latinSpelling } from "../core/decision/national-fold.ts";
import { isSure } from "../core/decision/read-choice.ts";
import type { Fact } from "../core/fact/fact.ts";
import type { ContactName, ContactReadings, Reading } from "../core/lane/contacts.ts";
import type { LaneImage, LaneRead, LaneRequest, OrderEcho } from "../core/lane/lane-image.ts";
import type { LanePlan } from "../core/lane/lane-plan.ts";
import { type LaneState, startingState } from "../core/lane/lane-state.ts";
import { type Step, step } from "../core/lane/lane-step.ts";
import { isOfVisit } from "../core/lane/read-facts.ts";
import type { ScaleReading } from "../core/lane/scale-reading.ts";
import { needsSight, SIGHT_GAP_MS_MAX } from "../core/lane/sight.ts";
import type { LaneOrder } from "../core/lane/turn.ts";
import { type PlateKey, toPlateKey } from "../core/plate/plate-key.ts";
import { otherSpellings } from "../core/plate/printed-mark.ts";
import type { Barrier } from "../ports/barrier.ts";
import type { BookingList } from "../ports/booking-list.ts";
import type { Clock } from "../ports/clock.ts";
import type { DigitalIo } from "../ports/digital-io.ts";
import type { EvidenceKeeper } from "../ports/evidence-keeper.ts";
import { type Journal, type JournalArchive, StoreFault } from "../ports/journal.ts";
import type { Evidence, PlateRead, PlateSource } from "../ports/plate-source.ts";
import type { Scale } from "../ports/scale.ts";
import { InputRecorder } from "./input-recorder.ts";
import type { Log } from "./log.ts";
import type { SiteKnowledge } from "./site-knowledge.ts";

export interface WiredContact {
    readonly io: Pick<DigitalIo, "image">;
    readonly input: number;
    readonly isActiveWhenOn: boolean;
}

export interface WiredLamps {
    readonly red: { readonly io: DigitalIo; readonly output: number };
    readonly green: { readonly io: DigitalIo; readonly output: number };
}

export interface LaneParts {
    readonly plan: LanePlan;
    readonly checkpoint: string;
    readonly contacts: { readonly [name in ContactName]?: WiredContact };
    readonly barrier: Barrier;
    readonly lamps?: WiredLamps;
    readonly cameras: readonly PlateSource[];
    readonly scale?: Scale;
    readonly bookings: BookingList;
    /** Absent: a lane that goes by the central system's list alone. */
    readonly local?: Pick<SiteKnowledge, "revision" | "know" | "knowBooking" | "fullQuotas" | "note" | "elsewhere">;
    readonly journal: Journal & Pick<JournalArchive, "passageRecord">;
    readonly evidence: EvidenceKeeper;
    readonly clock: Clock;
    readonly log: Log;
    /** Stands in the recorded inputs, such as `kordon 0.1.0`: who replays them must know what had computed them. */
    readonly program: string;
}

/** What the site adds to every image of this tick. */
export interface SiteImage {
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    readonly list: ListStamp;
    /** The link to the central system is up. */
    readonly isOnline: boolean;
    readonly isInterlockFree: boolean;
}

/** What the list holds for one key. */
type Found = Pick<LaneRead, "asTractor" | "asTrailer" | "near" | "foldedTo" | "known">;

/** Near candidates shown to an officer. */
const NEAR_MAX = 5;
const STANDS_BEFORE_BOOM: ReadonlySet<LaneState["mode"]["at"]> = new Set([
    "arriving",
    "weighing",
    "deciding",
    "referred",
    "refused",
]);
const NOTHING_FOUND: Found = { asTractor: [], asTrailer: [], near: [] };
/** What a lane goes by while the booking list cannot be read. */
export const NO_LIST: ListStamp = { version: 0, hash: "", ageMs: Number.POSITIVE_INFINITY };

export class LaneRunner {
    readonly #parts: LaneParts;
    #state: LaneState;
    #image: LaneImage | undefined;
    /** Of the last tick whose facts were written: what happened since is forgotten. */
    #lookedMs: number | undefined;
    #requests: LaneRequest[] = [];
    #echo: OrderEcho | undefined;
    readonly #lookedUp = new Map<PlateKey, Found>();
    /** List version and revision of the site's own book. */
    #lookedUpIn = "";
    /** An emergency was acted upon and could not be written down yet. */
    #isEmergencyOwed = false;
    readonly #pictureHashes = new WeakMap<Evidence, string>();
    readonly #recorder: InputRecorder;

    /** `resumed`: the passage that the last run left open. Throws `StoreFault`. */
    constructor(parts: LaneParts, resumed: string | undefined) {
        const { plan, program, journal } = parts;
        this.#parts = parts;
        this.#state = startingState(resumed);
        this.#recorder = new InputRecorder(
            plan,
            program,
            resumed === undefined ? undefined : journal.passageRecord(resumed),
        );
    }

    get plan(): LanePlan {
        return this.#parts.plan;
    }

    get state(): LaneState {
        return this.#state;
    }

    /** Monotonic milliseconds of the last tick whose facts were written. */
    get lookedMs(): number | undefined {
        return this.#lookedMs;
    }

    /** The last frozen image, for the live view. */
    get image(): LaneImage | undefined {
        return this.#image;
    }

    /** Takes effect in the next tick. */
    ask(request: LaneRequest): void {
        this.#requests.push(request);
    }

    /** One tick. Throws `StoreFault` when the facts could not be written: then nothing but an emergency order was carried out. */
    tick(site: SiteImage): readonly Fact[] {
        const image = this.#freeze(site);
        this.#image = image;
        const result = step(this.#state, image, this.#parts.plan);
        const facts = this.#remember(image, result, site);
        this.#state = result.next;
        this.#lookedMs = image.nowMs;
        this.#requests = [];
        this.#act(result);
        return facts;
    }

    /** See `InputRecorder`. */
    protected get recordingDueMs(): number | undefined {
        return this.#recorder.dueMs;
    }

    /** Until then the lane has not looked for longer than what it follows can be trusted. Monotonic milliseconds. */
    protected isBlindAt(nowMs: number): boolean {
        return nowMs - (this.#lookedMs ?? nowMs) > SIGHT_GAP_MS_MAX && needsSight(this.#state);
    }

    /** The last tick could not be written down. */
    protected get isRefused(): boolean {
        const { nowMs = Number.NEGATIVE_INFINITY } = this.#image ?? {};
        return nowMs > (this.#lookedMs ?? Number.NEGATIVE_INFINITY);
    }

    /** For a tick that would come to what the last one came to. Monotonic milliseconds. */
    protected passOver(nowMs: number): void {
        if (!this.isRefused) this.#lookedMs = Math.floor(nowMs);
        this.#sight(nowMs);
    }

    #remember(image: LaneImage, result: Step, site: SiteImage): readonly Fact[] {
        const { journal } = this.#parts;
        const facts: Fact[] = [];
        try {
            for (const { entry, keep } of this.#recorder.note(
                { before: this.#state, image, result },
                journal.head().sequence,
            )) {
                facts.push(...journal.commit(entry, site));
                keep();
            }
            this.#keepPictures(facts, site);
            this.#isEmergencyOwed = false;
            return facts;
        } catch (error) {
            if (result.next.mode.at === "emergency-open") this.#actUnwritten(result);
            throw error;
        }
    }

    /**
     * An emergency is never blocked by a disk. Because the state does not move on, its facts are tried again in the next
     * tick, and the button counts as pressed until they are written: otherwise one let go before that would leave no trace.
     */
    #actUnwritten(result: Step): void {
        const isUp = this.#isEmergencyOwed && result.next.arm === "open";
        this.#isEmergencyOwed = true;
        if (!isUp) this.#act(result);
    }

    /** The pictures behind this tick's reads go to disk behind the lane's back: a slow disk must not hold a tick. */
    #keepPictures(facts: readonly Fact[], { utcMs, isClockTrusted }: SiteImage): void {
        const passage = facts.find((fact) => fact.kind === "vehicle.recognised")?.passage;
        if (passage === undefined) return;
        for (const { camera, evidence } of this.#reads()) {
            for (const { jpeg, kind } of evidence) {
                this.#parts.evidence
                    .keep({ jpeg, kind, passage, camera, utcMs, isClockTrusted })
                    .catch((error: unknown) => {
                        this.#parts.log.warn({ lane: this.plan.id, camera, error: String(error) }, "picture not kept");
                    });
            }
        }
    }

    #freeze(site: SiteImage): LaneImage {
        const { clock, journal, cameras, plan, checkpoint } = this.#parts;
        // Whole milliseconds keep the recorded inputs short; ages are rounded up, never down.
        const exactMs = clock.monotonicMs();
        const nowMs = Math.floor(exactMs);
        const head = journal.head();
        const { reads, list } = this.#readsWithList(site.list, exactMs);
        const named = this.#named();
        const wasBlind = this.isBlindAt(nowMs);
        const weighing = this.#weighing(exactMs);
        return {
            nowMs,
            ...(wasBlind ? { wasBlind } : {}),
            utcMs: site.utcMs,
            isClockTrusted: site.isClockTrusted,
            contacts: this.#contacts(exactMs),
            isCameraWell: cameras.some((camera) => camera.health().state === "well"),
            reads,
            ...(weighing === undefined ? {} : { weighing }),
            list: { ...list, ageMs: Math.ceil(list.ageMs) },
            isOnline: site.isOnline,
            fullQuotas: this.#parts.local?.fullQuotas() ?? [],
            ...(named === undefined ? {} : { named }),
            checkpoint,
            requests: this.#requests,
            ...(this.#echo === undefined ? {} : { echo: this.#echo }),
            isInterlockFree: site.isInterlockFree,
            freshPassage: `${plan.id}-${head.journalId}-${head.sequence + 1}`,
        };
    }

    #hashOf(picture: Evidence): string {
        let hash = this.#pictureHashes.get(picture);
        if (hash === undefined) {
            hash = createHash("sha256").update(picture.jpeg).digest("hex");
            this.#pictureHashes.set(picture, hash);
        }
        return hash;
    }

    #contacts(nowMs: number): ContactReadings {
        const readings: { [name in ContactName]?: Reading } = {};
        for (const name of this.#parts.plan.contacts) {
            const wired = this.#parts.contacts[name];
            const image = wired?.io.image();
            const level = wired === undefined ? undefined : image?.inputs[wired.input];
            if (wired === undefined || image === undefined || level === undefined) continue;
            readings[name] = {
                isActive: level === wired.isActiveWhenOn,
                ageMs: Math.max(0, Math.ceil(nowMs - image.atMs)),
            };
        }
        if (this.#isEmergencyOwed) readings.emergency = { isActive: true, ageMs: 0 };
        return readings;
    }

    #weighing(nowMs: number): ScaleReading | undefined {
        const sighting = this.#parts.scale?.sighting();
        if (sighting === undefined) return undefined;
        const { grossKg, isStable, isInRange, raw, atMs } = sighting;
        return { grossKg, isStable, isInRange, raw, ageMs: Math.max(0, Math.ceil(nowMs - atMs)) };
    }

    #reads(): readonly PlateRead[] {
        return this.#parts.cameras.flatMap((camera) => camera.reads());
    }

    /** A list that cannot be read is no list: its lorries go to the officer, and the tick goes on for the emergency button. */
    #readsWithList(list: ListStamp, nowMs: number): { readonly reads: readonly LaneRead[]; readonly list: ListStamp } {
        const reads = this.#reads();
        this.#sight(nowMs);
        try {
            const find = (key: PlateKey): Found => this.#found(key, list.version);
            return { list, reads: reads.map((read) => this.#look(read, find, nowMs)) };
        } catch (error) {
            if (!(error instanceof StoreFault)) throw error;
            this.#parts.log.debug({ lane: this.plan.id, code: error.code }, "the booking list cannot be read");
            return { list: NO_LIST, reads: reads.map((read) => this.#look(read, () => NOTHING_FOUND, nowMs)) };
        }
    }

    #look(read: PlateRead, find: (key: PlateKey) => Found, nowMs: number): LaneRead {
        const key = toPlateKey(read.text);
        const { evidence, corners: _corners, told, ...plain } = read;
        const seenElsewhere = this.#parts.local?.elsewhere(this.plan, key, nowMs);
        return {
            ...plain,
            ...find(key),
            ...(seenElsewhere === undefined ? {} : { seenElsewhere }),
            key,
            ...(told === undefined ? {} : { told: { ...told } }),
            evidence: evidence.map((picture) => this.#hashOf(picture)),
        };
    }

    /** Tells the other lanes which plate stands here, once that is sure. Under the open boom the camera may see the next lorry. */
    #sight(nowMs: number): void {
        const { visit, mode } = this.#state;
        const { local, plan } = this.#parts;
        if (visit === undefined || local === undefined || !STANDS_BEFORE_BOOM.has(mode.at)) return;
        for (const read of this.#reads()) {
            if (!isOfVisit(read, visit, plan.policy) || !isSure(read, plan.policy)) continue;
            local.note(plan, visit.passage, toPlateKey(read.text), nowMs);
        }
    }

    /** The booking that an officer names, now or before, for the vehicle here: as the list has it at this moment. */
    #named(): LaneImage["named"] {
        const asked = this.#requests.findLast(({ bookingId }) => bookingId !== undefined)?.bookingId;
        const id = asked ?? this.#state.visit?.link?.bookingId;
        if (id === undefined) return undefined;
        try {
            const booking = this.#parts.bookings.byId(id);
            return booking && { booking, known: this.#parts.local?.knowBooking(id) ?? {} };
        } catch (error) {
            if (error instanceof StoreFault) return undefined;
            throw error;
        }
    }

    /** What list and book hold for a plate; looked up once per key until one of them changes. */
    #found(key: PlateKey, listVersion: number): Found {
        const { local } = this.#parts;
        const lookedUpIn = `${listVersion} ${local?.revision}`;
        if (lookedUpIn !== this.#lookedUpIn) {
            this.#lookedUp.clear();
            this.#lookedUpIn = lookedUpIn;
        }
        const before = this.#lookedUp.get(key);
        if (before !== undefined) return before;
        const listed = this.#lookUp(key);
        const known = local?.know(key, listed.asTractor);
        const found = known === undefined ? listed : { ...listed, known };
        this.#lookedUp.set(key, found);
        return found;
    }

    #lookUp(key: PlateKey): Found {
        const { bookings } = this.#parts;
        const booked = (as: "tractor" | "trailer", plate: PlateKey): readonly Booking[] =>
            bookings.byPlate(plate).flatMap(({ role, booking }) => (role === as ? [booking] : []));
        const asTractor = booked("tractor", key);
        const asTrailer = booked("trailer", key);
        if (asTractor.length > 0) return { asTractor, asTrailer, near: [] };
        const respelt = otherSpellings(key).flatMap((other) => booked("tractor", other));
        const near = [...respelt, ...bookings.near(key, NEAR_MAX)].slice(0, NEAR_MAX);
        const foldedTo = latinSpelling(key);
        if (foldedTo === undefined) return { asTractor, asTrailer, near };
        const folded = booked("tractor", foldedTo);
        const same = foldedBooking(key, folded, near);
        // What is not exact after all stands before the officer first.
        return same === undefined
            ? { asTractor, asTrailer, near: [...folded, ...near].slice(0, NEAR_MAX) }
            : { asTractor: [same], asTrailer, near: [], foldedTo };
    }

    #act(result: Step): void {
        for (const order of result.orders) this.#drive(order);
        this.#showLamps(result.light);
        const isWanted = result.next.mode.at !== "idle" && result.next.mode.at !== "starting";
        for (const camera of this.#parts.cameras) camera.watch(isWanted);
        if (!isWanted && this.#lookedUp.size > 0) this.#lookedUp.clear();
    }

    #drive({ order, number }: LaneOrder): void {
        const echo = (status: OrderEcho["status"]): void => {
            if (this.#echo === undefined || this.#echo.number <= number) this.#echo = { order, number, status };
        };
        echo("pending");
        this.#parts.barrier.order(order).then(
            () => echo("applied"),
            (error: unknown) => {
                echo("failed");
                this.#parts.log.warn(
                    { lane: this.plan.id, order, number, error: String(error) },
                    "barrier order not applied",
                );
            },
        );
    }

    /** Drives the lamps only when the module says they differ, so that a module that lost its outputs is corrected. */
    #showLamps(light: "red" | "green"): void {
        const { lamps } = this.#parts;
        if (lamps === undefined) return;
        const show = (lamp: WiredLamps["red"], isOn: boolean): void => {
            const shown = lamp.io.image()?.outputs[lamp.output];
            if (shown === undefined || shown === isOn) return;
            lamp.io.set(lamp.output, isOn).catch((error: unknown) => {
                this.#parts.log.debug({ lane: this.plan.id, error: String(error) }, "lamp not switched");
            });
        };
        // Both off for a moment is safe; both on is not: the lamp that goes out goes first.
        if (light === "red") {
            show(lamps.green, false);
            show(lamps.red, true);
        } else {
            show(lamps.red, false);
            show(lamps.green, true);
        }
    }
}
