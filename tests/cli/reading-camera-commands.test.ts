/** `kordon check` and `kordon probe` of cameras that read by themselves, against simulated ones on real wires. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { StreamCamera } from "../../simulators/wire/reading-camera/stream-camera.ts";
import { realClock } from "../../simulators/world/clock.ts";
import { runKordon } from "./run-kordon.ts";

const folder = mkdtempSync(join(tmpdir(), "kordon-cameras-"));
const siteFile = join(folder, "site.yaml");
const account = { username: "camera", password: "camera" };
const login = { username: "camera", passwordFile: "password" };
let camera: StreamCamera | undefined;
writeFileSync(join(folder, "password"), "camera\n");

afterEach(async () => {
    await camera?.close();
    camera = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PUSHING = { profile: "camera/hikvision-isapi/http-push", address: "192.0.2.31", ...login };
const LISTENER = { host: "127.0.0.1", port: 0 };

function writeSite(
    readingCameras: object,
    more: object = {},
    cameras: readonly string[] = Object.keys(readingCameras),
): void {
    const bus = { kind: "modbus-tcp", host: "127.0.0.1", port: 9 };
    const lane = {
        role: "checkpoint-entry",
        barrier: { open: "io-1:0", close: "io-1:1" },
        contacts: { approachLoop: "io-1:0", boomLoop: "io-1:1" },
        cameras,
        closing: "officer",
    };
    const site = {
        version: 1,
        site: "bench",
        checkpoint: "bench",
        stateFolder: "state",
        controlSocket: "control.sock",
        central: { url: "mqtt://127.0.0.1:9" },
        modules: { "io-1": { profile: "io-module/modbus/moxa-iologik-e1214", bus } },
        readingCameras,
        lanes: { "lane-1": lane },
        ...more,
    };
    writeFileSync(siteFile, JSON.stringify(site));
}

describe("check", () => {
    test("names how each is reached, what its reads may decide, and what a person should look at", async () => {
        writeSite(
            {
                "anpr-1": {
                    profile: "camera/hikvision-isapi/alert-stream",
                    url: "http://192.0.2.30",
                    ...login,
                    confidenceMin: 0.9,
                },
                "anpr-2": { ...PUSHING, login: "basic" },
                "anpr-3": {
                    profile: "camera/onvif-m/profile-m-mqtt",
                    url: "mqtt://192.0.2.1",
                    topicPrefix: "gate/anpr-3",
                    unratedReads: "trust",
                },
            },
            { cameraListener: LISTENER },
        );
        const { code, out, error } = await runKordon("check", "--site", siteFile);
        expect({ code, error }).toEqual({ code: 0, error: "" });
        expect(out).toMatch(
            /anpr-1 +Hikvision ISAPI camera, alert stream, reads by itself +asked at http:\/\/192\.0\.2\.30 +sure from 0\.9 of 1/,
        );
        expect(out).toMatch(/anpr-2 .*pushes from 192\.0\.2\.31 to 127\.0\.0\.1:0\/ +decides nothing by itself/);
        expect(out).toMatch(/anpr-3 .*publishes below gate\/anpr-3 at mqtt:\/\/192\.0\.2\.1 .*unrated reads trusted/);
        expect(out).toContain("note: anpr-2: login basic can be overheard or forged");
        expect(out).toContain("note: anpr-2: its reads only go before officers");
        expect(out).toContain("note: anpr-3: without silentMsMax nobody notices when it falls silent");
        const json = JSON.parse((await runKordon("check", "--site", siteFile, "--json")).out);
        expect(json.lanes[0].policy.readers["anpr-1"]).toEqual({
            confidenceMin: 0.9,
            isUnratedTrusted: false,
            aheadMsMax: 0,
        });
        expect(json.lanes[0].isReadTwice).toBeUndefined();
    });

    test("a lane with both kinds of cameras is read twice", async () => {
        const cameras = { "camera-1": { url: "http://127.0.0.1:9/" } };
        const anpr = { "anpr-1": { profile: "camera/hikvision-isapi/alert-stream", url: "http://192.0.2.30" } };
        writeSite(anpr, { cameras }, ["camera-1", "anpr-1"]);
        const json = JSON.parse((await runKordon("check", "--site", siteFile, "--json")).out);
        expect(json.lanes[0].isReadTwice).toBe(true);
    });

    test.each<[string, object, object, string]>([
        [
            "one that pushes without a listener",
            { "anpr-1": PUSHING },
            {},
            "readingCameras.anpr-1.address: a camera that pushes needs a cameraListener",
        ],
        [
            "one that pushes from nowhere",
            { "anpr-1": { ...PUSHING, address: undefined } },
            { cameraListener: LISTENER },
            "needs address",
        ],
        ["a stream without an address", { "anpr-1": { profile: "camera/dahua-itc/attach-file" } }, {}, "needs url"],
        [
            "a broker's address for a stream",
            { "anpr-1": { profile: "camera/dahua-itc/attach-file", url: "mqtt://192.0.2.1" } },
            {},
            "not an address for http-pull",
        ],
        [
            "two behind one door",
            { "anpr-1": PUSHING, "anpr-2": PUSHING },
            { cameraListener: LISTENER },
            '"anpr-1" pushes from the same address to the same path',
        ],
        [
            "a name without a password",
            { "anpr-1": { ...PUSHING, passwordFile: undefined } },
            { cameraListener: LISTENER },
            "username and passwordFile belong together",
        ],
        [
            "a push without a login that nobody chose",
            { "anpr-1": { profile: PUSHING.profile, address: "192.0.2.31" } },
            { cameraListener: LISTENER },
            "or say login: none",
        ],
        [
            "a profile of something else",
            { "anpr-1": { profile: "camera/../scale/cas/cas-ci-22", url: "http://192.0.2.1" } },
            {},
            "path below devices/",
        ],
        [
            "an unknown profile",
            { "anpr-1": { profile: "camera/acme/one", url: "http://192.0.2.1" } },
            {},
            'no device profile "camera/acme/one"',
        ],
        [
            "a name that is a camera's already",
            { "anpr-1": PUSHING },
            { cameraListener: LISTENER, cameras: { "anpr-1": { url: "http://127.0.0.1:9/" } } },
            '"anpr-1" is in cameras already',
        ],
    ])("%s is refused", async (_name, readingCameras, more, words) => {
        writeSite(readingCameras, more);
        const { code, error } = await runKordon("check", "--site", siteFile);
        expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining(words) });
    });
});

describe("the boom by the word of a camera that moves it", () => {
    const withBoom = (profile: string, contacts: object, modules: object = {}): void => {
        const barrier = { camera: { profile, url: "http://192.0.2.31" } };
        const sensors = { approachLoop: "io-1:0", boomLoop: "io-1:1" };
        const bus = { kind: "modbus-tcp", host: "127.0.0.1", port: 9 };
        const io = { profile: "io-module/modbus/moxa-iologik-e1214", bus };
        writeSite(
            {},
            {
                modules: { "io-1": io, ...modules },
                cameras: { "camera-1": { url: "http://127.0.0.1:9/" } },
                lanes: {
                    "lane-1": {
                        role: "checkpoint-entry",
                        barrier,
                        contacts: { ...sensors, ...contacts },
                        cameras: ["camera-1"],
                        closing: "officer",
                    },
                },
            },
        );
    };
    const HIK = "barrier/camera/hikvision-isapi";

    test("is taken where the camera tells it", async () => {
        withBoom(HIK, { limitOpen: "barrier:0", limitClosed: "barrier:1" });
        expect(await runKordon("check", "--site", siteFile)).toMatchObject({ code: 0 });
    });

    test.each<[string, string, object, string]>([
        [
            "of one that says nothing",
            "barrier/camera/dahua-itc",
            { limitOpen: "barrier:0" },
            "does not say how the boom stands",
        ],
        ["crossed", HIK, { limitOpen: "barrier:1" }, "limitOpen is barrier:0"],
        ["for a sensor", HIK, { exitLoop: "barrier:0" }, "limitOpen is barrier:0"],
    ])("%s it is refused", async (_name, profile, contacts, words) => {
        withBoom(profile, contacts);
        const { code, error } = await runKordon("check", "--site", siteFile);
        expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining(words) });
    });
});

test("probe prints what each said, and where the listener is", async () => {
    camera = await StreamCamera.listen({ make: "hikvision", account, clock: realClock, heartbeatMs: 50 });
    writeSite(
        {
            "anpr-1": { profile: "camera/hikvision-isapi/alert-stream", url: camera.url, ...login },
            "anpr-2": { ...PUSHING, silentMsMax: 60_000 },
        },
        { cameraListener: LISTENER },
    );
    const { out } = await runKordon("probe", "--site", siteFile, "--seconds", "3", "--json");
    const { devices } = JSON.parse(out);
    const device = (id: string) => devices.find((each: { device: string }) => each.device === id);
    expect(device("anpr-1")).toMatchObject({ state: "well", says: expect.arrayContaining(["0 reads"]) });
    expect(device("anpr-2")).toMatchObject({ state: "starting" });
    expect(device("camera_listener")).toMatchObject({ state: "well" });
    expect(device("camera_listener").says[0]).toMatch(/^listens on 127\.0\.0\.1:\d+ for anpr-2$/);
});
