/** Adds up the outcomes of all seeds to what `kordon simulate` says at the end. */
import { createHash } from "node:crypto";
import type { FactBalance } from "./oracle/books.ts";
import type { Violation } from "./oracle/violation.ts";
import type { SeedOutcome } from "./run-seed.ts";

export interface Totals {
    readonly runs: number;
    /** Lorries that went under a boom in driving direction. */
    readonly passages: number;
    /** First decisions of the software on the vehicles that came. */
    readonly admitted: number;
    readonly refused: number;
    readonly referred: number;
    readonly tailgated: number;
    readonly backedOut: number;
    /** Orders to open for which nobody and nothing had given authority. */
    readonly wrongOpens: number;
    /** Opened for a lorry without a valid booking whose plate was read, surely, as a booked one. */
    readonly deceived: number;
    readonly violations: readonly ({ readonly seed: number } & Violation)[];
    readonly facts: FactBalance;
    readonly honestDelayed: number;
    /** Over the trace hashes of all seeds, in order. */
    readonly traceHash: string;
    readonly simulatedHours: number;
    readonly seconds: number;
}

const HOUR_MS = 3_600_000;

export function totalsOf(outcomes: readonly SeedOutcome[], seconds: number): Totals {
    const sum = (count: (outcome: SeedOutcome) => number): number =>
        outcomes.reduce((total, outcome) => total + count(outcome), 0);
    const hash = createHash("sha256");
    for (const { traceHash } of outcomes) hash.update(`${traceHash}\n`);
    return {
        runs: outcomes.length,
        passages: sum(({ passages }) => passages),
        admitted: sum(({ admitted }) => admitted),
        refused: sum(({ refused }) => refused),
        referred: sum(({ referred }) => referred),
        tailgated: sum(({ tailgated }) => tailgated),
        backedOut: sum(({ backedOut }) => backedOut),
        wrongOpens: sum(({ wrongOpens }) => wrongOpens),
        deceived: sum(({ deceived }) => deceived),
        violations: outcomes.flatMap(({ seed, violations }) =>
            violations.map((violation) => ({ seed, ...violation, atMs: Math.round(violation.atMs) })),
        ),
        facts: {
            recorded: sum(({ facts }) => facts.recorded),
            lost: sum(({ facts }) => facts.lost),
            duplicated: sum(({ facts }) => facts.duplicated),
        },
        honestDelayed: sum(({ honestDelayed }) => honestDelayed),
        traceHash: hash.digest("hex"),
        simulatedHours: round(sum(({ simulatedMs }) => simulatedMs) / HOUR_MS),
        seconds: round(seconds),
    };
}

/** For people. */
export function totalsText(totals: Totals): string {
    const { facts, violations } = totals;
    return [
        `${totals.runs} runs, ${totals.simulatedHours} simulated hours in ${totals.seconds} s`,
        `${totals.passages} passages: ${totals.admitted} admitted, ${totals.refused} refused, ${totals.referred} referred, ` +
            `${totals.tailgated} tailgated, ${totals.backedOut} backed out`,
        `${totals.wrongOpens} openings without authority, ${totals.deceived} for a plate that was read as another's, ` +
            `${totals.honestDelayed} honest lorries delayed`,
        `facts: ${facts.recorded} recorded, ${facts.lost} lost, ${facts.duplicated} doubled`,
        `trace ${totals.traceHash}`,
        violations.length === 0 ? "no violations" : `${violations.length} violations:`,
        ...violations.map(
            ({ seed, invariant, atMs, lane, detail }) =>
                `  seed ${seed} at ${atMs} ms: ${invariant}${lane === undefined ? "" : ` at ${lane}`}${detail === undefined ? "" : ` (${detail})`}`,
        ),
    ].join("\n");
}

function round(value: number): number {
    return Math.round(value * 100) / 100;
}
