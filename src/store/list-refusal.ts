/** Why a list, or a change to one, is not taken; thrown inside a transaction, it undoes it. */
import type { ListOutcome } from "../ports/booking-list.ts";

export class ListRefusal extends Error {
    readonly code: Extract<ListOutcome, { outcome: "refused" }>["code"];
    constructor(code: ListRefusal["code"], message: string) {
        super(message);
        this.name = "ListRefusal";
        this.code = code;
    }
}
