/**
 * The simulated checkpoint on the wire: the world, one Modbus server and (where configured) one camera per lane,
 * and the orders of whoever runs the scenario.
 */
import { makeDay } from "../scenarios/day.ts";
import { ModbusTcpServer } from "../wire/modbus-tcp-server.ts";
import { CameraThread } from "./camera-thread.ts";
import type { Clock } from "./clock.ts";
import type { SimulatedLane } from "./lane.ts";
import { type FromWorld, ToWorld } from "./messages.ts";
import { Random } from "./random.ts";
import { openScaleWires, type ScaleWires } from "./scale-wires.ts";
import { World } from "./world.ts";
import type { WorldConfig } from "./world-config.ts";
import { WorldRunner } from "./world-runner.ts";

interface Wires {
    readonly lane: SimulatedLane;
    readonly modbus: ModbusTcpServer;
    readonly camera: CameraThread | undefined;
    readonly scale: ScaleWires | undefined;
}

export class WorldSite {
    readonly #world: World;
    readonly #wires: readonly Wires[];
    readonly #runner: WorldRunner;
    readonly #tell: (message: FromWorld) => void;

    private constructor(world: World, wires: readonly Wires[], runner: WorldRunner, tell: (told: FromWorld) => void) {
        this.#world = world;
        this.#wires = wires;
        this.#runner = runner;
        this.#tell = tell;
    }

    /** Resolves when every device answers and `ready` was told; rejects when a port cannot be had. */
    static async open(config: WorldConfig, clock: Clock, tell: (message: FromWorld) => void): Promise<WorldSite> {
        const { day, lanes, sky, stepMs } = config;
        const world = new World({ seed: day.seed, lanes, lorries: makeDay(day).lorries, sky, tell });
        const wires = await Promise.all(lanes.map((plan) => wireUp(world, plan, config, clock)));
        const onFinished = () => tell({ is: "finished", atMs: world.nowMs, truth: world.truth() });
        const runner = new WorldRunner({ world, clock, speed: day.speed, stepMs, onFinished });
        tell({
            is: "ready",
            lanes: wires.map(({ lane, modbus, camera, scale }) => ({
                id: lane.id,
                modbusPort: modbus.port,
                ...(camera === undefined ? {} : { cameraPort: camera.port }),
                ...(scale === undefined ? {} : { scale: { port: scale.port, beamsPort: scale.beamsPort } }),
            })),
        });
        if (config.startsAtOnce) world.start();
        return new WorldSite(world, wires, runner, tell);
    }

    /** Carries out one order as it came over the channel; what is not an order is refused, never thrown. */
    obey(message: unknown): void {
        const order = ToWorld.safeParse(message);
        if (!order.success) {
            this.#tell({ is: "refused", reason: `not an order: ${order.error.issues[0]?.message ?? "unknown shape"}` });
            return;
        }
        this.#carryOut(order.data);
    }

    async close(): Promise<void> {
        this.#runner.stop();
        const closing = this.#wires.flatMap(({ modbus, camera, scale }) => [
            modbus.close(),
            camera?.close(),
            scale?.close(),
        ]);
        await Promise.all(closing);
    }

    #carryOut(order: ToWorld): void {
        switch (order.do) {
            case "start":
                this.#world.start();
                return;
            case "report":
                this.#tell({ is: "truth", atMs: this.#world.nowMs, truth: this.#world.truth() });
                return;
            case "wave-away":
                if (!this.#world.waveAway(order.lorry)) this.#refuse(`lorry ${order.lorry} is not before a boom`);
                return;
            default:
                this.#breakSomething(order);
        }
    }

    #breakSomething(order: Extract<ToWorld, { lane: string }>): void {
        const wires = this.#wires.find(({ lane }) => lane.id === order.lane);
        if (wires === undefined) {
            this.#refuse(`there is no lane "${order.lane}"`);
            return;
        }
        switch (order.do) {
            case "boom":
                wires.lane.armFault(order.fault);
                return;
            case "sensor":
                wires.lane.sensorFault(order.sensor, order.fault);
                return;
            case "wire":
                wires.modbus.fault(order.fault);
                return;
            case "scale-trick":
                if (!wires.lane.scaleTrick(order.trick)) this.#refuse(`lane "${order.lane}" has no scale`);
                return;
            case "scale-wire":
                if (wires.scale?.fault(order.fault) !== true)
                    this.#refuse(`lane "${order.lane}" has no scale that could do "${order.fault.kind}"`);
                return;
            case "camera":
                if (wires.camera === undefined) this.#refuse(`lane "${order.lane}" has no camera`);
                wires.camera?.fault(order.fault);
        }
    }

    #refuse(reason: string): void {
        this.#tell({ is: "refused", reason });
    }
}

async function wireUp(
    world: World,
    plan: WorldConfig["lanes"][number],
    config: WorldConfig,
    clock: Clock,
): Promise<Wires> {
    const lane = world.lane(plan.id);
    if (lane === undefined) throw new Error(`lane "${plan.id}" was not built`);
    const { seed } = config.day;
    const random = new Random(seed, `wire/${lane.id}`);
    const modbus = await ModbusTcpServer.listen({ port: plan.modbusPort, bank: lane.module, clock, random });
    const scale = plan.scale && (await openScaleWires(lane, plan.scale, clock, random));
    if (!plan.camera) return { lane, modbus, scale, camera: undefined };
    const options = { port: plan.cameraPort, fps: config.cameraFps, width: 1280, height: 720, seed };
    return { lane, modbus, scale, camera: await CameraThread.start(options, () => world.scene(lane), clock) };
}
