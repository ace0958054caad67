/**
 * Writes sample pictures of the simulated gate camera with their truth:
 * `node simulators/world/camera/render-cli.ts --out DIR --count 12 --seed 3`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../random.ts";
import type { SceneLorry, ScenePlate, SceneView } from "../scene-view.ts";
import { FrameRenderer } from "./frame-renderer.ts";
import { JpegPress } from "./jpeg-press.ts";
import { plateBox } from "./plate-truth.ts";

const HELP =
    "node simulators/world/camera/render-cli.ts --out DIR [--count 12] [--seed 1] [--width 1280] [--height 720]";
const COLOURS = ["#c9ccd0", "#e9e9e6", "#b3261e", "#2b5aa0", "#1d5c3a", "#d9a520", "#3a3f46", "#7c1f2a", "#3f7fae"];
const DIGITS = "0123456789";
const LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const GOST = "ABEKMHOPCTYX";

/** `#` a digit, `A` a letter, `R` a Kazakh region, anything else itself. */
const PATTERNS: readonly (readonly [country: string, pattern: string, rows: 1 | 2, letters: string])[] = [
    ["KZ", "###AAAR", 1, LATIN],
    ["KZ", "###AAR", 1, LATIN],
    ["KZ", "###AAR", 1, LATIN],
    ["KZ", "###AAR", 2, LATIN],
    ["KZ", "F####R", 1, LATIN],
    ["RU", "A###AA##", 1, GOST],
    ["RU", "A###AA1##", 1, GOST],
    ["UZ", "##A###AA", 1, LATIN],
    ["UZ", "#####AAA", 1, LATIN],
    ["KG", "05KG###AA", 1, LATIN],
    ["CN", "新B#####", 1, LATIN],
    ["CN", "甘A#####", 1, LATIN],
    ["TJ", "####AA0#", 1, LATIN],
    ["TR", "34AA###", 1, LATIN],
];

function randomPlate(random: Random): ScenePlate {
    const [country, pattern, rows, letters] = random.pick(PATTERNS);
    const text = [...pattern].map((sign) => {
        if (sign === "#") return random.pick([...DIGITS]);
        if (sign === "A") return random.pick([...letters]);
        return sign === "R" ? String(1 + random.int(20)).padStart(2, "0") : sign;
    });
    return { text: text.join(""), country, rows };
}

function randomLorry(random: Random, id: number, frontAtM: number): SceneLorry {
    return {
        id,
        frontAtM,
        lateralM: random.between(-0.2, 0.2),
        colour: random.pick(COLOURS),
        cab: random.int(100_000),
        plate: randomPlate(random),
        dirt: random.next() ** 2 * 0.6,
    };
}

function randomScene(random: Random, index: number): SceneView {
    const frontAtM = random.between(-6.5, -2.6);
    const lorries = [randomLorry(random, 2 * index, frontAtM)];
    if (random.chance(0.6)) lorries.push(randomLorry(random, 2 * index + 1, frontAtM - random.between(19, 26)));
    return {
        lorries,
        armAngleDeg: random.pick([0, 0, 0, 90]),
        light: { kind: random.pick(["day", "day", "dusk", "night"]), exposure: random.between(0.85, 1.15) },
        weather: random.pick(["clear", "clear", "clear", "snow", "rain"]),
        worldMs: index * 1_000,
    };
}

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            out: { type: "string" },
            count: { type: "string", default: "12" },
            seed: { type: "string", default: "1" },
            width: { type: "string", default: "1280" },
            height: { type: "string", default: "720" },
        },
    });
    if (values.out === undefined) throw new Error(`SAMPLES_NO_FOLDER: say where the pictures go: ${HELP}`);
    const [count, seed] = [wholeNumber(values.count), wholeNumber(values.seed)];
    const [width, height] = [wholeNumber(values.width), wholeNumber(values.height)];
    await writeSamples(values.out, count, seed, new FrameRenderer(width, height, seed));
    process.stdout.write(`${count} pictures and truth.csv in ${values.out}\n`);
}

function wholeNumber(given: string): number {
    const value = Number(given);
    if (!Number.isInteger(value) || value < 0)
        throw new Error(`SAMPLES_BAD_NUMBER: "${given}" is no whole number: ${HELP}`);
    return value;
}

async function writeSamples(folder: string, count: number, seed: number, renderer: FrameRenderer): Promise<void> {
    const random = new Random(seed, "samples");
    const press = new JpegPress(renderer.lens.width, renderer.lens.height);
    const rows = ["file,plate_text,full_or_crop,country,x,y,w,h"];
    await mkdir(folder, { recursive: true });
    for (let index = 0; index < count; index++) {
        const scene = randomScene(random, index);
        const file = `gate-${String(index).padStart(3, "0")}.jpg`;
        await writeFile(join(folder, file), await press.pack(renderer.render(scene, index % 6)));
        const [first] = scene.lorries; // Of the one behind only the edge shows.
        const box = first === undefined ? undefined : plateBox(renderer.lens, first);
        if (first === undefined || box === undefined) continue;
        rows.push([file, first.plate.text, "full", first.plate.country, box.x, box.y, box.w, box.h].join(","));
    }
    await writeFile(join(folder, "truth.csv"), `${rows.join("\n")}\n`);
}

await main();
