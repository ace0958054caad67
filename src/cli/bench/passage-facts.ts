/** The facts of ordinary passages, of the size that a lane makes them, to fill journals with. */
import type { FactDraft } from "../../core/fact/fact.ts";

/** One lorry through one lane, as a lane tells it. `number` makes plate, booking and passage its own. */
export function passageFacts(lane: string, number: number): readonly FactDraft[] {
    const passage = `${lane}-bench-${number}`;
    const plate = `${String(number % 1_000).padStart(3, "0")}ABC${String((number % 20) + 1).padStart(2, "0")}`;
    const booking = `B-${String(number).padStart(8, "0")}`;
    const fact = (kind: FactDraft["kind"], data: FactDraft["data"]): FactDraft => ({ kind, lane, passage, data });
    return [
        fact("vehicle.arrived", { by: "approachLoop" }),
        fact("vehicle.recognised", {
            text: plate,
            key: plate,
            confidence: 0.97,
            frames: 9,
            camera: "camera-1",
            pictures: ["0f".repeat(32), "a7".repeat(32)],
        }),
        fact("decision.made", {
            verdict: "admit",
            reason: "BOOKED",
            plate,
            booking,
            list: { version: 1_204, hash: "5b".repeat(32), ageMs: 12_345 },
            trace: ["read confident", "listed", "called", "within its slot", "at this checkpoint", "not yet inside"],
        }),
        fact("boom.commanded", { order: "raise", number, why: "admitted" }),
        fact("boom.opened", { tookMs: 2_950 }),
        fact("passage.begun", { by: "boomLoop" }),
        fact("passage.completed", { means: "entered", booking, plate, tookMs: 14_200 }),
        fact("boom.commanded", { order: "lower", number: number + 1, why: "passage completed, all clear" }),
        fact("boom.closed", { tookMs: 3_050 }),
        fact("passage.recorded", { from: 1, chunks: 3, sha256: "c4".repeat(32) }),
    ];
}
