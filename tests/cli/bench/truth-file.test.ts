import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readTruth } from "../../../src/cli/bench/truth-file.ts";

let folder: string;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kordon-truth-"));
});

afterAll(async () => {
    await rm(folder, { recursive: true });
});

async function truthOf(text: string) {
    const path = join(folder, "truth.csv");
    await writeFile(path, text);
    return await readTruth(path);
}

test("reads rows with and without boxes, quotes and Windows line ends", async () => {
    const rows = await truthOf(
        '\ufefffile,plate_text,full_or_crop,country,x,y,w,h\r\n"a,1.jpg",A123BC02,full,RU,1,2,30,9\r\nb.png,京A12345,crop,,,,,\r\n',
    );
    expect(rows).toEqual([
        { file: "a,1.jpg", text: "A123BC02", isCrop: false, country: "RU", box: { x: 1, y: 2, w: 30, h: 9 } },
        { file: "b.png", text: "京A12345", isCrop: true, country: "?" },
    ]);
});

test("columns may come in any order, a track is kept", async () => {
    const [row] = await truthOf("track,plate_text,file\n7,XX11,a.jpg\n");
    expect(row).toEqual({ file: "a.jpg", text: "XX11", isCrop: false, country: "?", track: "7" });
});

test("says what is missing", async () => {
    await expect(truthOf("picture,text\na,b\n")).rejects.toThrow(/columns file and plate_text/);
    await expect(readTruth(join(folder, "none.csv"))).rejects.toThrow(/none\.csv: cannot be read/);
});
