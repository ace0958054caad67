/** The one door to the runtime of the networks: what it answers, and how it refuses what is no network or another one. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { modelPath, Network } from "../../src/vision/network.ts";
import { cv, type Mat } from "../../src/vision/opencv.ts";

const PROVINCES = 32;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
    for (const close of closing.splice(0)) await close();
});

/** Stripes, so that the network has something to see. */
function picture(): Mat {
    const [rows, cols] = [48, 64];
    const pixels = Uint8Array.from({ length: rows * cols }, (_, at) =>
        Math.floor((at % cols) / 6) % 2 === 0 ? 40 : 210,
    );
    return new cv.Mat(Buffer.from(pixels), rows, cols, cv.CV_8UC1);
}

test("answers as many numbers as are asked for, the same ones for several pictures at once", async () => {
    const network = await Network.load(modelPath("plate-province.onnx"));
    const runs = await Promise.all([1, 2, 3].map(() => network.run(picture(), 125, 1 / 85, PROVINCES)));
    for (const shares of runs) {
        expect(shares).toEqual(runs[0]);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
});

test("a mean and a scale count as if the pixels had been changed", async () => {
    const network = await Network.load(modelPath("plate-province.onnx"));
    const [plain, brighter] = [picture(), picture().convertTo(cv.CV_8UC1, 1, 20)];
    const shares = await network.run(plain, 125, 1 / 85, PROVINCES);
    expect(await network.run(brighter, 145, 1 / 85, PROVINCES)).toEqual(shares);
    expect(await network.run(brighter, 125, 1 / 85, PROVINCES)).not.toEqual(shares);
});

test("weights that answer something else than is expected are refused with what to look at", async () => {
    const network = await Network.load(modelPath("plate-province.onnx"));
    await expect(network.run(picture(), 125, 1 / 85, PROVINCES + 1)).rejects.toThrow(
        /something else than 33 numbers; are its weights of this version/,
    );
});

test("a file that is missing, cut off or no network is refused with its name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kordon-network-"));
    closing.push(() => rm(folder, { recursive: true }));
    const whole = await readFile(modelPath("plate-detector.onnx"));
    for (const [name, bytes] of [
        ["cut.onnx", whole.subarray(0, whole.length / 2)],
        ["text.onnx", Buffer.from("not a network")],
        ["empty.onnx", Buffer.alloc(0)],
    ] as const) {
        await writeFile(join(folder, name), bytes);
        await expect(Network.load(join(folder, name))).rejects.toThrow(`${name}: cannot load the network; restore`);
    }
    await expect(Network.load(join(folder, "absent.onnx"))).rejects.toThrow("absent.onnx: cannot load the network");
});
