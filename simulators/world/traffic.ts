/**
 * The lorries of one lane: who is in view, in which order, and what each has done so far.
 * Lorries queue behind one another; nobody overtakes and nobody reverses through the one behind.
 */
import type { Lorry } from "../scenarios/lorry.ts";
import { DrivenLorry } from "./driven-lorry.ts";
import type { LaneGeometry } from "./lane-geometry.ts";

export type TrafficNews = "arrived" | "stopped" | "entered" | "passed" | "left-through" | "left-turned-out";

/** Bumper to tail in a queue. */
const QUEUE_GAP_M = 2.5;

/** What every driver of the lane sees. */
interface Road {
    readonly isBoomUpright: boolean;
    readonly isGreen: boolean;
    /** As far as a bumper may go because of somebody on foot or a car in the way; Infinity on a free road. */
    readonly freeToM: number;
}

/** One moment on both clocks: the world's and the machine's. */
export interface Instant {
    readonly atMs: number;
    readonly realMs: number;
}

/** One lorry in view with the history the world's truth needs. */
export class Visit {
    readonly driven: DrivenLorry;
    stoppedAt: Instant | undefined;
    hasEntered = false;
    hasPassed = false;

    constructor(driven: DrivenLorry) {
        this.driven = driven;
    }
}

export class Traffic {
    /** In driving order, foremost first. */
    readonly visits: Visit[] = [];
    readonly #due: Lorry[];
    readonly #geometry: LaneGeometry;
    readonly #tell: (news: TrafficNews, visit: Visit) => void;

    /** `due` in order of arrival. */
    constructor(due: readonly Lorry[], geometry: LaneGeometry, tell: (news: TrafficNews, visit: Visit) => void) {
        this.#due = [...due];
        this.#geometry = geometry;
        this.#tell = tell;
    }

    get isOver(): boolean {
        return this.#due.length === 0 && this.visits.length === 0;
    }

    /** World time at which the next lorry wants to come or a waiting driver has had enough; Infinity when that will not be. */
    get nextAtMs(): number {
        return this.visits.reduce(
            (least, { driven, stoppedAt }) =>
                stoppedAt === undefined || driven.isTurningBack
                    ? least
                    : Math.min(least, stoppedAt.atMs + driven.lorry.patienceMs),
            this.#due[0]?.arrivesAtMs ?? Number.POSITIVE_INFINITY,
        );
    }

    /** Nobody is there, or nobody moves until he sees something else or `nextAtMs` comes. */
    get isStanding(): boolean {
        return this.visits.every(({ driven }) => driven.isStanding);
    }

    /** The lorry for which the boom would open now: foremost of those not yet beyond it, and at least above the approach loop. */
    get first(): Visit | undefined {
        const visit = this.visits.find(({ driven }) => driven.frontAtM <= 0);
        return visit !== undefined && visit.driven.frontAtM >= this.#geometry.approachLoop[0] ? visit : undefined;
    }

    advance(elapsedMs: number, now: Instant, road: Road): void {
        this.#arrive(now.atMs);
        let ahead: DrivenLorry | undefined;
        for (const visit of this.visits) {
            const freeToM = Math.min(this.#freeToM(visit.driven, ahead), road.freeToM);
            visit.driven.advance(elapsedMs, { ...road, freeToM });
            this.#note(visit, now);
            ahead = visit.driven;
        }
        this.#leave();
    }

    #arrive(worldMs: number): void {
        const next = this.#due[0];
        const last = this.visits.at(-1)?.driven;
        if (next === undefined || next.arrivesAtMs > worldMs) return;
        if (last !== undefined && last.rearAtM - QUEUE_GAP_M < this.#geometry.appearsAtM) return;
        this.#due.shift();
        const visit = new Visit(new DrivenLorry(next, this.#geometry));
        this.visits.push(visit);
        this.#tell("arrived", visit);
    }

    #freeToM(driven: DrivenLorry, ahead: DrivenLorry | undefined): number {
        if (ahead === undefined) return Number.POSITIVE_INFINITY;
        const behindM = ahead.rearAtM - QUEUE_GAP_M;
        const waits = driven.habit.keepsBack && ahead.rearAtM < 0;
        return waits ? Math.min(behindM, this.#geometry.queueLineAtM) : behindM;
    }

    #note(visit: Visit, now: Instant): void {
        const { driven } = visit;
        if (driven.isWaiting) {
            if (visit.stoppedAt === undefined) {
                visit.stoppedAt = now;
                this.#tell("stopped", visit);
            }
            if (now.atMs - visit.stoppedAt.atMs >= driven.lorry.patienceMs) driven.turnBack();
        }
        if (!visit.hasEntered && driven.frontAtM > 0) {
            visit.hasEntered = true;
            this.#tell("entered", visit);
        }
        if (!visit.hasPassed && driven.rearAtM > 0) {
            visit.hasPassed = true;
            this.#tell("passed", visit);
        }
    }

    #leave(): void {
        for (let i = this.visits.length - 1; i >= 0; i--) {
            const visit = this.visits[i];
            if (visit === undefined) continue;
            const { driven } = visit;
            const isThrough = driven.rearAtM > this.#geometry.leavesAtM;
            const isOut = driven.isTurningBack && driven.isDone;
            if (!isThrough && !isOut) continue;
            this.visits.splice(i, 1);
            this.#tell(isThrough ? "left-through" : "left-turned-out", visit);
        }
    }
}
