import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readImageFile } from "../../src/vision/read-image-file.ts";
import { TesseractRecogniser } from "../../src/vision/tesseract-recogniser.ts";
import { jpegOf, plate, sceneWith } from "./drawn-scene.ts";

let recogniser: TesseractRecogniser;
let folder: string;

beforeAll(async () => {
    recogniser = await TesseractRecogniser.start();
    folder = await mkdtemp(join(tmpdir(), "kordon-picture-"));
});

afterAll(async () => {
    await recogniser.close();
    await rm(folder, { recursive: true });
});

test("reads a plate from a picture on disk", async () => {
    const file = join(folder, "gate.jpg");
    await writeFile(file, jpegOf(sceneWith(plate("566LJ18"), 180)));
    const [read, ...others] = await readImageFile(file, recogniser);
    expect(read?.vote.text).toBe("566LJ18");
    expect(read?.vote.confidence).toBeGreaterThan(0.8);
    expect(others).toEqual([]);
});

test("says which file it cannot read", async () => {
    const file = join(folder, "notes.txt");
    await writeFile(file, "no picture");
    await expect(readImageFile(file, recogniser)).rejects.toThrow(/notes\.txt/);
    await expect(readImageFile(join(folder, "missing.jpg"), recogniser)).rejects.toThrow(/missing\.jpg/);
});
