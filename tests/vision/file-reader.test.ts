import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/runtime/clock.ts";
import { FileReader } from "../../src/vision/file-reader.ts";
import { cv } from "../../src/vision/opencv.ts";
import { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";
import { greyScene, jpegOf, plate, sceneWith } from "./drawn-scene.ts";

const PLATE = "566LJ18";
let reader: FileReader;
let folder: string;

beforeAll(async () => {
    reader = new FileReader(await TrainedFrameReader.start(), systemClock);
    folder = await mkdtemp(join(tmpdir(), "kordon-picture-"));
});

afterAll(async () => {
    await rm(folder, { recursive: true });
});

async function written(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
}

/** A PNG whose header asks for 10,000 × 10,000 pixels and that holds none. */
function hugePng(): Buffer {
    const png = createCanvas(8, 8).toBuffer("image/png");
    png.writeUInt32BE(10_000, 16);
    png.writeUInt32BE(10_000, 20);
    return png;
}

describe("FileReader", () => {
    test("reads a plate from a picture, with its place, alternatives, countries and time", async () => {
        const path = await written("gate.jpg", jpegOf(sceneWith(plate(PLATE), 180)));
        const { plates, error, ms, width } = await reader.read({ path, kind: "full" });
        expect(error).toBeUndefined();
        const [best] = plates;
        expect(best?.text).toBe(PLATE);
        expect(best?.confidence).toBeGreaterThan(0.8);
        expect(best?.countries).toContain("KZ");
        expect([best?.corners.length, width, ms > 0]).toEqual([4, 1280, true]);
    });

    test("reads a plate that is cut out already", async () => {
        const whole = await greyScene(sceneWith(plate(PLATE), 240));
        const crop = whole.getRegion(new cv.Rect(510, 365, 260, 70)).copy();
        const path = await written("crop.png", cv.imencode(".png", crop));
        for (const mat of [whole, crop]) mat.release();
        const { plates } = await reader.read({ path, kind: "crop" });
        expect(plates.map(({ text }) => text)).toEqual([PLATE]);
    });

    test("draws the boxes into a picture of the same size", async () => {
        const path = await written("plain.jpg", jpegOf(sceneWith(plate(PLATE), 180)));
        const drawTo = join(folder, "drawn.png");
        await reader.read({ path, kind: "full", drawTo });
        const [before, after] = [cv.imread(path), cv.imread(drawTo)];
        expect([after.cols, after.rows]).toEqual([before.cols, before.rows]);
        expect(before.absdiff(after).bgrToGray().countNonZero()).toBeGreaterThan(200);
    });

    test("16-bit grey pictures are read like others", async () => {
        const grey = await greyScene(sceneWith(plate(PLATE), 180));
        const deep = grey.convertTo(cv.CV_16U, 256);
        const path = await written("deep.png", cv.imencode(".png", deep));
        for (const mat of [grey, deep]) mat.release();
        expect((await reader.read({ path, kind: "full" })).plates[0]?.text).toBe(PLATE);
    });

    test.each([
        ["notes.jpg", Buffer.from("no picture"), /no picture Kordon knows/],
        ["empty.png", Buffer.alloc(0), /no picture Kordon knows/],
        ["one-by-one.png", createCanvas(1, 1).toBuffer("image/png"), /too small/],
        ["huge.png", hugePng(), /10000×10000 is too large/],
        ["cut.jpg", jpegOf(sceneWith(plate(PLATE), 180)).subarray(0, 9_000), /cut off/],
        ["cut.png", createCanvas(900, 700).toBuffer("image/png").subarray(0, 200), /damaged|no plate/],
    ])("%s is an error of that file, and the next one is read", async (name, bytes, complaint) => {
        const bad = await reader.read({ path: await written(name, bytes), kind: "full" });
        expect(bad.error ?? "no plate").toMatch(complaint);
        expect(bad.plates).toEqual([]);
        const good = await reader.read({
            path: await written("good.jpg", jpegOf(sceneWith(plate(PLATE), 180))),
            kind: "full",
        });
        expect(good.plates[0]?.text).toBe(PLATE);
    });

    test("files that are not there, or no video, are errors too", async () => {
        const path = join(folder, "missing.jpg");
        expect((await reader.read({ path, kind: "full" })).error).toMatch(/missing\.jpg: cannot be read/);
        const text = await written("film.mp4", Buffer.from("no film"));
        expect((await reader.read({ path: text, kind: "video" })).error).toMatch(/film\.mp4/);
    });

    test("a video tells each passing plate once", async () => {
        const path = join(folder, "passage.avi");
        const writer = new cv.VideoWriter(path, cv.VideoWriter.fourcc("MJPG"), 10, new cv.Size(1280, 720));
        for (let frame = 0; frame < 6; frame++) {
            const picture = cv.imdecode(jpegOf(sceneWith(plate(PLATE), 160 + frame * 8)));
            writer.write(picture);
            picture.release();
        }
        writer.release();
        const { plates, error } = await reader.read({ path, kind: "video" });
        expect(error).toBeUndefined();
        expect(plates.map(({ text, seen }) => [text, seen?.frames])).toEqual([[PLATE, 6]]);
    });
});
