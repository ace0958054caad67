/** The shipped networks on plates drawn by the simulator, whose drawing code training never saw. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import { cv } from "../../src/vision/opencv.ts";
import { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";
import { greyScene, plate, type Scene, sceneWith } from "./drawn-scene.ts";

let reader: TrainedFrameReader;

beforeAll(async () => {
    reader = await TrainedFrameReader.start();
});

afterAll(async () => {
    await reader.close();
});

async function read(scene: Scene) {
    const grey = await greyScene(scene);
    const readings = await reader.read(grey);
    grey.release();
    return [...readings].sort((a, b) => b.confidence - a.confidence);
}

const PLATES = [
    ["274KQA08", "KZ", 1],
    ["566LJ18", "KZ", 1],
    ["241QFP15", "KZ", 1],
    ["905BWA13", "KZ", 1],
    ["F344309", "KZ", 1],
    ["754CTA02", "KZ", 2],
    ["819ZA10", "KZ", 2],
    ["C679EP20", "RU", 1],
    ["P974EO11", "RU", 1],
    ["O212KK117", "RU", 1],
    ["E311AX54", "RU", 2],
    ["48W888QK", "UZ", 1],
    ["57V345ME", "UZ", 1],
    ["13407BTM", "UZ", 1],
    ["8129AT07", "TJ", 1],
    ["34YF810", "TR", 1],
    ["09503EF", "KG", 1],
] as const;

describe("TrainedFrameReader", () => {
    test("reads nearly all drawn plates in one look, and none wrongly with confidence", async () => {
        const wrong: string[] = [];
        for (const [text, country, rows] of PLATES) {
            const [best] = await read(sceneWith(plate(text, country, rows), rows === 2 ? 110 : 170, { tiltDeg: 3 }));
            if (toPlateKey(best?.text ?? "") === text) continue;
            expect(best?.confidence ?? 0, `${text} read as ${best?.text}`).toBeLessThan(0.9);
            wrong.push(`${text} as ${best?.text ?? "nothing"} at ${best?.confidence.toFixed(2)}`);
        }
        expect(wrong.length, wrong.join(", ")).toBeLessThanOrEqual(1);
    });

    test("finds the corners to a few pixels", async () => {
        const [best] = await read(sceneWith(plate("566LJ18"), 260));
        const height = (260 * 112) / 520;
        const truth = [
            [510, 400 - height / 2],
            [770, 400 - height / 2],
            [770, 400 + height / 2],
            [510, 400 + height / 2],
        ];
        for (const [index, [x = 0, y = 0]] of truth.entries()) {
            const [foundX, foundY] = best?.corners[index] ?? [0, 0];
            expect(Math.hypot(foundX - x, foundY - y)).toBeLessThan(16);
        }
    });

    test("sees no plate where none is", async () => {
        const slogans = sceneWith(plate(""), 1, {
            draw: (canvas) => {
                const context = canvas.getContext("2d");
                context.fillStyle = "#e8e8e8";
                context.font = "bold 60px sans-serif";
                context.fillText("TRANS ASIA LOGISTICS", 200, 250);
                context.fillText("+7 727 330 45 18", 300, 560);
            },
        });
        expect((await read(slogans)).filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
    });

    test("pictures of any shape are read or not, and never throw", async () => {
        for (const [rows, cols] of [
            [64, 64],
            [64, 2_000],
            [2_000, 64],
            [101, 333],
        ] as const) {
            const grey = new cv.Mat(rows, cols, cv.CV_8UC1, 128);
            expect(Array.isArray(await reader.read(grey))).toBe(true);
            expect(Array.isArray(await reader.readCrop(grey))).toBe(true);
            grey.release();
        }
    });
});
