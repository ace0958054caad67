/** A passage read back from a journal and judged, as `kordon replay` does it. */
import { judgePassage, type PassageVerdict } from "../../src/core/replay/passage-verdict.ts";
import type { Recording } from "../../src/core/replay/replay.ts";
import type { JournalArchive } from "../../src/ports/journal.ts";
import { readRecordings } from "../../src/runtime/recording-format.ts";
import { inputsHash } from "../../src/store/journal-audit.ts";

export interface RecordedPassage {
    readonly recordings: readonly Recording[];
    readonly verdict: PassageVerdict;
    readonly chunks: number;
    readonly bytes: number;
}

export function recordedPassage(journal: JournalArchive, passage: string): RecordedPassage {
    const { inputs } = journal.passageRecord(passage);
    const recordings = readRecordings(inputs);
    const facts = journal.factsAfter(0, 100_000);
    const verdict = judgePassage({ passage, recordings, facts, chunks: inputs.length, sha256: inputsHash(inputs) });
    return { recordings, verdict, chunks: inputs.length, bytes: inputs.reduce((sum, { length }) => sum + length, 0) };
}
