/** The sample writer as a person calls it. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadImage } from "@napi-rs/canvas";
import { afterAll, beforeAll, expect, test } from "vitest";

const CLI = join(import.meta.dirname, "../../../simulators/world/camera/render-cli.ts");
const run = promisify(execFile);
let folder = "";

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "camera-samples-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("writes pictures and their truth, the same for the same seed", async () => {
    const args = ["--count", "3", "--seed", "5", "--width", "640", "--height", "360"];
    for (const name of ["a", "b"]) await run(process.execPath, [CLI, "--out", join(folder, name), ...args]);
    expect((await readdir(join(folder, "a"))).toSorted()).toEqual([
        "gate-000.jpg",
        "gate-001.jpg",
        "gate-002.jpg",
        "truth.csv",
    ]);
    for (const file of await readdir(join(folder, "a"))) {
        const [one, other] = await Promise.all(["a", "b"].map((name) => readFile(join(folder, name, file), "base64")));
        expect(one).toBe(other);
    }
    const [head, ...rows] = (await readFile(join(folder, "a", "truth.csv"), "utf8")).trimEnd().split("\n");
    expect(head).toBe("file,plate_text,full_or_crop,country,x,y,w,h");
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
        const [file = "", text = "", kind, country = "", ...box] = row.split(",");
        const [x = -1, y = -1, w = 0, h = 0] = box.map(Number);
        const image = await loadImage(join(folder, "a", file));
        expect([text.length > 4, kind, country.length]).toEqual([true, "full", 2]);
        expect(x >= 0 && y >= 0 && w > 20 && h > 8 && x + w <= image.width && y + h <= image.height).toBe(true);
    }
});

test.each([
    [[], "SAMPLES_NO_FOLDER"],
    [["--out", "unused", "--count", "many"], "SAMPLES_BAD_NUMBER"],
])("%j is refused with %s", async (args, code) => {
    await expect(run(process.execPath, [CLI, ...args])).rejects.toMatchObject({
        stderr: expect.stringContaining(code),
    });
});
