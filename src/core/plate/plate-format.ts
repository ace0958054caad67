/** What is known about one form of plate. Countries are data in the `formats-*.ts` files; nothing else knows a grammar. */

/**
 * What the form is issued for; "vehicle" where cars and lorries share a form and trailers have another, "any" where one
 * form serves all or the sources do not tell.
 */
export type PlateKind =
    | "any"
    | "vehicle"
    | "private"
    | "organisation"
    | "foreign"
    | "truck"
    | "trailer"
    | "public-transport"
    | "new-energy"
    | "cross-border"
    | "police"
    | "special-service";

/** Colours as far as the sources tell; a colour left out is unknown. */
export interface PlateColours {
    /** Background. */
    readonly field?: "white" | "yellow" | "green";
    readonly text?: "black" | "dark blue";
}

/** One row of the table of forms. */
export interface PlateFormat {
    /** Lower-case country, then a name: "kz-2012-private". Stable: it is written into facts. */
    readonly id: string;
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    readonly kind: PlateKind;
    /**
     * Anchored pattern on the match key. Named groups: `region` must be in the configured list of Kazakh regions,
     * `oldRegion` is the region letter of 1993, `mark` is printed on the plate without being part of the number.
     */
    readonly pattern: RegExp;
    /**
     * What may stand at each position: D digit, L Latin letter, N either, C letter of a national script.
     * Parentheses hold what may be missing, "|" parts alternatives; `layoutsOf` spells them out.
     */
    readonly layout: string;
    /** Row counts documented for the form; 1 alone means that no two-row form was found, not that there is none. */
    readonly rows: readonly (1 | 2)[];
    /** Left out where the sources do not tell. Several entries where the colour depends on a letter (see the note). */
    readonly colours?: readonly PlateColours[];
    /** The pattern was read in a public source; otherwise it is general knowledge, and a site may replace it. */
    readonly verified: boolean;
    readonly source: string;
    /** So many texts have the form that having it says little: where letters and digits stand is hardly fixed. */
    readonly isWide?: true;
    readonly note?: string;
}
