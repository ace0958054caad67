/** The facts of ordinary passages, as a lane makes them, to fill journals with. */
import { type FactData, type FactDraft, type FactKind, factOf } from "../../core/fact/fact.ts";

/** One lorry out of the checkpoint, as its lane tells it; the site's own book holds nothing of it afterwards. `number` makes plate and passage its own. */
export function passageFacts(lane: string, number: number): readonly FactDraft[] {
    const place = { lane, passage: `${lane}-bench-${number}` };
    const plate = `${String(number % 1_000).padStart(3, "0")}ABC${String((number % 20) + 1).padStart(2, "0")}`;
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
            reason: "INSIDE",
            plate,
            candidates: [],
            listVersion: 1_204,
            trace: [
                "reads: 1, with a key: 1",
                "confident reads: 1 (confidence >= 0.9)",
                "known to be inside",
                "may go",
            ],
        }),
        fact("boom.commanded", { order: "raise", number: 2 * number + 1, by: "decision", bookingId: "" }),
        fact("boom.opened", { mode: "opening" }),
        fact("passage.begun", { by: "decision" }),
        fact("passage.completed", {
            durationMs: 14_200,
            means: "crossed",
            bookingId: null,
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
