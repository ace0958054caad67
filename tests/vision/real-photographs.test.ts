/** The shipped networks on photographs nobody here made, where they are: a few of each set, so that a bad exchange of weights shows. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { scorePicture } from "../../src/cli/bench/read-score.ts";
import { readTruth } from "../../src/cli/bench/truth-file.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { FileReader } from "../../src/vision/file-reader.ts";
import { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";
import { readFilm } from "./film-passages.ts";

const FOLDER = fileURLToPath(new URL("../../../shared/anpr/", import.meta.url));
const isThere = existsSync(`${FOLDER}README.md`);
const WHY = "needs the photographs for measuring, which are no part of the repository";
let reader: TrainedFrameReader;

beforeAll(async () => {
    reader = await TrainedFrameReader.start();
});

/** Every `step`-th picture of a set: how many plates are read exactly. */
async function exactIn(set: string, step: number): Promise<readonly [exact: number, plates: number]> {
    const rows = (await readTruth(`${FOLDER}${set}/truth.csv`)).filter((_row, index) => index % step === 0);
    const files = new FileReader(reader, systemClock);
    let exact = 0;
    for (const row of rows) {
        const { plates } = await files.read({
            path: `${FOLDER}${set}/${row.file}`,
            kind: row.isCrop ? "crop" : "full",
        });
        exact += scorePicture([row], plates).filter(({ isExact }) => isExact).length;
    }
    return [exact, rows.length];
}

// Floors stand some plates below what the model card says of the whole set: a part of it has its own luck.
test.for<readonly [string, number, number]>([
    ["ru_crops", 4, 0.85],
    ["ru_scenes", 6, 0.8],
    ["nl_crops", 6, 0.85],
    ["ar_crops", 12, 0.8],
    ["cn_crops", 20, 0.85],
])("%s, every %d. plate: at least %d are read exactly", { timeout: 60_000 }, async ([set, step, floor], context) => {
    context.skip(!isThere, WHY);
    const [exact, plates] = await exactIn(set, step);
    expect(exact / plates, `${exact} of ${plates}`).toBeGreaterThanOrEqual(floor);
});

test("passing cars are read by the vote over their frames", { timeout: 60_000 }, async (context) => {
    context.skip(!isThere, WHY);
    const { passages, exact, surelyWrong } = await readFilm(`${FOLDER}nl_video`, reader, 3);
    expect([exact, surelyWrong]).toEqual([passages, 0]);
});
