/**
 * Two opinions about the province of a Chinese plate put together: the reader's, which sees a row of signs, and that of a
 * network which looks at the first sign alone. Thirty-one characters of fifteen pixels are most of what a reader gets wrong
 * there, and the two err in different pictures. Pure.
 */
import type { NetworkText } from "./plate-network-reader.ts";

/** Signs with their probabilities, 0 to 1, together 1; the empty sign stands for «no province». */
export type ProvinceShares = ReadonlyMap<string, number>;

/** How much each opinion weighs, as a power of its probability. Chosen among eight pairs on real crops. */
const READER_WEIGHT = 0.7;
const PROVINCE_WEIGHT = 1;
/** Neither opinion may rule a province out alone. */
const SHARE_MIN = 0.003;
/** Less likely ones are dropped: 31 texts for each end of a plate say nothing more. */
const TOLD_MIN = 0.01;
/** With less than this on provinces altogether the reader sees a plate of another country. */
const CHINESE_MIN = 0.01;

/** Whether the province is worth a look of its own. */
export function mayNameProvince(texts: readonly NetworkText[], provinces: readonly string[]): boolean {
    return massOf(texts.filter((text) => headOf(text) !== "" && provinces.includes(headOf(text)))) > CHINESE_MIN;
}

/**
 * The same texts with what the province network saw: both opinions say whether there is a province and which, and what the
 * texts of one end (`A12345` of `京A12345`) have together is shared among the provinces. Chinese plates of two rows, whose
 * province stands elsewhere, keep what they have. Likeliest first.
 */
export function weighProvinces(texts: readonly NetworkText[], seen: ProvinceShares): readonly NetworkText[] {
    const isProvince = (sign: string): boolean => sign !== "" && seen.has(sign);
    const named = texts.filter((text) => isProvince(headOf(text)));
    if (named.length === 0) return texts;
    const ofTwoRows = texts.filter((text) => isProvince(text.text.charAt(0)) && !named.includes(text));
    const others = texts.filter((text) => !named.includes(text) && !ofTwoRows.includes(text));
    const [read, told, all] = [massOf(named), massOf(named) + massOf(others), 1 - massOf(ofTwoRows)];
    const none = seen.get("") ?? 0;
    const [province, other] = [weight(read / told, 1 - none), weight(1 - read / told, none)];
    const mass = (told * province) / (province + other);
    // A province takes from the other texts here. «No province» gives to all others, here or not: another sign may stand there.
    const grown = mass > read ? (told - mass) / (told - read) : (all - mass) / Math.max(SHARE_MIN, all - read);
    const provinces = [...seen].filter(([sign]) => sign !== "");
    const ends = [...new Set(named.map(({ text }) => text.slice(1)))];
    return [
        ...ofTwoRows,
        ...others.map((text) => ({ ...text, probability: text.probability * grown })),
        ...ends.flatMap((end) => {
            const alike = named.filter(({ text }) => text.slice(1) === end);
            return shared(end, alike, (massOf(alike) * mass) / read, provinces);
        }),
    ].sort((a, b) => b.probability - a.probability);
}

/** `mass`, shared among the provinces that may stand before one end. */
function shared(
    end: string,
    alike: readonly NetworkText[],
    mass: number,
    provinces: readonly (readonly [sign: string, share: number])[],
): readonly NetworkText[] {
    const [read, seen] = [massOf(alike), provinces.reduce((sum, [, share]) => sum + share, 0)];
    const weights = provinces.map(([sign, share]) => {
        const ofSign = alike.find(({ text }) => text === sign + end)?.probability ?? 0;
        return { text: sign + end, weight: weight(ofSign / read, share / Math.max(seen, SHARE_MIN)) };
    });
    const sum = weights.reduce((total, each) => total + each.weight, 0);
    const upperMiddles = alike[0]?.upperMiddles ?? [];
    return weights
        .filter((each) => each.weight / sum >= TOLD_MIN)
        .map((each) => ({
            text: each.text,
            rows: [each.text],
            upperMiddles,
            probability: (mass * each.weight) / sum,
        }));
}

function weight(read: number, seen: number): number {
    return Math.max(SHARE_MIN, read) ** READER_WEIGHT * Math.max(SHARE_MIN, seen) ** PROVINCE_WEIGHT;
}

function massOf(texts: readonly NetworkText[]): number {
    return texts.reduce((sum, { probability }) => sum + probability, 0);
}

/** The first sign of a plate of one row, wherever the reader saw the rest; empty for two rows. */
function headOf({ text, rows: [first = "", second] }: NetworkText): string {
    return second === undefined || first.length === 1 ? text.charAt(0) : "";
}
