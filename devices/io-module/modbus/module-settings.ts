/** Settings inside the module that decide whether it is safe to use: what the profile wants set, and what it wants looked at. */
import { DeviceFault } from "../../../src/ports/device-health.ts";
import type { ModbusUnit } from "../../../src/ports/modbus-unit.ts";
import type { SettingFinding, SettingsReport } from "../settings-report.ts";
import { type IoModuleCheck, type IoModuleProfile, type IoModuleWatchdog, range } from "./io-module-profile.ts";

/** Sets the watchdog and looks at all checks. Rejects with `DeviceFault` only when the module cannot be reached. */
export async function inspectSettings(unit: ModbusUnit, profile: IoModuleProfile): Promise<SettingsReport> {
    const findings: SettingFinding[] = [];
    const isWatchdogArmed = profile.watchdog !== undefined && (await armWatchdog(unit, profile.watchdog, findings));
    for (const check of profile.checks) {
        const finding = await look(unit, check);
        if (finding !== undefined) findings.push(finding);
    }
    return { isWatchdogArmed, findings };
}

/** Writes only what differs: such registers lie in memory that wears out. */
async function armWatchdog(unit: ModbusUnit, watchdog: IoModuleWatchdog, findings: SettingFinding[]): Promise<boolean> {
    let isArmed = true;
    for (const { address, count, value, meaning } of watchdog.registers) {
        try {
            const before = await unit.readHolding(address, count);
            for (const [offset, found] of before.entries()) {
                if (found !== value) await unit.writeHolding(address + offset, value);
            }
            const after = before.every((found) => found === value) ? before : await unit.readHolding(address, count);
            if (after.length === count && after.every((found) => found === value)) continue;
            findings.push({
                severity: "dangerous",
                text: `holding ${range(address, count)} must be ${value} (${meaning}) and stays ${after.join(", ")}: set it with the maker's tool`,
            });
        } catch (error) {
            findings.push({ severity: "dangerous", text: `${meaning}: ${unlessUnreachable(error)}` });
        }
        isArmed = false;
    }
    return isArmed;
}

async function look(unit: ModbusUnit, check: IoModuleCheck): Promise<SettingFinding | undefined> {
    const where = `${check.function === 3 ? "holding" : check.function === 1 ? "coils" : "inputs"} ${range(check.address, check.count)}`;
    try {
        const values = await readSetting(unit, check);
        if (values.every((value) => check.oneOf.includes(value))) return undefined;
        return { severity: "dangerous", text: `${check.danger} (${where}: ${values.join(", ")}): ${check.fix}` };
    } catch (error) {
        return {
            severity: "unknown",
            text: `not known whether ${check.danger} (${where}): ${unlessUnreachable(error)}`,
        };
    }
}

async function readSetting(unit: ModbusUnit, check: IoModuleCheck): Promise<readonly number[]> {
    switch (check.function) {
        case 1:
            return (await unit.readCoils(check.address, check.count)).map(Number);
        case 2:
            return (await unit.readInputs(check.address, check.count)).map(Number);
        case 3:
            return await unit.readHolding(check.address, check.count);
    }
}

/** The message of a refusal by the module; throws on, when the module could not be reached at all. */
function unlessUnreachable(error: unknown): string {
    if (error instanceof DeviceFault && error.code === "BAD_REPLY") return error.message;
    throw error;
}
