/** ONVIF Profile M over a real broker, Mosquitto. */
import { afterEach, expect, test, vi } from "vitest";
import { ReadingCamera } from "../../devices/camera/reading-camera.ts";
import { BrokerCamera, type BrokerFault } from "../../simulators/wire/reading-camera/broker-camera.ts";
import { realClock } from "../../simulators/world/clock.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { MqttFeed } from "../../src/transport/mqtt-feed.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import { profile } from "../devices/camera/camera-bench.ts";

let camera: ReadingCamera | undefined;
let broker: Mosquitto | undefined;

afterEach(async () => {
    await camera?.stop();
    await broker?.kill();
    camera = undefined;
    broker = undefined;
});

function open(url: string): ReadingCamera {
    const model = profile("camera/onvif-m/profile-m-mqtt");
    if (model.transport !== "mqtt") throw new Error("not by a broker");
    const backOff = { minMs: 20, maxMs: 40, random: () => 0.5 };
    const feed = new MqttFeed({ device: "anpr", url, topic: `gate/cam-1/${model.topic}`, clock: systemClock, backOff });
    const opened = new ReadingCamera({ camera: "anpr", profile: model, feed, clock: systemClock });
    opened.start();
    camera = opened;
    return opened;
}

const isIn = (opened: ReadingCamera, state: string) =>
    vi.waitFor(() => expect(opened.health()).toMatchObject({ state }), 8_000);

test("events are reads; what the broker kept, said before we came, or cannot be understood is none", async (context) => {
    if (MOSQUITTO === undefined) return context.skip(NEEDS_MOSQUITTO);
    broker = await Mosquitto.start();
    const simulated = await BrokerCamera.connect(broker.url, "gate/cam-1", realClock);
    const other = await BrokerCamera.connect(broker.url, "gate/cam-2", realClock);
    await simulated.say('{"Data":{"LicensePlateInfo":{"PlateNumber":"111AAA01"}}}', true);
    await simulated.see("222BBB02");
    const opened = open(broker.url);
    await vi.waitFor(() => expect(opened.count("stored")).toBe(1), 8_000);
    expect(opened.reads()).toEqual([]);
    await other.see("333CCC03");
    await simulated.see("444DDD04", { confidence: 0.91 });
    await vi.waitFor(() => expect(opened.reads()).toMatchObject([{ text: "444DDD04", confidence: 0.91 }]));
    await simulated.say("{");
    await isIn(opened, "failed");
    expect(opened.health().code).toBe("BAD_REPLY");
    await simulated.see("555EEE05");
    await isIn(opened, "well");
    await simulated.close();
    await other.close();
});

test("a broker that goes is a failure, and found again", async (context) => {
    if (MOSQUITTO === undefined) return context.skip(NEEDS_MOSQUITTO);
    broker = await Mosquitto.start();
    const opened = open(broker.url);
    await isIn(opened, "well");
    await broker.kill();
    await isIn(opened, "failed");
    expect(opened.health().code).toBe("NOT_CONNECTED");
    await broker.open();
    await isIn(opened, "well");
    const simulated = await BrokerCamera.connect(broker.url, "gate/cam-1", realClock);
    await simulated.see("123ABC02");
    await vi.waitFor(() => expect(opened.reads()).toMatchObject([{ text: "123ABC02" }]));
    await simulated.close();
});

test("whatever is wrong with a camera, nothing of it is a read, and the next whole event is one", async (context) => {
    if (MOSQUITTO === undefined) return context.skip(NEEDS_MOSQUITTO);
    broker = await Mosquitto.start();
    const simulated = await BrokerCamera.connect(broker.url, "gate/cam-1", realClock);
    const opened = open(broker.url);
    await isIn(opened, "well");
    const faults: readonly BrokerFault[] = [
        { kind: "garbage" },
        { kind: "partial" },
        { kind: "silence" },
        { kind: "wrong-name", prefix: "gate/cam-2" },
        { kind: "oversize", bytes: 300_000 },
    ];
    const whole = ["123ABC02", "777KKK05", "505PTM14", "B082CM159", "01A234BC"];
    for (const [n, fault] of faults.entries()) {
        simulated.fault = fault;
        await simulated.see("999ZZZ09");
        simulated.fault = { kind: "none" };
        await simulated.see(whole[n] ?? "");
        await vi.waitFor(() => expect(opened.reads().map(({ text }) => text)).toContain(whole[n]), 8_000);
        expect(opened.reads().map(({ text }) => text)).not.toContain("999ZZZ09");
        await isIn(opened, "well");
    }
    await simulated.close();
});

test("an event that comes thrice is one read, and one that comes late is a read of its own moment of arrival", async (context) => {
    if (MOSQUITTO === undefined) return context.skip(NEEDS_MOSQUITTO);
    broker = await Mosquitto.start();
    const simulated = await BrokerCamera.connect(broker.url, "gate/cam-1", realClock);
    const opened = open(broker.url);
    await isIn(opened, "well");
    simulated.fault = { kind: "duplicates", times: 3 };
    await simulated.see("123ABC02");
    simulated.fault = { kind: "delay", delayMs: 50 };
    const before = systemClock.monotonicMs();
    await simulated.see("777KKK05");
    await vi.waitFor(() => expect(opened.reads().map(({ text }) => text)).toEqual(["777KKK05", "123ABC02"]), 8_000);
    const [late, once] = opened.reads();
    expect(once?.frames).toBe(1);
    expect(late?.firstSeenMs).toBeGreaterThanOrEqual(before + 50);
    await simulated.close();
});
