/**
 * A list handed over from outside the queue, as a table of texts: its columns found, its plates normalised, rows in error named
 * and left out. Pure; reading files is the command's. Names and documents in other columns never get past here.
 */

import { parseUtcInstant } from "../booking/utc-instant.ts";
import { isPlausiblePlate } from "../plate/plate-formats.ts";
import { type PlateKey, toPlateKey } from "../plate/plate-key.ts";
import { dayStart, type QueueCalendar } from "./queue-calendar.ts";

/** What a column may hold. */
export const TABLE_FIELDS = ["plate", "trailer", "trailer2", "country", "from", "until"] as const;

export type TableField = (typeof TABLE_FIELDS)[number];

/** One row of the file with its line, counted from 1 as the file's own program counts. */
export interface TableRow {
    readonly line: number;
    readonly cells: readonly string[];
}

/** What the loader says of the whole list; instants in milliseconds of wall time, `until` included. */
export interface TableFrame {
    readonly validFromUtcMs: number;
    readonly validUntilUtcMs: number;
    readonly calendar: QueueCalendar;
    /** Columns by number (from 1) or by their heading, where the headings do not tell. */
    readonly columns?: { readonly [field in TableField]?: string };
}

/** One vehicle as it will be loaded. */
export interface TableEntry {
    readonly line: number;
    /** As written in the file. */
    readonly plate: string;
    readonly key: PlateKey;
    readonly country?: string;
    readonly trailers: readonly string[];
    readonly fromUtcMs: number;
    readonly untilUtcMs: number;
}

/** Why a row is left out. */
export interface RowError {
    readonly line: number;
    readonly message: string;
}

/** What a table came to, for a person to look at before it counts. */
export interface ReadTable {
    /** Heading or number of the column that each field was taken from. */
    readonly columns: { readonly [field in TableField]?: string };
    /** Headings of columns that were not taken. */
    readonly ignored: readonly string[];
    readonly entries: readonly TableEntry[];
    readonly errors: readonly RowError[];
}

/** Headings as customs departments and post operators write them, lower-case, without dots and doubled blanks. */
const HEADINGS: Readonly<Record<TableField, readonly string[]>> = {
    plate: [
        "plate",
        "tractor",
        "number plate",
        "номер",
        "грнз",
        "госномер",
        "гос номер",
        "гос номер тс",
        "номер тс",
        "номер тягача",
        "тягач",
        "номер автомобиля",
        "мемлекеттік нөмір",
        "нөмір",
        "нөмірі",
        "тартқыш",
    ],
    trailer: ["trailer", "прицеп", "полуприцеп", "номер прицепа", "номер полуприцепа", "тіркеме", "тіркеме нөмірі"],
    trailer2: ["trailer 2", "second trailer", "прицеп 2", "второй прицеп", "тіркеме 2"],
    country: ["country", "страна", "страна регистрации", "ел", "тіркелген елі"],
    from: ["from", "valid from", "с", "дата с", "действует с", "начало", "басталуы"],
    until: ["until", "to", "valid until", "по", "до", "дата по", "действует до", "окончание", "аяқталуы"],
};

/** Reads the table. Rows without a single filled cell are passed over. Throws `TableError` when it has no column of plates. */
export function readOutOfTurnTable(rows: readonly TableRow[], frame: TableFrame): ReadTable {
    const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
    const { places, headings, body } = findColumns(filled, frame.columns ?? {});
    const entries: TableEntry[] = [];
    const errors: RowError[] = [];
    const seen = new Map<string, number>();
    for (const row of body) {
        const entry = readRow(row, places, frame);
        if (typeof entry === "string") {
            errors.push({ line: row.line, message: entry });
            continue;
        }
        const same = `${entry.key} ${entry.fromUtcMs} ${entry.untilUtcMs}`;
        const before = seen.get(same);
        if (before === undefined) entries.push(entry);
        else errors.push({ line: row.line, message: `the same vehicle for the same days as line ${before}` });
        seen.set(same, before ?? row.line);
    }
    const nameOf = (place: number): string => headings[place]?.trim() || `column ${place + 1}`;
    const taken = new Set(Object.values(places));
    return {
        columns: Object.fromEntries(Object.entries(places).map(([field, place]) => [field, nameOf(place)])),
        ignored: headings.flatMap((heading, place) =>
            taken.has(place) || heading.trim() === "" ? [] : [heading.trim()],
        ),
        entries,
        errors,
    };
}

/** The table cannot be read at all; the message says what to do. */
export class TableError extends Error {
    override name = "TableError";
}

type Places = { readonly [field in TableField]?: number };

interface FoundColumns {
    readonly places: Places;
    readonly headings: readonly string[];
    readonly body: readonly TableRow[];
}

/** The first row with a heading for plates is the heading; above it there may be a title. Without one, numbers must be given. */
function findColumns(rows: readonly TableRow[], wanted: NonNullable<TableFrame["columns"]>): FoundColumns {
    const isGivenByNumber = wanted.plate !== undefined && /^\d+$/.test(wanted.plate);
    const headed = rows.findIndex(
        (row) => placeOf("plate", row.cells, isGivenByNumber ? undefined : wanted.plate) >= 0,
    );
    const headings = rows[headed]?.cells ?? [];
    const places: { [field in TableField]?: number } = {};
    for (const field of TABLE_FIELDS) {
        const place = placeOf(field, headings, wanted[field]);
        if (place >= 0) places[field] = place;
        else if (wanted[field] !== undefined)
            throw new TableError(`there is no column "${wanted[field]}" for ${field}`);
    }
    if (places.plate === undefined) {
        throw new TableError("no column of plates found: name it with --column plate=NUMBER, counted from 1");
    }
    return { places, headings, body: rows.slice(headed + 1) };
}

function placeOf(field: TableField, headings: readonly string[], wanted: string | undefined): number {
    if (wanted !== undefined && /^\d+$/.test(wanted)) return Number(wanted) - 1;
    const words = wanted === undefined ? HEADINGS[field] : [plain(wanted)];
    return headings.findIndex((heading) => words.includes(plain(heading)));
}

function plain(heading: string): string {
    return heading.toLowerCase().replace(/[.:№]/g, " ").replace(/\s+/g, " ").trim();
}

/** The entry, or what is wrong with the row. */
function readRow({ line, cells }: TableRow, places: Places, frame: TableFrame): TableEntry | string {
    const cell = (field: TableField): string => {
        const place = places[field];
        return place === undefined ? "" : (cells[place] ?? "").trim();
    };
    const plate = cell("plate");
    const key = toPlateKey(plate);
    if (!isPlausiblePlate(key) || plate.length > 32) return `"${plate}" is no number plate`;
    const trailers = [cell("trailer"), cell("trailer2")].filter((trailer) => trailer !== "");
    const odd = trailers.find((trailer) => !isPlausiblePlate(toPlateKey(trailer)) || trailer.length > 32);
    if (odd !== undefined) return `the trailer's "${odd}" is no number plate`;
    const country = cell("country").toUpperCase();
    if (country !== "" && !/^[A-Z]{2}$/.test(country)) return `"${country}" is no country code: two letters such as KZ`;
    const fromUtcMs = cell("from") === "" ? frame.validFromUtcMs : parseLocal(cell("from"), "from", frame.calendar);
    const untilUtcMs =
        cell("until") === "" ? frame.validUntilUtcMs : parseLocal(cell("until"), "until", frame.calendar);
    if (fromUtcMs === undefined) return `"${cell("from")}" is no day: 2026-11-22 or 22.11.2026, with or without 08:30`;
    if (untilUtcMs === undefined)
        return `"${cell("until")}" is no day: 2026-11-22 or 22.11.2026, with or without 08:30`;
    if (untilUtcMs <= fromUtcMs) return "it ends before it begins";
    if (fromUtcMs < frame.validFromUtcMs || untilUtcMs > frame.validUntilUtcMs) {
        return "its days go beyond those of the whole list";
    }
    return { line, plate, key, ...(country === "" ? {} : { country }), trailers, fromUtcMs, untilUtcMs };
}

const LOCAL = /^(?:(\d{4})-(\d\d)-(\d\d)|(\d\d)\.(\d\d)\.(\d{4}))(?:[T ](\d\d):(\d\d)(?::\d\d)?)?$/;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A local day or minute as UTC milliseconds; the end of a day that something lasts until. Undefined for anything else. */
export function parseLocal(text: string, end: "from" | "until", calendar: QueueCalendar): number | undefined {
    const [, year, month, day, day2, month2, year2, hour, minute] = LOCAL.exec(text.trim()) ?? [];
    const startUtcMs = dayStart(`${year ?? year2}-${month ?? month2}-${day ?? day2}`, calendar);
    if (startUtcMs === undefined) return undefined;
    if (hour === undefined || minute === undefined) return end === "from" ? startUtcMs : startUtcMs + DAY_MS - 1;
    if (parseUtcInstant(`2000-01-01T${hour}:${minute}:00Z`) === undefined) return undefined;
    return startUtcMs + (Number(hour) * 60 + Number(minute)) * MINUTE_MS;
}
