/**
 * Faults that somebody could make in the lane, planted one at a time: the text to find, what stands there instead, and which
 * test must notice. A fault that goes unnoticed is a hole in the tests; a text that is not found has to be found anew.
 */

export interface Mutant {
    /** Below `src/core/`. */
    readonly file: string;
    /** Occurs exactly once. */
    readonly find: string;
    readonly replace: string;
    /** What would happen at the boom. */
    readonly why: string;
    /** The test file in `tests/core/lane/` that must fail. */
    readonly killedBy: string;
    /** The one of its tests that is enough; all of them when absent. */
    readonly in?: string;
}

const MODEL = "lane-model.test.ts";
/** The lane with the fewest states, where that is enough. */
const SMALL = "without limit switches, closed by officers";
const PASSAGE = "lane-passage.test.ts";
const ARM = "lane-arm.test.ts";
const STEP = "lane-step.test.ts";

export const MUTANTS: readonly Mutant[] = [
    // The search over all states must find these.
    {
        file: "lane/contacts.ts",
        find: '["boomLoop", "photocell1", "photocell2"] as const',
        replace: '["boomLoop", "photocell2"] as const',
        why: "a photocell is no longer asked before lowering",
        killedBy: MODEL,
    },
    {
        file: "lane/perceive.ts",
        find: 'if (found.includes("unknown")) return "unknown";',
        replace: "",
        why: "silence is taken for clear",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/perceive.ts",
        find: "reading.ageMs <= ageMsMax",
        replace: "reading.ageMs <= ageMsMax + 1",
        why: "a reading is believed a millisecond too long",
        killedBy: MODEL,
    },
    {
        file: "lane/perceive.ts",
        find: 'return exit === "clear" || exit === "absent";',
        replace: 'return exit !== "occupied";',
        why: "a silent exit loop is taken for a clear one",
        killedBy: MODEL,
    },
    {
        file: "lane/perceive.ts",
        find: 'of("boomLoop") !== "clear" && ',
        replace: 'of("boomLoop") === "occupied" && ',
        why: "something under the boom beside a silent loop is taken for somebody on foot",
        killedBy: MODEL,
        in: "with a scale",
    },
    {
        file: "lane/modes/passing.ts",
        find: "return isVehicle && !wasExitSeen;",
        replace: "return false;",
        why: "the boom comes down on a chassis while the exit loop is dead",
        killedBy: MODEL,
        in: "with a scale",
    },
    {
        file: "lane/modes/passing.ts",
        find: "(track.wasExitSeen && !isSecond)",
        replace: "track.wasExitSeen",
        why: "the first vehicle's exit vouches for the second",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/open-waiting.ts",
        find: "const { clearSinceMs, wasUnder: isDoubtful } = mode;",
        replace: "const { clearSinceMs } = mode;\n    const isDoubtful = false;",
        why: "one that nosed in under the rising boom is forgotten",
        killedBy: PASSAGE,
    },
    {
        file: "lane/sight.ts",
        find: "if (!needsSight(state) || !turn.image.wasBlind) return state;",
        replace: "if (needsSight(state)) return state;",
        why: "an opening outlives a pause in which its lorry may have gone",
        killedBy: "lane-sight.test.ts",
    },
    {
        file: "lane/sight.ts",
        find: "const { clearSinceMs: _clear, goneSinceMs: _gone, ...held } = mode;",
        replace: "const held = mode;",
        why: "a clear lane is vouched for by a time in which nobody looked",
        killedBy: "lane-sight.test.ts",
    },
    {
        file: "lane/turn.ts",
        find: "this.scene.isClear &&\n            clearSinceMs !== undefined &&",
        replace: "clearSinceMs !== undefined &&",
        why: "lowering rests on what was clear a tick ago",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/turn.ts",
        find: "this.sinceMs(clearSinceMs) >= this.plan.limits.clearHoldMsMin",
        replace: "this.sinceMs(clearSinceMs) >= this.plan.limits.vehicleGapMsMin",
        why: "lowering after a gap that a trailer can make",
        killedBy: MODEL,
    },
    {
        file: "lane/turn.ts",
        find: "return this.scene.isClear ? { clearSinceMs: before ?? this.nowMs } : {};",
        replace: "return { clearSinceMs: before ?? this.nowMs };",
        why: "a break in the clearness does not start it anew",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/modes/closing.ts",
        find: "if (elapsedMs < limits.orderRetryMs || !turn.isClearLongEnough(mode.clearSinceMs)) return enter(state, mode);",
        replace: "if (elapsedMs < limits.orderRetryMs) return enter(state, mode);",
        why: "a LOWER that was not applied is repeated without looking",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/requests.ts",
        find: 'return turn.isClearLongEnough(clearSinceOf(mode)) ? undefined : "NOT_CLEAR";',
        replace: "return undefined;",
        why: "an order to close that cannot be carried out ends the passage under the boom",
        killedBy: STEP,
    },
    {
        file: "lane/modes/resting.ts",
        find: '{ at: "manual", sinceMs: turn.nowMs, why: "found-open" },',
        replace:
            '{ at: "open-waiting", sinceMs: turn.nowMs, cause: { by: "nobody" }, wasExitClear: false, isWrongWay: false },',
        why: "a boom found open after a start is closed by itself",
        killedBy: "lane-restart.test.ts",
    },
    {
        file: "lane/turn.ts",
        find: 'if (!this.image.isInterlockFree) return "INTERLOCK";',
        replace: "",
        why: "the other boom of the lock is not waited for",
        killedBy: MODEL,
    },
    {
        file: "lane/modes/opening.ts",
        find: "|| !turn.image.isInterlockFree) return enter(state, mode);",
        replace: ") return enter(state, mode);",
        why: "a RAISE that was not applied is repeated beside an open boom",
        killedBy: MODEL,
    },
    {
        file: "lane/interlock.ts",
        find: " && raisedMs === undefined",
        replace: "",
        why: "the other lane may rise while a RAISE of this one is on its way",
        killedBy: MODEL,
    },
    {
        file: "lane/interlock.ts",
        find: 'arm === "closed" && ',
        replace: "",
        why: "a boom that nobody sees is taken for down",
        killedBy: "lane-lock.test.ts",
    },
    {
        file: "lane/lane-control.ts",
        find: "next = noteEmergency(turn, next);\n    for (const request of turn.image.requests) next = obeyRequest(turn, next, request);",
        replace: "for (const request of turn.image.requests) next = obeyRequest(turn, next, request);",
        why: "the emergency input is not heard",
        killedBy: MODEL,
    },
    {
        file: "lane/modes/emergency-open.ts",
        find: "if (mode.order !== undefined && isEnough(turn, mode.order)) return state;",
        replace:
            'if (turn.scene.arm === "open" || (mode.order !== undefined && isEnough(turn, mode.order))) return state;',
        why: "no RAISE in an emergency while the boom seems to be up",
        killedBy: MODEL,
    },
    {
        file: "lane/requests.ts",
        find: 'if (request.asks === "reset") return turn.scene.isEmergency ? "STILL_PRESSED" : undefined;',
        replace: 'if (request.asks === "reset") return undefined;',
        why: "an emergency is reset while it is pressed",
        killedBy: MODEL,
    },
    {
        file: "lane/requests.ts",
        find: 'request.asks === "reset" || state.mode.at === "fault"',
        replace: 'state.mode.at === "fault"',
        why: "a fault or an emergency is reset from afar",
        killedBy: MODEL,
    },
    {
        file: "lane/requests.ts",
        find: 'if (turn.scene.isKeyTurned) return "NOT_NOW";',
        replace: "",
        why: "a boom is closed under the hands of somebody who drives it by its key",
        killedBy: ARM,
    },
    {
        file: "lane/requests.ts",
        find: 'open: ["idle", ...BEFORE_A_CLOSED_BOOM],',
        replace: 'open: ["idle", "fault", ...BEFORE_A_CLOSED_BOOM],',
        why: "a fault is left by opening",
        killedBy: MODEL,
    },
    {
        file: "decision/booking-rules.ts",
        find: '(input.isPresent ? undefined : refer("NOT_PRESENT"))',
        replace: "undefined",
        why: "a plate opens with nobody on the approach loop",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/modes/asking.ts",
        find: "if (link === undefined) return {};",
        replace: "if (link !== undefined) return {};",
        why: "a vehicle that an officer tied to a booking is let in by its plate",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/read-facts.ts",
        find: "lastSeenMs + (readers?.[camera]?.aheadMsMax ?? 0) >= arrivedMs",
        replace: "lastSeenMs >= 0",
        why: "a plate read before this vehicle came lets it in",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "decision/read-choice.ts",
        find: "return read.confidence >= policy.confidenceMin && read.agreeing >= policy.framesMin;",
        replace: "return read.agreeing >= policy.framesMin;",
        why: "an unsure read lets a vehicle in",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/modes/closing.ts",
        find: "if (turn.plan.isClosingAutomatic && !isDoubtful) return",
        replace: "if (!isDoubtful) return",
        why: "a lane that officers close closes by itself",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/modes/opening.ts",
        find: 'const held = state.visit?.isSeen ? state : turn.interrupt(state, "held open");',
        replace: "const held = withoutVisit(state);",
        why: "a passage is begun and never ended",
        killedBy: MODEL,
        in: SMALL,
    },
    {
        file: "lane/lamp.ts",
        find: 'new Set(["open", "unseen", "not-closed"])',
        replace: 'new Set(["open", "unseen", "not-closed", "moving"])',
        why: "green under a boom that still moves",
        killedBy: MODEL,
    },
    {
        file: "lane/lane-control.ts",
        find: 'if (isArmBroken) return turn.fail(settled(state), "ARM_BROKEN");',
        replace:
            'if (isArmBroken) return enter(settled(state), { at: "fault", sinceMs: turn.nowMs, code: "ARM_BROKEN" });',
        why: "a fault without a word",
        killedBy: MODEL,
    },
    // What happened, and who was let in: the stories tell.
    {
        file: "lane/modes/closing.ts",
        find: 'if (turn.scene.zone === "occupied") return takeBack(turn, state);',
        replace: "if (turn.scene.isMetalUnder) return takeBack(turn, state);",
        why: "a closing boom does not mind somebody on foot",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/visitor.ts",
        find: "return { state: withoutVisit(state), gone: {}, hasLeft: true };",
        replace: "return { state: withoutVisit(state), gone: {}, hasLeft: false };",
        why: "an opening stays good for whoever comes after the vehicle has left",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/opening.ts",
        find: '...(hasLeft ? { cause: { by: "nobody" } } : {})',
        replace: "",
        why: "a vehicle that leaves while the boom rises leaves its opening to the next",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/passing.ts",
        find: "isTailgated: track.isTailgated || isSecond,",
        replace: "isTailgated: track.isTailgated,",
        why: "a second vehicle under the boom goes unnoticed",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/passing.ts",
        find: "wasOnExit: isOnExit || (!isUnder && track.wasOnExit),",
        replace: "wasOnExit: isOnExit || track.wasOnExit,",
        why: "a vehicle that backs out after touching the exit loop has entered",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/passing.ts",
        find: "if (!track.isVehicle || (track.isWrongWay && track.wasOnExit)) {",
        replace: "if (!track.isVehicle) {",
        why: "a vehicle from the wrong side has entered in the lorry's name",
        killedBy: PASSAGE,
    },
    {
        file: "lane/turn.ts",
        find: 'return cause.by === "decision" && this.scene.exit === "occupied" ? "EXIT_OCCUPIED" : undefined;',
        replace: "return undefined;",
        why: "a lorry is sent against whoever stands on the exit",
        killedBy: PASSAGE,
    },
    {
        file: "lane/modes/opening.ts",
        find: 'return echo === "applied" ? opened(turn, state, mode) : turn.fail(state, "ORDER_NOT_APPLIED");',
        replace: "return opened(turn, state, mode);",
        why: "green under a boom that nobody saw move or even ordered",
        killedBy: ARM,
    },
    {
        file: "lane/turn.ts",
        find: 'return echo?.number === order.number ? echo.status : "pending";',
        replace: 'return echo?.status ?? "pending";',
        why: "the failure of an old order is taken for that of the new one",
        killedBy: ARM,
    },
    {
        file: "lane/modes/closing.ts",
        find: 'return turn.fail(state, "BOOM_NOT_CLOSED");',
        replace: 'return enter(state, { at: "idle" });',
        why: "a boom that stays up is taken for down",
        killedBy: ARM,
    },
    {
        file: "lane/lane-control.ts",
        find: 'return mode.cause.by === "found-open" ? [] : DOWN;',
        replace: "return [];",
        why: "a boom that falls on a passage is not told of",
        killedBy: ARM,
    },
    {
        file: "lane/requests.ts",
        find: 'if (request.expiresMs < turn.nowMs) return "STALE";',
        replace: "",
        why: "an order that lay in a queue for an hour opens",
        killedBy: STEP,
    },
    {
        file: "lane/modes/weighing.ts",
        find: 'if (!turn.scene.isWhollyOnScale) return "NOT_WHOLLY_ON";',
        replace: "",
        why: "a lorry with an axle off the scale is weighed",
        killedBy: "lane-weighing.test.ts",
    },
    {
        file: "lane/platform.ts",
        find: '? "crossing" : "several" };',
        replace: '? "crossing" : "crossing" };',
        why: "two vehicles are weighed as one",
        killedBy: "lane-weighing.test.ts",
    },
    {
        file: "lane/modes/weighing.ts",
        find: "if (heardMs - before.heardMs < READING_APART_MS) return before;",
        replace: "",
        why: "one frame of a scale that fell silent is taken for many",
        killedBy: "lane-weighing.test.ts",
    },
];
