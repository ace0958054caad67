/**
 * A second way out for facts, beside the broker: a mark up to which everything is settled on this way. The journal keeps
 * what any open way has not settled, so two ways never prune each other's facts.
 */

/** A fact that this way cannot carry, with the receiver's reason. */
export interface SetAside {
    readonly sequence: number;
    readonly reason: string;
}

/** The mark of one way. Facts above it are read from the journal itself. Throws `StoreFault`. */
export interface Delivery {
    /** Highest sequence of which it and everything below was delivered, set aside, or is not this way's business. */
    settledUpTo(): number;
    /**
     * Moves the mark and remembers what had to be left behind, in one transaction; on disk when it returns. A mark that
     * would go back, or beyond the journal's end, is not moved.
     */
    settle(upTo: number, leftBehind?: readonly SetAside[]): void;
    /** What was left behind and waits for a person, oldest first. The journal keeps these facts. */
    setAside(): readonly SetAside[];
    /**
     * It is told after all, by another attempt or by a person; who and why stay beside it as long as the fact does. False
     * when no such fact waits.
     */
    release(sequence: number, by: string, why: string): boolean;
}
