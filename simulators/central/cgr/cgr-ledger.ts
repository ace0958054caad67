/** The camera events that the simulated CarGoRuqsat server has taken: a JSON-lines file, and who came twice by content. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { canonicalJson } from "../canonical-json.ts";

/** The documented body; what a field may hold is documented no further. */
export const CameraEvent = z.strictObject({
    plateNumber: z.string().min(1),
    dateTime: z.string().min(1),
    fullImage: z.base64().optional(),
    plateImage: z.base64().optional(),
    cleanImage: z.base64().optional(),
    recognitionConfidence: z.number().min(0).max(100),
    relatedPlateNumbers: z.array(z.string()),
    direction: z.string().min(1),
    vehicleClass: z.string().optional(),
    vehicleModel: z.string().optional(),
    vehicleMark: z.string().optional(),
});
export type CameraEvent = z.output<typeof CameraEvent>;

export class CgrLedger {
    readonly #path: string;
    readonly #contents = new Set<string>();
    taken = 0;

    /** Takes up what an earlier run wrote to `path`. */
    constructor(path: string) {
        this.#path = path;
        if (!existsSync(path)) return;
        for (const line of readFileSync(path, "utf8").split("\n")) {
            if (line === "") continue;
            const { point, event } = JSON.parse(line);
            this.taken += 1;
            this.#contents.add(contentOf(point, event));
        }
    }

    get distinct(): number {
        return this.#contents.size;
    }

    forget(): void {
        rmSync(this.#path, { force: true });
        this.#contents.clear();
        this.taken = 0;
    }

    has(point: string, event: CameraEvent): boolean {
        return this.#contents.has(contentOf(point, event));
    }

    take(point: string, event: CameraEvent): void {
        appendFileSync(this.#path, `${JSON.stringify({ point, event })}\n`);
        this.taken += 1;
        this.#contents.add(contentOf(point, event));
    }
}

/** Pictures aside: a second attempt may come without them. */
function contentOf(
    point: string,
    { fullImage: _full, plateImage: _plate, cleanImage: _clean, ...rest }: CameraEvent,
): string {
    return createHash("sha256")
        .update(canonicalJson({ point, ...rest }))
        .digest("hex");
}
