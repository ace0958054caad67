import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jpegOf, plate, sceneWith } from "../vision/drawn-scene.ts";
import { runKordon } from "./run-kordon.ts";

const PLATE = "566LJ18";
let folder: string;
let picture: string;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kordon-read-"));
    picture = join(folder, "gate.jpg");
    await writeFile(picture, jpegOf(sceneWith(plate(PLATE), 180)));
    await writeFile(join(folder, "notes.jpg"), "no picture");
    const rows = ["file,plate_text,full_or_crop,country", `gate.jpg,${PLATE},full,KZ`, "notes.jpg,111AAA01,full,KZ"];
    await writeFile(join(folder, "truth.csv"), `${rows.join("\n")}\n`);
});

afterAll(async () => {
    await rm(folder, { recursive: true });
    await rm(`${folder}-drawn.png`, { force: true });
});

test("kordon read tells text, confidence, place and countries, and draws them", { timeout: 30_000 }, async () => {
    const drawn = `${folder}-drawn.png`;
    const { code, out } = await runKordon("read", picture, "--json", "--draw", drawn);
    const [{ plates }] = JSON.parse(out) as [{ plates: [{ text: string; corners: unknown[]; countries: string[] }] }];
    expect([code, plates[0].text, plates[0].corners.length]).toEqual([0, PLATE, 4]);
    expect(plates[0].countries).toContain("KZ");
    expect(existsSync(drawn)).toBe(true);
});

test("a folder is read whole; a bad file in it is told and fails the command", { timeout: 30_000 }, async () => {
    const { code, out, error } = await runKordon("read", folder);
    expect(code).toBe(1);
    expect(error).toBe("1 of 2 files could not be read");
    expect(out).toMatch(/566LJ18 .*KZ/);
    expect(out).toMatch(/notes\.jpg: no picture Kordon knows/);
});

test("--draw takes one picture only", async () => {
    expect((await runKordon("read", picture, picture, "--draw", join(folder, "x.png"))).code).toBe(2);
});

test("kordon bench read prints exactly the agreed figures", { timeout: 30_000 }, async () => {
    const truth = join(folder, "truth.csv");
    const { code, out } = await runKordon("bench", "read", "--images", folder, "--truth", truth, "--json");
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(0);
    expect(Object.keys(result).sort()).toEqual(
        [..."images plates detected exact wrong none exactRate wrongConfidentRate ece ms perCountry".split(" ")].sort(),
    );
    expect(result).toMatchObject({ images: 2, plates: 2, exact: 1, wrong: 0, none: 1, exactRate: 0.5 });
    expect(result).toMatchObject({ perCountry: { KZ: { plates: 2, exact: 1 } } });
});

test("kordon bench passages draws films, reads them and leaves none behind", { timeout: 60_000 }, async () => {
    const { code, out } = await runKordon("bench", "passages", "--count", "1", "--seed", "1", "--json");
    expect(code).toBe(0);
    const result = JSON.parse(out) as Record<string, unknown>;
    expect(result).toMatchObject({ passages: 1, exact: 1, wrong: 0, none: 0, wrongSure: 0, rate: 1, sure: 1 });
    expect(result).toMatchObject({ byCountry: { KZ: { passages: 1, exact: 1 } }, byLight: { day: { passages: 1 } } });
    const { code: bad } = await runKordon("bench", "passages", "--count", "0");
    expect(bad).toBe(2);
});
