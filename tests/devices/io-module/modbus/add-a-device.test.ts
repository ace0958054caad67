/** Follows docs/how-to/add-a-device.md to the letter: its copy command, its keys, and then a module with its addresses. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadIoModuleProfile } from "../../../../devices/io-module/modbus/io-module-profile.ts";
import { ModbusIoModule } from "../../../../devices/io-module/modbus/modbus-io-module.ts";
import { VirtualClock } from "../../../transport/virtual-clock.ts";
import { FakeModule } from "./fake-module.ts";

const root = join(import.meta.dirname, "../../../..");
const guide = readFileSync(join(root, "docs/how-to/add-a-device.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "kordon-profile-"));
afterAll(() => rmSync(folder, { recursive: true }));

function group(pattern: RegExp, index = 1): string {
    return pattern.exec(guide)?.[index] ?? expect.unreachable(`the guide has no ${pattern}`);
}

/** Steps 1 and 2 of the guide, in a folder of our own. */
function newProfileFile(): string {
    const [from, to] = [group(/^cp (\S+) (\S+)$/m), group(/^cp (\S+) (\S+)$/m, 2)];
    const file = join(folder, basename(to));
    copyFileSync(join(root, from), file);
    const keys: unknown = JSON.parse(group(/```json\n([\s\S]+?)```/));
    const old: unknown = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify(Object.assign({}, old, keys)));
    return file;
}

test("the new profile loads and drives a module with the new addresses, without any code", async () => {
    const profile = loadIoModuleProfile(JSON.parse(readFileSync(newProfileFile(), "utf8")));
    expect(profile).toMatchObject({ maker: "Acme", model: "IO-404", transport: "modbus-tcp", maturity: "simulated" });

    const clock = new VirtualClock();
    const unit = new FakeModule(clock, {
        inputs: { function: 2, address: 32 },
        outputs: { address: 64 },
        startCoil: { address: 80, widthMs: 700 },
    });
    const io = new ModbusIoModule({ id: "io-1", unit, profile, clock });
    unit.contacts[3] = true;
    io.start();
    await clock.advance(100);
    expect(io.image()).toMatchObject({ inputs: [false, false, false, true], outputs: [false, false, false, false] });

    await clock.until(io.pulse(1, 700));
    expect(unit.writes).toEqual(["coil 81 true"]);
    expect(io.image()?.outputs).toEqual([false, true, false, false]);
    await clock.advance(1_500);
    await clock.until(io.set(2, true));
    expect(unit.writes.at(-1)).toBe("coil 66 true");
    expect(io.health()).toMatchObject({ state: "well", failures: 0 });
    await clock.until(io.stop());
});

test("the guide names the profile in the site file as it named the file", () => {
    const name = basename(group(/^cp (\S+) (\S+)$/m, 2), ".json");
    expect(group(/profile: (\S+)/)).toBe(`io-module/modbus/${name}`);
});

test("the test command of the guide names a test that exists", () => {
    const file = group(/npx vitest run (\S+)/);
    expect(readFileSync(join(root, file), "utf8")).toContain("loadIoModuleProfile");
});
