/**
 * All rules over all files. `make lint` runs it through main.ts, the tests over planted and real trees.
 */
import { importBreaches } from "./import-rules.ts";
import {
    exportDocstring,
    fileHeader,
    noSwitchedOffChecks,
    noSwitchedOffTests,
    processInputsAtTheRoot,
} from "./syntax-rules.ts";
import { deviceProfileParses, fileName, fileSize, noPrivatePaths } from "./text-rules.ts";
import { noTestSleeps, oneClock } from "./time-rules.ts";
import { type Breach, readTree, type TreeFile } from "./tree-file.ts";

const rules = [
    deviceProfileParses,
    exportDocstring,
    fileHeader,
    fileName,
    fileSize,
    importBreaches,
    noPrivatePaths,
    noSwitchedOffChecks,
    noSwitchedOffTests,
    noTestSleeps,
    oneClock,
    processInputsAtTheRoot,
];

export function checkFile(file: TreeFile): Breach[] {
    return rules.flatMap((rule) => rule(file));
}

export function checkTree(root: string): Breach[] {
    return readTree(root).flatMap(checkFile);
}
