import { describe, expect, test } from "vitest";
import { CameraPlan, environmentOf, planFrom } from "../../src/vision/camera-plan.ts";

const plan: CameraPlan = CameraPlan.parse({ camera: "front", url: "rtsp://user:secret@10.0.0.9:554/cam?x=1" });

describe("the plan of a camera", () => {
    test("reaches the child through its environment", () => {
        expect(planFrom(environmentOf(plan))).toEqual(plan);
    });

    test("bounds FFmpeg's waits in microseconds and keeps RTSP on TCP", () => {
        const options = environmentOf(plan)["OPENCV_FFMPEG_CAPTURE_OPTIONS"]?.split("|");
        expect(options).toContain("timeout;4000000");
        expect(options).toContain("rtsp_transport;tcp");
    });

    test("lets FFmpeg open no files", () => {
        expect(environmentOf(plan)["OPENCV_FFMPEG_CAPTURE_OPTIONS"]).toMatch(/protocol_whitelist;[^|]*/);
        expect(environmentOf(plan)["OPENCV_FFMPEG_CAPTURE_OPTIONS"]).not.toMatch(/\bfile\b/);
    });

    test.each([
        ["no plan", {}],
        ["no JSON", { KORDON_CAMERA: "front" }],
        ["unknown key", { KORDON_CAMERA: JSON.stringify({ ...plan, fps: 8 }) }],
        ["a file", { KORDON_CAMERA: JSON.stringify({ ...plan, url: "file:///etc/passwd" }) }],
        ["no time", { KORDON_CAMERA: JSON.stringify({ ...plan, frameMsMax: 0 }) }],
    ])("is refused: %s", (_what, environment) => {
        expect(() => planFrom(environment)).toThrow();
    });
});
