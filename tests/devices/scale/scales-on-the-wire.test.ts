/**
 * Every indicator on a line of bytes, its driver against its simulated self, with every fault of the wire. The oracle is the platform:
 * a weight that is told must have stood there at or after the moment that it claims, whatever happens between.
 */
import { afterEach, describe, expect, test } from "vitest";
import { LineScale } from "../../../devices/scale/line-scale.ts";
import { Weighbridge } from "../../../devices/scale/weighbridge.ts";
import { SCALE_DIALECTS, type ScaleDialectName } from "../../../simulators/wire/scale-dialects.ts";
import type { ScaleFault } from "../../../simulators/wire/scale-fault.ts";
import { type IndicatorLine, ScaleIndicator } from "../../../simulators/wire/scale-indicator.ts";
import { Random } from "../../../simulators/world/random.ts";
import { VirtualClock } from "../../transport/virtual-clock.ts";
import { FakeLine } from "./fake-line.ts";
import { lineProfile, protocolOf } from "./scale-bench.ts";

const UNIT = 3;
const STEP_MS = 1_400; // long enough for a weight to be called still where that is derived
const LONGEST_MS = 30_000;

const PROFILES: readonly (readonly [profile: string, dialect: ScaleDialectName])[] = [
    ["toledo-continuous/mettler-toledo-continuous", "toledo"],
    ["toledo-continuous/mettler-toledo-continuous-plain", "toledo-plain"],
    ["toledo-continuous/fairbanks-continuous", "fairbanks"],
    ["cas/cas-ci-22", "cas-22"],
    ["cas/cas-ci-18", "and-18"],
    ["cas/cas-ci-10", "cas-10"],
    ["and/and-18", "and-18"],
    ["yaohua/yaohua-xk3190-continuous-0", "yaohua-0"],
    ["yaohua/yaohua-xk3190-continuous-1", "yaohua-1"],
    ["yaohua/yaohua-xk3190-continuous-2", "yaohua-2"],
    ["yaohua/yaohua-xk3190-a12e", "yaohua-a12e"],
    ["yaohua/yaohua-xk3190-command", "yaohua-command"],
    ["rinstrum/rinstrum-auto-1", "rinstrum-auto-1"],
    ["rinstrum/rinstrum-command", "rinstrum-command"],
    ["mt-sics/mettler-toledo-mt-sics", "mt-sics"],
    ["tenso-m/tenso-m", "tenso-m"],
    ["tenso-643/tenso-m-643", "tenso-643"],
];

let stop: () => Promise<unknown> = async () => undefined;
afterEach(() => stop());

function bench(profile: string, dialect: ScaleDialectName) {
    const clock = new VirtualClock();
    const startMs = clock.monotonicMs();
    /** Every weight is of one step only, so that an old one shows itself. */
    const kgAt = (atMs: number): number => 1_000 + 20 * Math.floor((atMs - startMs) / STEP_MS);
    const shown = () => ({ kg: kgAt(clock.monotonicMs()), isStable: true, isOver: false });
    const random = new Random(7, profile);
    const { stability, periodMs } = lineProfile(profile);
    const indicator = new ScaleIndicator({ dialect, unit: UNIT, shown, clock, random, periodMs });
    const line = new FakeLine(clock);
    let isJoined = false;
    const wire: IndicatorLine = {
        send: (bytes) => void (isJoined && line.say(bytes)),
        cut: () => {
            [isJoined, line.isOpen] = [false, false];
            indicator.leave(wire);
        },
    };
    // The line opens again by itself, as far as the indicator lets it.
    const open = line.open.bind(line);
    line.open = () => {
        isJoined = indicator.join(wire);
        if (isJoined) open();
    };
    line.answer = (ask) => {
        // The reply comes as an event of its own, never within the asking.
        clock.after(1, () => isJoined && indicator.heard(wire, Buffer.from(ask)));
        return undefined;
    };
    const bridge = new Weighbridge({ capacityKg: 60_000, divisionKg: 20 }, stability);
    const protocol = protocolOf({ profile, site: { unit: UNIT } });
    const scale = new LineScale({ id: "bridge", line, protocol, bridge, periodMs, clock });
    scale.start();
    stop = async () => {
        indicator.close();
        await clock.until(scale.stop());
    };
    /** Some formats have no end: a frame is whole when the next one begins. */
    const frameMs = "frame" in SCALE_DIALECTS[dialect] ? periodMs : 0;
    /** Runs on, and holds every weight that is told against the platform. */
    const run = async (forMs: number, lateMs = frameMs): Promise<Set<number>> => {
        const told = new Set<number>();
        for (let leftMs = forMs; leftMs > 0; leftMs -= 20) {
            await clock.advance(20);
            const sighting = scale.sighting();
            if (sighting?.grossKg === undefined || !sighting.isInRange) continue;
            told.add(sighting.grossKg);
            const claimed = kgAt(sighting.atMs - lateMs);
            const isThen = sighting.grossKg >= claimed && sighting.grossKg <= kgAt(clock.monotonicMs());
            if (!isThen) expect({ told: sighting, platform: claimed }).toBe("a weight of its moment");
        }
        return told;
    };
    return { indicator, line, scale, run };
}

describe.each(PROFILES)("%s", (profile, dialect) => {
    test("follows the platform", async () => {
        const { scale, run } = bench(profile, dialect);
        expect((await run(10 * STEP_MS)).size).toBeGreaterThan(8);
        expect(scale.health()).toMatchObject({ state: "well", failures: 0 });
    });

    const isAsked = "answer" in SCALE_DIALECTS[dialect];
    const numbered = ["yaohua-command", "tenso-m", "rinstrum-command"].includes(dialect);
    test.each<[ScaleFault, RegExp]>([
        [{ kind: "silence" }, /NO_REPLY|BAD_REPLY/],
        [{ kind: "garbage" }, /BAD_REPLY|NO_REPLY/],
        [{ kind: "partial" }, /BAD_REPLY|NO_REPLY/],
        [{ kind: "disconnect" }, /NOT_CONNECTED/],
        ...(numbered ? [[{ kind: "wrong-unit" }, /BAD_REPLY|NO_REPLY/] satisfies [ScaleFault, RegExp]] : []),
    ])("$kind is told and brings no weight that was not there; healed it follows again", async (fault, code) => {
        const { indicator, line, scale, run } = bench(profile, dialect);
        await run(3 * STEP_MS);
        indicator.fault(fault);
        await run(6_000);
        const before = scale.sighting();
        expect(scale.health().code).toMatch(code);
        await run(2_000);
        expect(scale.sighting()).toEqual(before);
        indicator.fault({ kind: "none" });
        if (!line.isOpen) line.open();
        expect((await run(8 * STEP_MS)).size).toBeGreaterThan(4);
        expect(scale.health().state).toBe("well");
    });

    if (isAsked)
        test("answers that are late by any time are no weight of a later question", async () => {
            for (const ms of [100, 500, 590, 610, 790, 810, 1_000, 1_300, 1_700, 2_100]) {
                const { indicator, run } = bench(profile, dialect);
                indicator.fault({ kind: "delay", ms });
                await run(LONGEST_MS / 2);
                await stop();
            }
        });
    else
        test("a stream that is late brings weights as late as itself", async () => {
            const { indicator, run } = bench(profile, dialect);
            await run(3 * STEP_MS);
            indicator.fault({ kind: "delay", ms: 900 });
            expect((await run(8 * STEP_MS, 1_200)).size).toBeGreaterThan(5);
        });
});
