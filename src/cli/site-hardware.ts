/** Opens what a site file names: buses, I/O modules, barriers, cameras. One bus per wire, however many modules are on it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RelayBarrier } from "../../devices/barrier/relay/relay-barrier.ts";
import { type IoModuleProfile, loadIoModuleProfile } from "../../devices/io-module/modbus/io-module-profile.ts";
import { ModbusIoModule } from "../../devices/io-module/modbus/modbus-io-module.ts";
import { terminalOf } from "../config/site-rules.ts";
import type { Site, SiteLane } from "../config/site-schema.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { DigitalIo } from "../ports/digital-io.ts";
import type { ModbusRelayUnit } from "../ports/modbus-relay-unit.ts";
import type { Supervise } from "../ports/supervised-child.ts";
import type { WiredContact, WiredLamps } from "../runtime/lane-runner.ts";
import { ModbusBus } from "../transport/modbus-bus.ts";
import { modbusRtu, modbusRtuGapMs, modbusTcp } from "../transport/modbus-wire.ts";
import { VisionPlateSource } from "../vision/vision-plate-source.ts";
import { CommandFailure, EXIT } from "./outcome.ts";
import { type OpenScale, openScale } from "./site-scales.ts";

type SiteModule = Site["modules"][string];

export interface SiteHardware {
    readonly modules: ReadonlyMap<string, ModbusIoModule>;
    readonly cameras: ReadonlyMap<string, VisionPlateSource>;
    readonly scales: ReadonlyMap<string, OpenScale>;
    health(): readonly DeviceHealth[];
    /** Releases everything; no relay is pulsed by this. */
    close(): Promise<void>;
}

/**
 * Throws `CommandFailure` for a profile that does not exist or does not fit its bus. Opens, but moves nothing.
 * `onChange` hears of every contact that changes.
 */
export function openHardware(site: Site, clock: Clock, supervise: Supervise, onChange: () => void): SiteHardware {
    const buses = new Map<string, ModbusBus>();
    const modules = new Map<string, ModbusIoModule>();
    const unitOn = (bus: SiteModule["bus"]): ModbusRelayUnit => {
        const onWire = buses.get(wireOf({ bus })) ?? openBus(bus, clock);
        buses.set(wireOf({ bus }), onWire);
        return onWire.unit(bus.unit);
    };
    for (const [id, module] of Object.entries(site.modules)) {
        const { pollMs } = module;
        const unit = unitOn(module.bus);
        modules.set(id, new ModbusIoModule({ id, unit, profile: profileOf(module), clock, pollMs, onChange }));
    }
    const cameras = new Map(
        Object.entries(site.cameras).map(([id, { url, frameMsMax }]) => [
            id,
            new VisionPlateSource({ camera: id, url, frameMsMax }, supervise, clock),
        ]),
    );
    const scales = new Map(
        Object.entries(site.scales).map(([id, scale]) => [id, openScale(id, scale, clock, unitOn)] as const),
    );
    for (const device of [...modules.values(), ...scales.values()]) device.start();
    return {
        modules,
        cameras,
        scales,
        health: () => [...modules.values(), ...scales.values(), ...cameras.values()].map((device) => device.health()),
        async close() {
            await Promise.all([...cameras.values()].map((camera) => camera.stop()));
            await Promise.all([...modules.values(), ...scales.values()].map((device) => device.stop()));
            await Promise.all([...buses.values()].map((bus) => bus.close()));
        },
    };
}

/** The profile of a module, from the folder of device families. Throws `CommandFailure`. */
export function profileOf(module: SiteModule): IoModuleProfile {
    const file = fileURLToPath(new URL(`../../devices/${module.profile}.json`, import.meta.url));
    let json: unknown;
    try {
        json = JSON.parse(readFileSync(file, "utf8"));
    } catch {
        throw new CommandFailure(
            EXIT.usage,
            `no device profile "${module.profile}": devices/${module.profile}.json cannot be read`,
        );
    }
    const profile = loadIoModuleProfile(json);
    if (profile.transport !== module.bus.kind) {
        throw new CommandFailure(
            EXIT.usage,
            `profile "${module.profile}" speaks ${profile.transport}, the bus is ${module.bus.kind}`,
        );
    }
    return profile;
}

/** The wire in words: modules with the same words share a bus. */
export function wireOf({ bus }: Pick<SiteModule, "bus">): string {
    return bus.kind === "modbus-tcp" ? `tcp ${bus.host}:${bus.port}` : `serial ${bus.path}`;
}

function openBus(bus: SiteModule["bus"], clock: Clock): ModbusBus {
    const common = { id: wireOf({ bus }), clock, timeoutMs: bus.timeoutMs };
    if (bus.kind === "modbus-tcp") {
        return new ModbusBus({ ...common, open: modbusTcp({ host: bus.host, port: bus.port }, clock) });
    }
    const { path, baudRate, parity, stopBits } = bus;
    return new ModbusBus({
        ...common,
        open: modbusRtu({ path, baudRate, parity, stopBits }),
        gapMs: modbusRtuGapMs(baudRate),
    });
}

export function barrierOf(id: string, lane: SiteLane, hardware: SiteHardware, clock: Clock): RelayBarrier {
    const { open, close, pulseMs, gapMsMin } = lane.barrier;
    return new RelayBarrier({
        id: `${id}-barrier`,
        open: outputOf(open, hardware),
        close: outputOf(close, hardware),
        pulseMs,
        gapMsMin,
        clock,
    });
}

export function contactsOf(lane: SiteLane, hardware: SiteHardware): { readonly [name: string]: WiredContact } {
    return Object.fromEntries(
        Object.entries(lane.contacts).map(([name, contact]) => {
            const { module, terminal } = terminalOf(contact.terminal);
            const wired = {
                io: moduleOf(module, hardware),
                input: terminal,
                isActiveWhenOn: contact.activeWhen === "on",
            };
            return [name, wired];
        }),
    );
}

export function lampsOf(lane: SiteLane, hardware: SiteHardware): WiredLamps | undefined {
    if (lane.lamps === undefined) return undefined;
    return { red: outputOf(lane.lamps.red, hardware), green: outputOf(lane.lamps.green, hardware) };
}

function outputOf(text: string, hardware: SiteHardware): { readonly io: DigitalIo; readonly output: number } {
    const { module, terminal } = terminalOf(text);
    return { io: moduleOf(module, hardware), output: terminal };
}

function moduleOf(id: string, hardware: SiteHardware): DigitalIo {
    const module = hardware.modules.get(id);
    if (module === undefined) throw new Error(`module "${id}" was checked with the site file and is gone`);
    return module;
}
