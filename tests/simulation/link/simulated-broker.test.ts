// The simulated broker breaks what real ones break, and nothing else: order is kept, what was acknowledged may still be lost.
import { expect, test } from "vitest";
import { SimulatedBroker } from "../../../simulation/link/simulated-broker.ts";
import { VirtualClock } from "../../../simulation/time/virtual-clock.ts";
import { Random } from "../../../simulators/world/random.ts";

const ACK = "kordon/v1/site/ack";
const EVENTS = "kordon/v1/site/events";

function rig() {
    const clock = new VirtualClock(0);
    const broker = new SimulatedBroker(clock, new Random(1, "broker"), [ACK]);
    const heard: string[] = [];
    const stored: string[] = [];
    const pubacks: number[] = [];
    let losses = 0;
    const run = async (ms: number): Promise<void> => {
        await clock.advance(clock.monotonicMs() + ms);
    };
    const connect = () =>
        broker.connect({
            onMessage: ({ payload, isRetained }) => heard.push(`${payload}${isRetained ? " retained" : ""}`),
            onLost: () => {
                losses += 1;
            },
        });
    const join = (): void => broker.joinCentral({ take: ({ payload }) => stored.push(String(payload)) });
    const publish = (session: ReturnType<typeof connect>, ...texts: readonly string[]): void => {
        for (const text of texts) {
            session?.publish({ topic: EVENTS, payload: Buffer.from(text) }, (code) => pubacks.push(code));
        }
    };
    const say = (text: string, retain = false): void =>
        broker.say({ topic: ACK, payload: Buffer.from(text), isRetained: false, retain });
    return { broker, heard, stored, pubacks, losses: () => losses, run, connect, join, publish, say };
}

test("messages arrive in order, both ways, and each is acknowledged", async () => {
    const { heard, stored, pubacks, run, connect, join, publish, say } = rig();
    join();
    const session = connect();
    const texts = Array.from({ length: 50 }, (_, n) => String(n));
    publish(session, ...texts);
    for (const text of texts) say(text);
    await run(5_000);
    expect(stored.toSorted((one, other) => Number(one) - Number(other))).toEqual(texts);
    expect(heard).toEqual(texts);
    expect(pubacks).toEqual(texts.map(() => 0));
});

test("a cut loses acknowledgements, and may lose messages; a new connection may be made at once", async () => {
    const { broker, pubacks, losses, run, connect, join, publish } = rig();
    join();
    const session = connect();
    publish(session, "a", "b");
    broker.cut();
    expect(losses()).toBe(1);
    await run(1_000);
    expect(pubacks).toEqual([]);
    expect(connect()).toBeDefined();
});

test("without a central system that ever came nobody is there; while it is away messages wait for it", async () => {
    const { broker, stored, pubacks, run, connect, join, publish } = rig();
    const session = connect();
    publish(session, "nobody");
    await run(500);
    expect(pubacks).toEqual([0x10]);
    join();
    broker.leaveCentral();
    publish(session, "waits");
    await run(500);
    expect(stored).toEqual([]);
    join();
    await run(500);
    expect(stored).toEqual(["waits"]);
});

test("a broker that forgets loses what it had acknowledged, and what it kept for the box", async () => {
    const { broker, heard, stored, pubacks, run, connect, join, publish, say } = rig();
    join();
    const session = connect();
    say("kept", true);
    broker.leaveCentral();
    publish(session, "acknowledged");
    await run(500);
    expect(pubacks).toEqual([0]);
    broker.goDown(true);
    expect(connect()).toBeUndefined();
    broker.comeUp();
    join();
    connect();
    await run(500);
    expect(stored).toEqual([]);
    expect(heard).toEqual(["kept"]);
});

test("what is retained is said again on every connection, what waited once", async () => {
    const { broker, heard, run, connect, say } = rig();
    connect();
    say("kept", true);
    await run(500);
    broker.cut();
    say("waited");
    connect();
    await run(500);
    expect(heard).toEqual(["kept", "kept retained", "waited"]);
});

test("a mute broker neither takes nor answers, until the keep-alive ends the connection", async () => {
    const { broker, stored, pubacks, losses, run, connect, join, publish, say } = rig();
    join();
    const session = connect();
    await run(100);
    broker.fallMute();
    publish(session, "a");
    say("b");
    await run(29_000);
    expect([stored, pubacks, losses()]).toEqual([[], [], 0]);
    await run(2_000);
    expect(losses()).toBe(1);
    expect(connect()).toBeUndefined();
    broker.comeUp();
    expect(connect()).toBeDefined();
});
