/** What a connection to a real Mosquitto must have: TLS with the box's own certificate, will, kept session, receive maximum. */
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { BrokerAddress } from "../../src/central/mqtt-connection.ts";
import { SITE } from "./central-child.ts";
import { Condition } from "./condition.ts";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "./mosquitto.ts";
import { SiteBox } from "./site-box.ts";
import { type Certificates, makeCertificates } from "./test-certificates.ts";

type BrokerTls = NonNullable<BrokerAddress["tls"]>;

const NEEDS_OPENSSL = "needs openssl";
const USERNAME = `kordon-${SITE}`;
const cleanUp: (() => Promise<void> | void)[] = [];
let certificates: Certificates | undefined;

beforeAll(() => {
    certificates = makeCertificates(USERNAME);
});
afterEach(async () => {
    for (const close of cleanUp.splice(0).reverse()) await close();
});

async function broker(lines: readonly string[] = []): Promise<Mosquitto> {
    const mosquitto = await Mosquitto.start(lines);
    cleanUp.push(() => mosquitto.kill());
    return mosquitto;
}

function boxAt(...parameters: ConstructorParameters<typeof SiteBox>): SiteBox {
    const box = new SiteBox(...parameters);
    cleanUp.push(() => box.close());
    return box;
}

/** Somebody at the central system, who hears everything of the site. */
async function listener(url: string): Promise<{ client: MqttClient; heard: Condition; messages: [string, string][] }> {
    const heard = new Condition();
    const messages: [string, string][] = [];
    const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
    cleanUp.push(() => client.endAsync(true));
    client.on("message", (topic, payload) => {
        messages.push([topic.replace(`kordon/v1/${SITE}/`, ""), payload.toString()]);
        heard.poke();
    });
    await client.subscribeAsync(`kordon/v1/${SITE}/#`, { qos: 1 });
    return { client, heard, messages };
}

async function tlsBroker(made: Certificates): Promise<string> {
    const file = (name: string): string => `${made.folder}/${name}`;
    const mosquitto = await broker([
        `cafile ${file("ca.crt")}`,
        `certfile ${file("broker.crt")}`,
        `keyfile ${file("broker.key")}`,
        "user root", // Otherwise it cannot read the files of whoever runs the tests.
        "require_certificate true",
        "use_identity_as_username true",
    ]);
    return mosquitto.url.replace("mqtt:", "mqtts:");
}

test("TLS: the box shows its own certificate, and its facts get through", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    if (certificates === undefined) return context.skip(NEEDS_OPENSSL);
    const url = await tlsBroker(certificates);
    const tls = { ca: certificates.ca, ...certificates.box };
    const central = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0, ...tls });
    cleanUp.push(() => central.endAsync(true));
    const heard = new Condition();
    let sequence = "";
    central.on("message", (_, payload) => {
        sequence = JSON.parse(payload.toString()).sequence;
        heard.poke();
    });
    await central.subscribeAsync(`kordon/v1/${SITE}/events`, { qos: 1 });
    const box = boxAt(url, { broker: { url, clientId: USERNAME, tls } });
    box.commit(1);
    box.link.start();
    await heard.until("the fact has come", () => sequence === "0000000000000001");
});

test.for<[string, (made: Certificates) => BrokerTls, string]>([
    ["without a certificate of its own", (made: Certificates) => ({ ca: made.ca }), ""],
    [
        "with a stranger's certificate",
        (made: Certificates) => ({ ca: made.ca, cert: made.stranger.cert, key: made.stranger.key }),
        "",
    ],
    ["that trusts another authority", (made: Certificates) => ({ ca: made.stranger.ca, ...made.box }), "certificate"],
])("TLS: a box %s stays offline and says so", async ([, tlsOf, detail], context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const made = certificates;
    if (made === undefined) return context.skip(NEEDS_OPENSSL);
    const url = await tlsBroker(made);
    const box = boxAt(url, { broker: { url, clientId: USERNAME, tls: tlsOf(made) } });
    box.commit(1);
    box.link.start();
    await box.until("it has tried twice", () => box.link.health().state === "failed");
    expect(box.link.health()).toMatchObject({ code: "NOT_CONNECTED", detail: expect.stringContaining(detail) });
    expect(box.link.isOnline()).toBe(false);
    expect(box.journal.depth()).toBe(1);
});

test("the session is kept: a command given while the connection was broken is carried out when it is back", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const mosquitto = await broker();
    const { client, heard, messages } = await listener(mosquitto.url);
    const orders: string[] = [];
    const first = boxAt(mosquitto.url);
    first.link.start();
    await first.until("it is online", () => first.link.isOnline());
    await first.link.stop();
    const now = Date.now();
    const command = {
        nonce: "given-while-away",
        order: "open",
        lane: "lane-1",
        who: "centre-7",
        why: "queue jam",
        issued: new Date(now).toISOString(),
        expires: new Date(now + 50_000).toISOString(),
    };
    await client.publishAsync(`kordon/v1/${SITE}/commands`, JSON.stringify(command), {
        qos: 1,
        properties: {
            responseTopic: `kordon/v1/${SITE}/answers/centre`,
            correlationData: Buffer.from("c-1"),
            messageExpiryInterval: 50,
        },
    });
    const second = boxAt(mosquitto.url, {
        onCommand: async ({ order }) => {
            orders.push(order);
            return { outcome: "done" };
        },
    });
    second.link.start();
    await heard.until("it is answered", () => messages.some(([topic]) => topic === "answers/centre"));
    expect(orders).toEqual(["open"]);
    const answer = messages.find(([topic]) => topic === "answers/centre")?.[1] ?? "";
    expect(JSON.parse(answer)).toMatchObject({ nonce: "given-while-away", outcome: "done" });
});

test("the broker's receive maximum is kept: never more events on their way than it allows", async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const mosquitto = await broker(["max_inflight_messages 3"]);
    const { heard, messages } = await listener(mosquitto.url);
    const box = boxAt(mosquitto.url);
    box.commit(200);
    box.link.start();
    const events = (): number => messages.filter(([topic]) => topic === "events").length;
    await heard.until("all events are there", () => events() >= 200);
    // A client that sends more than it may is disconnected with reason 0x93.
    expect(box.link.health().failures).toBe(0);
});
