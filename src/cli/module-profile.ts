/** The profile of an I/O module, from the folder of device families, together with the bus that it has to fit. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type GpioProfile, loadGpioProfile } from "../../devices/io-module/gpio/gpio-profile.ts";
import { type IoModuleProfile, loadIoModuleProfile } from "../../devices/io-module/modbus/io-module-profile.ts";
import type { Site } from "../config/site-schema.ts";
import { CommandFailure, EXIT } from "./outcome.ts";

export type SiteModule = Site["modules"][string];
type Bus = SiteModule["bus"];

export type ModuleProfile =
    | { readonly on: "modbus"; readonly profile: IoModuleProfile; readonly bus: Exclude<Bus, { kind: "gpio" }> }
    | { readonly on: "gpio"; readonly profile: GpioProfile; readonly bus: Extract<Bus, { kind: "gpio" }> };

/** Throws `CommandFailure` for a profile that is missing, is none, or is not for this bus. */
export function profileOf({ profile: name, bus }: SiteModule): ModuleProfile {
    const json = profileJson(name);
    const transport = typeof json === "object" && json !== null && "transport" in json ? json.transport : undefined;
    if (transport !== bus.kind) {
        throw new CommandFailure(EXIT.usage, `profile "${name}" speaks ${String(transport)}, the bus is ${bus.kind}`);
    }
    try {
        return bus.kind === "gpio"
            ? { on: "gpio", profile: loadGpioProfile(json), bus }
            : { on: "modbus", profile: loadIoModuleProfile(json), bus };
    } catch (error) {
        throw new CommandFailure(EXIT.usage, `devices/${name}.json: ${error instanceof Error ? error.message : error}`);
    }
}

/** Parsed, not judged. Throws `CommandFailure` when there is no such profile. */
export function profileJson(name: string): unknown {
    const file = fileURLToPath(new URL(`../../devices/${name}.json`, import.meta.url));
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch {
        throw new CommandFailure(EXIT.usage, `no device profile "${name}": devices/${name}.json cannot be read`);
    }
}
