import fc from "fast-check";
import { expect, test } from "vitest";
import type { IncomingMessage } from "../../src/central/broker-session.ts";
import { CommandIntake, type CommandOutcome } from "../../src/central/command-intake.ts";
import type { Command } from "../../src/central/messages.ts";
import { settle, VirtualClock } from "../transport/virtual-clock.ts";
import { ScriptedSession } from "./scripted-session.ts";

const TOPIC = "kordon/v1/site/answers/centre";

function scene(handle: (command: Command) => Promise<CommandOutcome> = async () => ({ outcome: "done" })) {
    const clock = new VirtualClock();
    const session = new ScriptedSession();
    const carriedOut: Command[] = [];
    const refused: string[] = [];
    const malformed: string[] = [];
    const trust = { isTrusted: true };
    const off = new Set<string>();
    const nonces = new Set<string>();
    const disk: { fault: Error | undefined } = { fault: undefined };
    const intake = new CommandIntake({
        clock,
        limits: { lifetimeMsMax: 60_000, skewMsMax: 2_000, runningMax: 2, answerMsMax: 15_000 },
        isAnswerTopic: (topic) => topic.startsWith("kordon/v1/site/answers/"),
        isClockTrusted: () => trust.isTrusted,
        isSwitchedOn: (order) => !off.has(order),
        nonces: {
            use: (nonce) => {
                if (disk.fault !== undefined) throw disk.fault;
                return nonces.size < nonces.add(nonce).size;
            },
        },
        handle: (command) => {
            carriedOut.push(command);
            return handle(command);
        },
        onRefused: (_, code) => refused.push(code),
        onMalformed: (_, reason) => malformed.push(reason),
    });
    let nonce = 0;
    const command = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
        nonce: `nonce-${String(nonce++).padStart(6, "0")}`,
        order: "open",
        lane: "lane-1",
        who: "centre-7",
        why: "queue jam",
        issued: at(0),
        expires: at(10_000),
        ...fields,
    });
    const at = (fromNowMs: number): string => new Date(clock.utcMs() + fromNowMs).toISOString();
    const send = async (content: unknown, message: Partial<IncomingMessage> = {}) => {
        const payload = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
        const sent = session.sent.length;
        const whole = {
            topic: "commands",
            payload,
            isRetained: false,
            responseTopic: TOPIC,
            correlation: Buffer.from("c"),
        };
        intake.take({ ...whole, ...message }, session);
        await settle();
        return session.sent.length > sent ? session.json(-1) : undefined;
    };
    return { clock, session, intake, carriedOut, refused, malformed, trust, off, nonces, disk, command, at, send };
}

/** Some time after the start. */
async function running(...parameters: Parameters<typeof scene>) {
    const made = scene(...parameters);
    await made.clock.advance(5_000);
    return made;
}

test("a valid command is carried out and answered where it asked, with its correlation data", async () => {
    const { carriedOut, command, send, session, clock } = await running();
    const order = command();
    expect(await send(order)).toEqual({
        nonce: order["nonce"],
        outcome: "done",
        at: new Date(clock.utcMs()).toISOString(),
    });
    expect(carriedOut).toEqual([order]);
    expect(session.sent[0]?.message).toMatchObject({ topic: TOPIC, correlation: Buffer.from("c") });
});

test.each([
    ["expired", "STALE", { issued: -20_000, expires: -1 }],
    ["expiring this millisecond", "STALE", { issued: -20_000, expires: 0 }],
    ["from the future", "NOT_YET", { issued: 2_001, expires: 10_000 }],
    ["living too long", "LIVES_TOO_LONG", { issued: 0, expires: 60_001 }],
])("a command %s is refused: %s", async (_, code, { issued, expires }) => {
    const { carriedOut, command, send, refused, at } = await running();
    const answer = await send(command({ issued: at(issued), expires: at(expires) }));
    expect(answer).toMatchObject({ outcome: "refused", code });
    expect(refused).toEqual([code]);
    expect(carriedOut).toEqual([]);
});

test("a command at the very limits is carried out", async () => {
    const { command, send, at } = await running();
    expect(await send(command({ issued: at(2_000), expires: at(62_000) }))).toMatchObject({ outcome: "done" });
    expect(await send(command({ issued: at(-3_000), expires: at(1) }))).toMatchObject({ outcome: "done" });
});

test("a command given before the start is carried out, unless the run before had taken it", async () => {
    const { command, send, at, nonces, carriedOut, refused } = scene();
    expect(await send(command({ issued: at(-5_000), expires: at(20_000) }))).toMatchObject({ outcome: "done" });
    const taken = command({ issued: at(-5_000), expires: at(20_000) });
    nonces.add(String(taken["nonce"]));
    expect(await send(taken)).toMatchObject({ outcome: "refused", code: "REPEATED" });
    expect(carriedOut).toHaveLength(1);
    expect(refused).toEqual(["REPEATED"]);
});

test("a kind that is switched off is refused and recorded, the others are carried out", async () => {
    const { command, send, off, carriedOut, refused } = scene();
    off.add("open");
    expect(await send(command())).toMatchObject({ outcome: "refused", code: "SWITCHED_OFF" });
    expect(await send(command({ order: "close" }))).toMatchObject({ outcome: "done" });
    expect(carriedOut).toMatchObject([{ order: "close" }]);
    expect(refused).toEqual(["SWITCHED_OFF"]);
});

test("what cannot be written down as taken is not carried out", async () => {
    const { command, send, disk, carriedOut, refused } = scene();
    disk.fault = new Error("the disk is full");
    expect(await send(command())).toMatchObject({ outcome: "refused", code: "NOT_RECORDED" });
    expect(carriedOut).toEqual([]);
    expect(refused).toEqual(["NOT_RECORDED"]);
});

test("a nonce is taken once, and the answer to a repetition says what came of the first", async () => {
    let finish: (outcome: CommandOutcome) => void = () => undefined;
    const { carriedOut, command, send, refused, clock } = await running(
        () => new Promise((resolve) => (finish = resolve)),
    );
    const order = command();
    expect(await send(order)).toBeUndefined();
    expect(await send(order)).toMatchObject({ outcome: "refused", code: "REPEATED" });
    finish({ outcome: "refused", code: "LANE_OCCUPIED", detail: "a vehicle is there" });
    await settle();
    expect(await send(order)).toMatchObject({ code: "REPEATED", earlier: "refused" });
    await clock.advance(10_000);
    void send(command()); // A new command makes the box forget expired nonces: expiry refuses them from then on.
    expect(await send(order)).toMatchObject({ code: "STALE" });
    expect(carriedOut).toHaveLength(2);
    expect(refused).toEqual(["REPEATED", "REPEATED", "STALE"]);
});

test("without a trusted clock no command's age can be judged, so none is carried out", async () => {
    const { command, send, trust, carriedOut } = await running();
    trust.isTrusted = false;
    expect(await send(command())).toMatchObject({ code: "CLOCK_UNTRUSTED" });
    expect(carriedOut).toEqual([]);
});

test("only so many commands run at once, and one that never ends is answered for", async () => {
    const { clock, command, send, session } = await running(() => new Promise(() => undefined));
    await send(command());
    await send(command());
    expect(await send(command())).toMatchObject({ code: "BUSY" });
    await clock.advance(15_000);
    expect([session.json(-2), session.json(-1)].map(({ code }) => code)).toEqual(["NO_ANSWER", "NO_ANSWER"]);
    expect(await send(command())).toBeUndefined();
});

test("a handler that throws has failed, and the daemon goes on", async () => {
    const { command, send } = await running(() => Promise.reject(new Error("no such lane")));
    expect(await send(command())).toMatchObject({ outcome: "failed", code: "FAILED", detail: "no such lane" });
});

test("a message without a way to answer on this site's own topics is no command", async () => {
    const { command, send, malformed, carriedOut } = await running();
    expect(await send(command(), { responseTopic: "kordon/v1/other/commands" })).toBeUndefined();
    expect(await send(command(), { responseTopic: "" })).toBeUndefined();
    expect(await send(command(), { correlation: Buffer.alloc(257) })).toBeUndefined();
    expect(malformed).toHaveLength(3);
    expect(carriedOut).toEqual([]);
});

test("a message without correlation data is no command", async () => {
    const { command, intake, session, malformed } = await running();
    const payload = Buffer.from(JSON.stringify(command()));
    intake.take({ topic: "commands", payload, isRetained: false, responseTopic: TOPIC }, session);
    intake.take({ topic: "commands", payload, isRetained: false, correlation: Buffer.from("c") }, session);
    await settle();
    expect(malformed).toHaveLength(2);
    expect(session.sent).toHaveLength(0);
});

test("a retained command is refused: it would come again with every connection", async () => {
    const { command, send, malformed } = await running();
    expect(await send(command(), { isRetained: true })).toMatchObject({ nonce: null, code: "MALFORMED" });
    expect(malformed).toHaveLength(1);
});

test.each([
    ["an unknown order", { order: "lift" }],
    ["an unknown field", { speed: 3 }],
    ["no lane", { lane: undefined }],
    ["a short nonce", { nonce: "1" }],
    ["a day that is not", { expires: "2026-02-30T00:00:00Z" }],
    ["no reason", { why: "" }],
    ["a time in another zone", { issued: "2026-11-22T08:00:00+05:00" }],
])("a command with %s is malformed", async (_, fields) => {
    const { command, send, malformed, carriedOut } = await running();
    expect(await send(command(fields))).toMatchObject({ nonce: null, outcome: "refused", code: "MALFORMED" });
    expect(malformed).toHaveLength(1);
    expect(carriedOut).toEqual([]);
});

test("no bytes whatever end the daemon or move anything", async () => {
    const { send, carriedOut, malformed } = await running();
    const samples = fc.sample(
        fc.oneof(fc.string(), fc.json(), fc.constantFrom("null", "[]", "{}", "1e999", "\ufeff{}")),
        {
            numRuns: 200,
            seed: 3,
        },
    );
    for (const text of samples) expect(await send(text)).toMatchObject({ code: "MALFORMED" });
    expect(carriedOut).toEqual([]);
    expect(malformed).toHaveLength(200);
});
