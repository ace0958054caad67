/** The facts of ordinary passages, as a lane makes them, to fill journals with. */
import { type FactData, type FactDraft, type FactKind, factOf } from "../../core/fact/fact.ts";

/** One lorry through one lane, as a lane tells it. `number` makes plate, booking and passage its own. */
export function passageFacts(lane: string, number: number): readonly FactDraft[] {
    const place = { lane, passage: `${lane}-bench-${number}` };
    const plate = `${String(number % 1_000).padStart(3, "0")}ABC${String((number % 20) + 1).padStart(2, "0")}`;
    const bookingId = `B-${String(number).padStart(8, "0")}`;
    const fact = <Kind extends FactKind>(kind: Kind, data: FactData<Kind>): FactDraft => factOf(kind, data, place);
    return [
        fact("vehicle.arrived", {}),
        fact("vehicle.recognised", {
            camera: "camera-1",
            text: plate,
            key: plate,
            confidence: 0.97,
            frames: 9,
            agreeing: 8,
            recogniser: "network",
            evidence: ["0f".repeat(32), "a7".repeat(32)],
            isSure: true,
        }),
        fact("decision.made", {
            outcome: "admit",
            reason: "BOOKED",
            plate,
            bookingId,
            candidates: [],
            listVersion: 1_204,
            trace: ["read confident", "listed", "called", "within its slot", "at this checkpoint", "not yet inside"],
        }),
        fact("boom.commanded", { order: "raise", number: 2 * number + 1, by: "decision", bookingId }),
        fact("boom.opened", { mode: "opening" }),
        fact("passage.begun", { by: "decision" }),
        fact("passage.completed", {
            durationMs: 14_200,
            means: "entered",
            bookingId,
            plate,
            quotas: [],
            isProven: true,
            isTailgated: false,
        }),
        fact("boom.commanded", { order: "lower", number: 2 * number + 2, why: "passage over and clear" }),
        fact("boom.closed", { mode: "closing" }),
        fact("passage.recorded", { from: 1, chunks: 3, sha256: "c4".repeat(32) }),
    ];
}
