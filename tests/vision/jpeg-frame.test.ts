import { createCanvas } from "@napi-rs/canvas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jpegSize } from "../../src/vision/jpeg-frame.ts";

function jpeg(width: number, height: number): Buffer {
    return createCanvas(width, height).toBuffer("image/jpeg", 80);
}

describe("jpegSize", () => {
    test.each([
        [1280, 720],
        [64, 64],
        [1920, 1080],
        [300, 17],
    ])("reads %i×%i from a whole picture", (width, height) => {
        expect(jpegSize(jpeg(width, height))).toEqual({ width, height });
    });

    test("allows a little padding behind the end", () => {
        const padded = Buffer.concat([jpeg(320, 200), Buffer.alloc(40)]);
        expect(jpegSize(padded)).toEqual({ width: 320, height: 200 });
    });

    test("refuses every picture that ends early", () => {
        const whole = jpeg(320, 200);
        for (let length = 0; length < whole.length - 1; length += 37) {
            expect(jpegSize(whole.subarray(0, length)), `cut at ${length}`).toBeUndefined();
        }
    });

    test("refuses what is no JPEG, whatever it is", () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
                fc.pre(bytes[0] !== 0xff || bytes[1] !== 0xd8);
                expect(jpegSize(bytes)).toBeUndefined();
            }),
        );
    });

    test("ends on garbage between a right start and a right end", () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
                const size = jpegSize(Buffer.from([0xff, 0xd8, ...bytes, 0xff, 0xd9]));
                expect(size === undefined || (size.width >= 0 && size.height >= 0)).toBe(true);
            }),
        );
    });
});
