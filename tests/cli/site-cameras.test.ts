/** Cameras in the site file: what is refused, what the child is told, and what `kordon check` prints of them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { cameraNotes, cameraOrder, cameraWords } from "../../src/cli/site-cameras.ts";
import { loadSite } from "../../src/config/load-site.ts";
import type { SiteCamera } from "../../src/config/site-schema.ts";
import { CameraPlan, silentMsMaxOf } from "../../src/vision/camera-plan.ts";

const EXAMPLE = readFileSync(new URL("../../config/example-site.yaml", import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "kordon-cameras-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "side.password"), " secret\n");

/** The example's camera in other words. */
function siteWith(camera: string): SiteCamera {
    const file = join(folder, "site.yaml");
    writeFileSync(file, EXAMPLE.replace(/entry-front: \{.*\}/, `entry-front: { ${camera} }`));
    const found = loadSite(file).cameras["entry-front"];
    if (found === undefined) throw new Error("the camera is gone");
    return found;
}

const SNAPSHOT = "kind: snapshot, url: 'http://10.0.0.2/snap.jpg', username: gate, passwordFile: side.password";

describe("a camera's part of the site file", () => {
    test.each([
        ["url: 'rtsp://u:p@10.0.0.1/s'", { url: "rtsp://u:p@10.0.0.1/s" }, ["rtsp://…@10.0.0.1/s", "stream"], 8_000],
        [
            SNAPSHOT,
            {
                ...{ kind: "snapshot", url: "http://10.0.0.2/snap.jpg", everyMs: 500 },
                login: { username: "gate", password: "secret", mayBeBasic: false },
            },
            ["http://10.0.0.2/snap.jpg", "one picture every 500 ms, digest login as gate"],
            9_000,
        ],
        [
            "kind: v4l2, path: /dev/v4l/by-id/cam, width: 1920, height: 1080",
            { kind: "v4l2", path: "/dev/v4l/by-id/cam", width: 1920, height: 1080 },
            ["/dev/v4l/by-id/cam", "V4L2, 1920×1080"],
            8_000,
        ],
        [
            "kind: v4l2, path: /dev/v4l/by-id/cam",
            { kind: "v4l2", path: "/dev/v4l/by-id/cam", width: 1920, height: 1080 },
            ["/dev/v4l/by-id/cam", "V4L2, 1920×1080"],
            8_000,
        ],
        [
            "kind: folder, path: upload, silentMsMax: 60000",
            { kind: "folder", path: join(folder, "upload"), everyMs: 200, silentMsMax: 60_000 },
            [join(folder, "upload"), "new files, silent 60000 ms at most"],
            60_000,
        ],
        [
            "kind: folder, path: upload",
            { kind: "folder", path: join(folder, "upload") },
            [join(folder, "upload"), "new files, silence is not judged"],
            Number.POSITIVE_INFINITY,
        ],
    ])("%s", (text, told, words, silentMsMax) => {
        const camera = siteWith(text);
        const order = cameraOrder("entry-front", camera);
        expect(order).toMatchObject({ camera: "entry-front", ...told });
        // What the daemon tells is what the child accepts, thresholds included.
        const plan = CameraPlan.parse(order);
        expect(plan.sight).toEqual(camera.sight);
        expect(silentMsMaxOf(plan)).toBe(silentMsMax);
        expect(cameraWords(camera)).toEqual(words);
        expect(words.join(" ")).not.toContain("secret");
    });

    test.each([
        ["kind: snapshot, url: 'rtsp://10.0.0.1/s'", "cameras.entry-front.url"],
        ["kind: snapshot, url: 'http://u:p@10.0.0.1/s'", "passwordFile"],
        ["kind: v4l2, path: video0", "cameras.entry-front.path"],
        ["kind: folder, url: 'http://x/y'", "cameras.entry-front.path"],
        ["kind: fax, path: x", "cameras.entry-front.kind"],
        ["url: 'rtsp://x/y', everyMs: 5", "cameras.entry-front.everyMs: unknown key"],
        ["url: 'rtsp://x/y', sight: { frozenMsMax: 10 }", "cameras.entry-front.sight.frozenMsMax"],
    ])("refused: %s", (text, complaint) => {
        expect(() => siteWith(text)).toThrow(complaint);
    });

    test("what is unwise or missing on this machine is noted", () => {
        expect(cameraNotes(siteWith("url: 'rtsp://x/y'"))).toEqual([]);
        expect(cameraNotes(siteWith(SNAPSHOT))).toEqual([]);
        expect(cameraNotes(siteWith(`${SNAPSHOT}, login: basic`))).toEqual([expect.stringContaining("TLS")]);
        expect(cameraNotes(siteWith("kind: folder, path: nowhere"))).toEqual([expect.stringContaining("not there")]);
        expect(cameraNotes(siteWith("kind: folder, path: ."))).toEqual([]);
        expect(cameraNotes(siteWith("kind: v4l2, path: /dev/video99"))).toEqual([expect.stringContaining("plug")]);
    });

    test("a password that cannot be read stops the start, naming its file", () => {
        const camera = siteWith(SNAPSHOT.replace("side.password", "no.password"));
        expect(() => cameraOrder("entry-front", camera)).toThrow(/no\.password: the password cannot be read/);
    });
});
