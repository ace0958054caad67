/** A face as a MULTI string (NTCIP 1203 v03, section 6): tags of ours around text that can hold none of its own. */
import type { BoardFace } from "../../../src/core/board/board-face.ts";
import type { NtcipProfile } from "../board-profile.ts";
import { type Charset, encoded } from "../charset.ts";

/** The bytes and how many characters stand there as `?`. Brackets in the text are doubled: so they are characters and no tags. */
export function multiText(
    { lines, tone }: Pick<BoardFace, "lines" | "tone">,
    profile: NtcipProfile,
    charset: Charset,
): { readonly bytes: Uint8Array; readonly replaced: number } {
    const text = lines.map((line) => line.replaceAll("[", "[[").replaceAll("]", "]]")).join("[nl]");
    const [flash, still] = profile.flashing.includes(tone) ? ["[fl]", "[/fl]"] : ["", ""];
    return encoded(`${profile.before}${profile.colours[tone] ?? ""}${flash}${text}${still}`, charset);
}
