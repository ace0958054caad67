import { createCanvas } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import { findCharacterBoxes } from "../../src/vision/character-boxes.ts";
import { cv, type Mat } from "../../src/vision/opencv.ts";
import { type PlateCandidate, plateCandidates } from "../../src/vision/plate-candidates.ts";
import { greyScene, plate, type Scene, sceneWith } from "./drawn-scene.ts";

const COUNT_MAX = 6;

async function candidatesIn(grey: Mat): Promise<PlateCandidate[]> {
    const candidates = plateCandidates(await findCharacterBoxes(grey), COUNT_MAX);
    grey.release();
    return candidates;
}

/** Whether the middle of a candidate's first row lies within a quarter of the plate's width of where it was drawn. */
function isAt(candidate: PlateCandidate | undefined, scene: Scene): boolean {
    const placed = scene.plates[0];
    const row = candidate?.rows[0];
    if (placed === undefined || row === undefined) return false;
    const x = (row.left + row.right) / 2;
    const y = row.middle + row.slope * x;
    return Math.hypot(x - placed.x, y - placed.y) < placed.widthPx / 4;
}

describe("plateCandidates", () => {
    test.each([80, 110, 160, 240, 340, 500])("finds a plate %i px wide first", async (widthPx) => {
        const scene = sceneWith(plate("274KQA08"), widthPx);
        const [best] = await candidatesIn(await greyScene(scene));
        expect(isAt(best, scene)).toBe(true);
        expect(best?.polarity).toBe("dark-on-light");
    });

    test.each([-14, -7, 7, 14])("finds it tilted by %i degrees", async (tiltDeg) => {
        const scene = sceneWith(plate("H287KH54", "RU"), 200, { tiltDeg });
        const [best] = await candidatesIn(await greyScene(scene));
        expect(isAt(best, scene)).toBe(true);
        expect(best?.rows[0]?.slope).toBeCloseTo(Math.tan((tiltDeg * Math.PI) / 180), 1);
    });

    test("offers two rows as one plate", async () => {
        const candidates = await candidatesIn(await greyScene(sceneWith(plate("754CTA02", "KZ", 2), 150)));
        const pair = candidates.find(({ rows }) => rows.length === 2);
        expect(pair?.rows.map(({ boxes }) => boxes.length)).toEqual([5, 3]);
    });

    test("finds light characters on a dark plate", async () => {
        const scene = sceneWith(plate("34ABC123", "TR"), 220);
        const grey = await greyScene(scene);
        const inverse = grey.bitwiseNot();
        grey.release();
        const [best] = await candidatesIn(inverse);
        expect(isAt(best, scene)).toBe(true);
        expect(best?.polarity).toBe("light-on-dark");
    });

    test("finds each of two plates", async () => {
        const scene: Scene = {
            ...{ width: 1280, height: 720, background: "#565a60" },
            plates: [
                { plate: plate("274KQA08"), x: 300, y: 250, widthPx: 150 },
                { plate: plate("01K472AB", "UZ"), x: 900, y: 500, widthPx: 220 },
            ],
        };
        const rows = (await candidatesIn(await greyScene(scene))).map(({ rows: [row] }) => row?.left ?? 0);
        expect(rows.some((left) => left > 220 && left < 300)).toBe(true);
        expect(rows.some((left) => left > 780 && left < 900)).toBe(true);
    });

    test("a picture full of specks gives no more candidates than wanted", async () => {
        const noise = Buffer.alloc(1280 * 720);
        let seed = 7;
        for (let at = 0; at < noise.length; at++) {
            seed = (seed * 1103515245 + 12345) % 2 ** 31;
            noise[at] = seed >> 16;
        }
        const grey = new cv.Mat(noise, 720, 1280, cv.CV_8UC1).gaussianBlur(new cv.Size(7, 7), 2);
        expect((await candidatesIn(grey)).length).toBeLessThanOrEqual(COUNT_MAX);
    });

    test("text all over the picture gives no more candidates than wanted", async () => {
        const canvas = createCanvas(1280, 720);
        const context = canvas.getContext("2d");
        context.fillStyle = "#fff";
        context.fillRect(0, 0, 1280, 720);
        context.fillStyle = "#000";
        for (let y = 10; y < 720; y += 30) for (let x = 10; x < 1280; x += 16) context.fillRect(x, y, 9, 20);
        const grey = await cv.imdecodeAsync(canvas.toBuffer("image/jpeg"), cv.IMREAD_GRAYSCALE);
        expect((await candidatesIn(grey)).length).toBeLessThanOrEqual(COUNT_MAX);
    });

    test("an empty picture gives none", async () => {
        expect(await candidatesIn(new cv.Mat(720, 1280, cv.CV_8UC1, 90))).toEqual([]);
    });
});
