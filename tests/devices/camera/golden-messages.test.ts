/** Every golden message is taken for what it says by hand, and every profile loads and names a dialect that has goldens. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DIALECT_OF } from "../../../devices/camera/dialects.ts";
import { DIALECTS, loadReadingCameraProfile } from "../../../devices/camera/reading-camera-profile.ts";
import { bytesOf, GOLDEN } from "./golden-messages.ts";

describe.each(DIALECTS)("%s", (dialect) => {
    const messages = GOLDEN.filter((message) => message.dialect === dialect);
    test.each(messages.map((message) => [message.name, message] as const))("%s", (_name, message) => {
        const heard = DIALECT_OF[dialect]({ type: message.type, name: "", bytes: bytesOf(message) });
        expect(heard).toEqual(message.heard);
    });
});

describe("profiles", () => {
    const folder = join(import.meta.dirname, "../../../devices/camera");
    test.each(globSync("*/*.json", { cwd: folder }))("%s", (file) => {
        const json = JSON.parse(readFileSync(join(folder, file), "utf8"));
        const profile = loadReadingCameraProfile(json);
        expect(GOLDEN.some(({ dialect }) => dialect === profile.dialect)).toBe(true);
        expect(profile.maturity).toBe("simulated");
        expect(() => loadReadingCameraProfile({ ...json, confidenc: 1 })).toThrow("not a profile of a reading camera");
    });
});
