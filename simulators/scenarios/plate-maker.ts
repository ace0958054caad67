/**
 * Number plates for simulated lorries, by country and role. Shapes follow the national rules (ST RK 986-2012, GOST R 50577-2018,
 * the 2008 Uzbek and 2016 Kyrgyz forms, Chinese GA 36); trailer forms of Kazakhstan, Uzbekistan and Kyrgyzstan are unverified.
 */
import type { Random } from "../world/random.ts";
import type { ScenePlate } from "../world/scene-view.ts";

export type PlateCountry = "KZ" | "RU" | "UZ" | "KG" | "CN";
type PlateRole = "tractor" | "trailer";

/** One run of characters: so many drawn from an alphabet, or one of some fixed texts. */
type Part = { readonly from: string; readonly count: number } | { readonly oneOf: readonly string[] };

interface PlateForm {
    readonly role: PlateRole;
    readonly weight: number;
    readonly parts: readonly Part[];
}

const LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const RUSSIAN = "ABEKMHOPCTYX";
const CHINESE = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

const digits = (count: number): Part => ({ from: "0123456789", count });
const letters = (count: number, from = LATIN): Part => ({ from, count });
const oneOf = (...texts: readonly string[]): Part => ({ oneOf: texts });

const KZ_REGION = oneOf(...Array.from({ length: 20 }, (_, i) => String(i + 1).padStart(2, "0")));
const RU_REGION = oneOf("22", "54", "55", "56", "63", "64", "66", "72", "74", "77", "163", "164", "196", "774", "777");
const UZ_REGION = oneOf("01", "10", "20", "25", "30", "40", "50", "60", "70", "75", "80", "85", "90", "95");
const KG_REGION = oneOf("01", "02", "03", "04", "05", "06", "07", "08", "09");
const CN_PLACE = oneOf("新A", "新B", "新F", "新R", "甘A", "川A", "陕A", "豫A");

const FORMS: Readonly<Record<PlateCountry, readonly PlateForm[]>> = {
    KZ: [
        { role: "tractor", weight: 7, parts: [digits(3), letters(2), KZ_REGION] },
        { role: "tractor", weight: 3, parts: [digits(3), letters(3), KZ_REGION] },
        { role: "trailer", weight: 1, parts: [digits(2), letters(3), KZ_REGION] },
    ],
    RU: [
        { role: "tractor", weight: 1, parts: [letters(1, RUSSIAN), digits(3), letters(2, RUSSIAN), RU_REGION] },
        { role: "trailer", weight: 1, parts: [letters(2, RUSSIAN), digits(4), RU_REGION] },
    ],
    UZ: [
        { role: "tractor", weight: 7, parts: [UZ_REGION, digits(3), letters(3)] },
        { role: "tractor", weight: 3, parts: [UZ_REGION, letters(1), digits(3), letters(2)] },
        { role: "trailer", weight: 1, parts: [UZ_REGION, digits(4), letters(2)] },
    ],
    KG: [
        { role: "tractor", weight: 8, parts: [KG_REGION, oneOf("KG"), digits(3), letters(2)] },
        { role: "tractor", weight: 2, parts: [KG_REGION, oneOf("KG"), digits(3), letters(3)] },
        { role: "trailer", weight: 1, parts: [KG_REGION, oneOf("KG"), digits(3), letters(2)] },
    ],
    CN: [
        { role: "tractor", weight: 1, parts: [CN_PLACE, letters(1, CHINESE), digits(4)] },
        { role: "trailer", weight: 1, parts: [CN_PLACE, digits(4), oneOf("挂")] },
    ],
};

/** Latin letters and the Cyrillic ones that look the same on a plate: what people type one for the other. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
    A: "А",
    B: "В",
    E: "Е",
    K: "К",
    M: "М",
    H: "Н",
    O: "О",
    P: "Р",
    C: "С",
    T: "Т",
    Y: "У",
    X: "Х",
};

/** Draws plates that are all different, also when the inner KG of Kyrgyz plates is left out. */
export class PlateMaker {
    readonly #taken = new Set<string>();
    readonly #random: Random;

    constructor(random: Random) {
        this.#random = random;
    }

    make(country: PlateCountry, role: PlateRole, rows: 1 | 2): ScenePlate {
        for (;;) {
            const text = this.#draw(FORMS[country], role);
            if (this.#take(text)) return { text, country, rows };
        }
    }

    /** The next number of the same fleet: one digit differs by one. Undefined when all neighbours are taken. */
    neighbour(plate: ScenePlate): ScenePlate | undefined {
        const places = [...plate.text].flatMap((char, i) => (/\d/.test(char) && isSerial(plate, i) ? [i] : []));
        for (const place of places.reverse()) {
            for (const step of this.#random.chance(0.5) ? [1, -1] : [-1, 1]) {
                const digit = Number(plate.text[place]) + step;
                if (digit < 0 || digit > 9) continue;
                const text = plate.text.slice(0, place) + digit + plate.text.slice(place + 1);
                if (!/000/.test(text) && this.#take(text)) return { ...plate, text };
            }
        }
        return undefined;
    }

    #draw(forms: readonly PlateForm[], role: PlateRole): string {
        const fitting = forms.filter((form) => form.role === role);
        const weights = Object.fromEntries(fitting.map((form, i) => [String(i), form.weight]));
        const form = fitting[Number(this.#random.weighted(weights))];
        return (form?.parts ?? []).map((part) => this.#drawPart(part)).join("");
    }

    #drawPart(part: Part): string {
        if ("oneOf" in part) return this.#random.pick(part.oneOf);
        for (;;) {
            const text = Array.from({ length: part.count }, () => this.#random.pick([...part.from])).join("");
            if (!/^0+$/.test(text)) return text;
        }
    }

    #take(text: string): boolean {
        const key = text.replace(/^(\d\d)KG/, "$1");
        if (this.#taken.has(key)) return false;
        this.#taken.add(key);
        return true;
    }
}

/** Digits of the serial number, not of the region. */
function isSerial(plate: ScenePlate, index: number): boolean {
    if (plate.country === "KZ") return index < plate.text.length - 2;
    if (plate.country === "RU") return index >= 1 && index <= 5;
    return index >= 2;
}

/** The same plate as a booker might type it: with dashes or spaces between letters and digits, or in Cyrillic letters. */
export function typedCarelessly(text: string, random: Random): string {
    if (random.chance(0.5) && [...text].some((char) => LOOK_ALIKES[char] !== undefined)) {
        return [...text].map((char) => LOOK_ALIKES[char] ?? char).join("");
    }
    const separator = random.pick([" ", "-"]);
    return text.replace(/(\d)(?=\p{L})|(\p{L})(?=\d)/gu, `$&${separator}`);
}
