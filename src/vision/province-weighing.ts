/**
 * Two opinions about the province of a Chinese plate put together: the reader's, which sees a row of signs, and that of a
 * network which looks at the first sign alone. Thirty-one characters of fifteen pixels are most of what a reader gets wrong
 * there, and the two err in different pictures. Pure.
 */
import type { NetworkText } from "./plate-network-reader.ts";

/** Signs with their probabilities, 0 to 1, together 1; the empty sign stands for «no province». */
export type ProvinceShares = ReadonlyMap<string, number>;

/** How much each opinion weighs, as a power of its probability. Chosen among five pairs on real crops; a wide range does as well. */
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
    const chinese = texts.filter((text) => headOf(text) !== "" && provinces.includes(headOf(text)));
    return chinese.reduce((sum, { probability }) => sum + probability, 0) > CHINESE_MIN;
}

/**
 * The same texts with what the province network saw: what the texts of one end (`A12345` of `京A12345`) have together stays,
 * and goes to the provinces by both opinions. Texts without a province that nobody thought to have one stay as they are, and
 * so do those of two rows, whose province stands elsewhere. Likeliest first.
 */
export function weighProvinces(texts: readonly NetworkText[], seen: ProvinceShares): readonly NetworkText[] {
    const heads = new Set([...seen.keys()].filter((sign) => sign !== ""));
    const ends = new Set(texts.filter((text) => heads.has(headOf(text))).map(({ text }) => text.slice(1)));
    const others = texts.filter((text) => !ends.has(endOf(text, heads) ?? ""));
    const weighed = [...ends].flatMap((end) => {
        const alike = texts.filter((text) => endOf(text, heads) === end);
        return shared(end, alike, seen);
    });
    return [...others, ...weighed].sort((a, b) => b.probability - a.probability);
}

function shared(end: string, alike: readonly NetworkText[], seen: ProvinceShares): readonly NetworkText[] {
    const together = alike.reduce((sum, { probability }) => sum + probability, 0);
    const shares = [...seen].map(([sign, share]) => {
        const read = alike.find(({ text }) => text === sign + end)?.probability ?? 0;
        const weight =
            Math.max(SHARE_MIN, read / together) ** READER_WEIGHT * Math.max(SHARE_MIN, share) ** PROVINCE_WEIGHT;
        return { sign, weight };
    });
    const sum = shares.reduce((total, { weight }) => total + weight, 0);
    const upperMiddles = alike[0]?.upperMiddles ?? [];
    return shares
        .filter(({ weight }) => weight / sum >= TOLD_MIN)
        .map(({ sign, weight }) => {
            const text = sign + end;
            return { text, rows: [text], upperMiddles, probability: (together * weight) / sum };
        });
}

/** The first sign of a plate of one row, wherever the reader saw the rest; empty for two rows. */
function headOf({ text, rows: [first = "", second] }: NetworkText): string {
    return second === undefined || first.length === 1 ? text.charAt(0) : "";
}

/** The text without its province; two rows have no such end. */
function endOf(text: NetworkText, heads: ReadonlySet<string>): string | undefined {
    const head = headOf(text);
    if (head === "") return undefined;
    return heads.has(head) ? text.text.slice(1) : text.text;
}
