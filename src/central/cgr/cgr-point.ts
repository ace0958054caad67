/**
 * Tells one CarGoRuqsat point (checkpoint or waiting area) of every completed passage: in order, one at a time, until the
 * server has said "Ok". The mark that moves with each Ok is on the disk before the next report goes out.
 */
import type { Fact } from "../../core/fact/fact.ts";
import { maskPlate } from "../../core/plate/plate-mask.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Delivery, SetAside } from "../../ports/delivery.ts";
import type { DeviceHealth, FaultCode } from "../../ports/device-health.ts";
import type { JournalArchive } from "../../ports/journal.ts";
import { backOffMs } from "../back-off.ts";
import {
    type CamEventForm,
    type CamReport,
    cameraEventOf,
    camReportOf,
    concerns,
    type Untellable,
} from "./cam-event.ts";
import type { CgrClient, CgrPointName } from "./cgr-client.ts";
import type { CgrLimits } from "./cgr-limits.ts";
import type { CgrOutcome } from "./cgr-reply.ts";

/** The photographs kept as evidence. */
export interface PictureSource {
    ofPassage(passage: string): readonly { readonly sha256: string; readonly kind: "frame" | "plate" }[];
    read(sha256: string): Promise<Uint8Array | undefined>;
}

export interface CgrPointOptions {
    readonly point: CgrPointName;
    readonly client: Pick<CgrClient, "post" | "stop">;
    readonly journal: Pick<JournalArchive, "factsAfter" | "passageRecord">;
    readonly delivery: Delivery;
    readonly pictures: PictureSource;
    /** Larger pictures are left out; 0: none are sent. */
    readonly pictureBytesMax: number;
    readonly form: CamEventForm;
    /** Texts in an "Error" that mean that the server has this report already. */
    readonly knownAlready: readonly string[];
    readonly bookedPlate: (bookingId: string) => string | undefined;
    readonly clock: Clock;
    readonly random: () => number;
    readonly limits: CgrLimits;
    readonly on: CgrListener;
}

export interface CgrListener {
    /** A report will not go out by itself any more: an alarm for a person. */
    readonly setAside: (point: CgrPointName, left: SetAside) => void;
    /** No plate is known of a passage: the interface has no place for it. */
    readonly untold: (point: CgrPointName, sequence: number) => void;
    readonly trouble: (point: CgrPointName, code: FaultCode, reason: string) => void;
    readonly storeFault: (error: unknown) => void;
}

/** Since the start. */
export interface CgrCounts {
    readonly sent: number;
    readonly refused: number;
    readonly badReplies: number;
    readonly retried: number;
    /** Passages of which no plate is known: the interface has no place for them. */
    readonly plateless: number;
}

/** Facts looked through at once; a few milliseconds of the lanes' thread. */
const LOOK_MAX = 100;
/** Facts of no interest that may pass before the mark is moved for them: each move is a write to the disk. */
const UNMARKED_MAX = 500;
/** While everything is refused, how many others are tried in a round; doubles from round to round. */
const PROBES_FIRST = 4;
const PROBE_DOUBLINGS_MAX = 8;

interface Next {
    readonly sequence: number;
    readonly report: CamReport | Untellable;
}

export class CgrPoint {
    readonly #options: CgrPointOptions;
    readonly #stop = new AbortController();
    #wake: () => void = () => undefined;
    #hasNews = false;
    #work: Promise<void> | undefined;
    /** Highest sequence looked at; above the mark while reports before it are in doubt, or nothing of interest was there. */
    #position = 0;
    /** Reports refused, with the newest reason: poison if a later one is taken, patience if none is. */
    #suspects: SetAside[] = [];
    /** The server has said Ok and the disk has not: nothing else is told before the mark is written. */
    #owed: { readonly upTo: number; readonly left: readonly SetAside[] } | undefined;
    /** Left behind although the server may only have recovered just then: each is told once more before the alarm. */
    #rehearings: SetAside[] = [];
    #refusals = 0;
    #rounds = 0;
    #failures = 0;
    #withoutPictures: number | undefined;
    #isHeard = false;
    #failure: { readonly code: FaultCode; readonly detail: string } | undefined;
    readonly #counts = { sent: 0, refused: 0, badReplies: 0, retried: 0, plateless: 0, failures: 0 };

    constructor(options: CgrPointOptions) {
        this.#options = options;
    }

    /** Returns at once, whether the server is there or not. */
    start(): void {
        this.#position = this.#options.delivery.settledUpTo();
        this.#work ??= this.#run();
    }

    /** Lets a call under way end, but not for long; what is not settled is told again after the next start. */
    async stop(): Promise<void> {
        const { clock, client, limits } = this.#options;
        this.#stop.abort();
        this.wake();
        const cancel = clock.after(limits.farewellMs, () => client.stop());
        await this.#work;
        cancel();
        client.stop();
    }

    /** New facts were committed. */
    wake(): void {
        this.#hasNews = true;
        this.#wake();
    }

    counts(): CgrCounts {
        const { failures: _internal, ...counts } = this.#counts;
        return counts;
    }

    /** Connection and authority first; a report that waits for a person keeps the way failed until it is released. */
    health(): DeviceHealth {
        const device = `cgr-${this.#options.point}`;
        const { failures } = this.#counts;
        if (this.#failure !== undefined) return { device, state: "failed", ...this.#failure, failures };
        const left = this.leftBehind().length + this.#rehearings.length;
        if (left > 0) {
            const detail = `${left} passages could not be told to CarGoRuqsat. Look at them with: kordon cgr.`;
            return { device, state: "failed", code: "REFUSED", detail, failures };
        }
        return { device, state: this.#isHeard ? "well" : "starting", failures };
    }

    async #run(): Promise<void> {
        const { signal } = this.#stop;
        while (!signal.aborted) {
            const pauseMs = await this.#turn().catch((error: unknown) => {
                this.#options.on.storeFault(error);
                return this.#options.limits.retry.longestMs;
            });
            await this.#rest(pauseMs);
        }
    }

    /** One report at most; returns how long to rest before the next turn, undefined until there are new facts. */
    async #turn(): Promise<number | undefined> {
        this.#payMark();
        this.#hasNews = false;
        const [doubtful] = this.#rehearings;
        if (doubtful !== undefined) return this.#rehear(doubtful);
        const next = this.#next();
        if (next === "more") return 0;
        if (next === "none") return this.#suspects.length > 0 ? this.#beginAgain() : undefined;
        const { sequence, report } = next;
        if (typeof report !== "string") return this.#conclude(sequence, await this.#tell(report));
        this.#position = sequence;
        if (report === "NO_PLATE") this.#untold(sequence);
        else if (this.#suspects.length > 0) this.#suspects.push({ sequence, reason: report });
        else this.#leave(sequence, report);
        return 0;
    }

    #untold(sequence: number): void {
        this.#counts.plateless += 1;
        this.#options.on.untold(this.#options.point, sequence);
    }

    /** The next fact above the position that concerns this point. */
    #next(): Next | "none" | "more" {
        const { journal, point, delivery } = this.#options;
        const facts = journal.factsAfter(this.#position, LOOK_MAX);
        const fact = facts.find((each) => concerns(point, each));
        if (fact === undefined) {
            this.#position = facts.at(-1)?.sequence ?? this.#position;
            const isWorthAWrite = this.#position - delivery.settledUpTo() >= UNMARKED_MAX;
            if (this.#suspects.length === 0 && isWorthAWrite) delivery.settle(this.#position);
            return facts.length < LOOK_MAX ? "none" : "more";
        }
        return { sequence: fact.sequence, report: this.#reportOf(fact) };
    }

    #reportOf(fact: Fact): CamReport | Untellable {
        const { facts } = this.#options.journal.passageRecord(fact.passage ?? "");
        return camReportOf(fact, facts, this.#options.bookedPlate);
    }

    /** Poison is what is refused again right after another report was taken. */
    async #rehear(doubtful: SetAside): Promise<number> {
        const { journal, delivery, on, point, limits } = this.#options;
        const [fact] = journal.factsAfter(doubtful.sequence - 1, 1);
        const report = fact === undefined ? undefined : this.#reportOf(fact);
        const outcome: CgrOutcome =
            report === undefined || typeof report === "string"
                ? { is: "refused", reason: doubtful.reason }
                : this.#judged(await this.#tell(report));
        if (outcome.is === "unauthorised" || outcome.is === "trouble") return this.#troubled(outcome);
        // Before anything that may fail: what the server has answered for is not told a third time.
        this.#rehearings.shift();
        this.#heard();
        if (outcome.is !== "ok") on.setAside(point, doubtful);
        else {
            this.#counts.sent += 1;
            delivery.release(doubtful.sequence, "kordon", "taken when told once more");
        }
        return limits.pauseMs;
    }

    /** A refusal that says that the server has it already is as good as an Ok. */
    #judged(outcome: CgrOutcome): CgrOutcome {
        const { knownAlready } = this.#options;
        const isKnown = outcome.is === "refused" && knownAlready.some((text) => outcome.reason.includes(text));
        return isKnown ? { is: "ok", result: undefined } : outcome;
    }

    async #tell(report: CamReport): Promise<CgrOutcome> {
        const isBare = this.#withoutPictures === report.sequence;
        const pictures = isBare ? {} : await this.#picturesOf(report);
        const outcome = await this.#options.client.post(
            "CamEvent",
            cameraEventOf(report, this.#options.form, pictures),
        );
        // Servers like to repeat the plate; what they say goes into logs.
        if (!("reason" in outcome)) return outcome;
        return { ...outcome, reason: outcome.reason.replaceAll(report.plate, maskPlate(report.plate)) };
    }

    async #picturesOf(report: CamReport): Promise<{ readonly full?: Uint8Array; readonly plate?: Uint8Array }> {
        const { pictures, pictureBytesMax } = this.#options;
        if (pictureBytesMax === 0) return {};
        const kept = pictures.ofPassage(report.passage).filter(({ sha256 }) => report.pictures.includes(sha256));
        const jpegOf = async (kind: "frame" | "plate"): Promise<Uint8Array | undefined> => {
            const newest = kept.findLast((each) => each.kind === kind);
            const jpeg = newest === undefined ? undefined : await pictures.read(newest.sha256);
            return jpeg !== undefined && jpeg.byteLength <= pictureBytesMax ? jpeg : undefined;
        };
        const [full, plate] = [await jpegOf("frame"), await jpegOf("plate")];
        return { ...(full === undefined ? {} : { full }), ...(plate === undefined ? {} : { plate }) };
    }

    #conclude(sequence: number, said: CgrOutcome): number {
        const outcome = this.#judged(said);
        switch (outcome.is) {
            case "ok":
                return this.#taken(sequence);
            case "too-large":
                if (this.#withoutPictures === sequence) return this.#refused(sequence, outcome.reason);
                this.#withoutPictures = sequence;
                return this.#options.limits.pauseMs;
            case "refused":
                return this.#refused(sequence, outcome.reason);
            case "unauthorised":
            case "trouble":
                return this.#troubled(outcome);
        }
    }

    #troubled(outcome: Extract<CgrOutcome, { is: "unauthorised" | "trouble" }>): number {
        const { limits, on, point, random } = this.#options;
        const code = outcome.is === "trouble" ? outcome.code : "NOT_AUTHORISED";
        if (code === "BAD_REPLY") this.#counts.badReplies += 1;
        this.#counts.retried += 1;
        this.#fail(code, outcome.reason);
        on.trouble(point, code, outcome.reason);
        const waitMs = outcome.waitMs ?? backOffMs(limits.retry, this.#failures, random);
        this.#failures += 1;
        return waitMs;
    }

    /** Whatever was refused before this one seems to be poison: the server is well and takes others. */
    #taken(sequence: number): number {
        this.#heard();
        this.#counts.sent += 1;
        this.#rounds = 0;
        this.#rehearings = this.#suspects;
        this.#settle(sequence, this.#suspects);
        return this.#options.limits.pauseMs;
    }

    #leave(sequence: number, reason: string): void {
        this.#rehearings = [{ sequence, reason }];
        this.#settle(sequence, this.#rehearings);
    }

    #settle(upTo: number, left: readonly SetAside[]): void {
        this.#owed = { upTo, left };
        this.#suspects = [];
        this.#refusals = 0;
        this.#position = upTo;
        this.#payMark();
    }

    /** Throws `StoreFault`; the debt then stands. */
    #payMark(): void {
        if (this.#owed === undefined) return;
        const { upTo, left } = this.#owed;
        this.#options.delivery.settle(upTo, left);
        this.#owed = undefined;
    }

    /** Asked again a few times; then others are tried, so that one bad report does not hold up all that follow. */
    #refused(sequence: number, reason: string): number {
        const { limits, random, on, point } = this.#options;
        const isKnownRefusal = this.#failure?.code === "REFUSED";
        if (!isKnownRefusal) this.#heard();
        this.#counts.refused += 1;
        this.#counts.retried += 1;
        on.trouble(point, "REFUSED", reason);
        if (this.#suspects.length === 0 && this.#rounds === 0 && this.#refusals + 1 < limits.refusalsMax) {
            this.#refusals += 1;
            return backOffMs(limits.retry, this.#refusals - 1, random);
        }
        this.#suspects.push({ sequence, reason });
        this.#position = sequence;
        const probesMax = PROBES_FIRST << Math.min(this.#rounds, PROBE_DOUBLINGS_MAX);
        return this.#suspects.length > probesMax ? this.#beginAgain() : limits.pauseMs;
    }

    /** Nothing at all is taken: all of it is tried again later, from the first. */
    #beginAgain(): number {
        const { limits, random, delivery } = this.#options;
        const [first] = this.#suspects;
        this.#fail("REFUSED", `the server refuses every report: ${first?.reason ?? ""}`);
        this.#suspects = [];
        this.#position = delivery.settledUpTo();
        this.#rounds += 1;
        return backOffMs(limits.retry, limits.refusalsMax + this.#rounds, random);
    }

    #heard(): void {
        this.#isHeard = true;
        this.#failures = 0;
        this.#failure = undefined;
    }

    #fail(code: FaultCode, reason: string): void {
        if (this.#failure?.code !== code) this.#counts.failures += 1;
        const detail = `CarGoRuqsat, ${this.#options.point}: ${reason}. Reports wait here; ${ADVICE[code] ?? "call its operator"}.`;
        this.#failure = { code, detail };
    }

    /** What waits for a person; not what is about to be told once more. */
    leftBehind(): readonly SetAside[] {
        try {
            const doubtful = new Set(this.#rehearings.map(({ sequence }) => sequence));
            return this.#options.delivery.setAside().filter(({ sequence }) => !doubtful.has(sequence));
        } catch {
            return []; // The disk's own alarm says more.
        }
    }

    /** Until the pause is over, or without one until there is news; ends at once when the daemon does. */
    async #rest(pauseMs: number | undefined): Promise<void> {
        const { clock } = this.#options;
        const { signal } = this.#stop;
        if (signal.aborted) return;
        if (pauseMs !== undefined) {
            await clock.sleep(pauseMs, signal).catch(() => undefined);
            return;
        }
        await new Promise<void>((resolve) => {
            this.#wake = resolve;
            if (this.#hasNews) resolve();
        });
    }
}

const ADVICE: { readonly [code in FaultCode]?: string } = {
    NOT_CONNECTED: "check the network",
    NO_REPLY: "the server does not answer in time",
    NOT_AUTHORISED: "ask the operator for a new registration token",
};
