/**
 * A lorry, a platform, an indicator of every family and the lane's own core, in simulated time: an honest weighing lets a
 * booked lorry in with the weight that it has, and no trick gets one past the scale. The platform's truth is the oracle.
 */
import { describe, expect, test } from "vitest";
import type { ScaleSettings } from "../../devices/scale/scale-protocol.ts";
import { Weighbridge } from "../../devices/scale/weighbridge.ts";
import { makeDay } from "../../simulators/scenarios/day.ts";
import { DayOptions } from "../../simulators/scenarios/day-options.ts";
import {
    SCALE_DIALECTS,
    type ScaleDialect,
    type ScaleDialectName,
    type Shown,
} from "../../simulators/wire/scale-dialects.ts";
import type { DriverHabitName } from "../../simulators/world/driver-habit.ts";
import { LaneGeometry } from "../../simulators/world/lane-geometry.ts";
import { Random } from "../../simulators/world/random.ts";
import { PlatformPlan, type ScaleTrick } from "../../simulators/world/weighing-platform.ts";
import { World } from "../../simulators/world/world.ts";
import type { ScaleSighting } from "../../src/ports/scale.ts";
import { booking, LaneBench, PLAN, read } from "../core/lane/lane-harness.ts";
import { lineProfile, protocolOf } from "../devices/scale/scale-bench.ts";

const PROFILE_OF: Readonly<Record<ScaleDialectName, string>> = {
    toledo: "toledo-continuous/mettler-toledo-continuous",
    "toledo-plain": "toledo-continuous/mettler-toledo-continuous-plain",
    fairbanks: "toledo-continuous/fairbanks-continuous",
    "cas-22": "cas/cas-ci-22",
    "cas-10": "cas/cas-ci-10",
    "and-18": "and/and-18",
    "yaohua-a12e": "yaohua/yaohua-xk3190-a12e",
    "yaohua-0": "yaohua/yaohua-xk3190-continuous-0",
    "yaohua-1": "yaohua/yaohua-xk3190-continuous-1",
    "yaohua-2": "yaohua/yaohua-xk3190-continuous-2",
    "yaohua-command": "yaohua/yaohua-xk3190-command",
    "rinstrum-auto-1": "rinstrum/rinstrum-auto-1",
    "rinstrum-command": "rinstrum/rinstrum-command",
    "mt-sics": "mt-sics/mettler-toledo-mt-sics",
    "tenso-m": "tenso-m/tenso-m",
    "tenso-643": "tenso-643/tenso-m-643",
};
const UNIT = 3;
const STEP_MS = 10;
const TICK_MS = 50;
const FRAME_MS = 100;
const SCALE_PLAN = { ...PLAN, hasScale: true, contacts: [...PLAN.contacts, "scaleBeam1", "scaleBeam2"] } as const;

type WireTrouble = "silent" | "garbage" | "partial" | "frozen" | "wrong-unit";

interface Case {
    readonly driver?: DriverHabitName;
    readonly loadKg?: number;
    readonly trick?: ScaleTrick;
    readonly wire?: WireTrouble;
}

/** One lorry before one boom, until it is decided upon. */
class WeighingLane {
    readonly bench = new LaneBench(SCALE_PLAN);
    readonly #world: World;
    readonly #dialect: ScaleDialect;
    readonly #case: Case;
    readonly #protocol: ReturnType<typeof protocolOf>;
    readonly #bridge: Weighbridge;
    readonly #random = new Random(7, "noise");
    readonly #site: Partial<ScaleSettings> = { unit: UNIT };
    #cutter: ReturnType<ReturnType<typeof protocolOf>["cutter"]>;
    #frozen: Shown | undefined;

    constructor(dialect: ScaleDialectName, of: Case) {
        this.#dialect = SCALE_DIALECTS[dialect];
        this.#case = of;
        this.#protocol = protocolOf({ profile: PROFILE_OF[dialect], site: this.#site });
        this.#cutter = this.#protocol.cutter();
        const { stability } = lineProfile(PROFILE_OF[dialect]);
        this.#bridge = new Weighbridge({ capacityKg: 80_000, divisionKg: 20 }, stability);
        const day = {
            seed: 11,
            passages: 1,
            checkpoint: "nur-zholy",
            startUtcMs: 1,
            drivers: { [of.driver ?? "normal"]: 1 },
        };
        const loadsKg = of.loadKg === undefined ? {} : { 1: of.loadKg };
        this.#world = new World({
            seed: 11,
            lanes: [
                {
                    id: "lane-1",
                    geometry: LaneGeometry.parse({}),
                    armTravelMs: 2_500,
                    pulseMs: 700,
                    scale: { platform: PlatformPlan.parse({ loadsKg }) },
                },
            ],
            lorries: makeDay(DayOptions.parse(day)).lorries.map((lorry) => ({ ...lorry, arrivesAtMs: 3_000 })),
            sky: { light: { kind: "day", exposure: 1 }, weather: "clear" },
            tell: () => undefined,
        });
        if (of.trick !== undefined) this.#lane.scaleTrick(of.trick);
        this.bench.reads = [read("123ABC02", [booking("123ABC02")])];
        this.#world.start();
    }

    get #lane() {
        const lane = this.#world.lane("lane-1");
        if (lane === undefined) throw new Error("no lane");
        return lane;
    }

    get trueKg(): number {
        return this.#lane.platform?.grossKgOf(1) ?? 0;
    }

    run(): this {
        for (let ms = 0; ms < 90_000 && this.bench.fact("decision.made") === undefined; ms += TICK_MS) {
            for (let step = 0; step < TICK_MS; step += STEP_MS) this.#world.advance(STEP_MS);
            if (this.#world.nowMs % FRAME_MS === 0) this.#indicate();
            this.#look();
        }
        return this;
    }

    #look(): void {
        const { inputs } = this.#lane.module;
        const beams = this.#lane.beams.inputs;
        this.bench.set({
            approachLoop: inputs[0] === true,
            boomLoop: inputs[1] === true,
            exitLoop: inputs[2] === true,
            photocell1: inputs[3] !== true,
            limitOpen: inputs[4] === true,
            limitClosed: inputs[5] === true,
            scaleBeam1: beams[0] !== true,
            scaleBeam2: beams[1] !== true,
        });
        const sighting: ScaleSighting | undefined = this.#bridge.sighting;
        if (sighting !== undefined) {
            const { grossKg, isStable, isInRange, raw, atMs } = sighting;
            this.bench.change = { weighing: { grossKg, isStable, isInRange, raw, ageMs: this.#world.nowMs - atMs } };
        }
        this.bench.tick();
    }

    /** One frame or one answer, through the wire's trouble, into the driver's parser. */
    #indicate(): void {
        const { poll, read: readFrame } = this.#protocol;
        const hasCome = this.#world.nowMs > 5_000;
        const wire = hasCome ? this.#case.wire : undefined;
        const real = this.#lane.platform?.shown ?? { kg: 0, isStable: true, isOver: false };
        if (wire === "frozen") this.#frozen ??= real;
        const shown = this.#frozen ?? real;
        if (poll === undefined) {
            const frames = this.#cutter.push(this.#damaged(this.#dialect.frame?.(shown), wire));
            for (const frame of frames) this.#bridge.take(readFrame(frame), frame, this.#world.nowMs);
            return;
        }
        const answers = poll.asks.map((ask) => {
            const name = wire === "wrong-unit" ? UNIT + 1 : UNIT;
            const reply = this.#damaged(this.#dialect.answer?.(this.#asked(ask, name), shown, name)?.reply, wire);
            return poll.answerGapMs === undefined ? this.#protocol.cutter().push(reply)[0] : reply;
        });
        const whole = answers.flatMap((answer) => answer ?? []);
        if (whole.length < answers.length) this.#bridge.interrupt();
        else this.#bridge.take(poll.join(whole), Buffer.concat(whole), this.#world.nowMs);
    }

    /** The question as the indicator of this number would have to hear it to answer at all. */
    #asked(ask: Uint8Array, name: number): Buffer {
        const question = Buffer.from(ask);
        if (question[1] === UNIT) question[1] = name;
        if (question[1] === 0x40 + UNIT) question[1] = 0x40 + name;
        return question;
    }

    #damaged(frame: Buffer | undefined, wire: WireTrouble | undefined): Buffer {
        if (frame === undefined || wire === "silent") return Buffer.alloc(0);
        if (wire === "garbage") return Buffer.from(frame.map(() => this.#random.int(256)));
        return wire === "partial" ? frame.subarray(0, this.#random.int(frame.length)) : frame;
    }
}

const dialects = Object.keys(PROFILE_OF) as ScaleDialectName[];
/** The others have no number of their own on the wire. */
const NUMBERED: ReadonlySet<ScaleDialectName> = new Set(["yaohua-command", "tenso-m", "rinstrum-command"]);

describe.each(dialects)("%s", (dialect) => {
    const judged = (of: Case) => {
        const lane = new WeighingLane(dialect, of).run();
        const weighing = lane.bench.fact("weighing.completed")?.data;
        return { lane, weighing, decision: lane.bench.fact("decision.made")?.data, orders: lane.bench.orders };
    };

    test("an honest lorry is let in with the weight that it has", () => {
        const { lane, weighing, decision } = judged({});
        expect(decision).toMatchObject({ outcome: "admit", reason: "BOOKED" });
        expect(weighing).toMatchObject({ problem: null, exceedsLimit: false });
        expect(Math.abs(Number(weighing?.["grossKg"]) - lane.trueKg)).toBeLessThanOrEqual(10);
        expect(String(weighing?.["raw"]).length).toBeGreaterThan(16);
    });

    test("one that exceeds the configured limit is an officer's", () => {
        const { weighing, decision, orders } = judged({ loadKg: 47_300 });
        expect(decision).toMatchObject({ outcome: "refer", reason: "OVERWEIGHT" });
        expect(weighing).toMatchObject({ grossKg: 47_300, exceedsLimit: true, limitKg: 44_000 });
        expect(orders).toEqual([]);
    });

    test.each<[string, Case, string | null]>([
        ["an axle off the platform", { driver: "overshoots", loadKg: 47_300 }, "NOT_WHOLLY_ON"],
        ["kept swinging", { trick: { kind: "rocking", kg: 700 } }, "UNSTABLE"],
        ["a second vehicle behind", { trick: { kind: "second-vehicle", kg: 1_500 } }, "SEVERAL_VEHICLES"],
        ["ballast on the empty scale", { trick: { kind: "offset", kg: 300 } }, "ZERO_NOT_SEEN"],
        ["set to zero with a load on it", { loadKg: 47_300, trick: { kind: "offset", kg: -8_000 } }, "ZERO_NOT_SEEN"],
        ["a scale that falls silent", { wire: "silent" }, "NO_READING"],
        ["garbled frames", { wire: "garbage" }, "NO_READING"],
        ["parts of frames", { wire: "partial" }, "NO_READING"],
        ["a display that stands still at zero", { wire: "frozen" }, null],
        ...(NUMBERED.has(dialect)
            ? ([["another indicator's answers", { wire: "wrong-unit" }, "NO_READING"]] as [string, Case, string][])
            : []),
    ])("refused: %s", (_name, of, problem) => {
        const { weighing, decision, orders } = judged(of);
        expect(decision).toMatchObject({ outcome: "refer", reason: "WEIGHT_UNSURE" });
        expect(weighing).toMatchObject({ problem });
        expect(orders).toEqual([]);
    });
});
