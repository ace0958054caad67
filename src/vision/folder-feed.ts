/**
 * Frames of a camera that uploads files into a folder. Each new file is taken once, in the order in which they were finished;
 * one that is still being written is waited for. What lay there before the start is not taken: its vehicle has gone.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../ports/clock.ts";
import type { FolderPlan } from "./camera-plan.ts";
import type { FrameFeed, FrameSink, Lost } from "./frame.ts";
import { jpegSize } from "./jpeg-frame.ts";
import { cv } from "./opencv.ts";
import { hasJpegEnd, hasUsableSize, pictureSize } from "./picture-size.ts";

/** Upload programs write under other names, or names that begin with a dot, and rename. */
const PICTURE = /^[^.].*\.(jpe?g|png)$/i;
const BYTES_MAX = 32_000_000;
const PNG_END = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
const JPEG_END = Buffer.from([0xff, 0xd9]);
/** Looking takes at most this share of the time, however many files lie there. */
const LOOKING_SHARE = 0.1;

/** One state of one file: the same name with another time or size is another picture. */
interface Entry {
    readonly name: string;
    readonly mark: string;
    readonly writtenMs: number;
    readonly bytes: number;
}

/** A file that is not whole yet: its newest state, and since when that has not changed. */
interface Unfinished {
    readonly mark: string;
    readonly sinceMs: number;
}

export class FolderFeed implements FrameFeed {
    readonly keepsAll = true;
    readonly #plan: FolderPlan;
    readonly #clock: Clock;
    readonly #unfinished = new Map<string, Unfinished>();
    /** Name and mark of what was taken, or given up; undefined before the first look. */
    #done: Map<string, string> | undefined;

    constructor(plan: FolderPlan, clock: Clock) {
        this.#plan = plan;
        this.#clock = clock;
    }

    async serve(sink: FrameSink, signal: AbortSignal): Promise<Lost> {
        while (!signal.aborted) {
            const startedMs = this.#clock.monotonicMs();
            try {
                await this.#look(sink);
            } catch (error) {
                const why = error instanceof Error ? error.message : String(error);
                return { code: "NOT_CONNECTED", detail: `${why}; check the folder and its rights` };
            }
            const restMs = Math.max(this.#plan.everyMs, (this.#clock.monotonicMs() - startedMs) / LOOKING_SHARE);
            await this.#clock.sleep(restMs, signal).catch(() => undefined);
        }
        return { code: "NOT_CONNECTED", detail: "stopped" };
    }

    async #look(sink: FrameSink): Promise<void> {
        const entries = await entriesOf(this.#plan.path);
        sink.answers();
        if (this.#done === undefined) {
            this.#done = new Map(entries.map(({ name, mark }) => [name, mark]));
            return;
        }
        const done = this.#done;
        const names = new Set(entries.map(({ name }) => name));
        for (const gone of [...done.keys()].filter((name) => !names.has(name))) done.delete(gone);
        for (const gone of [...this.#unfinished.keys()].filter((name) => !names.has(name))) this.#giveUp(gone, sink);
        for (const entry of entries.filter(({ name, mark }) => done.get(name) !== mark)) {
            if (await this.#isTaken(entry, sink)) {
                done.set(entry.name, entry.mark);
                this.#unfinished.delete(entry.name);
            }
        }
    }

    /** Whether the file needs no further look: it became a frame, or never will. */
    async #isTaken({ name, mark, bytes }: Entry, sink: FrameSink): Promise<boolean> {
        const content = bytes <= BYTES_MAX ? await contentOf(join(this.#plan.path, name)) : undefined;
        if (content !== undefined && content.length === bytes && isWhole(content)) {
            await this.#deliver(content, sink);
            return true;
        }
        const before = this.#unfinished.get(name);
        const nowMs = this.#clock.monotonicMs();
        const sinceMs = before?.mark === mark ? before.sinceMs : nowMs;
        this.#unfinished.set(name, { mark, sinceMs });
        if (nowMs - sinceMs < this.#plan.frameMsMax) return false;
        await this.#deliver(withoutAppendix(content) ?? Buffer.alloc(0), sink);
        return true;
    }

    /** It went away before it was whole. */
    #giveUp(name: string, sink: FrameSink): void {
        this.#unfinished.delete(name);
        sink.broken();
    }

    async #deliver(content: Buffer, sink: FrameSink): Promise<void> {
        const atMs = this.#clock.monotonicMs();
        if (jpegSize(content) !== undefined) return sink.frame({ atMs, kind: "jpeg", bytes: content });
        const size = pictureSize(content);
        if (size === undefined || !hasUsableSize(size)) return sink.broken();
        const bgr = await cv.imdecodeAsync(content, cv.IMREAD_COLOR).catch(() => undefined);
        if (bgr === undefined || bgr.empty) sink.broken();
        else sink.frame({ atMs, kind: "picture", bgr });
    }
}

/** Pictures in the folder, by the time of their last write and then by name. Rejects when it cannot be read. */
async function entriesOf(folder: string): Promise<readonly Entry[]> {
    const names = (await readdir(folder)).filter((name) => PICTURE.test(name));
    const found = await Promise.all(
        names.map(async (name): Promise<Entry | undefined> => {
            // A file may go between the two looks.
            const stats = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
            if (stats === undefined || !stats.isFile() || stats.size === 0n) return undefined;
            const { mtimeNs, size, ino } = stats;
            return { name, mark: `${ino} ${mtimeNs} ${size}`, writtenMs: Number(mtimeNs) / 1e6, bytes: Number(size) };
        }),
    );
    return found
        .filter((entry) => entry !== undefined)
        .sort((a, b) => a.writtenMs - b.writtenMs || (a.name < b.name ? -1 : 1));
}

async function contentOf(path: string): Promise<Buffer | undefined> {
    return await readFile(path).catch(() => undefined);
}

/** Some cameras write data of their own behind the picture. */
function withoutAppendix(content: Buffer | undefined): Buffer | undefined {
    if (content === undefined || !hasJpegEnd(content)) return undefined;
    return content.subarray(0, content.lastIndexOf(JPEG_END) + JPEG_END.length);
}

function isWhole(content: Buffer): boolean {
    return jpegSize(content) !== undefined || content.subarray(-PNG_END.length).equals(PNG_END);
}
