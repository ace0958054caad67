/** A small part of what `kordon bench passages` measures: films of the simulated gate, one a country, through a camera's own way. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { passageFilm, passagePlan } from "../../simulators/world/camera/passage-film.ts";
import { scorePassage } from "../../src/cli/bench/passage-score.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { PassageReader } from "../../src/vision/passage-reader.ts";
import { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";

const SEED = 1;
/** Around the moment when the lorry comes to the loop; whole films would take five times as long. */
const BEFORE_MS = 1_600;
const AFTER_MS = 1_600;

let reader: PassageReader;
let folder: string;

beforeAll(async () => {
    reader = new PassageReader({ reader: await TrainedFrameReader.start(), clock: systemClock });
    folder = await mkdtemp(join(tmpdir(), "kordon-passages-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function written(number: number): Promise<string> {
    const film = await mkdtemp(join(folder, "film-"));
    const { loopFromMs } = passagePlan(number, SEED);
    for await (const { atMs, jpeg } of passageFilm(number, SEED, 1_280, 720, loopFromMs - BEFORE_MS)) {
        if (atMs > loopFromMs + AFTER_MS) break;
        await writeFile(join(film, `${String(atMs).padStart(6, "0")}.jpg`), jpeg);
    }
    return film;
}

test.each([10, 6, 2, 8, 14])(
    "passage %d is read exactly, surely, without a doubt, and never wrongly",
    async (number) => {
        const truth = passagePlan(number, SEED);
        const answer = await reader.read({ folder: await written(number), loopFromMs: truth.loopFromMs });
        expect(answer.error).toBeUndefined();
        // Frames are left out while nothing is on the loop, and plates are told only from then on.
        expect(answer.frameMs.length).toBeLessThanOrEqual(AFTER_MS / 200 + 1 + BEFORE_MS / 400);
        expect(Math.min(...answer.reads.map(({ atMs }) => atMs))).toBeGreaterThanOrEqual(truth.loopFromMs);
        const { read, isExact, wrongSure, sureAfterMs } = scorePassage(truth, answer);
        expect([isExact, wrongSure], `${truth.plate.text} read as ${read?.text}`).toEqual([true, undefined]);
        expect(sureAfterMs).toBeLessThan(AFTER_MS);
    },
);

test("a folder without a film is an error of that film", async () => {
    const empty = await mkdtemp(join(folder, "empty-"));
    expect(await reader.read({ folder: empty, loopFromMs: 0 })).toMatchObject({
        reads: [],
        error: expect.stringContaining("no pictures named by their milliseconds"),
    });
});
