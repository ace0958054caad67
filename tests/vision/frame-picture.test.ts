import { createCanvas } from "@napi-rs/canvas";
import { describe, expect, test } from "vitest";
import type { Frame } from "../../src/vision/frame.ts";
import { evidenceOf, greyOf } from "../../src/vision/frame-picture.ts";
import { jpegSize } from "../../src/vision/jpeg-frame.ts";
import { cv } from "../../src/vision/opencv.ts";

function jpeg(width: number, height: number): Buffer {
    return createCanvas(width, height).toBuffer("image/jpeg", 80);
}

function frame(bytes: Buffer): Frame {
    return { atMs: 1, kind: "jpeg", bytes };
}

/** The same picture claiming another size in its frame header (ITU-T T.81: marker, length, precision, height, width). */
function claiming(width: number, height: number): Buffer {
    const bytes = jpeg(640, 360);
    const at = bytes.findIndex(
        (value, index) => value === 0xff && (bytes[index + 1] === 0xc0 || bytes[index + 1] === 0xc2),
    );
    bytes.writeUInt16BE(height, at + 5);
    bytes.writeUInt16BE(width, at + 7);
    return bytes;
}

describe("greyOf", () => {
    test("decodes a whole picture", async () => {
        const grey = await greyOf(frame(jpeg(640, 360)));
        expect([grey?.cols, grey?.rows, grey?.type]).toEqual([640, 360, cv.CV_8UC1]);
        grey?.release();
    });

    test.each([
        ["cut off", jpeg(640, 360).subarray(0, 900)],
        ["empty", Buffer.alloc(0)],
        ["text", Buffer.from("503 Service Unavailable")],
        ["tiny", jpeg(32, 18)],
        ["huge by its header", claiming(60_000, 60_000)],
        ["wide beyond reason", claiming(30_000, 100)],
        ["without height", claiming(640, 0)],
    ])("gives nothing for a picture that is %s", async (_what, bytes) => {
        expect(await greyOf(frame(bytes))).toBeUndefined();
    });

    test("survives every flipped byte", async () => {
        const whole = jpeg(128, 96);
        for (let at = 2; at < whole.length - 2; at += 11) {
            const bytes = Buffer.from(whole);
            bytes[at] = (bytes[at] ?? 0) ^ 0xff;
            const grey = await greyOf(frame(bytes));
            expect(grey === undefined || grey.cols > 0).toBe(true);
            grey?.release();
        }
    });

    test("takes a picture that FFmpeg decoded", async () => {
        const bgr = new cv.Mat(360, 640, cv.CV_8UC3, [10, 20, 30]);
        const grey = await greyOf({ atMs: 1, kind: "picture", bgr });
        expect([grey?.cols, grey?.rows, grey?.type]).toEqual([640, 360, cv.CV_8UC1]);
        for (const mat of [bgr, grey]) mat?.release();
    });
});

describe("evidenceOf", () => {
    const corners = [
        [300, 200],
        [400, 205],
        [400, 230],
        [300, 225],
    ] as const;

    test("keeps the camera's own JPEG and cuts out the plate", async () => {
        const bytes = jpeg(640, 360);
        const [whole, plate] = await evidenceOf(frame(bytes), corners);
        expect(whole?.kind).toBe("frame");
        expect(whole?.jpeg).toBe(bytes);
        expect(plate?.kind).toBe("plate");
        const size = jpegSize(plate?.jpeg ?? new Uint8Array());
        expect(size?.width).toBeGreaterThan(100);
        expect(size?.width).toBeLessThan(200);
    });

    test("cuts at the edge of the picture", async () => {
        const outside = corners.map(([x, y]) => [x + 290, y + 170] as const);
        const [, plate] = await evidenceOf(frame(jpeg(640, 360)), outside);
        expect(jpegSize(plate?.jpeg ?? new Uint8Array())?.width).toBeLessThan(120);
    });
});
