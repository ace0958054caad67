/** A temporary folder for tests that plant a small tree and let a tool loose on it. Removed when the test is over. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export class PlantedTree {
    readonly root = realpathSync(mkdtempSync(join(tmpdir(), "kordon-planted-")));

    constructor() {
        onTestFinished(() => rmSync(this.root, { recursive: true }));
    }

    plant(path: string, text: string, mode = 0o644): void {
        mkdirSync(dirname(join(this.root, path)), { recursive: true });
        writeFileSync(join(this.root, path), text, { mode });
    }
}
