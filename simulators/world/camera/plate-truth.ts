/** Where a lorry's plate is in the picture: the truth that samples and tests are judged by. */
import type { SceneLorry } from "../scene-view.ts";
import { platePlane } from "./lorry-body.ts";
import type { PinHole } from "./pin-hole.ts";
import type { Box } from "./plate-face.ts";
import { plateSizeM } from "./plate-layout.ts";

/** Pixel box around the whole plate; undefined when it is not wholly in the picture. What stands before it is not considered. */
export function plateBox(lens: PinHole, lorry: SceneLorry): Box | undefined {
    const outline = lens.outline(platePlane(lorry, plateSizeM(lorry.plate)));
    const xs = outline.map(([x]) => x);
    const ys = outline.map(([, y]) => y);
    const [x, y, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    if (outline.length !== 4 || x < 0 || y < 0 || right > lens.width || bottom > lens.height) return undefined;
    return { x: Math.round(x), y: Math.round(y), w: Math.round(right - x), h: Math.round(bottom - y) };
}
