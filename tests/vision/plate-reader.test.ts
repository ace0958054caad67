import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { voteReads } from "../../src/core/plate/plate-vote.ts";
import { type PlateReading, readPlates } from "../../src/vision/plate-reader.ts";
import { TesseractRecogniser } from "../../src/vision/tesseract-recogniser.ts";
import { greyScene, plate, type Scene, sceneWith } from "./drawn-scene.ts";

let recogniser: TesseractRecogniser;

beforeAll(async () => {
    recogniser = await TesseractRecogniser.start();
});

afterAll(async () => {
    await recogniser.close();
});

/** Three looks at one picture. */
async function look(scene: Scene): Promise<PlateReading[][]> {
    const grey = await greyScene(scene);
    const looks: PlateReading[][] = [];
    for (const number of [0, 1, 2]) looks.push(await readPlates(grey, recogniser, number));
    grey.release();
    return looks;
}

function vote(looks: readonly (readonly PlateReading[])[]) {
    return voteReads(looks.flatMap((readings, atMs) => readings.map((reading) => ({ ...reading, atMs }))));
}

const PLATES = [
    ["274KQA08", "KZ", 1],
    ["566LJ18", "KZ", 1],
    ["241QFP15", "KZ", 1],
    ["F344309", "KZ", 1],
    ["754CTA02", "KZ", 2],
    ["819ZA10", "KZ", 2],
    ["C679EP20", "RU", 1],
    ["P974EO11", "RU", 1],
    ["O212KK117", "RU", 1],
    ["48W888QK", "UZ", 1],
    ["57V345ME", "UZ", 1],
    ["13407BTM", "UZ", 1],
    ["8129AT07", "TJ", 1],
    ["6677BH07", "TJ", 1],
    ["34YF810", "TR", 1],
    ["09503EF", "KG", 1],
] as const;

describe("readPlates", () => {
    test("reads at least nine of ten drawn plates, by the vote of three looks, and none wrongly with confidence", async () => {
        let exact = 0;
        for (const [text, country, rows] of PLATES) {
            const looks = await look(sceneWith(plate(text, country, rows), rows === 2 ? 110 : 170, { tiltDeg: 3 }));
            const read = vote(looks);
            if (read?.text === text) exact++;
            else expect(read?.confidence ?? 0, `${text} read as ${read?.text}`).toBeLessThan(0.8);
        }
        expect(exact / PLATES.length).toBeGreaterThanOrEqual(0.9);
    });

    test("says where the plate is", async () => {
        const [first = []] = await look(sceneWith(plate("566LJ18"), 200));
        const corners = first[0]?.corners ?? [];
        expect(corners.length).toBe(4);
        for (const [x, y] of corners) {
            expect(Math.abs(x - 640)).toBeLessThan(110);
            expect(Math.abs(y - 400)).toBeLessThan(30);
        }
    });

    test.each([
        ["a badge", "KX540", 60],
        ["a slogan", "TRANS EURASIA", 48],
        ["a telephone number", "+7 701 555 89 79", 40],
        ["a model name with digits", "ACTROS 1845", 40],
    ])("does not take %s painted on a cab for a plate", async (_what, text, size) => {
        const looks = await look({
            ...{ width: 1280, height: 720, background: "#7d8790", plates: [] },
            draw: (canvas) => {
                const context = canvas.getContext("2d");
                context.fillStyle = "#101010";
                context.font = `bold ${size}px sans-serif`;
                context.fillText(text, 400, 360);
            },
        });
        expect(looks.flat()).toEqual([]);
    });

    test("a Chinese plate, which it cannot read, is never read with confidence", async () => {
        const readings = (await look(sceneWith(plate("新B74729", "CN"), 150))).flat();
        expect(Math.max(0, ...readings.map(({ confidence }) => confidence))).toBeLessThan(0.8);
    });

    test("an empty road gives nothing", async () => {
        const looks = await look({ width: 1280, height: 720, background: "#60646a", plates: [] });
        expect(looks.flat()).toEqual([]);
    });
});
