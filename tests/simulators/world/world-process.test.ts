// The world as the process it is: started with a configuration file, told what to do over IPC, seen through its sockets.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { FromWorld, ToWorld } from "../../../simulators/world/messages.ts";
import type { WorldConfigInput } from "../../../simulators/world/world-config.ts";

const MAIN = join(import.meta.dirname, "../../../simulators/world/main.ts");
let folder: string;
let child: ChildProcess | undefined;
let messages: FromWorld[] = [];
let wake: () => void = () => {};

beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "kordon-world-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
    child?.kill("SIGKILL");
    child = undefined;
});

function start(config: unknown): ChildProcess {
    const file = join(folder, "world.json");
    writeFileSync(file, JSON.stringify(config));
    messages = [];
    child = fork(MAIN, ["--config", file], { silent: true });
    child.on("message", (message) => {
        messages.push(message as FromWorld);
        wake();
    });
    return child;
}

/** The first message that has come or will come and is of this kind. */
async function told<K extends FromWorld["is"]>(is: K): Promise<Extract<FromWorld, { is: K }>> {
    for (;;) {
        const found = messages.find((message) => message.is === is);
        if (found !== undefined) return found as Extract<FromWorld, { is: K }>;
        await new Promise<void>((resolve) => {
            wake = resolve;
        });
    }
}

const say = (order: ToWorld | { do: string }) => child?.send(order);

async function modbus(port: number, request: string): Promise<string> {
    const socket = connect(port, "127.0.0.1");
    socket.write(Buffer.from(request.replaceAll(" ", ""), "hex"));
    const [reply] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    return reply.toString("hex");
}

const config: WorldConfigInput = {
    day: {
        seed: 1,
        passages: 1,
        checkpoint: "nur-zholy",
        startUtcMs: Date.UTC(2026, 10, 22),
        speed: 60,
        bookedShare: 1,
        drivers: { normal: 1 },
        patienceMs: [1e9, 1e9],
    },
    lanes: [{ id: "entry-1" }],
};

const READ_CONTACTS = "00 01 00 00 00 06 01 02 00 00 00 06";
const OPEN_PULSE = "00 02 00 00 00 06 01 05 00 10 ff 00";
const GREEN_ON = "00 03 00 00 00 06 01 05 00 03 ff 00";

test("lets a lorry through over the wire, tells the story and the truth, and ends on SIGTERM", async () => {
    const world = start(config);
    const { lanes } = await told("ready");
    const port = lanes[0]?.modbusPort ?? 0;
    // Beam intact and arm closed before anything has moved.
    expect(await modbus(port, READ_CONTACTS)).toBe("00010000000401020128");
    say({ do: "start" });
    const stopped = await told("stopped");
    expect(stopped).toMatchObject({ lane: "entry-1", lorry: 1, booked: "valid" });
    await modbus(port, OPEN_PULSE);
    await modbus(port, GREEN_ON);
    const opened = await told("opened");
    // Same monotonic clock as here, and the arm's 2.5 s at sixty times speed.
    expect(opened.realMs).toBeLessThanOrEqual(Number(process.hrtime.bigint()) / 1e6);
    expect(opened.stopToOpenRealMs).toBeGreaterThan(2_400 / 60);
    const { truth } = await told("finished");
    expect(truth).toMatchObject({ arrived: 1, passages: 1, strikes: 0, openedForNobody: 0 });
    expect(truth.opened).toMatchObject([{ lorry: 1, booked: "valid", by: "open-relay" }]);
    expect(messages.map((message) => message.is)).toEqual([
        "ready",
        "arrived",
        "stopped",
        "opened",
        "entered",
        "passed",
        "left",
        "finished",
    ]);
    world.kill("SIGTERM");
    expect(await once(world, "exit")).toEqual([0, null]);
});

test("carries out what it is told, refuses what it does not understand, and ends with its parent", async () => {
    const world = start(config);
    const { lanes } = await told("ready");
    const port = lanes[0]?.modbusPort ?? 0;
    say({ do: "sensor", lane: "entry-1", sensor: "photocell", fault: "stuck-off" });
    say({ do: "wire", lane: "entry-1", fault: { kind: "exception", code: 6 } });
    say({ do: "report" });
    expect((await told("truth")).truth.arrived).toBe(0);
    expect(await modbus(port, READ_CONTACTS)).toBe("000100000003018206");
    for (const order of [{ do: "dance" }, { do: "wave-away", lorry: 7 }] as const) say(order);
    say({ do: "boom", lane: "entry-9", fault: { kind: "stuck" } });
    say({ do: "wire", lane: "entry-1", fault: { kind: "none" } });
    say({ do: "start" });
    await told("stopped");
    expect(messages.filter((message) => message.is === "refused").map((message) => message.reason)).toEqual([
        expect.stringContaining("not an order"),
        "lorry 7 is not before a boom",
        'there is no lane "entry-9"',
    ]);
    // Approach loop and closed arm; the photocell no longer says that its beam is intact.
    expect(await modbus(port, READ_CONTACTS)).toBe("00010000000401020121");
    world.disconnect();
    expect(await once(world, "exit")).toEqual([0, null]);
});

test("a lane with a camera shows the world from a thread of its own, and its faults", async () => {
    const world = start({ ...config, lanes: [{ id: "entry-1", camera: true }] });
    const { lanes } = await told("ready");
    const snapshot = `http://127.0.0.1:${lanes[0]?.cameraPort}/snapshot.jpg`;
    const picture = new Uint8Array(await (await fetch(snapshot)).arrayBuffer());
    expect([...picture.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    say({ do: "camera", lane: "entry-1", fault: "disconnect" });
    say({ do: "report" });
    await told("truth");
    let cutAfter = 0;
    while (
        await fetch(snapshot)
            .then((response) => response.ok)
            .catch(() => false)
    )
        cutAfter++;
    expect(cutAfter).toBeLessThan(100);
    world.kill("SIGINT");
    expect(await once(world, "exit")).toEqual([0, null]);
});

test("a configuration with a typo stops the start and says where", async () => {
    const world = start({ ...config, lanes: [{ id: "entry-1", modbusport: 1 }] });
    const errors: Buffer[] = [];
    world.stderr?.on("data", (bytes: Buffer) => errors.push(bytes));
    expect(await once(world, "close")).toEqual([1, null]);
    expect(Buffer.concat(errors).toString()).toMatch(/world\.json.*modbusport[\s\S]*lanes\[0\]/);
});
