import { expect, test } from "vitest";
import { strokeChanges } from "../../src/vision/stroke-changes.ts";

const [WIDTH, HEIGHT] = [160, 48];

/** Grey picture whose pixel at x, y is `level`. */
function picture(level: (x: number, y: number) => number): Uint8Array {
    return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => level(at % WIDTH, Math.floor(at / WIDTH)));
}

/** Dark bars, so many, as wide as the gaps between them. */
function bars(count: number): (x: number) => number {
    return (x) => (Math.floor((x / WIDTH) * (2 * count + 1)) % 2 === 1 ? 40 : 220);
}

test.each([1, 3, 7, 12])("%d dark bars change the line twice each", (count) => {
    expect(strokeChanges(picture(bars(count)), WIDTH, 90)).toBe(2 * count);
});

test("a slope from dark to light and a plain sheet with noise change once at most", () => {
    expect(
        strokeChanges(
            picture((x) => 40 + x),
            WIDTH,
            46,
        ),
    ).toBe(1);
    expect(
        strokeChanges(
            picture((x, y) => 120 + ((x * 7 + y * 13) % 5) - 2),
            WIDTH,
            1.4,
        ),
    ).toBe(0);
});

test("of two rows the one with more signs counts, and what lies at the upper and lower edge does not", () => {
    const rows = picture((x, y) => bars(y < HEIGHT / 2 ? 6 : 2)(x));
    expect(strokeChanges(rows, WIDTH, 90)).toBe(12);
    const edge = picture((x, y) => (y < 5 || y >= HEIGHT - 5 ? bars(12)(x) : 130));
    expect(strokeChanges(edge, WIDTH, 40)).toBe(0);
});
