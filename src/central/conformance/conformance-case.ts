/** A named promise of the contract and how it is tried. A case that ends without throwing is kept. */
import type { ConformanceKit } from "./conformance-kit.ts";

export interface ConformanceCase {
    /** `group.what`, stable: people exclude and quote it. */
    readonly name: string;
    /** What the central system is held to, as one sentence. */
    readonly claim: string;
    readonly run: (kit: ConformanceKit) => Promise<void>;
}

/** The promise is broken; the message says what was seen. */
export class CaseFailure extends Error {}

/** The case could not be tried, and why; that is no blame on anybody. */
export class CaseSkipped extends Error {}

/** Throws `CaseFailure` unless it is so. */
export function must(isSo: boolean, seen: string): asserts isSo {
    if (!isSo) throw new CaseFailure(seen);
}
