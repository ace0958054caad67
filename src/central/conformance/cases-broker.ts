/** What the broker must offer, and that somebody listens behind it. */
import { CaseSkipped, type ConformanceCase, must } from "./conformance-case.ts";
import type { ConformanceKit } from "./conformance-kit.ts";

/** An event of 128 KiB with its fixed header, topic and properties. */
const PACKET_BYTES_NEEDED = (128 << 10) + 512;
const NOBODY = 0x10;
const REFUSED = 0x80;
const SUBSCRIPTIONS = 5;

async function isHeard(kit: ConformanceKit, topic: string, json: object, retain = false): Promise<void> {
    const code = await kit.box.publish(topic, JSON.stringify(json), { retain });
    must(code !== NOBODY, `PUBACK says that nobody is subscribed to ${topic}`);
    must(code < REFUSED, `PUBACK refuses ${topic} with reason code 0x${code.toString(16)}`);
}

/** A second client that listens where boxes need not be allowed to. */
async function watchingStatus<T>(kit: ConformanceKit, act: (watcher: ConformanceKit["box"]) => Promise<T>): Promise<T> {
    const watcher = kit.newBox();
    try {
        await watcher.connect({ isClean: true, suffix: "-watcher" });
        if (!(await watcher.listenTo("status"))) throw new CaseSkipped("this account may not read the topic status");
        return await act(watcher);
    } finally {
        await watcher.end();
    }
}

function stateOf(json: unknown): unknown {
    return typeof json === "object" && json !== null && "state" in json ? json.state : undefined;
}

export const BROKER_CASES: readonly ConformanceCase[] = [
    {
        name: "broker.mqtt5",
        claim: "accepts an MQTT 5 connection of the box",
        async run(kit) {
            must(kit.box.connack?.reasonCode === 0, `CONNACK reason code ${kit.box.connack?.reasonCode}`);
        },
    },
    {
        name: "broker.subscriptions",
        claim: "grants QoS 1 on the five topics that come down",
        async run(kit) {
            const { granted } = kit.box;
            must(
                granted.length === SUBSCRIPTIONS && granted.every((qos) => qos === 1),
                `granted ${granted.join(", ")}`,
            );
        },
    },
    {
        name: "broker.qos1",
        claim: "takes QoS 1 messages",
        async run(kit) {
            must((kit.box.connack?.properties?.maximumQoS ?? 2) >= 1, "maximum QoS is 0");
        },
    },
    {
        name: "broker.retain",
        claim: "keeps retained messages",
        async run(kit) {
            must(kit.box.connack?.properties?.retainAvailable !== false, "retain is not available");
        },
    },
    {
        name: "broker.event-size",
        claim: "takes packets of 128 KiB and their header",
        async run(kit) {
            const most = kit.box.connack?.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
            must(most >= PACKET_BYTES_NEEDED, `maximum packet size ${most} bytes`);
        },
    },
    {
        name: "broker.session",
        claim: "keeps the session of a box that was cut off",
        async run(kit) {
            await kit.box.drop();
            await kit.box.connect();
            must(kit.box.connack?.sessionPresent === true, "a new session was begun");
        },
    },
    {
        name: "broker.takeover",
        claim: "ends the older of two connections with the same client id",
        async run(kit) {
            const second = kit.newBox();
            await second.connect();
            await kit.box.until("the older connection is ended", () => kit.box.isClosed);
            await second.end();
        },
    },
    {
        name: "broker.events-heard",
        claim: "somebody is subscribed to events",
        run: (kit) => isHeard(kit, "events", kit.journal().next()),
    },
    {
        name: "broker.requests-heard",
        claim: "somebody is subscribed to requests",
        run: (kit) =>
            isHeard(kit, "requests", { ref: kit.ref(), have: { version: 0, hash: "0".repeat(64) }, wants: "changes" }),
    },
    {
        name: "broker.status-heard",
        claim: "somebody is subscribed to status",
        run: (kit) => isHeard(kit, "status", { state: "offline", reason: "stopped" }, true),
    },
    {
        name: "broker.devices-heard",
        claim: "somebody is subscribed to the health of devices",
        run: (kit) => isHeard(kit, "devices/conformance", { device: "conformance", state: "well", failures: 0 }, true),
    },
    {
        name: "broker.will",
        claim: "publishes the will of a box that was cut off",
        run: (kit) =>
            watchingStatus(kit, async (watcher) => {
                const from = watcher.heard.length;
                await kit.box.drop();
                await watcher.until("the will on status", () =>
                    watcher.heard.slice(from).some(({ json }) => stateOf(json) === "offline"),
                );
            }),
    },
    {
        name: "broker.no-will-after-goodbye",
        claim: "does not publish the will of a box that said goodbye",
        run: (kit) =>
            watchingStatus(kit, async (watcher) => {
                await kit.box.publish("status", JSON.stringify({ state: "offline", reason: "stopped" }), {
                    retain: true,
                });
                await watcher.until("the box's own word", () => watcher.heard.some(isStopped));
                const from = watcher.heard.findLastIndex(isStopped) + 1;
                await kit.box.end();
                await kit.quiet();
                must(watcher.heard.length === from, "status was published after the goodbye");
            }),
    },
    {
        name: "broker.status-retained",
        claim: "gives the retained status to whoever comes later",
        async run(kit) {
            await kit.box.publish("status", JSON.stringify({ state: "offline", reason: "stopped" }), { retain: true });
            await watchingStatus(kit, (watcher) =>
                watcher.until("a retained status", () => watcher.heard.some(({ packet }) => packet.retain)),
            );
        },
    },
];

function isStopped({ json }: { readonly json: unknown }): boolean {
    return typeof json === "object" && json !== null && "reason" in json && json.reason === "stopped";
}
