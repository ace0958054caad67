/** A small file system of its own, to be filled to the last byte or made read-only while a test looks on. */
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp-folder.ts";

const FILLER = "filler";
const CHUNK_BYTES = [1 << 20, 64 << 10, 4_096] as const;

export class SmallDisk {
    readonly folder: string;

    private constructor(folder: string) {
        this.folder = folder;
    }

    /** Undefined where nothing may be mounted. Gone when the test is done. */
    static mount(megabytes: number): SmallDisk | undefined {
        const folder = tempFolder();
        try {
            execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "kordon-test", folder], {
                stdio: "ignore",
            });
        } catch {
            return undefined;
        }
        onTestFinished(() => {
            execFileSync("umount", ["-l", folder]);
        });
        return new SmallDisk(folder);
    }

    /** Not one page is free afterwards. */
    fill(): void {
        for (const bytes of CHUNK_BYTES) {
            try {
                for (;;) writeFileSync(join(this.folder, FILLER), Buffer.alloc(bytes), { flag: "a" });
            } catch {
                // Full for pieces of this size.
            }
        }
    }

    free(): void {
        rmSync(join(this.folder, FILLER), { force: true });
    }

    /** Refused by the kernel while a file is open for writing: then a bind mount of the same folder is used by the caller. */
    setReadOnly(isReadOnly: boolean): void {
        execFileSync("mount", ["-o", `remount,${isReadOnly ? "ro" : "rw"}`, this.folder], { stdio: "ignore" });
    }
}
