/** A daemon as small as can be, to be killed: takes the gate's lines, begins a pulse without an end in sight and says so. */
import { readFileSync } from "node:fs";
import { GpioIoModule } from "../../../../devices/io-module/gpio/gpio-io-module.ts";
import { loadGpioProfile } from "../../../../devices/io-module/gpio/gpio-profile.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { gpioBanks } from "../../../../src/transport/gpio-bank.ts";

const profile = loadGpioProfile(JSON.parse(readFileSync("devices/io-module/gpio/test-gate.json", "utf8")));
const open = gpioBanks("gpio-1", "/tmp/state/gpio-lines.json");
const io = new GpioIoModule({ id: "gpio-1", clock: systemClock, profile, open, mayPulse: true });
io.start();
const TRIES_MAX = 200;

async function begin(triesLeft: number): Promise<void> {
    try {
        await io.pulse(Number(process.argv[2]), 600_000);
    } catch (error) {
        if (triesLeft === 0) throw error;
        await systemClock.sleep(50); // not everything is looked at yet
        await begin(triesLeft - 1);
    }
}

await begin(TRIES_MAX);
process.send?.("on");
