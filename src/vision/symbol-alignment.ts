/**
 * Lays the symbols of a text recogniser over the characters that were cut. It sometimes says "O0" where one character
 * stands, because it could not decide, and sometimes swallows one; both must show instead of shifting the rest.
 */

export interface TextSymbol {
    readonly text: string;
    /** 0..1. */
    readonly confidence: number;
    /** Column of its middle in the picture; only roughly right. */
    readonly middle: number;
}

type Span = readonly [first: number, behindLast: number];

/** Cost of a character without symbol, of one with two, and of a symbol without character. */
const MISSING = 1.2;
const DOUBLED = 0.7;
const DROPPED = 2.5;
/** Cost of a symbol that lies a character's width or more away from its character. */
const MISPLACED = 0.5;

/** How many symbols each character got so far, and what that cost. */
interface Way {
    readonly cost: number;
    readonly counts: readonly number[];
}

/** For each span the symbols that stand for it: none, one, or two that contend for it. Keeps the order of both. */
export function alignSymbols(
    symbols: readonly TextSymbol[],
    spans: readonly Span[],
): readonly (readonly TextSymbol[])[] {
    const width = spans.reduce((sum, [from, to]) => sum + to - from, 0) / Math.max(1, spans.length);
    /** Cheapest way for the characters so far, by the number of symbols used. */
    let ways = new Map<number, Way>([[0, { cost: 0, counts: [] }]]);
    for (const span of spans) {
        const next = new Map<number, Way>();
        for (const [used, way] of ways) {
            for (let count = 0; count <= 2 && used + count <= symbols.length; count++) {
                const cost = way.cost + costOf(symbols.slice(used, used + count), span, width);
                if (cost >= (next.get(used + count)?.cost ?? Number.POSITIVE_INFINITY)) continue;
                next.set(used + count, { cost, counts: [...way.counts, count] });
            }
        }
        ways = next;
    }
    const priced = [...ways].map(([used, way]) => ({ ...way, total: way.cost + (symbols.length - used) * DROPPED }));
    const [cheapest] = priced.sort((a, b) => a.total - b.total);
    const counts = cheapest?.counts ?? [];
    return counts.map((count, index) => {
        const from = counts.slice(0, index).reduce((sum, number) => sum + number, 0);
        return symbols.slice(from, from + count);
    });
}

function costOf(symbols: readonly TextSymbol[], [from, to]: Span, width: number): number {
    const away = symbols.map(({ middle }) => Math.min(1, Math.abs(middle - (from + to) / 2) / width) * MISPLACED);
    const number = symbols.length === 0 ? MISSING : symbols.length === 2 ? DOUBLED : 0;
    return away.reduce((sum, cost) => sum + cost, number);
}
