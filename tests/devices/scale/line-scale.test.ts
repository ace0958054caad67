/** An indicator on a line: what becomes a reading, what never does, and what is said about silence, noise and losses. */
import { afterEach, describe, expect, test } from "vitest";
import { LineScale } from "../../../devices/scale/line-scale.ts";
import { Weighbridge } from "../../../devices/scale/weighbridge.ts";
import { VirtualClock } from "../../transport/virtual-clock.ts";
import { FakeLine } from "./fake-line.ts";
import { type GoldenFrame, lineProfile, protocolOf } from "./scale-bench.ts";

const TOLEDO = "toledo-continuous/mettler-toledo-continuous";
const YAOHUA = "yaohua/yaohua-xk3190-continuous-2";
const clock = new VirtualClock();
let scale: LineScale | undefined;

interface Bench {
    readonly line: FakeLine;
    readonly scale: LineScale;
}

function open(
    profile: string,
    site: GoldenFrame["site"] = {},
    divisionKg = 20,
    answer: FakeLine["answer"] = () => undefined,
): Bench {
    const line = new FakeLine(clock);
    line.answer = answer;
    const { stability, periodMs } = lineProfile(profile);
    const bridge = new Weighbridge({ capacityKg: 60_000, divisionKg }, stability);
    scale = new LineScale({ id: "bridge", line, protocol: protocolOf({ profile, site }), bridge, periodMs, clock });
    scale.start();
    return { line, scale };
}

afterEach(async () => {
    if (scale !== undefined) await clock.until(scale.stop());
    scale = undefined;
});

/** A Toledo frame by the rule of the manual, with its checksum. */
function toledo(kg: number, statusB = 0x30): Buffer {
    const body = Buffer.from(`\x02\x32${String.fromCharCode(statusB)}\x20${String(kg).padStart(6)}     0\r`, "latin1");
    const sum = body.reduce((total, byte) => total + byte, 0);
    return Buffer.concat([body, Buffer.from([-sum & 0x7f])]);
}

describe("an indicator that speaks by itself", () => {
    test("the first frame of a connection is not used; the next is, with its moment and its bytes", async () => {
        const { line, scale } = open(TOLEDO);
        expect(scale.sighting()).toBeUndefined();
        expect(scale.health().state).toBe("starting");
        line.say(toledo(12_340));
        expect(scale.sighting()).toBeUndefined();
        await clock.advance(100);
        line.say(toledo(12_360));
        expect(scale.sighting()).toEqual({
            grossKg: 12_360,
            isStable: true,
            isInRange: true,
            range: "in",
            stability: "given",
            raw: toledo(12_360).toString("hex"),
            atMs: clock.monotonicMs(),
        });
        expect(scale.health()).toMatchObject({ device: "bridge", state: "well", failures: 0 });
    });

    test("the rest of a frame before the loss and the start of one after it are never joined", () => {
        const { line, scale } = open(TOLEDO);
        for (const kg of [100, 120]) line.say(toledo(kg));
        line.say(toledo(12_340).subarray(0, 8));
        line.open();
        line.say(toledo(54_320).subarray(8));
        expect(scale.sighting()?.grossKg).toBe(120);
    });

    test("silence is a fault; the last reading ages and is not repeated", async () => {
        const { line, scale } = open(TOLEDO);
        line.say(toledo(100));
        line.say(toledo(12_340));
        const { atMs } = scale.sighting() ?? {};
        await clock.advance(601);
        expect(scale.health()).toMatchObject({
            state: "failed",
            code: "NO_REPLY",
            detail: /bridge: says nothing: check/,
        });
        await clock.advance(700);
        expect(scale.health().failures).toBe(1);
        expect(scale.sighting()?.atMs).toBe(atMs);
        line.say(toledo(12_340));
        expect(scale.health().state).toBe("well");
    });

    test("noise is a fault of another kind", async () => {
        const { line, scale } = open(TOLEDO);
        for (let n = 0; n < 40; n++) {
            line.say("\x7f\x01 no frames here at all ");
            await clock.advance(50);
        }
        expect(scale.health()).toMatchObject({
            state: "failed",
            code: "BAD_REPLY",
            detail: /line settings and format/,
        });
        expect(scale.sighting()).toBeUndefined();
    });

    test("after a long silence the connection is made anew: half-open ones never say that they are dead", async () => {
        const { line } = open(TOLEDO);
        await clock.advance(4_700);
        expect(line.renewed).toEqual([]);
        await clock.advance(700);
        expect(line.renewed).toHaveLength(1);
        await clock.advance(5_400);
        expect(line.renewed).toHaveLength(2);
    });

    test("a line that is not open says so itself", () => {
        const { line, scale } = open(TOLEDO);
        line.isOpen = false;
        expect(scale.health()).toMatchObject({ state: "failed", code: "NOT_CONNECTED", detail: "fake: is not open" });
    });

    test("overload, and more than the scale can weigh, are readings out of range", () => {
        const { line, scale } = open(TOLEDO);
        line.say(toledo(0));
        line.say(toledo(12_340, 0x34));
        expect(scale.sighting()).toMatchObject({ isInRange: false, range: "over", grossKg: 0, isStable: false });
        line.say(toledo(60_180));
        expect(scale.sighting()).toMatchObject({ isInRange: true, grossKg: 60_180 });
        line.say(toledo(60_200));
        expect(scale.sighting()).toMatchObject({ isInRange: false, range: "over" });
        expect(scale.health().state).toBe("well");
    });

    test("a weight between two steps of the scale cannot be: the reading ages and health says why", () => {
        const { line, scale } = open(TOLEDO, {}, 50);
        line.say(toledo(0));
        line.say(toledo(100));
        line.say(toledo(12_340));
        expect(scale.sighting()?.grossKg).toBe(100);
        expect(scale.health()).toMatchObject({
            state: "failed",
            code: "BAD_REPLY",
            detail: /12340 kg, which is no multiple of 50/,
        });
        line.say(toledo(12_350));
        expect(scale.health().state).toBe("well");
    });

    test("a scale that was not set to zero, or shows something else, is out of order", () => {
        const { line, scale } = open(TOLEDO);
        line.say(toledo(0));
        line.say(toledo(0, 0x70));
        expect(scale.sighting()).toMatchObject({ isInRange: false, range: "fault" });
        expect(scale.health()).toMatchObject({
            state: "failed",
            detail: "bridge: has not been set to zero since it was switched on",
        });
    });
});

describe("stability that the protocol does not give", () => {
    const frame = (kg: number): string => `=${String(kg).padStart(8, "0")}`;

    test("comes from five equal frames over a second, and goes with the first that differs", async () => {
        const { line, scale } = open(YAOHUA);
        line.say(`${frame(0)}${frame(0)}`);
        const seen: (boolean | undefined)[] = [];
        for (let n = 0; n < 7; n++) {
            line.say(frame(12_340));
            await clock.advance(250);
            seen.push(scale.sighting()?.isStable);
        }
        // A frame counts when the next one begins: the first of these completed the zero before it.
        expect(seen).toEqual([false, false, false, false, false, true, true]);
        expect(scale.sighting()).toMatchObject({ grossKg: 12_340, stability: "derived" });
        line.say(`${frame(12_360)}${frame(12_340)}`);
        expect(scale.sighting()).toMatchObject({ grossKg: 12_360, isStable: false });
        line.say(frame(12_340));
        expect(scale.sighting()).toMatchObject({ grossKg: 12_340, isStable: false });
    });

    test("frames that come fast are not enough without the time, and slow ones not without the number", async () => {
        const { line, scale } = open(YAOHUA);
        line.say(frame(0).repeat(30));
        expect(scale.sighting()).toMatchObject({ grossKg: 0, isStable: false });
        await clock.advance(500);
        line.say(`${frame(12_340)}${frame(12_340)}`);
        await clock.advance(550);
        line.say(frame(12_340));
        await clock.advance(550);
        line.say(frame(12_340));
        expect(scale.sighting()).toMatchObject({ grossKg: 12_340, isStable: false });
    });

    test("a silence, noise or a loss in between begins it anew", async () => {
        const cuts: readonly ((line: FakeLine) => Promise<void>)[] = [
            async () => clock.advance(1_300),
            async (line) => line.say("=12"),
            async (line) => line.open(),
        ];
        for (const cut of cuts) {
            const { line, scale: cutScale } = open(YAOHUA);
            line.say(frame(12_340).repeat(3));
            await clock.advance(500);
            line.say(frame(12_340));
            await cut(line);
            line.say(frame(12_340).repeat(3));
            expect(cutScale.sighting()?.isStable).toBe(false);
            await clock.until(cutScale.stop());
        }
    });
});

describe("an indicator that is asked", () => {
    const TENSO = "tenso-m/tenso-m";
    const good = Buffer.from("ff01c30500009196ffff", "hex");

    test("is asked in its rhythm; the reading is as old as the question", async () => {
        const startedMs = clock.monotonicMs();
        const { line, scale } = open(TENSO, {}, 0.1, () => good);
        await clock.advance(10);
        expect(scale.sighting()).toMatchObject({
            grossKg: -0.5,
            isStable: true,
            atMs: startedMs,
            raw: good.toString("hex"),
        });
        await clock.advance(1_000);
        expect(line.asked).toHaveLength(6);
        expect(scale.health().state).toBe("well");
    });

    test("an answer that does not come, comes from another unit, or comes late, is no reading", async () => {
        const { line, scale } = open(TENSO, {}, 0.1);
        await clock.advance(1_500);
        expect(line.asked).toHaveLength(1); // left alone after a time-out, so that a late answer finds no question
        line.say(good);
        await clock.advance(300);
        expect(scale.sighting()).toBeUndefined();
        expect(scale.health()).toMatchObject({ state: "failed", code: "BAD_REPLY" });
        line.answer = () => Buffer.from("ff02c305000091acffff", "hex");
        await clock.advance(5_000);
        expect(scale.sighting()).toBeUndefined();
        line.answer = () => good;
        await clock.advance(2_000);
        expect(scale.sighting()?.grossKg).toBe(-0.5);
    });

    test("a line that never takes a question does not end the asking", async () => {
        const { line, scale } = open(TENSO, {}, 0.1, () => good);
        line.isStuck = true;
        await clock.advance(3_000);
        expect(scale.health()).toMatchObject({ state: "failed" });
        line.isStuck = false;
        await clock.advance(3_000);
        expect(scale.health().state).toBe("well");
        expect(scale.sighting()?.grossKg).toBe(-0.5);
    });

    test("protocol 6.43 is greeted first, and again after every silence; silence ends its answers", async () => {
        const speak = (ask: Uint8Array) => Buffer.from(ask[0] === 1 ? "\xff" : "=  12340=", "latin1");
        const { line, scale } = open("tenso-643/tenso-m-643", { unit: 42 }, 20, speak);
        await clock.advance(2_000);
        expect(line.asked.slice(0, 3)).toEqual(["\x010042", "\x10", "\x10"]);
        expect(scale.sighting()).toMatchObject({ grossKg: 12_340, isStable: true, stability: "derived" });
        line.answer = () => undefined;
        await clock.advance(3_000);
        const before = line.asked.length;
        line.answer = speak;
        await clock.advance(3_000);
        expect(line.asked.slice(before).filter((ask) => ask === "\x010042")).toHaveLength(1);
        // One character too many in the answer: nothing is cut off it.
        line.answer = (ask) => Buffer.from(ask[0] === 1 ? "\xff" : "=  123400=", "latin1");
        const { raw } = scale.sighting() ?? {};
        await clock.advance(1_000);
        expect(scale.sighting()?.raw).toBe(raw);
    });

    test("a Rinstrum is asked for its state on both sides of the weight", async () => {
        const replies: Record<string, string> = { "0021": "85110021:00000400\r\n", "0026": "85110026:00000269\r\n" };
        const speak = (ask: Uint8Array) => Buffer.from(replies[Buffer.from(ask).toString("latin1").slice(4, 8)] ?? "");
        const { line, scale } = open("rinstrum/rinstrum-command", { unit: 5, kgPerCount: 20 }, 20, speak);
        await clock.advance(200);
        expect(line.asked).toEqual(["25110021:\r\n", "25110026:\r\n", "25110021:\r\n"]);
        expect(scale.sighting()).toMatchObject({ grossKg: 0x269 * 20, isStable: true });
    });
});
