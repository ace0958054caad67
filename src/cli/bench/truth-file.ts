/** The truth of a set of pictures: a CSV file with one row a plate, as people read it. */
import { readFile } from "node:fs/promises";
import { CommandFailure, EXIT } from "../outcome.ts";

export interface TruthRow {
    readonly file: string;
    /** Empty where only the place is known. */
    readonly text: string;
    readonly isCrop: boolean;
    /** As the file names it; "?" where it does not. */
    readonly country: string;
    /** Upright box in pixels of the picture, where known. */
    readonly box?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    /** One passage of a vehicle, where the pictures are frames of a film. */
    readonly track?: string;
}

/** Ends the command when the file is missing or has no columns `file` and `plate_text`. */
export async function readTruth(path: string): Promise<readonly TruthRow[]> {
    const text = await readFile(path, "utf8").catch((error: Error) => {
        throw new CommandFailure(EXIT.failed, `${path}: cannot be read (${error.message})`);
    });
    const [header, ...lines] = text
        .replace(/^\ufeff/u, "")
        .split(/\r?\n/u)
        .filter((line) => line.trim() !== "")
        .map(fieldsOf);
    if (header === undefined || !header.includes("file") || !header.includes("plate_text")) {
        throw new CommandFailure(EXIT.failed, `${path}: needs a first line with the columns file and plate_text`);
    }
    return lines.map((fields) =>
        rowOf(new Map(header.map((name, index) => [name.trim(), fields[index]?.trim() ?? ""]))),
    );
}

function rowOf(fields: ReadonlyMap<string, string>): TruthRow {
    const at = (name: string): string => fields.get(name) ?? "";
    const [x, y, w, h] = ["x", "y", "w", "h"].map((name) => (at(name) === "" ? Number.NaN : Number(at(name))));
    const hasBox = [x, y, w, h].every((value) => Number.isFinite(value));
    return {
        file: at("file"),
        text: at("plate_text"),
        isCrop: at("full_or_crop") === "crop",
        country: at("country") || "?",
        ...(hasBox ? { box: { x: x ?? 0, y: y ?? 0, w: w ?? 0, h: h ?? 0 } } : {}),
        ...(at("track") === "" ? {} : { track: at("track") }),
    };
}

/** Fields of one line; quotes hold commas, doubled quotes a quote. Line breaks within quotes are not known here. */
function fieldsOf(line: string): readonly string[] {
    return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
    );
}
