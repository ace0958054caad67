/**
 * Plates by country: what stands where on the sheet, in millimetres. Sizes follow the public standards (520×112 for
 * one row); flags are simplified to what a camera can tell apart.
 */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { ScenePlate } from "../scene-view.ts";
import { type Box, canDraw, drawRun, type FaceName, type Run, widthOf } from "./plate-face.ts";
import { drawFlag } from "./plate-flag.ts";

/** Pixels per millimetre of a plate's picture. @internal for tests. */
export const PLATE_PX_PER_MM = 2;

export interface PlateArt {
    readonly widthMm: number;
    readonly heightMm: number;
    readonly canvas: Canvas;
    /** Box of every glyph that belongs to the number, in millimetres from the top left corner, in reading order. */
    readonly glyphs: readonly Box[];
}

interface Piece {
    readonly text: string;
    /** Zone in millimetres; the run is centred in it and squeezed when it is too wide. */
    readonly zone: Box;
    readonly height?: number;
    readonly gap?: number;
    /** Glyph width against the face's own, before any squeezing. */
    readonly stretch?: number;
    /** Pen width against the face's own. */
    readonly weight?: number;
    /** Small print (country sign) is no part of the number. */
    readonly isPrint?: boolean;
}

interface Layout {
    readonly widthMm: number;
    readonly heightMm: number;
    readonly face: FaceName;
    readonly sheet: string;
    readonly ink: string;
    readonly pieces: readonly Piece[];
    readonly flags?: readonly { readonly country: string; readonly at: Box }[];
    /** Thin lines: x1, y1, x2, y2 in millimetres. */
    readonly rules?: readonly (readonly [number, number, number, number])[];
    readonly strip?: { readonly at: Box; readonly colour: string; readonly text: string };
}

const INK = "#15161a";
const WHITE = "#eceef0";
const YELLOW = "#e8b21c";
const EU_STRIP = new Set(["TR", "LT", "LV", "EE", "PL", "DE", "GE", "AZ", "UA", "RO", "BG"]);

/** Draws a clean plate. A text that does not fit its country's pattern gets the plain layout, never an error. */
export function drawPlate(plate: ScenePlate): PlateArt {
    const layout = layoutOf(plate);
    const canvas = createCanvas(layout.widthMm * PLATE_PX_PER_MM, layout.heightMm * PLATE_PX_PER_MM);
    const context = canvas.getContext("2d");
    context.scale(PLATE_PX_PER_MM, PLATE_PX_PER_MM);
    drawSheet(context, layout);
    context.strokeStyle = layout.ink;
    const glyphs: Box[] = [];
    for (const piece of layout.pieces) {
        const boxes = drawPiece(context, piece, layout.face);
        if (piece.isPrint !== true) glyphs.push(...boxes);
    }
    return { widthMm: layout.widthMm, heightMm: layout.heightMm, canvas, glyphs };
}

/** Size of the sheet the plate is drawn on, in metres. */
export function plateSizeM(plate: ScenePlate): readonly [width: number, height: number] {
    const { widthMm, heightMm } = layoutOf(plate);
    return [widthMm / 1000, heightMm / 1000];
}

function drawSheet(context: SKRSContext2D, layout: Layout): void {
    const { widthMm, heightMm } = layout;
    context.fillStyle = layout.sheet;
    context.beginPath();
    context.roundRect(0, 0, widthMm, heightMm, 9);
    context.fill();
    if (layout.strip !== undefined) {
        const { at, colour, text } = layout.strip;
        context.fillStyle = colour;
        context.fillRect(at.x, at.y, at.w, at.h);
        context.strokeStyle = "#f4f4f4";
        drawPiece(context, { text, zone: { x: at.x + 4, y: at.y + at.h - 32, w: at.w - 8, h: 24 }, height: 20 }, "din");
    }
    for (const { country, at } of layout.flags ?? []) drawFlag(context, country, at);
    context.strokeStyle = layout.ink;
    context.lineWidth = 3;
    context.beginPath();
    context.roundRect(4, 4, widthMm - 8, heightMm - 8, 7);
    context.stroke();
    context.lineWidth = 2.6;
    for (const [x1, y1, x2, y2] of layout.rules ?? []) {
        context.beginPath();
        context.moveTo(x1, y1);
        context.lineTo(x2, y2);
        context.stroke();
    }
}

function drawPiece(context: SKRSContext2D, piece: Piece, face: FaceName): readonly Box[] {
    const { zone } = piece;
    const height = piece.height ?? zone.h;
    const plain = {
        text: piece.text,
        face,
        height,
        gap: piece.gap ?? 0.14,
        weight: piece.weight ?? 1,
        stretch: piece.stretch ?? 1,
    };
    const squeeze = Math.min(1, zone.w / widthOf(plain));
    const run: Run = { ...plain, stretch: plain.stretch * squeeze, gap: plain.gap * squeeze };
    return drawRun(context, run, zone.x + (zone.w - widthOf(run)) / 2, zone.y + (zone.h - height) / 2);
}

function layoutOf(plate: ScenePlate): Layout {
    const pick = plate.rows === 2 ? TWO_ROW[plate.country] : ONE_ROW[plate.country];
    return pick?.(plate.text) ?? (plate.rows === 2 ? plainTwoRow(plate.text) : plainOneRow(plate.text, plate.country));
}

type Maker = (text: string) => Layout | undefined;

const ONE_ROW: Readonly<Record<string, Maker>> = {
    KZ(text) {
        const [, main, region] = /^(.+?)(\d{2})$/.exec(text) ?? [];
        if (main === undefined || region === undefined) return undefined;
        return {
            ...sheet("din", /^[A-Z]\d{4}$/.test(main) ? YELLOW : WHITE),
            flags: [{ country: "KZ", at: { x: 16, y: 20, w: 40, h: 26 } }],
            rules: [[418, 4, 418, 108]],
            pieces: [
                print("KZ", { x: 16, y: 60, w: 40, h: 28 }),
                { text: spaced(main), zone: { x: 72, y: 20, w: 334, h: 72 } },
                { text: region, zone: { x: 430, y: 20, w: 72, h: 72 } },
            ],
        };
    },
    RU(text) {
        const [, main, region] = /^([A-Z]\d{3}[A-Z]{2}|[A-Z]{2}\d{4})(\d{2,3})$/.exec(text) ?? [];
        if (main === undefined || region === undefined) return undefined;
        const line = region.length === 3 ? 384 : 402;
        return {
            ...sheet("gost", WHITE),
            flags: [{ country: "RU", at: { x: line + (region.length === 3 ? 78 : 66), y: 81, w: 30, h: 17 } }],
            rules: [[line, 4, line, 108]],
            pieces: [
                ...gostRow(main, { x: 30, y: 17, w: line - 48, h: 76 }),
                { text: region, zone: { x: line + 6, y: 13, w: 512 - line - 12, h: 58 } },
                print("RUS", { x: line + 8, y: 80, w: 54, h: 19 }),
            ],
        };
    },
    UZ(text) {
        const [, region, main] = /^(\d{2})(.+)$/.exec(text) ?? [];
        if (main === undefined || region === undefined) return undefined;
        return {
            ...sheet("fe", WHITE),
            flags: [{ country: "UZ", at: { x: 462, y: 24, w: 40, h: 26 } }],
            rules: [[104, 4, 104, 108]],
            pieces: [
                { text: region, zone: { x: 16, y: 18, w: 80, h: 76 } },
                { text: spaced(main), zone: { x: 116, y: 18, w: 336, h: 76 } },
                print("UZ", { x: 462, y: 60, w: 40, h: 26 }),
            ],
        };
    },
    KG(text) {
        const [, region, sign, main] = /^(0[1-9])(KG)?(\d{3}[A-Z]{2,3})$/.exec(text) ?? [];
        if (main === undefined || region === undefined) return undefined;
        return {
            ...sheet("fe", WHITE),
            flags: [{ country: "KG", at: { x: 108, y: 22, w: 38, h: 25 } }],
            rules: [
                [100, 4, 100, 108],
                [154, 4, 154, 108],
            ],
            pieces: [
                { text: region, zone: { x: 14, y: 18, w: 80, h: 76 } },
                { ...print("KG", { x: 108, y: 60, w: 38, h: 26 }), isPrint: sign === undefined },
                { text: spaced(main), zone: { x: 166, y: 18, w: 336, h: 76 } },
            ],
        };
    },
    CN(text) {
        if (!canDraw(text, "din")) return undefined;
        const [first = "", second = "", ...rest] = [...text];
        return {
            ...sheet("din", YELLOW),
            widthMm: 440,
            heightMm: 140,
            pieces: [
                { text: first, zone: { x: 14, y: 25, w: 56, h: 90 }, weight: 0.55 },
                { text: second, zone: { x: 78, y: 25, w: 46, h: 90 } },
                { text: "-", zone: { x: 126, y: 56, w: 14, h: 28 }, isPrint: true },
                { text: rest.join(""), zone: { x: 142, y: 25, w: 282, h: 90 } },
            ],
        };
    },
};

const TWO_ROW: Readonly<Record<string, Maker>> = {
    KZ(text) {
        const [, digits, letters, region] = /^(\d{2,3})([A-Z]{2,3})(\d{2})$/.exec(text) ?? [];
        if (digits === undefined || letters === undefined || region === undefined) return undefined;
        return {
            ...sheet("din", WHITE),
            widthMm: 280,
            heightMm: 200,
            flags: [{ country: "KZ", at: { x: 18, y: 118, w: 44, h: 28 } }],
            rules: [
                [188, 4, 188, 100],
                [188, 100, 276, 100],
            ],
            pieces: [
                { text: digits, zone: { x: 16, y: 18, w: 166, h: 74 } },
                { text: region, zone: { x: 194, y: 20, w: 74, h: 66 } },
                { text: letters, zone: { x: 76, y: 110, w: 188, h: 74 } },
                print("KZ", { x: 18, y: 156, w: 44, h: 26 }),
            ],
        };
    },
    RU(text) {
        const [, top, bottom, region] = /^([A-Z]\d{3}|[A-Z]{2}\d{2})([A-Z]{2}|\d{2})(\d{2,3})$/.exec(text) ?? [];
        if (top === undefined || bottom === undefined || region === undefined) return undefined;
        return {
            ...sheet("gost", WHITE),
            widthMm: 290,
            heightMm: 170,
            flags: [{ country: "RU", at: { x: 238, y: 140, w: 30, h: 17 } }],
            rules: [
                [152, 86, 152, 166],
                [152, 86, 286, 86],
            ],
            pieces: [
                ...gostRow(top, { x: 28, y: 12, w: 234, h: 70 }),
                { text: bottom, zone: { x: 16, y: 98, w: 128, h: 56 } },
                { text: region, zone: { x: 158, y: 92, w: 122, h: 44 } },
                print("RUS", { x: 172, y: 140, w: 56, h: 18 }),
            ],
        };
    },
};

function sheet(face: FaceName, colour: string): Pick<Layout, "widthMm" | "heightMm" | "face" | "sheet" | "ink"> {
    return { widthMm: 520, heightMm: 112, face, sheet: colour, ink: INK };
}

function print(text: string, zone: Box): Piece {
    return { text, zone, gap: 0.16, isPrint: true };
}

/** Russian figures are broader than the others. */
const GOST_STRETCH = 1.15;

/** GOST R 50577: digits are 76 mm high, letters 58 mm on the same base line, both spread over the zone. */
function gostRow(text: string, zone: Box): readonly Piece[] {
    const heightOf = (sign: string): number => (/\d/.test(sign) ? zone.h : (zone.h * 58) / 76);
    const signs = [...text];
    const widths = signs.map((sign) =>
        widthOf({ text: sign, face: "gost", height: heightOf(sign), stretch: GOST_STRETCH }),
    );
    const gap = (zone.w - widths.reduce((sum, width) => sum + width, 0)) / (signs.length - 1);
    let x = zone.x;
    return signs.map((sign, index) => {
        const [w, h] = [widths[index] ?? 0, heightOf(sign)];
        const piece: Piece = { text: sign, zone: { x, y: zone.y + zone.h - h, w, h }, stretch: GOST_STRETCH };
        x += w + gap;
        return piece;
    });
}

function spaced(text: string): string {
    return (text.match(/\d+|[^\d]+/g) ?? [text]).join(" ");
}

function plainOneRow(text: string, country: string): Layout {
    if (!EU_STRIP.has(country)) {
        return { ...sheet("din", WHITE), pieces: [{ text: spaced(text), zone: { x: 24, y: 18, w: 472, h: 76 } }] };
    }
    return {
        ...sheet("fe", WHITE),
        strip: { at: { x: 5, y: 5, w: 42, h: 102 }, colour: "#1d3f94", text: country },
        pieces: [{ text: spaced(text), zone: { x: 60, y: 18, w: 440, h: 76 } }],
    };
}

function plainTwoRow(text: string): Layout {
    const half = Math.ceil(text.length / 2);
    return {
        ...sheet("din", WHITE),
        widthMm: 280,
        heightMm: 200,
        pieces: [
            { text: text.slice(0, half), zone: { x: 16, y: 18, w: 248, h: 74 } },
            { text: text.slice(half), zone: { x: 16, y: 108, w: 248, h: 74 } },
        ],
    };
}
