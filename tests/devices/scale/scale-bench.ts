/** Profiles and golden frames of scales, as the tests of scales read them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lineProtocol } from "../../../devices/scale/line-protocol.ts";
import { type LineScaleProfile, loadScaleProfile, type ScaleProfile } from "../../../devices/scale/scale-profile.ts";
import type { ScaleProtocol, ScaleSettings } from "../../../devices/scale/scale-protocol.ts";

const FOLDER = join(import.meta.dirname, "../../../devices/scale");

export interface GoldenFrame {
    readonly profile: string;
    readonly hex: string;
    readonly kg?: number;
    readonly stable?: boolean;
    readonly range?: "over" | "under" | "fault";
    readonly site?: Partial<ScaleSettings>;
    readonly from: string;
}

export const GOLDEN: readonly GoldenFrame[] = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../golden/scale/frames.json"), "utf8"),
).frames;

/** Every profile below `devices/scale`, as a site file names it without `scale/`. */
export const PROFILES: readonly string[] = readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();

export function profileJson(name: string): Record<string, unknown> {
    return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));
}

export function profile(name: string): ScaleProfile {
    return loadScaleProfile(profileJson(name));
}

export function lineProfile(name: string): LineScaleProfile {
    const loaded = profile(name);
    if (loaded.protocol === "modbus") throw new Error(`${name} is no profile of a line`);
    return loaded;
}

const SETTINGS: ScaleSettings = { unit: 1, weightUnit: "kg", kgPerCount: 1 };

export function protocolOf({ profile: name, site }: Pick<GoldenFrame, "profile" | "site">): ScaleProtocol {
    return lineProtocol(lineProfile(name), { ...SETTINGS, ...site });
}

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
