/** `kordon list load FILE`: an out-of-turn list from CSV or XLSX, looked at first, and handed to the running daemon with `--apply`. */
import { basename } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { queueRulesOf } from "../../config/site-rules.ts";
import { PRIORITY_CATEGORIES, type PriorityCategory } from "../../core/booking/booking.ts";
import { listIdOf } from "../../core/queue/out-of-turn-facts.ts";
import {
    parseLocal,
    type ReadTable,
    readOutOfTurnTable,
    TABLE_FIELDS,
    TableError,
    type TableField,
} from "../../core/queue/out-of-turn-table.ts";
import type { QueueCalendar } from "../../core/queue/queue-calendar.ts";
import { CommandFailure, EXIT, printResult, tableText } from "../outcome.ts";
import { siteFrom } from "../site-option.ts";
import { orderQueue } from "./order-queue.ts";
import { readTableFile } from "./read-table-file.ts";

interface LoadOptions {
    readonly site: string;
    readonly who: string;
    readonly valid: string;
    readonly category: PriorityCategory;
    readonly quota: number;
    readonly column: Columns;
    readonly apply?: boolean;
    readonly json?: boolean;
}

type Columns = { readonly [field in TableField]?: string };

export function listLoadCommand(): Command {
    return new Command("load")
        .description("load a list of lorries that go out of turn, as handed over by customs or the post")
        .argument(
            "<file>",
            "CSV or XLSX with a column of plates; other columns: trailer, trailer2, country, from, until",
        )
        .requiredOption("--site <file>", "site file of the daemon")
        .requiredOption("--who <id>", "id of the officer who loads it; recorded")
        .requiredOption("--valid <from..until>", "local days or minutes, such as 2026-11-22..2026-12-02", rangeText)
        .addOption(
            new Option("--category <name>", "on what ground").choices(PRIORITY_CATEGORIES).makeOptionMandatory(true),
        )
        .requiredOption("--quota <n>", "how many of them may enter in a day", wholeNumber)
        .option("--column <field=column>", "where a field stands, by heading or number; may be repeated", addColumn, {})
        .option("--preview", "only show what it would come to (this is the default)")
        .option("--apply", "hand it to the running daemon: from then on it counts")
        .option("--json", "machine-readable")
        .action(load);
}

async function load(file: string, options: LoadOptions): Promise<void> {
    const site = siteFrom(options.site);
    const { calendar } = queueRulesOf(site);
    const [validFromUtcMs, validUntilUtcMs] = rangeOf(options.valid, calendar);
    const { rows, sha256 } = await readTableFile(file);
    const table = tableOf(() =>
        readOutOfTurnTable(rows, { validFromUtcMs, validUntilUtcMs, calendar, columns: options.column }),
    );
    const [validFrom, validUntil] = [instantText(validFromUtcMs), instantText(validUntilUtcMs)];
    const list = listIdOf({ sha256, validUntil });
    if (options.apply) {
        if (table.entries.length === 0)
            throw new CommandFailure(EXIT.failed, `${file}: not one row that can be loaded`);
        await orderQueue(site.controlSocket, {
            do: "load-list",
            by: options.who,
            category: options.category,
            validFrom,
            validUntil,
            quotaPerDay: options.quota,
            file: basename(file),
            sha256,
            entries: table.entries.map(({ line, plate, country, trailers, fromUtcMs, untilUtcMs }) => ({
                line,
                plate,
                country,
                trailers: [...trailers],
                from: instantText(fromUtcMs),
                until: instantText(untilUtcMs),
            })),
        });
    }
    const isApplied = options.apply === true;
    printResult(options.json === true, { list, isApplied, ...table }, previewText(list, table, isApplied));
}

function previewText(list: string, { columns, ignored, entries, errors }: ReadTable, isApplied: boolean): string {
    const taken = Object.entries(columns).map(([field, column]) => `${field}: ${column}`);
    const rows = entries.map(({ line, key, country, trailers, fromUtcMs, untilUtcMs }) => [
        `  line ${line}`,
        key,
        country ?? "–",
        trailers.join(" ") || "–",
        `${instantText(fromUtcMs)} .. ${instantText(untilUtcMs)}`,
    ]);
    return [
        `columns taken: ${taken.join(", ")}`,
        ...(ignored.length === 0 ? [] : [`columns not taken: ${ignored.join(", ")}`]),
        tableText(rows),
        ...errors.map(({ line, message }) => `  line ${line} left out: ${message}`),
        `${entries.length} vehicles, ${errors.length} rows left out`,
        isApplied ? `loaded as ${list}` : `this was a preview, nothing counts yet: --apply loads it as ${list}`,
    ].join("\n");
}

function tableOf(read: () => ReadTable): ReadTable {
    try {
        return read();
    } catch (error) {
        throw error instanceof TableError ? new CommandFailure(EXIT.usage, error.message) : error;
    }
}

function rangeOf(text: string, calendar: QueueCalendar): readonly [fromUtcMs: number, untilUtcMs: number] {
    const [from = "", until = ""] = text.split("..");
    const range = [parseLocal(from, "from", calendar), parseLocal(until, "until", calendar)] as const;
    const [fromUtcMs, untilUtcMs] = range;
    if (fromUtcMs === undefined || untilUtcMs === undefined || untilUtcMs <= fromUtcMs) {
        throw new CommandFailure(EXIT.usage, `--valid ${text}: two days in order, such as 2026-11-22..2026-12-02`);
    }
    return [fromUtcMs, untilUtcMs];
}

function rangeText(text: string): string {
    if (/^[^.]+(\.[^.]+)*\.\.[^.]+(\.[^.]+)*$/.test(text)) return text;
    throw new InvalidArgumentError("two days with .. between them.");
}

function wholeNumber(text: string): number {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
    throw new InvalidArgumentError("a whole number from 1.");
}

function addColumn(text: string, before: Columns): Columns {
    const [field, column] = text.split("=", 2);
    const known = TABLE_FIELDS.find((each) => each === field);
    if (known === undefined || !column)
        throw new InvalidArgumentError(`one of ${TABLE_FIELDS.join(", ")}, then =, then a column.`);
    return { ...before, [known]: column };
}

function instantText(utcMs: number): string {
    return new Date(utcMs).toISOString();
}
