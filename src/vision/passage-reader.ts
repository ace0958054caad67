/**
 * Reads films of passages through the same watch that a camera's frames go through, on the film's own time: which frames are left
 * out because nothing moves, because a plate is settled or because the one before is still being read does not depend on how
 * busy the machine is.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../ports/clock.ts";
import { SightLimits } from "./camera-sight.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { ToParent } from "./messages.ts";
import { PlateWatch } from "./plate-watch.ts";
import type { HeardRead, PassageAnswer, PassageOrder } from "./read-passages-messages.ts";
import type { SecondOpinion } from "./second-opinion.ts";

/** What reading one frame is taken to take. */
const READ_MS = 100;
/** Times of capture never start at 0. */
const FIRST_MS = 60_000;

export interface PassageReaderParts {
    readonly reader: FrameReader;
    readonly second?: SecondOpinion;
    readonly clock: Clock;
}

export class PassageReader {
    readonly #parts: PassageReaderParts;

    constructor(parts: PassageReaderParts) {
        this.#parts = parts;
    }

    /** Never rejects: what went wrong is in the answer. */
    async read(order: PassageOrder): Promise<PassageAnswer> {
        try {
            return await this.#follow(order);
        } catch (error) {
            const why = error instanceof Error ? error.message : String(error);
            return { folder: order.folder, reads: [], frameMs: [], cpuMs: [], error: why };
        }
    }

    async #follow({ folder, loopFromMs }: PassageOrder): Promise<PassageAnswer> {
        const names = (await readdir(folder)).filter((name) => /^\d+\.jpg$/.test(name)).sort();
        if (names.length === 0) throw new Error(`${folder}: no pictures named by their milliseconds`);
        const reads: HeardRead[] = [];
        const [frameMs, cpuMs]: [number[], number[]] = [[], []];
        const watch = this.#watchInto(reads);
        let dueMs = 0;
        let isWatching = false;
        for (const name of names) {
            const atMs = Number.parseInt(name, 10);
            if (!isWatching && atMs >= loopFromMs) {
                isWatching = true;
                watch.watch(true);
                dueMs = atMs;
            }
            if (atMs < dueMs) continue;
            const bytes = await readFile(join(folder, name));
            const [startedMs, before, { framesRead }] = [
                this.#parts.clock.monotonicMs(),
                process.cpuUsage(),
                watch.figures,
            ];
            const pauseMs = await watch.look({ atMs: FIRST_MS + atMs, kind: "jpeg", bytes });
            const spent = process.cpuUsage(before);
            if (watch.figures.framesRead > framesRead) {
                frameMs.push(this.#parts.clock.monotonicMs() - startedMs);
                cpuMs.push((spent.user + spent.system) / 1_000);
            }
            await watch.settle();
            dueMs = atMs + READ_MS + pauseMs;
        }
        return { folder, reads, frameMs, cpuMs };
    }

    #watchInto(reads: HeardRead[]): PlateWatch {
        const send = (message: Extract<ToParent, { is: "read" | "gone" }>): void => {
            if (message.is === "gone") return;
            const { track, text, confidence, frames, agreeing, lastSeenMs, doubts = [] } = message.read;
            reads.push({ atMs: lastSeenMs - FIRST_MS, track, text, confidence, frames, agreeing, doubts });
        };
        return new PlateWatch({
            ...this.#parts,
            ...{ camera: "film", run: "1", sight: SightLimits.parse({}), send },
            onSight: () => undefined,
            onTrouble: (error) => {
                throw error;
            },
        });
    }
}
