/** Reads a table handed over as CSV or XLSX into plain texts with their lines. What stands in them is for the core to judge. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import type { TableRow } from "../../core/queue/out-of-turn-table.ts";
import { CommandFailure, EXIT } from "../outcome.ts";

/** A list of lorries is a few hundred rows; what is larger is another file. */
const FILE_BYTES_MAX = 5_000_000;

export interface TableFile {
    readonly rows: readonly TableRow[];
    /** Of the file's bytes, lower-case hex. */
    readonly sha256: string;
}

/** The first sheet of an `.xlsx`, or a text separated by semicolons, commas or tabs, in UTF-8 or Windows-1251. Throws `CommandFailure`. */
export async function readTableFile(file: string): Promise<TableFile> {
    try {
        const bytes = readFileSync(file);
        if (bytes.length > FILE_BYTES_MAX) throw new Error(`larger than ${FILE_BYTES_MAX / 1e6} MB`);
        const isSheet = extname(file).toLowerCase() === ".xlsx";
        const rows = isSheet ? await sheetRows(bytes) : textRows(decode(bytes));
        return { rows, sha256: createHash("sha256").update(bytes).digest("hex") };
    } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new CommandFailure(EXIT.usage, `${file}: cannot be read as a table: ${why}`);
    }
}

async function sheetRows(bytes: Buffer): Promise<readonly TableRow[]> {
    const sheet: readonly (readonly unknown[])[] = await readSheet(bytes);
    return sheet.map((cells, index) => ({ line: index + 1, cells: cells.map(cellText) }));
}

/** Dates come as instants of a day without a zone: midnight stands for the day itself. */
function cellText(cell: unknown): string {
    if (cell === null || cell === undefined) return "";
    if (!(cell instanceof Date)) return String(cell);
    const text = cell.toISOString();
    return text.slice(11, 16) === "00:00" ? text.slice(0, 10) : text.slice(0, 16);
}

function textRows(file: string): readonly TableRow[] {
    // Within quotes the parser takes both halves of a Windows line end for lines.
    const text = file.replace(/\r\n?/g, "\n");
    const delimiter = delimiterOf(text.split("\n", 20).join("\n"));
    const rows: TableRow[] = [];
    parse(text, {
        delimiter,
        relax_column_count: true,
        relax_quotes: true,
        bom: true,
        on_record: (cells: readonly string[], { lines }) => {
            rows.push({ line: lines, cells });
            return null;
        },
    });
    return rows;
}

/** Whatever separates most in the first lines; Excel writes semicolons where the comma is a decimal sign. */
function delimiterOf(text: string): string {
    const counted = [";", "\t", ","].map((sign) => ({ sign, count: text.split(sign).length }));
    return counted.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
}

/** Excel saves CSV in the code page of its Windows; what is no UTF-8 is taken for that. */
function decode(bytes: Buffer): string {
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder("windows-1251").decode(bytes);
    }
}
