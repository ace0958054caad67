/** A text as the bytes that a line display takes, after its profile. The frame is one piece: without its end it is no text. */
import type { BoardShape, Tone } from "../../../src/core/board/board-face.ts";
import type { LineDisplayProfile } from "../board-profile.ts";
import { type Charset, encoded } from "../charset.ts";

export interface DisplayText {
    readonly lines: readonly string[];
    readonly tone: Tone;
    readonly shape: BoardShape;
    readonly charset: Charset;
    /** Number of the display, where frames have one. */
    readonly address: number;
}

/** The frame, and how many characters of the text stand there as `?`. */
export function displayFrame(
    { lines, tone, shape, charset, address }: DisplayText,
    { frame }: LineDisplayProfile,
): { readonly bytes: Uint8Array; readonly replaced: number } {
    const laid = frame.padded
        ? Array.from({ length: shape.lines }, (_, place) => padded(lines[place] ?? "", shape.columns))
        : lines;
    const parts = laid.map((line) => encoded(line, charset));
    const body = Buffer.concat([
        Buffer.from(frame.addressDigits === 0 ? "" : String(address).padStart(frame.addressDigits, "0")),
        hex(frame.tones[tone] ?? ""),
        ...parts.flatMap(({ bytes }, place) => (place === 0 ? [bytes] : [hex(frame.lineBreak), bytes])),
    ]);
    return {
        bytes: Buffer.concat([hex(frame.begin), body, hex(frame.end), check(body, frame.check)]),
        replaced: parts.reduce((sum, part) => sum + part.replaced, 0),
    };
}

function padded(line: string, columns: number): string {
    return line + " ".repeat(Math.max(0, columns - [...line].length));
}

function check(body: Uint8Array, kind: LineDisplayProfile["frame"]["check"]): Buffer {
    if (kind === "none") return Buffer.alloc(0);
    let sum = 0;
    for (const byte of body) sum = kind === "xor-hex" ? sum ^ byte : (sum + byte) & 0xff;
    return Buffer.from(sum.toString(16).toUpperCase().padStart(2, "0"));
}

function hex(text: string): Buffer {
    return Buffer.from(text, "hex");
}
