import { createCanvas } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { hasJpegEnd, pictureSize } from "../../src/vision/picture-size.ts";

function drawn(kind: "jpeg" | "png"): Buffer {
    const canvas = createCanvas(321, 45);
    return kind === "png" ? canvas.toBuffer("image/png") : canvas.toBuffer("image/jpeg", 80);
}

/** Header of a bitmap: size at bytes 18 and 22, the height negative where rows go from top to bottom. */
function bitmapHeader(width: number, height: number): Buffer {
    const header = Buffer.alloc(54);
    header.write("BM", "latin1");
    header.writeInt32LE(width, 18);
    header.writeInt32LE(height, 22);
    return header;
}

test.each([
    ["JPEG", drawn("jpeg"), { width: 321, height: 45 }],
    ["PNG", drawn("png"), { width: 321, height: 45 }],
    ["bitmap from the top down", bitmapHeader(64, -48), { width: 64, height: 48 }],
    ["other bytes", Buffer.from("no picture at all, but long enough"), undefined],
    ["nothing", Buffer.alloc(0), undefined],
    ["PNG cut in its header", drawn("png").subarray(0, 18), undefined],
    ["JPEG cut in its header", drawn("jpeg").subarray(0, 30), undefined],
])("size of %s", (_name, bytes, size) => {
    expect(pictureSize(bytes)).toEqual(size);
});

test("a JPEG without its end is noticed, one with other data behind it is not taken for cut", () => {
    const whole = drawn("jpeg");
    expect(hasJpegEnd(whole)).toBe(true);
    expect(hasJpegEnd(Buffer.concat([whole, Buffer.alloc(100)]))).toBe(true);
    expect(hasJpegEnd(whole.subarray(0, whole.length - 40))).toBe(false);
});
