/**
 * Lanes with a camera that reads plates by itself, whole: the simulated camera on the wire, the real daemon, the simulated
 * checkpoint. What it says twice opens nothing twice, what it says late opens nothing, and when it dies the officer is asked.
 */

import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { PushCamera } from "../../simulators/wire/reading-camera/push-camera.ts";
import { StreamCamera } from "../../simulators/wire/reading-camera/stream-camera.ts";
import { realClock } from "../../simulators/world/clock.ts";
import { runKordon } from "../cli/run-kordon.ts";
import { Checkpoint, type SeenFact, type WorldMessage } from "./checkpoint.ts";

const ACCOUNT = { username: "camera", password: "camera" };
let checkpoint: Checkpoint | undefined;
let close: () => unknown = () => undefined;

afterEach(async () => {
    await checkpoint?.close();
    await close();
    checkpoint = undefined;
    close = () => undefined;
});

const stopped = ({ worldSaid }: Checkpoint): readonly WorldMessage[] => worldSaid.filter(({ is }) => is === "stopped");

/** The `n`-th lorry that stands before the boom, from 1. */
async function standing(site: Checkpoint, n: number): Promise<string> {
    await site.until(`lorry ${n} stands`, () => stopped(site).length >= n);
    return stopped(site)[n - 1]?.plate ?? "";
}

const decisions = (site: Checkpoint): readonly SeenFact[] => site.kinds("decision.made");

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === "object" && address !== null ? address.port : 0;
}

test("alone: booked lorries are let in once each, whatever is repeated or late; dead, and the officer decides", async () => {
    const camera = await StreamCamera.listen({
        make: "hikvision",
        account: ACCOUNT,
        clock: realClock,
        heartbeatMs: 300,
    });
    close = () => camera.close();
    const site = await Checkpoint.open({
        passages: 3,
        seed: 23,
        speed: 4,
        bookedShare: 1,
        limits: { readMsMax: 3_000 },
        reading: {
            site: {
                readingCameras: {
                    "anpr-1": {
                        profile: "camera/hikvision-isapi/alert-stream",
                        url: camera.url,
                        username: ACCOUNT.username,
                        passwordFile: "camera.password",
                        confidenceMin: 0.9,
                        silentMsMax: 5_000,
                    },
                },
            },
            cameras: ["anpr-1"],
        },
    });
    checkpoint = site;
    writeFileSync(join(site.folder, "camera.password"), `${ACCOUNT.password}\n`);
    await site.startDaemon();
    await site.until("the stream is taken", () => camera.watchers === 1);
    site.order({ do: "start" });

    camera.fault = { kind: "duplicates", times: 3 };
    const first = camera.see(await standing(site, 1));
    await site.until("the first is through", () => site.kinds("passage.completed").length === 1);
    expect(decisions(site).map(({ data }) => [data["outcome"], data["reason"]])).toEqual([["admit", "BOOKED"]]);
    const [read] = site.kinds("vehicle.recognised");
    expect(read?.data).toMatchObject({ camera: "anpr-1", frames: 1, isSure: true, told: { direction: "forward" } });
    expect(read?.data["evidence"]).toHaveLength(2);

    // What such a camera said is part of the recording, and gives the same decision again.
    const passage = String(site.kinds("passage.completed")[0]?.passage);
    expect((await runKordon("replay", passage, "--state", site.stateFolder)).code).toBe(0);
    const told = (await runKordon("explain", passage, "--state", site.stateFolder, "--lang", "ru")).out;
    expect(told).toContain(`Камера anpr-1 сама прочитала ${first.plate}`);

    // Before the second stands what was said of the first: once more, under another name, and as kept.
    const second = await standing(site, 2);
    camera.fault = { kind: "none" };
    camera.repeat(first);
    camera.repeat({ ...first, id: "another-name" });
    camera.see(first.plate, { isLate: true });
    await site.until("the second is not let in by that", () => decisions(site).length === 2);
    expect(decisions(site)[1]?.data).toMatchObject({ outcome: "refer", reason: "NO_READ" });
    camera.see(second);
    await site.until("its own plate lets it in", () => site.kinds("passage.completed").length === 2);

    await camera.close();
    const isLost = ({ kind, data }: SeenFact): boolean =>
        kind === "device.health" && data["device"] === "anpr-1" && data["state"] === "failed";
    await site.until("its death is a fact", () => site.facts.some(isLost));
    await standing(site, 3);
    await site.until("the third goes before an officer", () => site.kinds("vehicle.referred").length === 2);
    expect(decisions(site).at(-1)?.data).toMatchObject({ outcome: "refer", reason: "NO_READ" });
    const { openPulses } = await site.truth();
    expect(openPulses).toBe(2);
});

test("as a second opinion that contradicts our own reading: an officer is asked, by its own reason", async () => {
    const port = await freePort();
    const site = await Checkpoint.open({
        passages: 1,
        seed: 23,
        speed: 2,
        bookedShare: 1,
        isFilmed: true,
        limits: { readMsMax: 7_000 },
        policy: { confidenceMin: 0.75 },
        reading: {
            site: {
                cameraListener: { host: "127.0.0.1", port },
                readingCameras: {
                    "anpr-1": {
                        profile: "camera/axis-ff/license-plate-verifier",
                        address: "127.0.0.1",
                        path: "/anpr-1",
                        username: ACCOUNT.username,
                        passwordFile: "camera.password",
                        confidenceMin: 0.9,
                    },
                },
            },
            cameras: ["camera-1", "anpr-1"],
        },
    });
    checkpoint = site;
    writeFileSync(join(site.folder, "camera.password"), `${ACCOUNT.password}\n`);
    await site.startDaemon();
    const camera = new PushCamera({
        make: "ff",
        url: `http://127.0.0.1:${port}/anpr-1`,
        account: ACCOUNT,
        clock: realClock,
    });
    close = () => camera.close();
    site.order({ do: "start" });
    const plate = await standing(site, 1);
    const other = plate.startsWith("9") ? `8${plate.slice(1)}` : `9${plate.slice(1)}`;
    expect(await camera.see(other)).toBe(200);
    await site.until("it was decided", () => decisions(site).length > 0);
    const [decision] = decisions(site);
    expect(decision?.data).toMatchObject({ outcome: "refer", reason: "READERS_DISAGREE" });
    expect(
        site
            .kinds("vehicle.recognised")
            .map(({ data }) => data["camera"])
            .toSorted(),
    ).toContain("camera-1");
    expect((await site.truth()).openPulses).toBe(0);
});
