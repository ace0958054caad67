/**
 * Lays pictures side by side, two in a row, for the documentation:
 * `node scripts/picture-sheet.ts docs/pictures/reading.jpg drawn-1.png drawn-2.png drawn-3.png drawn-4.png`.
 */
import { writeFileSync } from "node:fs";
import { createCanvas, loadImage } from "@napi-rs/canvas";

const [WIDTH, HEIGHT, COLUMNS] = [640, 360, 2];

const [out, ...files] = process.argv.slice(2);
if (out === undefined || files.length === 0) throw new Error("usage: picture-sheet.ts OUT.jpg PICTURE…");
const sheet = createCanvas(COLUMNS * WIDTH, Math.ceil(files.length / COLUMNS) * HEIGHT);
const context = sheet.getContext("2d");
for (const [index, file] of files.entries()) {
    const [x, y] = [(index % COLUMNS) * WIDTH, Math.floor(index / COLUMNS) * HEIGHT];
    context.drawImage(await loadImage(file), x, y, WIDTH, HEIGHT);
}
writeFileSync(out, sheet.toBuffer("image/jpeg", 82));
