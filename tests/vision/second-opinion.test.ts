import { expect, test } from "vitest";
import { cv } from "../../src/vision/opencv.ts";
import type { Corner } from "../../src/vision/row-straightener.ts";
import { SecondOpinion } from "../../src/vision/second-opinion.ts";
import { TesseractRecogniser } from "../../src/vision/tesseract-recogniser.ts";
import { greyScene, plate, sceneWith } from "./drawn-scene.ts";

/** Around the plate that `sceneWith` puts in the middle of its frame, 260 px wide. */
const CORNERS: readonly Corner[] = [
    [510, 372],
    [770, 372],
    [770, 428],
    [510, 428],
];

test("it agrees with what stands there, not with another plate, and is ended after each question", {
    timeout: 120_000,
}, async () => {
    let running = 0;
    const second = new SecondOpinion(async () => {
        const recogniser = await TesseractRecogniser.start();
        running++;
        return {
            name: recogniser.name,
            read: (rows, look) => recogniser.read(rows, look),
            close: async () => {
                running--;
                await recogniser.close();
            },
        };
    });
    const grey = await greyScene(sceneWith(plate("566LJ18"), 260));
    expect([await second.agrees(grey, CORNERS, "566LJ18"), running]).toEqual([true, 0]);
    expect([await second.agrees(grey, CORNERS, "566LJ13"), running]).toEqual([false, 0]);
    grey.release();
    const blank = new cv.Mat(720, 1_280, cv.CV_8UC1, 128);
    expect([await second.agrees(blank, CORNERS, "566LJ18"), running]).toEqual([undefined, 0]);
    blank.release();
});
