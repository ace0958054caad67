/** Plates of China and Mongolia, the two neighbours whose keys keep letters of their own script. */
import type { PlateFormat } from "./plate-format.ts";

/** The 31 characters of the provinces of mainland China. */
const PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/** Chinese plates leave out I and O. */
const LETTER = "A-HJ-NP-Z";
/** The Mongolian alphabet as it stands in a key: letters with a Latin look-alike are Latin there. */
const MONGOLIAN = "ABEKMHOPCTYXБГДЁЖЗИЙЛПФЦЧШЩЪЫЬЭЮЯӨҮ";

const GENERAL = "general knowledge; colour of lorries and trailers from 25820.com";
const lorryColours = [{ field: "yellow", text: "black" }] as const;

/** Four Chinese forms, unverified but for the lorry colours, and the Mongolian one. */
export const CHINESE_AND_MONGOLIAN_FORMATS: readonly PlateFormat[] = [
    {
        id: "cn-standard",
        country: "CN",
        kind: "vehicle",
        pattern: new RegExp(`^[${PROVINCE}][${LETTER}][${LETTER}0-9]{5}$`, "u"),
        layout: "CLNNNNN",
        rows: [1, 2],
        colours: lorryColours,
        verified: false,
        source: GENERAL,
        note: "The colours are those of large lorries. Rear plates of 440 x 220 mm have two rows.",
    },
    {
        id: "cn-new-energy",
        country: "CN",
        kind: "new-energy",
        pattern: new RegExp(`^[${PROVINCE}][${LETTER}][${LETTER}0-9]{6}$`, "u"),
        layout: "CLNNNNNN",
        rows: [1],
        verified: false,
        source: GENERAL,
    },
    {
        id: "cn-trailer",
        country: "CN",
        kind: "trailer",
        pattern: new RegExp(`^[${PROVINCE}][${LETTER}][${LETTER}0-9]{4}挂$`, "u"),
        layout: "CLNNNNC",
        rows: [1, 2],
        colours: lorryColours,
        verified: false,
        source: GENERAL,
    },
    {
        id: "cn-hong-kong-macau",
        country: "CN",
        kind: "cross-border",
        pattern: new RegExp(`^粤Z[${LETTER}0-9]{4}[港澳]$`, "u"),
        layout: "CLNNNNC",
        rows: [1],
        verified: false,
        source: GENERAL,
        note: "Vehicles of Hong Kong (港) and Macau (澳) in the mainland.",
    },
    {
        id: "mn-standard",
        country: "MN",
        kind: "any",
        pattern: new RegExp(`^\\d{4}[${MONGOLIAN}]{3}$`, "u"),
        layout: "DDDDCCC",
        rows: [1, 2],
        verified: true,
        source: "English and German Wikipedia (mirrors), plates of Mongolia",
        note: "Cyrillic with Ө and Ү, which stay in the key; see also the Latin key.",
    },
];
