/**
 * Writes films of passages with their truth, to measure reading by or to look at:
 * `node simulators/world/camera/passages/main.ts --out FOLDER --from 0 --count 10 --seed 1`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { passageFilm, passagePlan } from "../passage-film.ts";

const USAGE = "usage: main.ts --out FOLDER [--from 0] [--count 1] [--seed 1] [--width 1280] [--height 720]";

const { values } = parseArgs({
    options: {
        out: { type: "string" },
        from: { type: "string", default: "0" },
        count: { type: "string", default: "1" },
        seed: { type: "string", default: "1" },
        width: { type: "string", default: "1280" },
        height: { type: "string", default: "720" },
    },
});

function wholeNumber(name: "from" | "count" | "seed" | "width" | "height"): number {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} is no whole number; ${USAGE}`);
    return value;
}

/** A folder a passage: its pictures, named by their milliseconds, and at last `passage.json`. */
async function write(out: string): Promise<void> {
    const [from, count, seed] = [wholeNumber("from"), wholeNumber("count"), wholeNumber("seed")];
    const [width, height] = [wholeNumber("width"), wholeNumber("height")];
    for (let number = from; number < from + count; number++) {
        const folder = join(out, `passage-${String(number).padStart(5, "0")}`);
        await mkdir(folder, { recursive: true });
        for await (const { atMs, jpeg } of passageFilm(number, seed, width, height)) {
            await writeFile(join(folder, `${String(atMs).padStart(6, "0")}.jpg`), jpeg);
        }
        await writeFile(join(folder, "passage.json"), `${JSON.stringify(passagePlan(number, seed))}\n`);
    }
}

if (values.out === undefined) throw new Error(USAGE);
await write(values.out);
