/** `kordon audit`: is the journal the one that was written, and what stands for its present state. */
import { Command, InvalidArgumentError } from "commander";
import { type PublishedHead, verifyJournal } from "../store/journal-audit.ts";
import { salvagedFacts } from "../store/journal-salvage.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";
import { lookInto, reportingFaults, type StateOptions, stateFolderOf, withStateOptions } from "./state-option.ts";

export function auditCommand(): Command {
    return new Command("audit")
        .description("prove that the journal is the one that was written")
        .addCommand(verifyCommand().exitOverride())
        .addCommand(headCommand().exitOverride())
        .addCommand(factsCommand().exitOverride());
}

function verifyCommand(): Command {
    const command = new Command("verify").description(
        "go through all facts and recorded inputs; anything changed, taken out or put in breaks the hash chain",
    );
    return withStateOptions(command)
        .option(
            "--head <sequence:hash>",
            "also hold a published head against it, so that a cut-off end shows",
            publishedHead,
        )
        .option("--json", "machine-readable")
        .addHelpText("after", "\nExit code 1 when something is not as written; the first such fact is named.")
        .action((options: StateOptions & { head?: PublishedHead; json?: boolean }) => {
            const folder = stateFolderOf(options);
            const verdict = reportingFaults(() => verifyJournal(folder, options.head));
            const text = verdict.isIntact
                ? `intact: ${verdict.facts} facts and their recorded inputs; head ${verdict.head}`
                : `BROKEN at fact ${verdict.sequence}`;
            printResult(options.json === true, verdict, text);
            if (!verdict.isIntact) throw new CommandFailure(EXIT.failed, `fact ${verdict.sequence}: ${verdict.reason}`);
        });
}

function headCommand(): Command {
    return withStateOptions(new Command("head").description("print journal id, newest sequence and its hash"))
        .option("--json", "machine-readable")
        .action((options: StateOptions & { json?: boolean }) => {
            const head = lookInto(options, (journal) => journal.head());
            printResult(options.json === true, head, `${head.journalId} ${head.sequence}:${head.hash}`);
        });
}

function factsCommand(): Command {
    const command = new Command("facts").description(
        "print the facts, one JSON object a line, also out of a damaged journal: whatever can be read",
    );
    return withStateOptions(command)
        .option("--after <sequence>", "only those after this one", whole(0, Number.MAX_SAFE_INTEGER), 0)
        .addHelpText(
            "after",
            "\nisAsWritten: the hash is that of the content; null where the fact before cannot be read.\n" +
                "Exit code 1 when facts could not be read; stderr says how many.",
        )
        .action((options: StateOptions & { after: number }) => {
            const folder = stateFolderOf(options);
            let lost = 0;
            reportingFaults(() => {
                const facts = salvagedFacts(folder, options.after, () => {
                    lost += 1;
                });
                for (const fact of facts) process.stdout.write(`${JSON.stringify(fact)}\n`);
            });
            if (lost > 0) throw new CommandFailure(EXIT.failed, `${lost} facts cannot be read`);
        });
}

function publishedHead(text: string): PublishedHead {
    const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
    if (sequence === undefined || hash === undefined) {
        throw new InvalidArgumentError(
            "a sequence and a hash, as kordon audit head prints them: 42:6f1d… (64 hex digits)",
        );
    }
    return { sequence: Number(sequence), hash };
}
