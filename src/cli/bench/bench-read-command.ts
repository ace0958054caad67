/** `kordon bench read`: how well and how fast plates on photographs with known truth are read. */
import { join } from "node:path";
import { Command } from "commander";
import type { FileAnswer } from "../../vision/read-files-messages.ts";
import { FileReading } from "../file-reading.ts";
import { CommandFailure, EXIT, printResult, tableText } from "../outcome.ts";
import { type ReadBenchResult, type RowResult, readBenchResult, scorePicture } from "./read-score.ts";
import { readTruth, type TruthRow } from "./truth-file.ts";

interface ReadBenchOptions {
    readonly images: string;
    readonly truth: string;
    readonly json?: boolean;
    readonly rows?: boolean;
}

export function benchReadCommand(): Command {
    return new Command("read")
        .description("plates on photographs whose truth is known: how many are read, how surely, how fast")
        .requiredOption("--images <folder>", "where the pictures are")
        .requiredOption(
            "--truth <file>",
            "CSV with the columns file, plate_text and, where known, full_or_crop, country, x, y, w, h",
        )
        .option("--rows", "tell what became of each plate, on stderr")
        .option("--json", "one JSON object on stdout")
        .addHelpText(
            "after",
            "\nA plate counts as exact when its key equals the truth's. Rows that are crops are read without being searched.",
        )
        .action(async ({ images, truth, json, rows }: ReadBenchOptions) => {
            const byFile = grouped(await readTruth(truth));
            if (byFile.size === 0) throw new CommandFailure(EXIT.failed, `${truth}: no plates in it`);
            const { results, ms } = await measure(images, byFile);
            if (rows === true) process.stderr.write(`${tableText(results.map(rowCells))}\n`);
            const result = readBenchResult(byFile.size, results, ms);
            printResult(json === true, result, textOf(result));
        });
}

async function measure(images: string, byFile: ReadonlyMap<string, readonly TruthRow[]>) {
    const reading = new FileReading();
    const [results, ms]: [RowResult[], number[]] = [[], []];
    try {
        for (const [file, rows] of byFile) {
            const isCrop = rows.every((row) => row.isCrop);
            const answer: FileAnswer = await reading.read({ path: join(images, file), kind: isCrop ? "crop" : "full" });
            if (answer.error !== undefined) process.stderr.write(`${answer.error}\n`);
            else ms.push(answer.ms);
            results.push(...scorePicture(rows, answer.plates));
        }
    } finally {
        reading.end();
    }
    return { results, ms };
}

function grouped(rows: readonly TruthRow[]): ReadonlyMap<string, readonly TruthRow[]> {
    const byFile = new Map<string, TruthRow[]>();
    for (const row of rows) byFile.set(row.file, [...(byFile.get(row.file) ?? []), row]);
    return byFile;
}

function rowCells({ row, read, isExact }: RowResult): readonly string[] {
    return [row.file, row.text, read?.text ?? "-", (read?.confidence ?? 0).toFixed(3), isExact ? "" : "WRONG"];
}

function textOf({
    images,
    plates,
    detected,
    exact,
    wrong,
    none,
    wrongConfidentRate,
    ece,
    ms,
}: ReadBenchResult): string {
    return [
        `${plates} plates in ${images} pictures: ${detected} found, ${exact} exact, ${wrong} wrong, ${none} not read`,
        `wrong and yet sure ${(wrongConfidentRate * 100).toFixed(2)} %, calibration error ${(ece * 100).toFixed(1)} %`,
        `${ms.median} ms a picture (median), ${ms.p95} ms (p95)`,
    ].join("\n");
}
