/** Where photographs go that a fact rests on. They stay on the box; facts carry their SHA-256. */

/** A picture about to be kept, with the passage and camera it belongs to. */
export interface NewEvidence {
    readonly jpeg: Uint8Array;
    readonly kind: "frame" | "plate";
    readonly passage: string;
    readonly camera: string;
    readonly utcMs: number;
    /** A photograph with an untrusted stamp is never judged too old by it. */
    readonly isClockTrusted: boolean;
}

/** Keeps pictures; retention and deletion are the store's. */
export interface EvidenceKeeper {
    /** Resolves when the picture is on the disk; rejects with `StoreFault`. The same picture of a passage is kept once. */
    keep(evidence: NewEvidence): Promise<unknown>;
}
