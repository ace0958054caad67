/** Kazakh plates (ST RK 986-2012, before it ST RK 986-2003) and regions. The full text of the standard was not found. */
import type { PlateFormat } from "./plate-format.ts";

/** One region as plates name it. */
export interface KazakhRegion {
    /** Two digits in the box on the right of a plate of 2012. */
    readonly code: string;
    readonly name: string;
    /** First letters of plates of 1993; some letters served two regions at different times. */
    readonly oldLetters: string;
}

/** Regions in force since June 2022 (Wikipedia, "Vehicle registration plates of Kazakhstan"). A site may give its own list. */
export const KAZAKH_REGIONS: readonly KazakhRegion[] = [
    { code: "01", name: "Astana", oldLetters: "Z" },
    { code: "02", name: "Almaty", oldLetters: "A" },
    { code: "03", name: "Akmola", oldLetters: "COW" },
    { code: "04", name: "Aktobe", oldLetters: "D" },
    { code: "05", name: "Almaty Region", oldLetters: "BV" },
    { code: "06", name: "Atyrau", oldLetters: "E" },
    { code: "07", name: "West Kazakhstan", oldLetters: "L" },
    { code: "08", name: "Zhambyl", oldLetters: "H" },
    { code: "09", name: "Karaganda", oldLetters: "KM" },
    { code: "10", name: "Kostanay", oldLetters: "PW" },
    { code: "11", name: "Kyzylorda", oldLetters: "N" },
    { code: "12", name: "Mangystau", oldLetters: "R" },
    { code: "13", name: "Turkestan", oldLetters: "X" },
    { code: "14", name: "Pavlodar", oldLetters: "S" },
    { code: "15", name: "North Kazakhstan", oldLetters: "OT" },
    { code: "16", name: "East Kazakhstan", oldLetters: "FU" },
    { code: "17", name: "Shymkent", oldLetters: "" },
    { code: "18", name: "Abai", oldLetters: "" },
    { code: "19", name: "Zhetisu", oldLetters: "" },
    { code: "20", name: "Ulytau", oldLetters: "" },
];

const country = "KZ";
const GERMAN_WIKIPEDIA = "German Wikipedia, Kfz-Kennzeichen (Kasachstan)";
const WIKIMILI = "Wikipedia mirror wikimili, plates of Kazakhstan; Spanish mirror es.wiki7";
const blackOnWhite = [{ field: "white", text: "black" }] as const;

/** Forms of 2012 before those of 1993; both are on the road. Regions are checked by `matchFormats`, not by the patterns. */
export const KAZAKH_FORMATS: readonly PlateFormat[] = [
    {
        id: "kz-2012-private",
        country,
        kind: "private",
        pattern: /^\d{3}[A-Z]{3}(?<region>\d{2})$/u,
        layout: "DDDLLLDD",
        rows: [1, 2],
        colours: blackOnWhite,
        verified: true,
        source: GERMAN_WIKIPEDIA,
        note: "Flag and KZ left, region box right. All Latin letters occur. No other country in this table shares the form.",
    },
    {
        id: "kz-2012-organisation",
        country,
        kind: "organisation",
        pattern: /^\d{3}[A-Z]{2}(?<region>\d{2})$/u,
        layout: "DDDLLDD",
        rows: [1, 2],
        colours: blackOnWhite,
        verified: true,
        source: GERMAN_WIKIPEDIA,
        note: "Most lorries.",
    },
    {
        id: "kz-2012-foreign",
        country,
        kind: "foreign",
        pattern: /^[FH]\d{4}(?<region>\d{2})$/u,
        layout: "LDDDDDD",
        rows: [1, 2],
        colours: [{ field: "yellow", text: "black" }],
        verified: true,
        source: GERMAN_WIKIPEDIA,
        note: "F foreign person, H foreign firm or joint venture.",
    },
    {
        id: "kz-2012-foreign-other",
        country,
        kind: "foreign",
        pattern: /^[A-EGI-Z]\d{4}(?<region>\d{2})$/u,
        layout: "LDDDDDD",
        rows: [1],
        verified: false,
        source: "sample plates in public code (M123456)",
        note: "Letters other than F and H were seen in the field; what they mean is unknown.",
    },
    {
        id: "kz-2012-short",
        country,
        kind: "trailer",
        pattern: /^\d{2}[A-Z]{2,3}(?<region>\d{2})$/u,
        layout: "DDLL(L)DD",
        rows: [1, 2],
        verified: false,
        source: "nomeroff-net, rule for Kazakh two-row plates; public plate code",
        note: "Two leading digits are certain; that they mean trailers and motorcycles is not.",
    },
    {
        id: "kz-police",
        country,
        kind: "police",
        pattern: /^KP\d{2,8}$/u,
        layout: "LLDD(D)(D)(D)(D)(D)(D)",
        rows: [1],
        colours: [{ text: "dark blue" }],
        verified: true,
        source: GERMAN_WIKIPEDIA,
        note: "KP is certain, the number of digits was not found.",
    },
    {
        id: "kz-special-service",
        country,
        kind: "special-service",
        pattern: /^[A-Z]{2}\d{3,6}$/u,
        layout: "LLDDD(D)(D)(D)",
        rows: [1],
        verified: false,
        source: "qaznews.ru report on new plates of special services",
        note: "Two letters, then digits; how many is a guess.",
    },
    {
        id: "kz-1993-private",
        country,
        kind: "private",
        pattern: /^(?<oldRegion>[A-Z])\d{3}[A-Z]{3}$/u,
        layout: "LDDDLLL",
        rows: [1, 2],
        colours: blackOnWhite,
        verified: true,
        source: WIKIMILI,
        note: "Two rows: letter and digits above, letters below.",
    },
    {
        id: "kz-1993-organisation",
        country,
        kind: "organisation",
        pattern: /^(?<oldRegion>[A-Z])\d{3}[A-Z]{2}$/u,
        layout: "LDDDLL",
        rows: [1, 2],
        colours: blackOnWhite,
        verified: true,
        source: WIKIMILI,
    },
    {
        id: "kz-1993-trailer",
        country,
        kind: "trailer",
        pattern: /^\d{4}[A-Z]{2}$/u,
        layout: "DDDDLL",
        rows: [1],
        verified: false,
        source: "general knowledge",
    },
];
