/**
 * House rules that only need a file's name and text: sizes, names, data that parses, no paths of somebody's machine.
 * Each rule takes one file and returns its breaches; the tests plant a breach of each.
 */
import type { Breach, TreeFile } from "./tree-file.ts";

const linesMax = { source: 500, test: 800 };
const dumpingGrounds = /(^|\/)(utils?|types|helpers?|common|misc|index)\.ts$/;

/** Folders of the machines that this was written on; spelt without their slashes so that this file obeys its own rule. */
const privateFolders = ["work", "farm"];
const privatePath = new RegExp(`(?<![\\w.~}/-])/(${privateFolders.join("|")})/`, "g");

export function fileSize(file: TreeFile): Breach[] {
    if (!/\.(ts|js|mjs|py|sh|css|html)$/.test(file.path)) return [];
    const max = file.isUnder("tests") ? linesMax.test : linesMax.source;
    const lines = file.text.split("\n").length - 1;
    return lines > max ? [file.breach("file-size", 0, `${lines} lines, at most ${max}`)] : [];
}

export function fileName(file: TreeFile): Breach[] {
    return dumpingGrounds.test(file.path) ? [file.breach("file-name", 0, "name the file after what it is for")] : [];
}

export function deviceProfileParses(file: TreeFile): Breach[] {
    if (!file.isUnder("devices") || !file.path.endsWith(".json")) return [];
    try {
        JSON.parse(file.text);
        return [];
    } catch (error) {
        return [file.breach("device-profile", 0, String(error))];
    }
}

export function noPrivatePaths(file: TreeFile): Breach[] {
    return [...file.text.matchAll(privatePath)].map((match) =>
        file.breach("private-path", match.index, `${match[0]}… exists on one machine only`),
    );
}
