/** Runs inside the virtual machine: cameras on the machine itself, as the vision child and its feed see them. */
import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { superviseWith } from "../../../../src/runtime/supervisor.ts";
import { CameraPlan } from "../../../../src/vision/camera-plan.ts";
import { type Lost, releaseFrame } from "../../../../src/vision/frame.ts";
import { VideoFeed } from "../../../../src/vision/video-feed.ts";
import { VisionPlateSource } from "../../../../src/vision/vision-plate-source.ts";
import { openFiles } from "../open-files.ts";
import { type Proofs, prove } from "../prove.ts";
import { until } from "../until.ts";
import { CAMERA, cameraNode, losePictures, moveCamera, plugCamera, pullCamera } from "./kernel-camera.ts";

const FRAMES = 5;
const TURNS = 3;
const ORDER = { camera: "gate", kind: "v4l2", path: CAMERA, width: 320, height: 180 } as const;

/** What the camera's process wrote on stderr. */
const said: string[] = [];

/** As the daemon has it, with its process; begun by the first proof that needs it, because a camera serves one only. */
let begun: VisionPlateSource | undefined;

function source(): VisionPlateSource {
    begun ??= new VisionPlateSource(
        { ...ORDER, sight: { frozenMsMax: 5_000 } },
        superviseWith(
            systemClock,
            { warn: () => undefined, debug: (fields) => said.push(JSON.stringify(fields)) },
            process.env,
        ),
        systemClock,
    );
    return begun;
}

/** Well, and pictures come. */
function isWell(): Promise<true> {
    const isSeen = (): boolean => source().health().state === "well" && (source().beat()?.fps ?? 0) > 0;
    return until("pictures come", () => isSeen() || undefined);
}

/** Gives the detail. */
function fails(code: string): Promise<string> {
    return until(`it fails with ${code}`, () => {
        const health = source().health();
        return health.code === code ? health.detail : undefined;
    });
}

/** The camera's process. */
function child(): number {
    const found = readdirSync("/proc").filter((name) => {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("vision-main.ts");
    });
    assert.equal(found.length, 1);
    return Number(found[0]);
}

const isVideo = (file: string): boolean => file.startsWith("/dev/video");

async function letsGo(pid: number): Promise<void> {
    await until("the camera is let go", () => !openFiles(pid).some(isVideo) || undefined);
}

/** Sizes of the first pictures, or why there are none. */
async function look(width: number, height: number): Promise<readonly string[] | Lost> {
    const plan = CameraPlan.parse({ ...ORDER, width, height });
    assert.equal(plan.kind, "v4l2");
    const ended = new AbortController();
    const sizes: string[] = [];
    const lost = await new VideoFeed(plan, systemClock).serve(
        {
            frame(frame) {
                if (frame.kind === "picture") sizes.push(`${frame.bgr.cols}×${frame.bgr.rows}`);
                releaseFrame(frame);
                if (sizes.length === FRAMES) ended.abort();
            },
            broken: () => undefined,
            answers: () => undefined,
        },
        ended.signal,
    );
    await letsGo(process.pid);
    return sizes.length === 0 ? lost : sizes;
}

const proofs: Proofs = {
    "pictures come in the size that was asked for": async () => {
        assert.deepEqual(await look(640, 360), new Array(FRAMES).fill("640×360"));
        assert.deepEqual(await look(1_280, 720), new Array(FRAMES).fill("1280×720"));
    },
    "a size that the camera has not is refused, with the nearest that it has": async () => {
        assert.deepEqual(await look(800, 600), {
            code: "REFUSED",
            detail: `${CAMERA} has no pictures of 800×600, the nearest are 640×480; set width and height to a size of the camera`,
        });
        assert.deepEqual(await look(640, 480), new Array(FRAMES).fill("640×480"));
    },
    "the process of a camera reads it, with the networks": async () => {
        await isWell();
        assert.ok(!said.some((text) => text.includes("reading without them")), said.join("\n"));
    },
    "a picture that stands still while its clock runs is a fault until it moves": async () => {
        const pid = child();
        moveCamera(false);
        await fails("PICTURE_FROZEN");
        moveCamera(true);
        await isWell();
        assert.equal(child(), pid);
    },
    "a camera that goes silent is a fault until it speaks again": async () => {
        const pid = child();
        losePictures(true);
        assert.match(await fails("FRAME_TIMEOUT"), /no frame for \d+ ms; check camera and cable/);
        losePictures(false);
        await isWell();
        assert.equal(child(), pid);
    },
    "pulled out and put back it is seen again, and nothing of it is left open": async () => {
        const pid = child();
        const before = openFiles(pid).length;
        for (let turn = 0; turn < TURNS; turn++) {
            await pullCamera();
            assert.match(
                await fails("NOT_CONNECTED"),
                /by-path.*(has gone; check the camera's cable|cannot be opened)/,
            );
            await letsGo(pid);
            await plugCamera();
            await isWell();
        }
        assert.deepEqual([openFiles(pid).filter(isVideo), openFiles(pid).length], [["/dev/video0"], before]);
        assert.equal(child(), pid);
    },
    "it is found by its name when its number has changed": async () => {
        const pid = child();
        assert.equal(cameraNode(), "/dev/video0");
        // A number is free when nobody holds it open any more.
        const held = openSync("/dev/video0", "r");
        await pullCamera();
        await fails("NOT_CONNECTED");
        await plugCamera();
        assert.equal(cameraNode(), "/dev/video1");
        await isWell();
        assert.deepEqual(openFiles(pid).filter(isVideo), ["/dev/video1"]);
        closeSync(held);
    },
};

moveCamera(true);
await prove(proofs);
