/** The camera on the wire, read by a plain HTTP client; the camera's clock is ours, so nothing waits for real time. */
import { get } from "node:http";
import { connect } from "node:net";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type CameraServer, startCameraServer } from "../../../simulators/world/camera/camera-server.ts";
import type { Clock } from "../../../simulators/world/clock.ts";
import type { SceneView } from "../../../simulators/world/scene-view.ts";
import { MjpegClient, type Part } from "./mjpeg-client.ts";

class HandClock implements Clock {
    readonly acts = new Set<() => void>();
    periodMs = 0;

    monotonicMs(): number {
        return 0;
    }

    after(): () => void {
        throw new Error("the camera has no use for single timers");
    }

    every(periodMs: number, act: () => void): () => void {
        this.periodMs = periodMs;
        this.acts.add(act);
        return () => this.acts.delete(act);
    }

    beat(): void {
        for (const act of this.acts) act();
    }
}

const clock = new HandClock();
let frontAtM = -4;
let looks = 0;
let camera: CameraServer;
let clients: MjpegClient[] = [];

function scene(): SceneView {
    looks++;
    const plate = { text: "123ABC02", country: "KZ", rows: 1 } as const;
    return {
        lorries: [{ id: 1, frontAtM, lateralM: 0, colour: "#2b5aa0", cab: 3, plate, dirt: 0 }],
        armAngleDeg: 0,
        light: { kind: "day", exposure: 1 },
        weather: "clear",
        worldMs: looks * 125,
    };
}

async function open(): Promise<MjpegClient> {
    const client = await MjpegClient.open(camera.port);
    clients.push(client);
    return client;
}

/** The picture of one beat. */
async function beat(client: MjpegClient): Promise<Part> {
    const coming = client.next();
    clock.beat();
    const part = await coming;
    if (part === undefined) throw new Error("the stream ended");
    return part;
}

function snapshot(): Promise<{
    readonly status: number | undefined;
    readonly length: string | undefined;
    readonly body: Buffer;
}> {
    return new Promise((resolve, reject) => {
        get({ host: "127.0.0.1", port: camera.port, path: "/snapshot.jpg", agent: false }, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("end", () =>
                resolve({
                    status: response.statusCode,
                    length: response.headers["content-length"],
                    body: Buffer.concat(chunks),
                }),
            );
        }).on("error", reject);
    });
}

beforeAll(async () => {
    camera = await startCameraServer({ port: 0, fps: 8, width: 320, height: 180, seed: 1, scene, clock });
});

afterEach(() => {
    camera.fault("none");
    for (const client of clients) client.close();
    clients = [];
});

afterAll(() => camera.close());

test("every part has its length and is a whole JPEG; one beat, one picture", async () => {
    const client = await open();
    for (let i = 0; i < 4; i++) {
        frontAtM = -4 + i * 0.2;
        const part = await beat(client);
        expect(part.headers.get("content-type")).toBe("image/jpeg");
        const image = await loadImage(part.body);
        expect([image.width, image.height]).toEqual([320, 180]);
        expect(client.bytesWaiting).toBe(0);
    }
    expect(clock.periodMs).toBe(125);
});

test("many clients get the same picture, drawn once", async () => {
    const many = await Promise.all(Array.from({ length: 8 }, open));
    const before = looks;
    const coming = many.map((client) => client.next());
    clock.beat();
    const parts = await Promise.all(coming);
    expect(looks).toBe(before + 1);
    expect(new Set(parts.map((part) => part?.body.toString("base64"))).size).toBe(1);
});

test("nobody watches: nothing is drawn; a client that leaves does not disturb the others", async () => {
    const [leaving, staying] = [await open(), await open()];
    await beat(staying);
    leaving.close();
    await beat(staying);
    staying.close();
    await new Promise<void>((resolve) => staying.response.once("close", () => resolve()));
    await snapshot(); // The server has seen the closed connections once it answers a later one.
    const before = looks;
    clock.beat();
    expect(looks).toBe(before);
});

test("a snapshot is one whole JPEG with its length", async () => {
    const { status, length, body } = await snapshot();
    expect(status).toBe(200);
    expect(Number(length)).toBe(body.length);
    expect((await loadImage(body)).width).toBe(320);
});

test("other paths are refused", async () => {
    const status = await new Promise((resolve) =>
        get({ host: "127.0.0.1", port: camera.port, path: "/", agent: false }, (response) => {
            response.resume();
            resolve(response.statusCode);
        }),
    );
    expect(status).toBe(404);
});

test("frozen: the same bytes although the lorry moves; afterwards it moves again", async () => {
    const client = await open();
    const last = await beat(client);
    camera.fault("frozen");
    for (let i = 0; i < 3; i++) {
        frontAtM += 0.5;
        expect((await beat(client)).body.equals(last.body)).toBe(true);
    }
    camera.fault("none");
    expect((await beat(client)).body.equals(last.body)).toBe(false);
});

test("black: a whole JPEG without light", async () => {
    camera.fault("black");
    const client = await open();
    const image = await loadImage((await beat(client)).body);
    const canvas = createCanvas(320, 180);
    canvas.getContext("2d").drawImage(image, 0, 0);
    const { data } = canvas.getContext("2d").getImageData(0, 0, 320, 180);
    expect(data.filter((value, i) => i % 4 !== 3 && value > 3)).toHaveLength(0);
});

test("broken JPEG: the part is well-formed, the picture in it is cut off", async () => {
    camera.fault("broken-jpeg");
    const client = await open();
    const { body } = await beat(client);
    expect(body.subarray(0, 2).toString("hex")).toBe("ffd8");
    expect(body.subarray(-2).toString("hex")).not.toBe("ffd9");
});

test("silent: the connection stays, nothing comes, also no snapshot; then it goes on", async () => {
    const client = await open();
    await beat(client);
    camera.fault("silent");
    const before = looks;
    for (let i = 0; i < 20; i++) clock.beat();
    expect(looks).toBe(before);
    expect(client.bytesWaiting).toBe(0);
    expect(client.response.destroyed).toBe(false);
    camera.fault("none");
    await beat(client);
});

test("slow: one picture in ten beats", async () => {
    const client = await open();
    await beat(client);
    camera.fault("slow");
    const before = looks;
    for (let i = 0; i < 40; i++) {
        clock.beat();
        if (looks > before && i % 10 === 9) await client.next();
    }
    expect(looks - before).toBeLessThanOrEqual(5);
    expect(looks - before).toBeGreaterThanOrEqual(3);
});

test("disconnect: streams are cut, new ones too; afterwards they are accepted", async () => {
    const client = await open();
    await beat(client);
    camera.fault("disconnect");
    expect(await client.next()).toBeUndefined();
    await expect(MjpegClient.open(camera.port)).rejects.toThrow();
    camera.fault("none");
    await beat(await open());
});

test("closing ends streams, stops the clock and frees the port", async () => {
    const own = new HandClock();
    const short = await startCameraServer({ port: 0, fps: 4, width: 160, height: 90, seed: 1, scene, clock: own });
    const client = await MjpegClient.open(short.port);
    own.beat(); // A picture is in the making while the camera closes.
    await short.close();
    expect(own.acts.size).toBe(0);
    while ((await client.next()) !== undefined);
    const refused = await new Promise((resolve) =>
        connect(short.port, "127.0.0.1").on("error", (error) => resolve(error)),
    );
    expect(refused).toMatchObject({ code: "ECONNREFUSED" });
});

test("a taken port is an error at the start", async () => {
    const options = { port: camera.port, fps: 8, width: 160, height: 90, seed: 1, scene, clock: new HandClock() };
    await expect(startCameraServer(options)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
