/** What a scale says at one moment, in one form for every family of indicators. */

/** One reading. Drivers fill it from their own frames; what a family does not say itself, its driver derives or leaves false. */
export interface ScaleReading {
    /** Gross weight, kilograms; may be negative. Without meaning when `isInRange` is false. */
    readonly grossKg: number;
    /** The indicator's own stability flag; for families without one, enough equal frames in a row. */
    readonly isStable: boolean;
    /** False: overload, underload, cell or converter error, or a display that shows no weight. */
    readonly isInRange: boolean;
    /** The frame it was read from, lower-case hex: the proof behind the number. */
    readonly raw: string;
    /** Milliseconds since the frame arrived, >= 0. */
    readonly ageMs: number;
}
