/** The simulated broker against mqtt.js, a client that it has not been written with. */
import { createConnection } from "node:net";
import { connect, type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from "mqtt";
import { afterEach, expect, test } from "vitest";
import { MqttBroker } from "../../../simulators/central/mqtt-broker.ts";
import { matchesFilter } from "../../../simulators/central/topic-filter.ts";
import { realClock } from "../../../simulators/world/clock.ts";
import { Condition } from "../../central/condition.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
    for (const close of cleanUp.splice(0).reverse()) await close();
});

async function openBroker(limits = { receiveMaximum: 10, packetBytesMax: 10_000 }) {
    const broker = new MqttBroker(realClock, limits);
    const port = await broker.listen(0);
    cleanUp.push(() => broker.close({ forget: true }));
    const client = async (clientId: string, options: IClientOptions = {}) => {
        const got: [string, string, IPublishPacket][] = [];
        const condition = new Condition();
        const made = connect(`mqtt://127.0.0.1:${port}`, {
            protocolVersion: 5,
            reconnectPeriod: 0,
            clientId,
            ...options,
        });
        made.on("message", (topic, payload, packet) => {
            got.push([topic, payload.toString(), packet]);
            condition.poke();
        });
        made.on("error", () => undefined);
        cleanUp.push(() => made.endAsync(true));
        const connack = await new Promise<IConnackPacket>((resolve) => made.once("connect", resolve));
        const texts = (): string[] => got.map(([, text]) => text);
        const until = (...expected: string[]): Promise<void> =>
            condition.until(`${clientId} has ${expected}, not ${texts()}`, () => texts().join() === expected.join());
        return { client: made, got, until, isSessionPresent: connack.sessionPresent };
    };
    return { broker, client, port };
}

const closed = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once("close", resolve));

test.each([
    ["a/b", "a/b", true],
    ["a/+", "a/b", true],
    ["a/+", "a/b/c", false],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["#", "a/b", true],
    ["#", "$SYS/x", false],
    ["+/b", "a/b", true],
    ["a", "a/b", false],
    ["a/+/c", "a//c", true],
])("the filter %s and the topic %s: %s", (filter, topic, isMatch) => {
    expect(matchesFilter(filter, topic)).toBe(isMatch);
});

test("messages reach subscribers in order with their properties, and the publisher hears when nobody listens", async () => {
    const { client } = await openBroker();
    const reader = await client("reader");
    const writer = await client("writer");
    const codes: (number | undefined)[] = [];
    writer.client.on("packetreceive", (packet) => packet.cmd === "puback" && codes.push(packet.reasonCode));
    await writer.client.publishAsync("t/1", "nobody", { qos: 1 });
    await reader.client.subscribeAsync("t/+", { qos: 1 });
    for (let i = 0; i < 50; i++) {
        const properties = { contentType: "text/x", correlationData: Buffer.from([i]), responseTopic: "back" };
        await writer.client.publishAsync("t/1", String(i), { qos: 1, properties });
    }
    await reader.until(...Array.from({ length: 50 }, (_, i) => String(i)));
    expect(reader.got[7]?.[2].properties).toMatchObject({ contentType: "text/x", correlationData: Buffer.from([7]) });
    expect(codes).toEqual([0x10, ...Array.from({ length: 50 }, () => 0)]);
});

test("retained messages come with a subscription, flagged, and an empty one removes them", async () => {
    const { client } = await openBroker();
    const writer = await client("writer");
    await writer.client.publishAsync("r/a", "old", { qos: 1, retain: true });
    await writer.client.publishAsync("r/a", "new", { qos: 1, retain: true });
    await writer.client.publishAsync("r/b", "gone", { qos: 1, retain: true });
    await writer.client.publishAsync("r/b", "", { qos: 1, retain: true });
    const reader = await client("reader");
    await reader.client.subscribeAsync("r/#", { qos: 1 });
    await reader.until("new");
    expect(reader.got[0]?.[2].retain).toBe(true);
    await writer.client.publishAsync("r/a", "live", { qos: 1, retain: true });
    await reader.until("new", "live");
    expect(reader.got[1]?.[2].retain).toBe(false);
});

test("a session keeps messages for a client that is away, but not those that expired, and ends with its time", async () => {
    const { client } = await openBroker();
    const session = { clean: false, properties: { sessionExpiryInterval: 60 } };
    const first = await client("reader", session);
    await first.client.subscribeAsync("t", { qos: 1 });
    await first.client.endAsync(true);
    const writer = await client("writer");
    await writer.client.publishAsync("t", "kept", { qos: 1 });
    await writer.client.publishAsync("t", "expired", { qos: 1, properties: { messageExpiryInterval: 0 } });
    const second = await client("reader", session);
    await second.until("kept");
    await second.client.endAsync(true);
    const third = await client("reader", { clean: true });
    await writer.client.publishAsync("t", "unheard", { qos: 1 });
    await third.client.subscribeAsync("t", { qos: 1 });
    await writer.client.publishAsync("t", "heard", { qos: 1 });
    await third.until("heard");
});

test("the will speaks for a client that is cut off, not for one that says goodbye", async () => {
    const { client } = await openBroker();
    const reader = await client("reader");
    await reader.client.subscribeAsync("w/#", { qos: 1 });
    const will = (topic: string) => ({ will: { topic, payload: Buffer.from(topic), qos: 1 as const, retain: true } });
    const polite = await client("polite", will("w/polite"));
    await polite.client.endAsync();
    const cut = await client("cut", will("w/cut"));
    cut.client.stream.destroy();
    await reader.until("w/cut");
});

test("a second connection of the same client ends the first", async () => {
    const { client } = await openBroker();
    const first = await client("twin");
    const ended = closed(first.client);
    await client("twin");
    await ended;
});

test("a judge refuses, or cuts off", async () => {
    const { broker, client } = await openBroker();
    const writer = await client("writer");
    broker.judge = () => 0x99;
    await expect(writer.client.publishAsync("t", "x", { qos: 1 })).rejects.toMatchObject({ code: 0x99 });
    broker.judge = () => undefined;
    const ended = closed(writer.client);
    writer.client.publish("t", "x", { qos: 1 });
    await ended;
});

test("closed, the port refuses; opened again, it is the same, and sessions are there unless forgotten", async () => {
    const { broker, client, port } = await openBroker();
    const session = { clean: false, properties: { sessionExpiryInterval: 60 } };
    const refusal = (): Promise<unknown> => new Promise((resolve) => createConnection(port).once("error", resolve));
    for (const forget of [false, true]) {
        const reader = await client("reader", session);
        const ended = closed(reader.client);
        await broker.close({ forget });
        await ended;
        expect(await refusal()).toMatchObject({ code: "ECONNREFUSED" });
        await broker.listen();
        const again = await client("reader", session);
        expect(again.isSessionPresent).toBe(!forget);
        await again.client.endAsync(true);
    }
});

test("a client that falls silent is cut off after one and a half keepalives", async () => {
    const { client } = await openBroker();
    const reader = await client("reader");
    await reader.client.subscribeAsync("w", { qos: 1 });
    const silent = await client("silent", {
        keepalive: 1,
        will: { topic: "w", payload: Buffer.from("gone"), qos: 1, retain: false },
    });
    silent.client.sendPing = () => undefined;
    await reader.until("gone");
});
