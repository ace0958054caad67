/** The listener over real HTTP: simulated cameras of three makes push to it, strangers and broken bodies are turned away. */
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ReadingCamera } from "../../devices/camera/reading-camera.ts";
import type { PushMake } from "../../simulators/wire/reading-camera/maker-words.ts";
import { PushCamera } from "../../simulators/wire/reading-camera/push-camera.ts";
import { realClock } from "../../simulators/world/clock.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { CameraListener, type CameraListenerPlan, type PushDoor } from "../../src/transport/camera-listener.ts";
import { profile } from "../devices/camera/camera-bench.ts";

const ACCOUNT = { username: "camera", password: "p w" };
const PROFILE = {
    hikvision: profile("camera/hikvision-isapi/http-push"),
    dahua: profile("camera/dahua-itc/itsapi-push"),
    ff: profile("camera/axis-ff/license-plate-verifier"),
};

let listener: CameraListener;
let camera: ReadingCamera;
let pusher: PushCamera;

async function openListener(
    make: PushMake,
    door: Partial<PushDoor> = {},
    plan: Partial<CameraListenerPlan> = {},
): Promise<void> {
    listener = new CameraListener({
        device: "listener",
        host: "127.0.0.1",
        port: 0,
        bodyBytesMax: 200_000,
        requestMsMax: 5_000,
        connectionsMax: 8,
        clock: systemClock,
        ...plan,
    });
    const model = PROFILE[make];
    const feed = listener.feedOf({
        device: "anpr",
        address: "127.0.0.1",
        path: "/cam-1",
        login: "digest",
        credentials: ACCOUNT,
        reply: model.transport === "http-push" ? model.reply : undefined,
        ...door,
    });
    camera = new ReadingCamera({ camera: "anpr", profile: model, feed, clock: systemClock });
    camera.start();
    listener.start();
    await vi.waitFor(() => expect(listener.health().state).toBe("well"));
    pusher = new PushCamera({
        make,
        url: `http://127.0.0.1:${listener.port}/cam-1`,
        account: ACCOUNT,
        clock: realClock,
    });
}

afterEach(async () => {
    pusher.close();
    await camera.stop();
    await listener.stop();
});

/** A plain request; its status, 0 where the connection was cut. */
function ask(
    path: string,
    { method = "POST", body = "x", headers = {} } = {},
): Promise<{ status: number; text: string }> {
    return new Promise((resolve) => {
        const sent = request(
            { port: listener.port, host: "127.0.0.1", path, method, headers, agent: false },
            (answer) => {
                let text = "";
                answer.on("data", (chunk) => {
                    text += String(chunk);
                });
                answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
            },
        );
        sent.on("error", () => resolve({ status: 0, text: "" }));
        sent.end(body);
    });
}

describe.each(["hikvision", "dahua", "ff"] as const)("%s", (make) => {
    test("logs in with digest, pushes, and its event is a read with pictures", async () => {
        await openListener(make);
        expect(await pusher.see("123ABC02")).toBe(200);
        expect(camera.reads()).toMatchObject([{ text: "123ABC02", frames: 1 }]);
        expect(camera.reads()[0]?.confidence).toBeCloseTo(0.97, 2);
        expect(camera.reads()[0]?.evidence.length).toBeGreaterThan(0);
        expect(camera.health().state).toBe("well");
        expect(listener.count("PUSH_LOGIN")).toBe(0);
    });

    test("with basic where the site says so", async () => {
        await openListener(make, { login: "basic" });
        expect(await pusher.see("123ABC02")).toBe(200);
    });

    test("with a maker's digest that has no nonce, where the site says so, and never else", async () => {
        await openListener(make, { login: "digest-without-nonce" });
        expect(await pusher.see("123ABC02")).toBe(200);
        pusher.fault = { kind: "wrong-auth" };
        expect(await pusher.see("222BBB02")).toBe(401);
        expect(camera.reads()).toMatchObject([{ text: "123ABC02" }]);
    });

    test("a repetition is thanked for, so that it ends, and is no read", async () => {
        await openListener(make);
        pusher.fault = { kind: "duplicates", times: 3 };
        expect(await pusher.see("123ABC02")).toBe(200);
        expect(camera.reads()).toMatchObject([{ frames: 1 }]);
        expect(camera.count("repeated")).toBe(2);
    });

    test("a wrong password is turned away and counted; nothing is read", async () => {
        await openListener(make);
        pusher.fault = { kind: "wrong-auth" };
        expect(await pusher.see("123ABC02")).toBe(401);
        expect(camera.reads()).toEqual([]);
        expect(listener.count("PUSH_LOGIN")).toBe(1);
    });

    test("a garbled body is refused, counted, and shows in the camera's health until the next good one", async () => {
        await openListener(make, { login: "none" });
        pusher.fault = { kind: "garbage" };
        expect(await pusher.see("123ABC02")).toBe(400);
        expect(listener.count("PUSH_BAD_BODY")).toBe(1);
        expect(camera.health()).toMatchObject({ state: "failed", code: "BAD_REPLY" });
        pusher.fault = { kind: "none" };
        expect(await pusher.see("222BBB02")).toBe(200);
        expect(camera.health().state).toBe("well");
        expect(camera.reads().map(({ text }) => text)).toEqual(["222BBB02"]);
    });

    test("half a body is no event", async () => {
        await openListener(make, { login: "none" });
        pusher.fault = { kind: "partial" };
        expect(await pusher.see("123ABC02")).toBe(0);
        pusher.fault = { kind: "none" };
        expect(await pusher.see("222BBB02")).toBe(200);
        expect(camera.reads().map(({ text }) => text)).toEqual(["222BBB02"]);
    });
});

test("Dahua's camera hears what ends its repetitions, and its heart-beat is one", async () => {
    await openListener("dahua", { login: "none" });
    expect(await pusher.keepAlive()).toBe(200);
    expect(camera.health().state).toBe("well");
    const { status, text } = await ask("/cam-1/TollgateInfo", { body: '{"Plate":{"PlateNumber":"123ABC02"}}' });
    expect([status, JSON.parse(text)]).toEqual([200, { result: "true", status: "success" }]);
});

describe("turns away, with a code", () => {
    test.each([
        ["another path", "/cam-2", {}, 404, "PUSH_PATH"],
        ["a path that only begins alike", "/cam-10", {}, 404, "PUSH_PATH"],
        ["a question", "/cam-1", { method: "GET", body: "" }, 405, "PUSH_METHOD"],
        ["too much, announced", "/cam-1", { body: "x".repeat(200_001) }, 413, "PUSH_TOO_LARGE"],
        [
            "a form without a boundary",
            "/cam-1",
            { headers: { "content-type": "multipart/form-data" } },
            400,
            "PUSH_BAD_BODY",
        ],
        ["nothing at all", "/cam-1", { body: "" }, 400, "PUSH_BAD_BODY"],
    ] as const)("%s", async (_name, path, what, status, code) => {
        await openListener("hikvision", { login: "none" });
        const answer = await ask(path, what);
        // A body that was never read may cost the connection before the answer is heard.
        expect([status, ...(code === "PUSH_TOO_LARGE" ? [0] : [])]).toContain(answer.status);
        expect(listener.count(code)).toBe(1);
        expect(camera.reads()).toEqual([]);
    });

    test("too much, in pieces", async () => {
        await openListener("hikvision", { login: "none" });
        const headers = { "transfer-encoding": "chunked" };
        const { status } = await ask("/cam-1", { body: "x".repeat(300_000), headers });
        expect([413, 0]).toContain(status);
        expect(listener.count("PUSH_TOO_LARGE")).toBe(1);
    });

    test("a stranger's address, before a byte is read", async () => {
        await openListener("hikvision", { address: "192.0.2.99" });
        expect(await ask("/cam-1")).toEqual({ status: 0, text: "" });
        expect(listener.count("PUSH_ADDRESS")).toBe(1);
    });

    test("whoever is slow", async () => {
        await openListener("hikvision", { login: "none" }, { requestMsMax: 1_000 });
        pusher.fault = { kind: "silence" };
        expect(await pusher.see("123ABC02")).toBe(0);
        expect(listener.count("PUSH_TOO_SLOW")).toBe(1);
    });

    test("what is not HTTP", async () => {
        await openListener("hikvision");
        const socket = connect(listener.port, "127.0.0.1", () => socket.write("\x16\x03\x01 hello\r\n\r\n"));
        socket.on("error", () => undefined);
        await vi.waitFor(() => expect(listener.count("PUSH_BAD_BODY")).toBe(1));
        socket.destroy();
        expect(await pusher.see("123ABC02")).toBe(200);
    });

    test("an answer to a login that is sent a second time", async () => {
        await openListener("ff");
        let asked = "";
        await new Promise((resolve) => {
            request(
                { port: listener.port, host: "127.0.0.1", path: "/cam-1", method: "POST", agent: false },
                (answer) => {
                    asked = answer.headers["www-authenticate"] ?? "";
                    answer.resume().on("end", resolve);
                },
            ).end("{}");
        });
        const { loginFor } = await import("../../simulators/wire/digest-desk.ts");
        const authorization = loginFor(asked, ACCOUNT, "POST", "/cam-1");
        const body = '{"carState":"new","plateUTF8":"123ABC02","carID":1}';
        expect((await ask("/cam-1", { body, headers: { authorization } })).status).toBe(200);
        expect((await ask("/cam-1", { body, headers: { authorization } })).status).toBe(401);
    });
});

test("more connections than allowed are not taken; those that are there go on", async () => {
    await openListener("hikvision", { login: "none" }, { connectionsMax: 2 });
    const idle = [1, 2].map(() => connect(listener.port, "127.0.0.1"));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
    expect((await ask("/cam-1")).status).toBe(0);
    for (const socket of idle) socket.destroy();
    await vi.waitFor(async () => expect((await ask("/cam-1", { body: "" })).status).toBe(400));
});

test("a port that is taken is a failure, and had when it is free", async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
    const address = squatter.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const opening = openListener("hikvision", {}, { port, backOff: { minMs: 20, maxMs: 20, random: () => 0.5 } });
    await vi.waitFor(() => expect(listener.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED" }));
    expect(camera.health()).toMatchObject({ device: "anpr", state: "failed", code: "NOT_CONNECTED" });
    await new Promise((resolve) => squatter.close(resolve));
    await opening;
    expect(listener.port).toBe(port);
});
