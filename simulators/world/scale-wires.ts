/** What a weighing platform is connected to: its indicator on a line or in Modbus registers, and a module for its beams. */
import { ModbusTcpServer } from "../wire/modbus-tcp-server.ts";
import type { Shown } from "../wire/scale-dialects.ts";
import type { ScaleFault } from "../wire/scale-fault.ts";
import { ScaleIndicator } from "../wire/scale-indicator.ts";
import { serveScale, speakOnDevice } from "../wire/scale-lines.ts";
import { type ScaleMap, ScaleRegisters } from "../wire/scale-registers.ts";
import { WireFault } from "../wire/wire-fault.ts";
import type { Clock } from "./clock.ts";
import type { SimulatedLane } from "./lane.ts";
import type { Random } from "./random.ts";
import type { WorldConfig } from "./world-config.ts";

type ScalePlan = NonNullable<WorldConfig["lanes"][number]["scale"]>;

export interface ScaleWires {
    readonly port: number;
    readonly beamsPort: number;
    /** False when this kind of wire cannot have such a fault. */
    fault(fault: ScaleFault): boolean;
    close(): Promise<void>;
}

const NOTHING: Shown = { kg: 0, isStable: true, isOver: false };

/** Rejects when a port cannot be had or the device cannot be opened. */
export async function openScaleWires(
    lane: SimulatedLane,
    plan: ScalePlan,
    clock: Clock,
    random: Random,
): Promise<ScaleWires> {
    const beams = await ModbusTcpServer.listen({ port: plan.beamsPort, bank: lane.beams, clock, random });
    const shown = (): Shown => lane.platform?.shown ?? NOTHING;
    const { speaks, unit, periodMs, port, path } = plan;
    if (isMap(speaks)) {
        const server = await ModbusTcpServer.listen({ port, bank: new ScaleRegisters(speaks, shown), clock, random });
        return {
            port: server.port,
            beamsPort: beams.port,
            fault(fault) {
                const known = WireFault.safeParse(fault);
                if (known.success) server.fault(known.data);
                return known.success;
            },
            close: async () => void (await Promise.all([beams.close(), server.close()])),
        };
    }
    const indicator = new ScaleIndicator({ dialect: speaks, unit, shown, clock, random, periodMs });
    const wire = path === undefined ? await serveScale(indicator, port) : speakOnDevice(indicator, path);
    return {
        port: wire.port,
        beamsPort: beams.port,
        fault(fault) {
            indicator.fault(fault);
            return true;
        },
        close: async () => void (await Promise.all([beams.close(), wire.close()])),
    };
}

function isMap(speaks: ScalePlan["speaks"]): speaks is ScaleMap {
    return speaks === "laumas" || speaks === "tenso-bus";
}
