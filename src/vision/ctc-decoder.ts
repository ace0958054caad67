/**
 * From what a network says step by step to texts with probabilities (connectionist temporal classification, Graves and
 * others 2006): several paths of steps spell one text, and a text is as likely as all its paths together.
 */

/** Class probabilities of consecutive steps, row after row; class 0 is the blank. */
export interface StepProbabilities {
    readonly values: Float32Array;
    readonly steps: number;
    readonly classes: number;
}

export interface Spelling {
    /** Class numbers in reading order, no blanks. */
    readonly signs: readonly number[];
    /** 0..1: all paths that were followed together. */
    readonly probability: number;
}

/** What one place of the likeliest path may show, best first. */
export interface SpelledSign {
    /** Where it was seen most clearly. */
    readonly step: number;
    /** The same in parts of a step: the mean of this step and its neighbours by how clearly each shows it. */
    readonly middle: number;
    readonly choices: readonly { readonly sign: number; readonly probability: number }[];
}

/** Signs less likely than this at a step are not followed. */
const SIGN_MIN = 0.002;
const CHOICES_MAX = 4;

interface Beam {
    readonly signs: readonly number[];
    /** Probability of all its paths that end in a blank, and of those that end in its last sign. */
    blank: number;
    sign: number;
}

/** The `width` likeliest texts, best first (prefix beam search). */
export function spellings(given: StepProbabilities, width: number): readonly Spelling[] {
    let beams: Beam[] = [{ signs: [], blank: 1, sign: 0 }];
    for (let step = 0; step < given.steps; step++) {
        const next = new Map<string, Beam>();
        const beamOf = (signs: readonly number[]): Beam => {
            const key = signs.join(",");
            const found = next.get(key) ?? { signs, blank: 0, sign: 0 };
            next.set(key, found);
            return found;
        };
        const likely = likelySigns(given, step);
        for (const { signs, blank, sign } of beams) {
            const last = signs.at(-1);
            beamOf(signs).blank += (blank + sign) * at(given, step, 0);
            if (last !== undefined) beamOf(signs).sign += sign * at(given, step, last);
            for (const added of likely) {
                beamOf([...signs, added]).sign += (added === last ? blank : blank + sign) * at(given, step, added);
            }
        }
        beams = [...next.values()].sort((a, b) => b.blank + b.sign - a.blank - a.sign).slice(0, width);
    }
    return beams
        .map(({ signs, blank, sign }) => ({ signs, probability: blank + sign }))
        .filter(({ probability }) => probability > 0);
}

/** The likeliest path, sign by sign, with what else each place may show. */
export function likeliestPath(given: StepProbabilities): readonly SpelledSign[] {
    const path: SpelledSign[] = [];
    let [before, bestSeen] = [0, 0];
    for (let step = 0; step < given.steps; step++) {
        const best = bestSign(given, step);
        const seen = at(given, step, best);
        if (best !== 0 && (best !== before || seen > bestSeen)) {
            if (best === before) path.pop();
            path.push({ step, middle: middleOf(given, step, best), choices: choicesAt(given, step) });
            bestSeen = seen;
        }
        before = best;
    }
    return path;
}

function at({ values, classes }: StepProbabilities, step: number, sign: number): number {
    return values[step * classes + sign] ?? 0;
}

function middleOf(given: StepProbabilities, step: number, sign: number): number {
    const around = [step - 1, step, step + 1].filter((other) => other >= 0 && other < given.steps);
    const weights = around.map((other) => at(given, other, sign));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return around.reduce((middle, other, index) => middle + other * (weights[index] ?? 0), 0) / sum;
}

function likelySigns(given: StepProbabilities, step: number): readonly number[] {
    const likely: number[] = [];
    for (let sign = 1; sign < given.classes; sign++) if (at(given, step, sign) > SIGN_MIN) likely.push(sign);
    return likely;
}

function bestSign(given: StepProbabilities, step: number): number {
    let best = 0;
    for (let sign = 1; sign < given.classes; sign++) if (at(given, step, sign) > at(given, step, best)) best = sign;
    return best;
}

function choicesAt(given: StepProbabilities, step: number): SpelledSign["choices"] {
    const all = likelySigns(given, step).map((sign) => ({ sign, probability: at(given, step, sign) }));
    return all.sort((a, b) => b.probability - a.probability).slice(0, CHOICES_MAX);
}
