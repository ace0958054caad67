/** Opens the scales that a site file names: lines of bytes of their own, or units on the site's Modbus buses. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lineProtocol, unitsOf } from "../../devices/scale/line-protocol.ts";
import { LineScale } from "../../devices/scale/line-scale.ts";
import { ModbusScale } from "../../devices/scale/modbus/modbus-scale.ts";
import { loadScaleProfile, type ScaleProfile } from "../../devices/scale/scale-profile.ts";
import { Weighbridge } from "../../devices/scale/weighbridge.ts";
import type { Site } from "../config/site-schema.ts";
import type { Clock } from "../ports/clock.ts";
import type { ModbusUnit } from "../ports/modbus-unit.ts";
import type { Scale } from "../ports/scale.ts";
import { type OpenWire, serialWire, tcpWire } from "../transport/line-wire.ts";
import { SteadyLine } from "../transport/steady-line.ts";
import { CommandFailure, EXIT } from "./outcome.ts";

export type SiteScale = Site["scales"][string];
type SiteLine = SiteScale["line"];
type ModbusLine = Extract<SiteLine, { kind: "modbus-tcp" | "modbus-rtu" }>;

/** A scale with its beginning and its end. */
export interface OpenScale extends Scale {
    start(): void;
    stop(): Promise<void>;
}

/** Opens nothing yet: `start` does. `unitOn` gives a unit of a bus, shared with the modules on the same wire. Throws `CommandFailure`. */
export function openScale(
    id: string,
    scale: SiteScale,
    clock: Clock,
    unitOn: (line: ModbusLine) => ModbusUnit,
): OpenScale {
    const profile = scaleProfileOf(id, scale);
    const { unit, weightUnit, kgPerCount, line } = scale;
    const { periodMs } = profile;
    const bridge = new Weighbridge(scale, profile.stability);
    if (profile.protocol === "modbus" && isModbus(line)) {
        const { registers } = profile;
        const kgPerUnit = registers.weight.kind === "int32" ? kgPerCount : weightUnit === "t" ? 1_000 : 1;
        return new ModbusScale({ id, unit: unitOn(line), registers, kgPerUnit, bridge, periodMs, clock });
    }
    if (profile.protocol === "modbus" || isModbus(line)) throw misfit(id, scale, profile);
    const protocol = lineProtocol(profile, { unit, weightUnit, kgPerCount });
    const steady = new SteadyLine({ id: lineText(line), open: wireTo(line, profile, clock), clock });
    return new LineScale({ id, line: steady, protocol, bridge, periodMs, clock });
}

/** The profile of a scale, judged against its line and unit. Throws `CommandFailure`. */
export function scaleProfileOf(id: string, scale: SiteScale): ScaleProfile {
    const file = fileURLToPath(new URL(`../../devices/${scale.profile}.json`, import.meta.url));
    let json: unknown;
    try {
        json = JSON.parse(readFileSync(file, "utf8"));
    } catch {
        const message = `no device profile "${scale.profile}": devices/${scale.profile}.json cannot be read`;
        throw new CommandFailure(EXIT.usage, message);
    }
    const profile = loadScaleProfile(json);
    if ((profile.protocol === "modbus") !== isModbus(scale.line)) throw misfit(id, scale, profile);
    if (profile.protocol !== "modbus") {
        const { least, most } = unitsOf(profile);
        if (scale.unit < least || scale.unit > most)
            throw new CommandFailure(EXIT.usage, `scales.${id}.unit: ${scale.unit} is not from ${least} to ${most}`);
    }
    return profile;
}

/** The line in words; scales and modules with the same words are on one wire. */
export function lineText(line: SiteLine): string {
    return line.kind === "serial" || line.kind === "modbus-rtu"
        ? `serial ${line.path}`
        : `tcp ${line.host}:${line.port}`;
}

/** Line settings as they will be used: those of the site file, then those of the profile. */
export function lineSettings(line: SiteLine, { line: usual }: ScaleProfile): string {
    if (line.kind === "tcp" || line.kind === "modbus-tcp") return "";
    const {
        baudRate = usual.baudRate,
        dataBits = usual.dataBits,
        parity = usual.parity,
        stopBits = usual.stopBits,
    } = line;
    return `${baudRate} baud ${dataBits}${parity.slice(0, 1).toUpperCase()}${stopBits}`;
}

function isModbus(line: SiteLine): line is ModbusLine {
    return line.kind === "modbus-tcp" || line.kind === "modbus-rtu";
}

function wireTo(line: Exclude<SiteLine, ModbusLine>, { line: usual }: ScaleProfile, clock: Clock): OpenWire {
    if (line.kind === "tcp") return tcpWire({ host: line.host, port: line.port }, clock);
    const { path, baudRate, dataBits, parity, stopBits } = line;
    return serialWire({
        path,
        baudRate: baudRate ?? usual.baudRate,
        dataBits: dataBits ?? usual.dataBits,
        parity: parity ?? usual.parity,
        stopBits: stopBits ?? usual.stopBits,
    });
}

function misfit(id: string, scale: SiteScale, { protocol }: ScaleProfile): CommandFailure {
    const wanted = protocol === "modbus" ? "modbus-tcp or modbus-rtu" : "serial or tcp";
    return new CommandFailure(
        EXIT.usage,
        `scales.${id}.line: profile "${scale.profile}" speaks ${protocol} and needs a line of kind ${wanted}, not ${scale.line.kind}`,
    );
}
