/**
 * The rear of a vehicle that is on its way in: many rear cameras see it only now. What they surely read is bound to the passage
 * and held against the plate and the booking that the boom rose for. Nothing here moves the boom: it is up already.
 */
import { isSure } from "../decision/read-choice.ts";
import type { LaneRead } from "./lane-image.ts";
import type { LaneMode, LaneState, Visit } from "./lane-state.ts";
import { readFact, readsOf } from "./read-facts.ts";
import type { Turn } from "./turn.ts";

const ON_ITS_WAY: ReadonlySet<LaneMode["at"]> = new Set(["opening", "open-waiting", "passing"]);

/** Tells each new plate from behind once, and says when it is not of this vehicle. */
export function noteRear(turn: Turn, state: LaneState): LaneState {
    const { mode, visit } = state;
    if (visit === undefined || !ON_ITS_WAY.has(mode.at)) return state;
    const { rear = [] } = visit;
    const fresh = rearReadsOf(turn, visit).filter(({ key }) => !rear.includes(key));
    if (fresh.length === 0) return state;
    const told = new Map(fresh.map((read) => [read.key, read]));
    let isOther = visit.isRearOther === true;
    for (const read of told.values()) {
        turn.fact("vehicle.recognised", visit, readFact(turn, read));
        const expected = expectationOf(mode, visit);
        if (expected === undefined || isOfVehicle(read, expected)) continue;
        isOther = true;
        turn.fact("passage.rear-differs", visit, { camera: read.camera, key: read.key, ...expected });
    }
    const seen: Visit = { ...visit, rear: [...rear, ...told.keys()], ...(isOther ? { isRearOther: true } : {}) };
    return { ...state, visit: seen };
}

/** What rear cameras surely read of this vehicle. */
export function rearReadsOf(turn: Turn, visit: Visit): readonly LaneRead[] {
    const { rearCameras = [], policy } = turn.plan;
    if (rearCameras.length === 0) return [];
    return readsOf(turn, visit).filter((read) => rearCameras.includes(read.camera) && isSure(read, policy));
}

interface Expectation {
    /** Key of the plate that was decided upon. */
    readonly plate: string | null;
    readonly bookingId: string;
}

/** Without a booking nobody knows which trailer belongs to the vehicle. */
function expectationOf(mode: LaneMode, { decision }: Visit): Expectation | undefined {
    const named = "cause" in mode && "bookingId" in mode.cause ? mode.cause.bookingId : undefined;
    const bookingId = named || decision?.bookingId;
    return bookingId === undefined ? undefined : { plate: decision?.plate ?? null, bookingId };
}

function isOfVehicle({ key, asTractor, asTrailer, known }: LaneRead, { plate, bookingId }: Expectation): boolean {
    const bookings = [...asTractor, ...asTrailer, ...(known?.outOfTurn ?? [])];
    return key === plate || bookings.some(({ id }) => id === bookingId);
}
