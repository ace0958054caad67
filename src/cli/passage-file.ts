/** Everything a journal holds of one passage, put together for people: its facts, its recordings, its chunks. */
import type { Fact } from "../core/fact/fact.ts";
import type { Recording } from "../core/replay/replay.ts";
import { RecordingDamaged, readRecordings } from "../runtime/recording-format.ts";
import { inputsHash } from "../store/journal-audit.ts";
import type { JournalReader } from "../store/journal-reader.ts";
import { CommandFailure, EXIT } from "./outcome.ts";

/** How many passages are looked at for the ones nearest to an id that is not there, and how many are named. */
const SEARCHED = 10_000;
const NAMED = 5;

export interface PassageFile {
    readonly passage: string;
    readonly lane: string;
    /** From the first to the last of the passage: its own, its lane's and the site's. */
    readonly facts: readonly Fact[];
    readonly recordings: readonly Recording[];
    /** Why the recordings cannot be read or replayed. */
    readonly damage: string | undefined;
    readonly chunks: number;
    readonly bytes: number;
    readonly sha256: string;
}

/** Throws `CommandFailure` for a passage that is not there; the message names the nearest ones. */
export function passageFrom(journal: JournalReader, passage: string): PassageFile {
    const { facts: own, inputs } = journal.passageRecord(passage);
    const { recordings, damage } = recordingsOf(inputs);
    const lane = own[0]?.lane ?? recordings[0]?.plan.id;
    if (lane === undefined) throw new CommandFailure(EXIT.failed, unknownText(journal, passage, damage));
    const sequences = [...own.flatMap(sequencesOf), ...recordings.flatMap(recordedSequences)];
    const first = Math.min(...sequences);
    const facts = journal
        .factsAfter(first - 1, Math.max(...sequences) - first + 1)
        .filter((fact) => fact.lane === undefined || fact.lane === lane);
    return {
        passage,
        lane,
        facts,
        recordings,
        damage: first <= journal.prunedUpTo ? "its beginning was deleted by the site's retention" : damage,
        chunks: inputs.length,
        bytes: inputs.reduce((sum, chunk) => sum + chunk.length, 0),
        sha256: inputsHash(inputs),
    };
}

function recordingsOf(inputs: readonly Uint8Array[]): Pick<PassageFile, "recordings" | "damage"> {
    try {
        return { recordings: readRecordings(inputs), damage: undefined };
    } catch (error) {
        if (error instanceof RecordingDamaged) return { recordings: [], damage: error.message };
        throw error;
    }
}

/** The fact that ends a recording also says where it began. */
function sequencesOf({ sequence, kind, data }: Fact): readonly number[] {
    return kind === "passage.recorded" ? [sequence, Number(data["from"])] : [sequence];
}

function recordedSequences({ ticks }: Recording): readonly number[] {
    return ticks.flatMap(({ facts }) => (facts.count === 0 ? [] : [facts.first, facts.first + facts.count - 1]));
}

function unknownText(journal: JournalReader, passage: string, damage: string | undefined): string {
    if (damage !== undefined) return `${passage}: nothing but unreadable inputs: ${damage}`;
    const numberOf = (id: string): number => Number(/\d+$/.exec(id)?.[0] ?? 0);
    const distance = (id: string): number => Math.abs(numberOf(id) - numberOf(passage));
    const nearest = journal
        .passages(SEARCHED)
        .map((row) => row.passage)
        .sort((a, b) => distance(a) - distance(b))
        .slice(0, NAMED);
    const there = nearest.length === 0 ? "this journal holds no passage" : `the nearest are ${nearest.join(", ")}`;
    return `no passage "${passage}": ${there}; kordon passages lists them`;
}
