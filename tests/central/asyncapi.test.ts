/** The contract's own soundness, and every message that link and simulated central system really send held against it. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type IPublishPacket, type MqttClient } from "mqtt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { EventLedger } from "../../simulators/central/event-ledger.ts";
import { PublishedList } from "../../simulators/central/published-list.ts";
import * as messages from "../../src/central/messages.ts";
import { FACT_KINDS, FACTS } from "../../src/core/fact/fact.ts";
import { channels, document, inlined, isNode, resolveRef, schemaOf } from "./asyncapi.ts";
import { CentralChild, SITE } from "./central-child.ts";
import { Condition } from "./condition.ts";
import { SiteBox } from "./site-box.ts";
import { wireBookings } from "./wire-bookings.ts";

interface Seen {
    readonly topic: string;
    readonly json: unknown;
    readonly packet: IPublishPacket;
}

const seen: Seen[] = [];
let central: CentralChild;
let box: SiteBox;
let observer: MqttClient;

beforeAll(async () => {
    central = await CentralChild.start({ bookings: wireBookings(25), bookingsPerPart: 10 });
    const condition = new Condition();
    observer = connect(central.url, { protocolVersion: 5, reconnectPeriod: 0, clientId: "observer" });
    observer.on("message", (topic, payload, packet) => {
        seen.push({ topic, json: JSON.parse(payload.toString()), packet });
        condition.poke();
    });
    await observer.subscribeAsync({ "kordon/v1/#": { qos: 1, rap: true } });
    const see = (what: string, fits: (message: Seen) => boolean): Promise<void> =>
        condition.until(what, () => seen.some(fits));
    box = new SiteBox(central.url);
    box.link.publishDeviceHealth([
        { device: "camera-1", state: "well", failures: 0 },
        { device: "barrier-1", state: "failed", code: "NO_REPLY", detail: "No reply in 500 ms.", failures: 2 },
    ]);
    for (const [index, kind] of FACT_KINDS.entries()) {
        const where =
            index % 3 === 0 ? {} : index % 3 === 1 ? { lane: "lane-1" } : { lane: "lane-1", passage: `p-${index}` };
        box.journal.commit(
            { facts: [{ kind, ...where, data: FACTS[kind].example }] },
            { utcMs: 1_900_000_000_000 + index, isClockTrusted: index % 2 === 0 },
        );
    }
    box.commit(1, { text: "z".repeat(200_000) });
    box.commit(400); // More than are on their way at once: the newest go out on `live` as well.
    box.link.start();
    await see("the list is in force", ({ topic }) => topic.endsWith("/bookings/version"));
    central.order({ do: "set-status", id: "B-1", status: "Въехал на пункт пропуска" });
    for (const fields of [
        { order: "open", lane: "lane-1" },
        { order: "close", lane: "lane-1" },
        { order: "message", lane: "lane-1", text: "Күтіңіз", showS: 20 },
        { order: "mode", lane: "lane-1", mode: "out-of-service" },
        { order: "sync" },
    ]) {
        central.order({ do: "command", fields });
    }
    await condition.until(
        "all commands are answered",
        () => seen.filter(({ topic }) => topic.includes("/answers/")).length === 5,
    );
    await box.until("the outbox is empty", () => box.journal.depth() === 0);
    await box.close();
    await see("the box said goodbye", ({ json }) => isNode(json) && json["reason"] === "stopped");
});

afterAll(async () => {
    await observer?.endAsync(true);
    await central?.stop();
});

test("every channel of the contract is used, and no other", () => {
    const unknown = seen.filter(({ topic }) => !channels.some(({ address }) => address.test(topic)));
    expect(unknown.map(({ topic }) => topic)).toEqual([]);
    for (const { name, address } of channels) {
        expect(
            seen.some(({ topic }) => address.test(topic)),
            `${name} was used`,
        ).toBe(true);
    }
    expect(seen.length).toBeGreaterThan(FACT_KINDS.length + 15);
});

test.each(channels)(
    "every message on $name keeps to the contract",
    ({ address, payload, contentType, isRetained, qos }) => {
        for (const { topic, json, packet } of seen.filter((message) => address.test(message.topic))) {
            const result = payload.safeParse(json);
            expect(result.success ? [] : result.error.issues, `${topic} ${JSON.stringify(json)}`).toEqual([]);
            expect(packet.qos).toBe(qos);
            expect([topic, packet.retain]).toEqual([topic, isRetained]);
            const isWill = isNode(json) && json["state"] === "offline";
            if (!isWill) expect([topic, packet.properties?.contentType]).toEqual([topic, contentType]);
        }
    },
);

test.each(channels)("the contract of $name refuses what is not that", ({ payload }) => {
    for (const wrong of [
        undefined,
        null,
        [],
        "",
        1,
        {},
        { version: -1 },
        { state: "asleep" },
        { specversion: "0.3" },
    ]) {
        expect(payload.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
});

test("commands carry what the contract asks of their headers", () => {
    const commands = seen.filter(({ topic }) => topic.endsWith("/commands"));
    for (const { packet } of commands) {
        expect(packet.properties?.responseTopic).toMatch(new RegExp(`^kordon/v1/${SITE}/answers/`));
        expect(packet.properties?.correlationData?.byteLength).toBeGreaterThan(0);
        expect(packet.properties?.messageExpiryInterval).toBeLessThanOrEqual(60);
    }
    expect(commands).toHaveLength(5);
});

test("every kind of fact is in the contract, and the stand-in", () => {
    const { oneOf } = schemaOf("event") as { oneOf: { properties: { type: { const: string } } }[] };
    const kinds = [...FACT_KINDS, "fact.withheld"].map((kind) => `kz.kordon.${kind}.v1`);
    expect(oneOf.map(({ properties }) => properties.type.const).sort()).toEqual([...kinds].sort());
    const types = new Set(
        seen.filter(({ topic }) => topic.endsWith("/events")).map(({ json }) => isNode(json) && json["type"]),
    );
    expect(types).toEqual(new Set(kinds));
});

test("the examples of the contract's page keep to it, and their hashes come out", () => {
    const page = readFileSync(new URL("../../docs/reference/mqtt-contract.md", import.meta.url), "utf8");
    const examples = [...page.matchAll(/```json\n([^`]+)```/g)].map(([, text]) => JSON.parse(text ?? ""));
    const names = examples.map((example) => channels.filter(({ payload }) => payload.safeParse(example).success));
    expect(names.map((fitting) => [...new Set(fitting.map(({ message }) => message))])).toEqual(
        ["event", "ack", "snapshotPart", "listRequest", "versionAnswer", "command"].map((message) => [message]),
    );
    const [event, ack, part] = examples;
    const ledger = new EventLedger(join(mkdtempSync(join(tmpdir(), "kordon-page-")), "events.jsonl"));
    ledger.take(JSON.stringify(event));
    expect(ledger.report()).toMatchObject({ distinct: 1, brokenHashes: 0 });
    expect(ledger.flush()).toEqual(ack);
    expect(event.previoushash).toBe(createHash("sha256").update("5b0f6c1e9a").digest("hex"));
    expect(new PublishedList(part.bookings).hash).toBe(part.hash);
});

/** Without words for people and without the one format that the two write differently. */
function bare(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map(bare);
    if (!isNode(schema)) return schema;
    if (schema["format"] === "date-time" || String(schema["pattern"]).startsWith("^\\d{4}-")) return "instant";
    const dropped = new Set(["$schema", "description", "additionalProperties"]);
    const isSafeBound = (key: string, value: unknown): boolean =>
        key === "maximum" && value === Number.MAX_SAFE_INTEGER;
    const members = Object.entries(schema).filter(([key, value]) => !dropped.has(key) && !isSafeBound(key, value));
    const entries = members.map(([key, value]): [string, unknown] => {
        if (key === "required") return [key, [...(value as string[])].sort()];
        if (key === "type" && "const" in schema) return ["", ""];
        if (key === "type" && "enum" in schema) return ["", ""];
        if (key === "items" && isNode(value) && "properties" in value) return [key, {}]; // bookings: the store reads them
        return [key === "anyOf" ? "oneOf" : key, bare(value)];
    });
    return Object.fromEntries(entries.filter(([key]) => key !== ""));
}

test.each([
    ["ack", messages.Ack],
    ["versionAnswer", messages.VersionAnswer],
    ["snapshotPart", messages.SnapshotPart],
    ["delta", messages.Delta],
    ["command", messages.Command],
])("the link reads %s exactly as the contract writes it", (name, schema) => {
    expect(bare(z.toJSONSchema(schema, { io: "input" }))).toEqual(bare(schemaOf(name)));
});

test("every reference names something, every operation a channel, every address starts with the version", () => {
    expect(() => inlined(document)).not.toThrow();
    expect(document["asyncapi"]).toBe("3.0.0");
    const used = Object.values(resolveRef("#/operations")).map((operation) => {
        const { action, channel } = operation as { action: string; channel: { $ref: string } };
        expect(["send", "receive"]).toContain(action);
        return channel.$ref;
    });
    const replies = ["#/channels/answers"];
    const all = Object.keys(resolveRef("#/channels")).map((name) => `#/channels/${name}`);
    expect([...used, ...replies].sort()).toEqual(all.sort());
    for (const channel of Object.values(resolveRef("#/channels"))) {
        expect((channel as { address: string }).address).toMatch(/^kordon\/v1\/\{site\}\//);
    }
});
