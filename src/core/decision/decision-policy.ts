/** What the site decided beforehand, so that software never has to: thresholds, windows and what to do when unsure. */

/** What to do with a lorry the rules cannot admit. There is deliberately no `admit`. */
export type Unsure = "refuse" | "refer";

/** One site's policy for one lane; milliseconds throughout, ranges checked with the site file. */
export interface DecisionPolicy {
    /** Reads below this (0..1) never decide anything by themselves. */
    readonly confidenceMin: number;
    /** Frames that must agree on a read before it decides (>= 1). */
    readonly framesMin: number;
    /** How early before the slot and how late after it a lorry may come. Order 707's own limit is not public: configuration. */
    readonly earlyMsMax: number;
    readonly lateMsMax: number;
    /** A list not confirmed by the central system for longer than this counts as old. */
    readonly listAgeMsMax: number;
    /** Listed and in order, but the list is old: strict sites refer. */
    readonly listedOnOldList: "admit" | "refer";
    /** Confidently read and not on a fresh list. */
    readonly unlistedOnFreshList: Unsure;
    /** Confidently read and not on an old list. */
    readonly unlistedOnOldList: Unsure;
    /** Gross weight above which an officer is asked, kilograms: the site's limit, not a finding of law. */
    readonly grossKgMax: number;
    /** Less than this on the scale is no lorry, kilograms. */
    readonly grossKgMin: number;
}
