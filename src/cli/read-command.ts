/** `kordon read …`: plates on pictures, folders of pictures and videos, as the daemon would read them. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import type { FileAnswer, FilePlate } from "../vision/read-files-messages.ts";
import { FileReading } from "./file-reading.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";

interface ReadOptions {
    readonly json?: boolean;
    readonly draw?: string;
}

const PICTURE = /\.(?:jpe?g|png|bmp)$/i;
const VIDEO = /\.(?:mp4|mkv|avi|mov|webm|mjpe?g|ts)$/i;

export function readCommand(): Command {
    return new Command("read")
        .description("read plates on pictures, folders of pictures and videos")
        .argument("<file...>", "JPEG, PNG, BMP, a folder of these, or a video")
        .option("--json", "one JSON array on stdout, one entry a file")
        .option("--draw <file>", "write the picture with boxes and texts; one picture only")
        .addHelpText("after", "\nWhat the networks can and cannot read: models/plate-reader.md")
        .action(async (given: readonly string[], { json, draw }: ReadOptions) => {
            const paths = (await Promise.all(given.map(picturesAt))).flat();
            if (draw !== undefined && (paths.length !== 1 || VIDEO.test(paths[0] ?? ""))) {
                throw new CommandFailure(EXIT.usage, "--draw takes exactly one picture");
            }
            const answers = await readAll(paths, draw);
            printResult(json === true, answers, answers.map(textOf).join("\n"));
            const failed = answers.filter(({ error }) => error !== undefined);
            if (failed.length > 0) {
                throw new CommandFailure(EXIT.failed, `${failed.length} of ${answers.length} files could not be read`);
            }
        });
}

async function readAll(paths: readonly string[], draw: string | undefined): Promise<readonly FileAnswer[]> {
    const reading = new FileReading();
    try {
        const answers: FileAnswer[] = [];
        for (const path of paths) {
            const kind = VIDEO.test(path) ? "video" : "full";
            answers.push(await reading.read({ path, kind, ...(draw === undefined ? {} : { drawTo: draw }) }));
        }
        return answers;
    } finally {
        reading.end();
    }
}

/** A folder stands for its pictures, in the order of their names; not for what lies deeper. */
async function picturesAt(path: string): Promise<readonly string[]> {
    const entry = await stat(path).catch(() => undefined);
    if (entry?.isDirectory() !== true) return [path];
    const names = (await readdir(path)).filter((name) => PICTURE.test(name)).sort();
    if (names.length === 0) throw new CommandFailure(EXIT.failed, `${path}: no JPEG, PNG or BMP in this folder`);
    return names.map((name) => join(path, name));
}

function textOf({ path, plates, ms, error }: FileAnswer): string {
    if (error !== undefined) return `${path}: ${error.replace(`${path}: `, "")}`;
    const lines = plates.length === 0 ? ["  no plate"] : plates.map((plate) => `  ${plateText(plate)}`);
    return [`${path} (${ms.toFixed(0)} ms)`, ...lines].join("\n");
}

function plateText({ text, confidence, countries, alternatives, corners, seen }: FilePlate): string {
    const [x, y] = corners[0] ?? [0, 0];
    const others = alternatives.filter(({ probability }) => probability >= 0.01).map((other) => other.text);
    return [
        text === "" ? "unreadable" : text,
        `${(confidence * 100).toFixed(1)} %`,
        countries.length === 0 ? "no known form" : countries.join("/"),
        `at ${Math.round(x)},${Math.round(y)}`,
        ...(seen === undefined ? [] : [`${seen.frames} frames, ${seen.fromMs} to ${seen.toMs} ms`]),
        ...(others.length === 0 ? [] : [`or ${others.join(", ")}`]),
    ].join("  ");
}
