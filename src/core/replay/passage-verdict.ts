/** Judges everything that is kept of one passage: do its recordings give its facts again, and are they all there. */
import type { Fact } from "../fact/fact.ts";
import { type Difference, type Recording, type Replay, replay } from "./replay.ts";

/** What the journal holds of a passage. */
export interface PassageEvidence {
    readonly passage: string;
    /** In order; more than one when the daemon was restarted within the passage. */
    readonly recordings: readonly Recording[];
    /** All facts from the first to the last of the passage, those of other lanes left out or not. */
    readonly facts: readonly Fact[];
    /** Count of the chunks found, and the SHA-256 over them as `passage.recorded` has it. */
    readonly chunks: number;
    readonly sha256: string;
}

/** No difference: the same program gives the same orders and facts, and nothing recorded is missing or changed. */
export interface PassageVerdict {
    readonly replays: readonly Replay[];
    /** False: the end is not recorded; the passage still goes on, or the daemon was killed in the middle of it. */
    readonly isWhole: boolean;
    readonly difference?: Difference;
}

/** Replays all recordings up to the first difference, then looks for facts without inputs and for changed inputs. */
export function judgePassage(evidence: PassageEvidence): PassageVerdict {
    const { passage, recordings, facts } = evidence;
    const bySequence = new Map(facts.map((fact) => [fact.sequence, fact]));
    const seal = facts.find((fact) => fact.passage === passage && fact.kind === "passage.recorded");
    const isWhole = seal !== undefined;
    const replays: Replay[] = [];
    let ticks = 0;
    for (const recording of recordings) {
        const again = replay(recording, (sequence) => bySequence.get(sequence), ticks);
        replays.push(again);
        if (again.difference !== undefined) return { replays, isWhole, difference: again.difference };
        ticks += recording.ticks.length;
    }
    const difference = uncovered(evidence) ?? (seal === undefined ? undefined : changed(evidence, seal));
    return { replays, isWhole, ...(difference === undefined ? {} : { difference }) };
}

/** A fact of the passage that no recorded tick gave. */
function uncovered({ passage, recordings, facts }: PassageEvidence): Difference | undefined {
    const covered = new Set<number>();
    for (const { ticks } of recordings) {
        for (const { facts: place } of ticks) {
            for (let n = 0; n < place.count; n += 1) covered.add(place.first + n);
        }
    }
    const lone = facts.find(
        (fact) => fact.passage === passage && fact.kind !== "passage.recorded" && !covered.has(fact.sequence),
    );
    if (lone === undefined) return undefined;
    return { field: `fact ${lone.sequence}`, recorded: lone.kind, recomputed: undefined };
}

function changed({ chunks, sha256 }: PassageEvidence, seal: Fact): Difference | undefined {
    const recorded = { chunks: seal.data["chunks"], sha256: seal.data["sha256"] };
    if (recorded.chunks === chunks && recorded.sha256 === sha256) return undefined;
    return { field: "inputs", recorded, recomputed: { chunks, sha256 } };
}
