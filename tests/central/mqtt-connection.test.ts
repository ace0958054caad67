/** Reconnection by our own clock, against a broker that is not there, that refuses, and that speaks nonsense. */
import { createServer, type Server, type Socket } from "node:net";
import mqttPacket, { type Packet } from "mqtt-packet";
import { afterEach, expect, test } from "vitest";
import type { BrokerSession } from "../../src/central/broker-session.ts";
import { LINK_LIMITS } from "../../src/central/link-limits.ts";
import { MqttConnection } from "../../src/central/mqtt-connection.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";
import { Condition } from "./condition.ts";

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
    for (const close of cleanUp.splice(0).reverse()) await close();
});

/** Answers packets as told; `taken` is every packet of every connection. */
async function scriptedBroker(answer: (packet: Packet, socket: Socket) => Packet | Buffer | undefined) {
    const taken: Packet[] = [];
    const condition = new Condition();
    const sockets = new Set<Socket>();
    let connections = 0;
    const server: Server = createServer((socket) => {
        connections += 1;
        sockets.add(socket);
        const parser = mqttPacket.parser({ protocolVersion: 5 });
        socket.on("error", () => undefined);
        socket.on("data", (bytes) => parser.parse(bytes));
        parser.on("packet", (packet) => {
            taken.push(packet);
            const reply = answer(packet, socket);
            if (reply !== undefined) {
                socket.write(Buffer.isBuffer(reply) ? reply : mqttPacket.generate(reply, { protocolVersion: 5 }));
            }
            condition.poke();
        });
        condition.poke();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanUp.push(() => {
        for (const socket of sockets) socket.destroy();
        return new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const url = `mqtt://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    return { url, taken, condition, connections: () => connections };
}

function connectionTo(url: string) {
    const condition = new Condition();
    const clock = new (class extends VirtualClock {
        override after(...timer: Parameters<VirtualClock["after"]>) {
            const cancel = super.after(...timer);
            condition.poke();
            return cancel;
        }
    })();
    const sessions: BrokerSession[] = [];
    const offline: (number | undefined)[] = [];
    const connection = new MqttConnection({
        address: { url, clientId: "kordon-site", username: "site", password: "secret" },
        limits: LINK_LIMITS.connection,
        subscriptions: ["a", "b"],
        will: { topic: "status", payload: Buffer.from("gone"), isRetained: true },
        clock,
        random: () => 1,
        onOnline: (session) => {
            sessions.push(session);
            condition.poke();
        },
        onOffline: (reasonCode) => {
            offline.push(reasonCode);
            condition.poke();
        },
        onMessage: () => undefined,
    });
    cleanUp.push(async () => {
        const stopped = connection.stop({ topic: "status", payload: Buffer.from("bye") });
        await clock.advance(10_000);
        await stopped;
    });
    return { clock, condition, sessions, offline, connection };
}

const CONNACK: Packet = { cmd: "connack", reasonCode: 0, sessionPresent: false, properties: { receiveMaximum: 2 } };

function welcome(packet: Packet): Packet | undefined {
    if (packet.cmd === "connect") return CONNACK;
    if (packet.cmd === "subscribe") return { cmd: "suback", messageId: packet.messageId ?? 0, granted: [1, 1] };
    return undefined;
}

test("the session, the will and the limits are asked for as the contract says", async () => {
    const broker = await scriptedBroker(welcome);
    const box = connectionTo(broker.url);
    box.connection.start();
    await box.condition.until("it is online", () => box.sessions.length === 1);
    expect(broker.taken[0]).toMatchObject({
        cmd: "connect",
        protocolVersion: 5,
        clean: false,
        clientId: "kordon-site",
        username: "site",
        keepalive: 20,
        properties: { sessionExpiryInterval: 3_600, maximumPacketSize: 262_144 },
        will: { topic: "status", retain: true, qos: 1, properties: { willDelayInterval: 5 } },
    });
    expect(box.sessions[0]?.inFlightMax).toBe(2);
    expect(box.connection.health()).toEqual({ state: "well", failures: 0 });
});

test("a broker that refuses is asked again after growing pauses of our own clock", async () => {
    const broker = await scriptedBroker((packet) =>
        packet.cmd === "connect" ? { cmd: "connack", reasonCode: 0x87, sessionPresent: false } : undefined,
    );
    const box = connectionTo(broker.url);
    expect(box.connection.health().state).toBe("starting");
    box.connection.start();
    for (const [attempt, pauseMs] of [1_000, 2_000, 4_000].entries()) {
        await box.condition.until(
            "the attempt failed",
            () => broker.connections() === attempt + 1 && box.clock.pendingTimers === 1,
        );
        await box.clock.advance(pauseMs - 1);
        expect(broker.connections()).toBe(attempt + 1);
        await box.clock.advance(1);
        await broker.condition.until("it tries again", () => broker.connections() === attempt + 2);
    }
    expect(box.connection.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED", failures: 1 });
    expect(box.connection.health().detail).toContain("Not authorized");
});

test("the broker's receive maximum holds for everything, and what waits goes when there is room", async () => {
    const broker = await scriptedBroker(welcome);
    const box = connectionTo(broker.url);
    box.connection.start();
    await box.condition.until("it is online", () => box.sessions.length === 1);
    const answered: number[] = [];
    for (const topic of ["1", "2", "3"]) {
        box.sessions[0]?.publish({ topic, payload: Buffer.from(topic) }, (code) => answered.push(code));
    }
    const published = (): Packet[] => broker.taken.filter(({ cmd }) => cmd === "publish");
    await broker.condition.until("two are there", () => published().length === 2);
    expect(answered).toEqual([]);
});

test("a goodbye with a reason is passed on; an answer that cannot be read counts as a malformed packet", async () => {
    let replies: readonly (Packet | Buffer)[] = [];
    const broker = await scriptedBroker((packet, socket) => {
        if (packet.cmd !== "publish") return welcome(packet);
        const [reply, ...rest] = replies;
        replies = rest;
        if (reply !== undefined && !Buffer.isBuffer(reply) && reply.cmd === "disconnect") {
            socket.end(mqttPacket.generate(reply, { protocolVersion: 5 }));
            return undefined;
        }
        return reply;
    });
    // PUBACK of packet 1 with reason code 0x95, which Mosquitto sends and the standard does not know there.
    const puback95 = Buffer.from([0x40, 0x03, 0x00, 0x02, 0x95]);
    replies = [puback95, { cmd: "disconnect", reasonCode: 0x97 }];
    const box = connectionTo(broker.url);
    box.connection.start();
    for (const expected of [0x81, 0x97]) {
        const before = box.offline.length;
        await box.condition.until("it is online", () => box.sessions.length === before + 1);
        box.sessions[before]?.publish({ topic: "x", payload: Buffer.from("x") });
        await box.condition.until("it is offline", () => box.offline.length === before + 1);
        expect(box.offline[before]).toBe(expected);
        await box.condition.until("a new attempt is planned", () => box.clock.pendingTimers === 1);
        await box.clock.advance(60_000);
    }
});

test("a connection dropped by us is replaced, and says why in its health", async () => {
    const broker = await scriptedBroker(welcome);
    const box = connectionTo(broker.url);
    box.connection.start();
    await box.condition.until("it is online", () => box.sessions.length === 1);
    box.sessions[0]?.drop("the broker stopped acknowledging");
    await box.condition.until("it is offline", () => box.offline.length === 1);
    expect(box.connection.health().detail).toContain("stopped acknowledging");
    await box.clock.advance(1_000);
    await box.condition.until("it is online again", () => box.sessions.length === 2);
    expect(box.connection.health()).toEqual({ state: "well", failures: 1 });
});

test("stopping does not wait for a broker that has fallen silent", async () => {
    const broker = await scriptedBroker(welcome);
    const box = connectionTo(broker.url);
    box.connection.start();
    await box.condition.until("it is online", () => box.sessions.length === 1);
    const stopped = box.connection.stop({ topic: "status", payload: Buffer.from("bye") });
    await box.clock.advance(4_000);
    await stopped;
    expect(box.connection.isOnline()).toBe(false);
});
