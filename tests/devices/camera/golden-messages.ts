/** The golden messages of `tests/golden/camera`, as the tests use them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Heard } from "../../../devices/camera/plate-event.ts";
import type { DIALECTS } from "../../../devices/camera/reading-camera-profile.ts";

export interface GoldenMessage {
    readonly name: string;
    readonly dialect: (typeof DIALECTS)[number];
    readonly type: string;
    readonly text?: string;
    readonly base64?: string;
    readonly heard: Heard;
}

const FILE = join(import.meta.dirname, "../../golden/camera/messages.json");
export const GOLDEN: readonly GoldenMessage[] = JSON.parse(readFileSync(FILE, "utf8")).messages;

export function bytesOf({ text, base64 }: GoldenMessage): Buffer {
    return text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text);
}
