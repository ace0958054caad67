import { describe, expect, test } from "vitest";
import { findCharacterBoxes } from "../../src/vision/character-boxes.ts";
import { plateCandidates } from "../../src/vision/plate-candidates.ts";
import { type CutRow, cutRow } from "../../src/vision/row-cutter.ts";
import { straightenRow } from "../../src/vision/row-straightener.ts";
import { greyScene, plate, type Scene, sceneWith } from "./drawn-scene.ts";

async function cutBestRow(scene: Scene): Promise<CutRow> {
    const grey = await greyScene(scene);
    const [best] = plateCandidates(await findCharacterBoxes(grey), 1);
    const row = best?.rows[0];
    if (best === undefined || row === undefined) throw new Error("the scene shows no row");
    const { image } = await straightenRow(grey, row, best.polarity);
    grey.release();
    return await cutRow(image);
}

describe("cutRow", () => {
    test.each([
        ["274KQA08", "KZ", 150],
        ["462QIQ16", "KZ", 220],
        ["F265712", "KZ", 150],
        ["H287KH54", "RU", 160],
        ["O212KK117", "RU", 200],
        ["81B444QY", "UZ", 150],
        ["34TB044", "TR", 150],
        ["1775AX04", "TJ", 150],
        ["07408QD", "KG", 180],
    ] as const)("finds the characters of %s (%s) and nothing else", async (text, country, widthPx) => {
        const { characters, isWhole } = await cutBestRow(sceneWith(plate(text, country), widthPx));
        expect(characters.length).toBe(text.length);
        expect(isWhole).toBe(true);
    });

    test.each([
        ["tilted", { tiltDeg: 9 }],
        ["leaning", { lean: 0.25 }],
        ["tilted and leaning", { tiltDeg: -8, lean: -0.2 }],
    ])("does so when the plate is %s", async (_how, pose) => {
        const { characters } = await cutBestRow(sceneWith(plate("274KQA08"), 200, pose));
        expect(characters.length).toBe(8);
        // Straight again: all feet on one line.
        const feet = characters.map(({ y, height }) => y + height);
        expect(Math.max(...feet) - Math.min(...feet)).toBeLessThanOrEqual(4);
    });

    test("counts the holes of 0, 8 and D", async () => {
        const { characters } = await cutBestRow(sceneWith(plate("108DCB08"), 300));
        expect(characters.map(({ holes }) => holes)).toEqual([0, 1, 2, 1, 0, 2, 1, 2]);
    });

    test.each([
        // From the frame down into the A; from the frame up into the first digit.
        ["the last letter", [714, 355, 8, 36]],
        ["the first digit", [560, 420, 8, 30]],
    ] as const)("tells when %s has grown together with the frame", async (_what, [x, y, width, height]) => {
        const blotted = sceneWith(plate("274KQA08"), 300, {
            draw: (canvas) => {
                const context = canvas.getContext("2d");
                context.fillStyle = "#16171a";
                context.fillRect(x, y, width, height);
            },
        });
        const { characters, isWhole } = await cutBestRow(blotted);
        expect(characters.length).toBeLessThan(8);
        expect(isWhole).toBe(false);
    });
});
