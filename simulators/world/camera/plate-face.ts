/**
 * The letters on the plates: our own centre-line glyphs, stroked with one pen. Data instead of a font file, so that a
 * plate looks the same on every machine. Each glyph is `[width, SVG path]` on a body 100 units high, y downwards; the
 * pen is 14 units wide and its middle runs 7 units inside the outline.
 */
import { Path2D, type SKRSContext2D } from "@napi-rs/canvas";

type Glyph = readonly [width: number, path: string];

const PEN = 14;

const COMMON: Readonly<Record<string, Glyph>> = {
    "0": [52, "M26 7C39 7 45 17 45 33V67C45 83 39 93 26 93C13 93 7 83 7 67V33C7 17 13 7 26 7Z"],
    "1": [36, "M27 0V100M27 8L7 27"],
    "2": [54, "M8 31V29C8 14 15 7 27 7C40 7 47 15 47 28C47 38 43 45 37 53L9 92M4 93H50"],
    "3": [
        54,
        "M8 26C9 13 16 7 27 7C39 7 46 15 46 27C46 39 39 47 27 47H22M27 47C39 47 47 56 47 70C47 84 39 93 27 93C15 93 8 86 7 72",
    ],
    "4": [56, "M33 2L9 73H55M41 46V100"],
    "5": [54, "M47 7H13M15 3L11 49M11 48C15 42 20 39 27 39C40 39 47 49 47 65C47 83 39 93 26 93C15 93 8 86 7 74"],
    "6": [
        54,
        "M45 25C44 13 37 7 28 7C14 7 7 18 7 36V66C7 83 14 93 27 93C40 93 47 83 47 67C47 51 40 42 27 42C16 42 9 49 7 60",
    ],
    "7": [52, "M3 7H46M46 5L21 100"],
    "8": [
        54,
        "M27 47C15 47 9 39 9 27C9 14 16 7 27 7C38 7 45 14 45 27C45 39 39 47 27 47C14 47 7 56 7 70C7 84 14 93 27 93C40 93 47 84 47 70C47 56 40 47 27 47Z",
    ],
    "9": [
        54,
        "M9 75C10 87 17 93 26 93C40 93 47 82 47 64V34C47 17 40 7 27 7C14 7 7 17 7 33C7 49 14 58 27 58C38 58 45 51 47 40",
    ],
    A: [64, "M6 100L32 4L58 100M14 69H50"],
    B: [61, "M7 0V100M0 7H33C45 7 51 14 51 27C51 39 45 47 33 47H7M33 47C46 47 54 56 54 70C54 84 46 93 32 93H0"],
    C: [60, "M54 31C53 15 45 7 32 7C16 7 7 18 7 35V65C7 82 16 93 32 93C45 93 53 85 54 69"],
    D: [62, "M7 0V100M0 7H28C45 7 55 18 55 36V64C55 82 45 93 28 93H0"],
    E: [53, "M7 0V100M0 7H51M7 49H45M0 93H51"],
    F: [52, "M7 0V100M0 7H51M7 51H45"],
    G: [62, "M54 29C53 14 45 7 32 7C16 7 7 18 7 35V65C7 82 16 93 32 93C46 93 55 84 55 68V53H33"],
    H: [62, "M7 0V100M55 0V100M7 49H55"],
    I: [34, "M17 0V100M2 7H32M2 93H32"],
    J: [48, "M41 0V66C41 84 35 93 23 93C12 93 7 86 6 72"],
    K: [62, "M7 0V100M56 0L10 58M25 40L57 100"],
    L: [51, "M7 0V100M0 93H50"],
    M: [72, "M7 0V100M7 4L36 66L65 4M65 0V100"],
    N: [64, "M7 0V100M7 4L57 96M57 0V100"],
    O: [68, "M34 7C51 7 61 20 61 38V62C61 80 51 93 34 93C17 93 7 80 7 62V38C7 20 17 7 34 7Z"],
    P: [60, "M7 0V100M0 7H32C46 7 53 16 53 31C53 46 46 55 32 55H7"],
    Q: [70, "M34 7C51 7 61 20 61 38V62C61 80 51 93 34 93C17 93 7 80 7 62V38C7 20 17 7 34 7ZM40 70L66 98"],
    R: [62, "M7 0V100M0 7H32C46 7 53 15 53 30C53 44 46 53 32 53H7M33 53L56 100"],
    S: [
        60,
        "M52 29C51 14 43 7 31 7C18 7 9 15 9 28C9 40 17 45 30 49C45 53 53 59 53 72C53 85 44 93 30 93C17 93 8 86 7 71",
    ],
    T: [58, "M0 7H58M29 7V100"],
    U: [62, "M7 0V66C7 84 16 93 31 93C46 93 55 84 55 66V0"],
    V: [64, "M6 0L32 96L58 0"],
    W: [86, "M6 0L24 96L43 14L62 96L80 0"],
    X: [64, "M6 0L58 100M58 0L6 100"],
    Y: [64, "M6 0L32 52L58 0M32 50V100"],
    Z: [58, "M4 7H51M51 8L7 92M4 93H55"],
    "-": [40, "M4 50H36"],
    新: [
        100,
        "M26 0L30 10M5 15H50M16 20L21 33M40 19L33 34M2 39H53M5 58H51M28 39V92C28 97 24 98 17 96M24 62L5 84M33 64L49 79M90 4L62 12V50C62 74 58 87 49 98M62 42H97M81 42V100",
    ],
    甘: [100, "M4 30H96M27 5V96M73 5V96M27 60H73M27 92H73"],
    川: [92, "M18 6V50C18 72 15 84 5 97M46 10V88M78 4V98"],
    陕: [
        100,
        "M8 4V98M8 8H32L20 38C34 46 34 70 16 70M42 24H96M68 4V50C67 72 58 86 42 97M70 58C75 76 84 88 98 96M54 32L60 48M86 32L79 48M38 56H98",
    ],
    豫: [
        100,
        "M8 8H36L22 26M12 18L27 32M4 40H42L34 53M24 40V88C24 96 18 97 11 94M62 3L50 20M60 12H83L75 24M52 27H92V44H52ZM72 27V44M74 44C70 52 60 58 48 60M68 53C82 62 81 84 75 92C71 98 66 97 60 94M76 64L48 76M79 77L48 92M94 51L80 62C84 76 90 86 98 92",
    ],
};

/** Russian plates follow GOST R 50577: the letters are the Cyrillic ones, and only У looks unlike its Latin twin. */
const GOST: Readonly<Record<string, Glyph>> = {
    Y: [60, "M6 0L32 60M54 0L31 68C23 90 20 94 6 93"],
    "4": [58, "M27 0L9 74H57M41 50V100"],
};

/** FE-like: made against forging, so look-alikes get shapes of their own: open 6 and 9, a serif 1, a broad oval 0. */
const FE: Readonly<Record<string, Glyph>> = {
    "0": [56, "M28 7C43 7 49 24 49 50C49 76 43 93 28 93C13 93 7 76 7 50C7 24 13 7 28 7Z"],
    "1": [42, "M24 0V100M24 8L5 24M6 93H42"],
    "4": [58, "M28 0L9 66H57M41 42V100"],
    "6": [56, "M44 4L17 44M28 40C42 40 49 51 49 66C49 83 42 93 28 93C14 93 7 83 7 66C7 56 11 50 17 43"],
    "9": [56, "M12 96L39 56M28 60C14 60 7 49 7 34C7 17 14 7 28 7C42 7 49 17 49 34C49 44 45 50 39 57"],
    M: [74, "M7 0V100M7 4L37 52L67 4M67 0V100"],
    O: [66, "M33 7C52 7 59 15 59 38V62C59 85 52 93 33 93C14 93 7 85 7 62V38C7 15 14 7 33 7Z"],
};

const FACES = { din: COMMON, gost: { ...COMMON, ...GOST }, fe: { ...COMMON, ...FE } } as const;

export type FaceName = keyof typeof FACES;

export interface Box {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
}

export interface Run {
    readonly text: string;
    readonly face: FaceName;
    /** Glyph height in the context's units. */
    readonly height: number;
    /** Glyph width against its design, 1 = as drawn. */
    readonly stretch?: number;
    /** Gap between glyphs against the height. */
    readonly gap?: number;
    /** Pen width against the design's. */
    readonly weight?: number;
}

/** Whether the face can draw every sign of the text. A blank is always drawable. */
export function canDraw(text: string, face: FaceName): boolean {
    return [...text].every((sign) => sign === " " || FACES[face][sign] !== undefined);
}

/** Width of a run in the context's units, without drawing it. Signs the face lacks take no room. */
export function widthOf(run: Run): number {
    const scale = run.height / 100;
    const gap = (run.gap ?? 0.14) * run.height;
    let width = 0;
    for (const sign of run.text) width += advance(run, sign) * scale + gap;
    return Math.max(0, width - gap);
}

/** Strokes a run with its top left corner at x, y in the current stroke style; returns the box of each glyph. */
export function drawRun(context: SKRSContext2D, run: Run, x: number, y: number): readonly Box[] {
    const scale = run.height / 100;
    const boxes: Box[] = [];
    context.lineWidth = PEN * scale * (run.weight ?? 1);
    context.lineCap = "butt";
    context.lineJoin = "round";
    let left = x;
    for (const sign of run.text) {
        const w = advance(run, sign) * scale;
        const glyph = FACES[run.face][sign];
        if (glyph !== undefined) {
            const outline = new Path2D(glyph[1]).transform({
                a: scale * (run.stretch ?? 1),
                b: 0,
                c: 0,
                d: scale,
                e: left,
                f: y,
            });
            context.stroke(outline);
            boxes.push({ x: left, y, w, h: run.height });
        }
        left += w + (run.gap ?? 0.14) * run.height;
    }
    return boxes;
}

function advance(run: Run, sign: string): number {
    if (sign === " ") return 22;
    return (FACES[run.face][sign]?.[0] ?? 0) * (run.stretch ?? 1);
}
