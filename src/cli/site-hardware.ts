/** Opens what a site file names: buses, I/O modules, barriers, cameras. One bus per wire, however many modules are on it. */
import { join } from "node:path";
import { GpioIoModule } from "../../devices/io-module/gpio/gpio-io-module.ts";
import { ModbusIoModule } from "../../devices/io-module/modbus/modbus-io-module.ts";
import type { PolledIoModule } from "../../devices/io-module/polled-io-module.ts";
import { isBoomTerminal, terminalOf } from "../config/site-rules.ts";
import type { Site, SiteLane } from "../config/site-schema.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { DigitalIo } from "../ports/digital-io.ts";
import type { ModbusBlockUnit } from "../ports/modbus-block-unit.ts";
import type { ModbusRelayUnit } from "../ports/modbus-relay-unit.ts";
import type { PlateSource } from "../ports/plate-source.ts";
import type { Supervise } from "../ports/supervised-child.ts";
import type { WiredContact, WiredLamps } from "../runtime/lane-runner.ts";
import { gpioBanks } from "../transport/gpio-bank.ts";
import { ModbusBus } from "../transport/modbus-bus.ts";
import type { UnitStatistics } from "../transport/modbus-unit-record.ts";
import { modbusRtu, modbusRtuGapMs, modbusTcp } from "../transport/modbus-wire.ts";
import { VisionPlateSource } from "../vision/vision-plate-source.ts";
import type { LaneBarrier } from "./lane-barrier.ts";
import { profileOf, type SiteModule } from "./module-profile.ts";
import { cameraOrder } from "./site-cameras.ts";
import { readingCamerasOf, type SiteCameras } from "./site-reading-cameras.ts";
import { type OpenScale, openScale } from "./site-scales.ts";

type ModbusBusPlan = Exclude<SiteModule["bus"], { readonly kind: "gpio" }>;

/** In the state folder: which lines this site has taken, so that a start after a crash knows its own. */
const GPIO_LEASE_FILE = "gpio-lines.json";

/** One Modbus wire, in words, with the counts of its units. */
interface BusStand {
    readonly bus: string;
    readonly strayBytes: number;
    readonly units: UnitStatistics[];
}

export interface SiteHardware {
    readonly modules: ReadonlyMap<string, PolledIoModule>;
    /** Read by us or by themselves. */
    readonly cameras: ReadonlyMap<string, PlateSource>;
    readonly reading: SiteCameras;
    readonly scales: ReadonlyMap<string, OpenScale>;
    /** A unit on one of the site's buses; whoever shares a wire shares its bus. */
    unitOn(bus: ModbusBusPlan): ModbusRelayUnit & ModbusBlockUnit;
    health(): readonly DeviceHealth[];
    /** How the units on each Modbus wire answer. */
    buses(): readonly BusStand[];
    /** Releases everything; no relay is pulsed by this. */
    close(): Promise<void>;
}

/**
 * Throws `CommandFailure` for a profile that does not exist or does not fit its bus. Opens, but moves nothing.
 * `onChange` hears of every contact that changes.
 */
export function openHardware(site: Site, clock: Clock, supervise: Supervise, onChange: () => void): SiteHardware {
    const buses = new Map<string, ModbusBus>();
    const modules = new Map<string, PolledIoModule>();
    const unitOn: SiteHardware["unitOn"] = (bus) => {
        const wire = wireOf(bus);
        const onWire = buses.get(wire) ?? openBus(wire, bus, clock);
        buses.set(wire, onWire);
        return onWire.unit(bus.unit);
    };
    for (const [id, module] of Object.entries(site.modules)) {
        const common = { id, clock, pollMs: module.pollMs, onChange };
        const found = profileOf(module);
        if (found.on === "gpio") {
            const open = gpioBanks(id, join(site.stateFolder, GPIO_LEASE_FILE));
            const mayPulse = found.bus.pulse === "software";
            modules.set(id, new GpioIoModule({ ...common, profile: found.profile, open, mayPulse }));
        } else {
            modules.set(id, new ModbusIoModule({ ...common, profile: found.profile, unit: unitOn(found.bus) }));
        }
    }
    const ownReading = new Map(
        Object.entries(site.cameras).map(([id, camera]) => [
            id,
            new VisionPlateSource(cameraOrder(id, camera), supervise, clock),
        ]),
    );
    const scales = new Map(
        Object.entries(site.scales).map(([id, scale]) => [id, openScale(id, scale, clock, unitOn)] as const),
    );
    const reading = readingCamerasOf(site, clock);
    for (const device of [...modules.values(), ...scales.values()]) device.start();
    reading.start();
    return {
        modules,
        cameras: new Map<string, PlateSource>([...ownReading, ...reading.cameras]),
        reading,
        scales,
        unitOn,
        health: () => [
            ...[...modules.values(), ...scales.values(), ...ownReading.values()].map((device) => device.health()),
            ...reading.health(),
        ],
        buses: () =>
            [...buses].map(([bus, wire]) => ({ bus, strayBytes: wire.strayBytes, units: [...wire.statistics()] })),
        async close() {
            await Promise.all([...[...ownReading.values()].map((camera) => camera.stop()), reading.stop()]);
            await Promise.all([...modules.values(), ...scales.values()].map((device) => device.stop()));
            await Promise.all([...buses.values()].map((bus) => bus.close()));
        },
    };
}

/** The wire in words: modules with the same words share a bus. */
export function wireOf(bus: SiteModule["bus"]): string {
    if (bus.kind === "gpio") return "GPIO lines of this machine";
    return bus.kind === "modbus-tcp" ? `tcp ${bus.host}:${bus.port}` : `serial ${bus.path}`;
}

function openBus(id: string, bus: ModbusBusPlan, clock: Clock): ModbusBus {
    const common = { id, clock, timeoutMs: bus.timeoutMs };
    if (bus.kind === "modbus-tcp") {
        return new ModbusBus({ ...common, open: modbusTcp({ host: bus.host, port: bus.port }, clock) });
    }
    const { path, baudRate, parity, stopBits, lateMs } = bus;
    return new ModbusBus({
        ...common,
        open: modbusRtu({ path, baudRate, parity, stopBits }),
        gapMs: modbusRtuGapMs(baudRate),
        ...(lateMs === undefined ? {} : { lateMs }),
    });
}

/** `boom`: what the lane's own barrier says, where contacts are asked of it. */
export function contactsOf(
    lane: SiteLane,
    hardware: SiteHardware,
    boom: Pick<LaneBarrier, "contacts"> = {},
): { readonly [name: string]: WiredContact } {
    return Object.fromEntries(
        Object.entries(lane.contacts).map(([name, contact]) => {
            const { module, terminal } = terminalOf(contact.terminal);
            const wired = {
                io: isBoomTerminal(contact.terminal) ? { image: () => boom.contacts?.() } : moduleOf(module, hardware),
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

/** The relay behind `module:terminal`. */
export function outputOf(text: string, hardware: SiteHardware): { readonly io: DigitalIo; readonly output: number } {
    const { module, terminal } = terminalOf(text);
    return { io: moduleOf(module, hardware), output: terminal };
}

function moduleOf(id: string, hardware: SiteHardware): DigitalIo {
    const module = hardware.modules.get(id);
    if (module === undefined) throw new Error(`module "${id}" was checked with the site file and is gone`);
    return module;
}
