/** Takes people's and the central system's requests to the lanes and brings back what became of them, by the facts they left. */
import { randomUUID } from "node:crypto";
import type { Fact } from "../core/fact/fact.ts";
import type { LaneRequest } from "../core/lane/lane-image.ts";
import type { Cancel, Clock } from "../ports/clock.ts";

/** How long a request is good for, and how long its asker waits for the lane's word. */
const REQUEST_MS = 5_000;

export type RequestOutcome =
    | { readonly outcome: "done" }
    | { readonly outcome: "refused"; readonly code: string; readonly message: string };

export class RequestDesk {
    readonly #clock: Clock;
    /** False when there is no such lane. */
    readonly #give: (lane: string, request: LaneRequest) => boolean;
    readonly #newId: () => string;
    readonly #waiting = new Map<
        string,
        { readonly resolve: (outcome: RequestOutcome) => void; readonly cancel: Cancel }
    >();

    /** `newId`: never the same twice; a simulation gives ids that can be repeated. */
    constructor(clock: Clock, give: (lane: string, request: LaneRequest) => boolean, newId: () => string = randomUUID) {
        this.#clock = clock;
        this.#give = give;
        this.#newId = newId;
    }

    /** Resolves when the lane has taken or refused it, or has said nothing for too long; never rejects. */
    ask(lane: string, request: Omit<LaneRequest, "id" | "expiresMs">): Promise<RequestOutcome> {
        const id = this.#newId();
        return new Promise((resolve) => {
            if (!this.#give(lane, { ...request, id, expiresMs: this.#clock.monotonicMs() + REQUEST_MS })) {
                resolve({
                    outcome: "refused",
                    code: "NO_SUCH_LANE",
                    message: `no lane "${lane}"; kordon lanes shows them`,
                });
                return;
            }
            const cancel = this.#clock.after(REQUEST_MS, () => {
                this.#waiting.delete(id);
                resolve({
                    outcome: "refused",
                    code: "NO_ANSWER",
                    message: "the lane did not take the request in time; is the journal writable?",
                });
            });
            this.#waiting.set(id, { resolve, cancel });
        });
    }

    /** Facts that were just committed. */
    hear(facts: readonly Fact[]): void {
        for (const fact of facts) {
            if (fact.kind !== "officer.ordered" && fact.kind !== "order.refused") continue;
            const id = String(fact.data["request"]);
            const asker = this.#waiting.get(id);
            if (asker === undefined) continue;
            this.#waiting.delete(id);
            asker.cancel();
            asker.resolve(
                fact.kind === "officer.ordered"
                    ? { outcome: "done" }
                    : {
                          outcome: "refused",
                          code: String(fact.data["code"]),
                          message: `the lane is ${String(fact.data["mode"])}`,
                      },
            );
        }
    }

    stop(): void {
        for (const { cancel, resolve } of this.#waiting.values()) {
            cancel();
            resolve({ outcome: "refused", code: "STOPPED", message: "the daemon is ending" });
        }
        this.#waiting.clear();
    }
}
