/** What a process holds open, inside the virtual machine. */
import { readdirSync, readlinkSync } from "node:fs";

export function openFiles(pid: number = process.pid): readonly string[] {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
            return readlinkSync(`/proc/${pid}/fd/${fd}`);
        } catch {
            return []; // closed meanwhile, as that of the listing itself
        }
    });
}
