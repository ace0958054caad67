/** Runs inside the virtual machine: proves one thing after the other on real GPIO lines and says on the console how each went. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { GpioIoModule } from "../../../../devices/io-module/gpio/gpio-io-module.ts";
import { loadGpioProfile } from "../../../../devices/io-module/gpio/gpio-profile.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { gpioBanks } from "../../../../src/transport/gpio-bank.ts";
import { gpioChips, gpioNumberOf } from "../../../../src/transport/gpio-chips.ts";
import { type Proofs, prove } from "../prove.ts";
import { DEBOUNCE_MS, gateProfile, LINE } from "./gate-wiring.ts";
import { killedInTheMiddleOfAPulse, wholeLane } from "./lane-proofs.ts";
import { SimulatedLines } from "./simulated-lines.ts";

const LEASE = "/tmp/state/gpio-lines.json";
/** So long that whatever is seen was seen because of an edge. */
const NEVER_MS = 60_000;
const lines = new SimulatedLines([LINE.open, LINE.close]);

function gate(pollMs: number, onChange: () => void = () => undefined, profile: object = gateProfile): GpioIoModule {
    const open = gpioBanks("gpio-1", LEASE);
    const plan = { id: "gpio-1", clock: systemClock, profile: loadGpioProfile(profile), open, mayPulse: true };
    return new GpioIoModule({ ...plan, pollMs, onChange });
}

async function withGate(
    pollMs: number,
    work: (io: GpioIoModule) => Promise<void>,
    onChange?: () => void,
): Promise<void> {
    const io = gate(pollMs, onChange);
    io.start();
    try {
        await lines.until("the lines are taken", () => io.health().state === "well");
        await work(io);
    } finally {
        await io.stop();
    }
}

/** Kernel number of a line, by a way of its own. */
function numberOf(line: number): number {
    const chip = readdirSync("/sys/class/gpio").find(
        (name) => name.startsWith("gpiochip") && readFileSync(`/sys/class/gpio/${name}/label`, "utf8") === "gate-io\n",
    );
    return Number(chip?.slice("gpiochip".length)) + line;
}

async function startChild(name: string, ...args: readonly string[]): Promise<ChildProcess> {
    const child = fork(`tests/e2e/machine/gpio/${name}`, args, { execArgv: ["--disable-warning=ExperimentalWarning"] });
    const died = new Promise<never>((_, reject) => child.once("exit", () => reject(new Error(`${name} has died`))));
    await Promise.race([once(child, "message"), died]);
    died.catch(() => undefined);
    return child;
}

async function kill(child: ChildProcess): Promise<void> {
    const ended = once(child, "exit");
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await ended;
}

function guards(): readonly number[] {
    return readdirSync("/proc").flatMap((name) => {
        const pid = Number(name);
        if (!Number.isInteger(pid)) return [];
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("kordon-gpio-guard") ? [pid] : [];
    });
}

/** Nobody there, boom down; relays have a resistor that keeps them off while nobody drives their line. */
function rest(): void {
    const { approachLoop, boomLoop, exitLoop, limitOpen, open, close } = LINE;
    for (const line of [approachLoop, boomLoop, exitLoop, limitOpen, open, close]) lines.pull(line, false);
    for (const line of [LINE.photocell1, LINE.limitClosed]) lines.pull(line, true);
}

const proofs: Proofs = {
    "lines are found by chip label and offset": async () => {
        const chips = gpioChips();
        assert.equal(gpioNumberOf({ chip: "gate-io", line: 3, isActiveLow: false }, chips), numberOf(3));
        assert.match(String(gpioNumberOf({ chip: "gate-io", line: 16, isActiveLow: false }, chips)), /lines 0 to 15/);
        assert.match(String(gpioNumberOf({ chip: "nobody", line: 0, isActiveLow: false }, chips)), /gate-io \(16\)/);
    },
    "outputs follow, active low ones too, and begin switched off": () =>
        withGate(50, async (io) => {
            assert.deepEqual([lines.isOn(LINE.open), lines.isOn(LINE.close)], [false, false]);
            for (const [output, line] of [LINE.open, LINE.close].entries()) {
                await io.set(output, true);
                assert.equal(lines.isOn(line), true);
                assert.equal(io.image()?.outputs[output], true);
                await io.set(output, false);
                assert.equal(lines.isOn(line), false);
            }
        }),
    "a pulse has its width": () =>
        withGate(50, async (io) => {
            const from = lines.changes.length;
            await io.pulse(0, 400);
            await lines.until("the pulse is over", () => lines.changes.length === from + 2);
            const [on, off] = lines.changes.slice(from);
            const widthMs = (off?.atMs ?? 0) - (on?.atMs ?? 0);
            assert.ok(widthMs > 350 && widthMs < 700, `${widthMs} ms`);
        }),
    "an edge is seen at once": () =>
        withGate(NEVER_MS, async (io) => {
            lines.pull(LINE.approachLoop, true);
            await lines.until("the loop is seen occupied", () => io.image()?.inputs[0] === true);
            lines.pull(LINE.exitLoop, true); // active low
            await lines.until("the other is seen too", () => io.image()?.inputs[2] === true);
            lines.pull(LINE.approachLoop, false);
            lines.pull(LINE.exitLoop, false);
            await lines.until("both are seen free", () => !io.image()?.inputs.slice(0, 3).includes(true));
        }),
    "bounce is one change": async () => {
        let changes = 0;
        await withGate(
            20,
            async (io) => {
                changes = 0;
                const startedMs = systemClock.monotonicMs();
                for (let bounce = 0; bounce < 10; bounce++) lines.pull(LINE.boomLoop, bounce % 2 === 0);
                lines.pull(LINE.boomLoop, true);
                const bouncedMs = systemClock.monotonicMs() - startedMs;
                await lines.until("the end of the bounce is seen", () => {
                    return systemClock.monotonicMs() - startedMs > 200 && io.image()?.inputs[1] === true;
                });
                assert.ok(changes >= 1 && changes <= 1 + 2 * Math.ceil(bouncedMs / DEBOUNCE_MS), `${changes} changes`);
                lines.pull(LINE.boomLoop, false);
            },
            () => changes++,
        );
    },
    "a line that another program exported is left alone": async () => {
        const number = numberOf(LINE.close);
        writeFileSync("/sys/class/gpio/export", String(number));
        writeFileSync(`/sys/class/gpio/gpio${number}/direction`, "high");
        const io = gate(50);
        io.start();
        await lines.until("it is refused", () => io.health().state === "failed");
        assert.match(io.health().detail ?? "", /line 9 of gate-io is exported as gpio\d+ by another program/);
        await io.stop();
        assert.equal(readFileSync(`/sys/class/gpio/gpio${number}/value`, "utf8"), "1\n");
        assert.equal(existsSync(`/sys/class/gpio/gpio${numberOf(LINE.open)}`), false, "all or none");
        writeFileSync("/sys/class/gpio/unexport", String(number));
    },
    "a line that the kernel holds is refused": async () => {
        const taken = { ...gateProfile, outputs: [{ chip: "gate-io", line: LINE.kernelOwn }] };
        const io = gate(50, undefined, taken);
        io.start();
        await lines.until("it is refused", () => io.health().state === "failed");
        assert.match(
            io.health().detail ?? "",
            /line 15 of gate-io cannot be taken: the kernel or another program holds it/,
        );
        await io.stop();
    },
    "a process that is killed in the middle of a pulse leaves the relay off": async () => {
        for (const [output, line] of [LINE.open, LINE.close].entries()) {
            const child = await startChild("pulse-process.ts", String(output));
            assert.equal(lines.isOn(line), true);
            await kill(child);
            await lines.until("the guard has switched it off", () => !lines.isOn(line));
        }
        await withGate(50, async () => undefined); // what the killed one had taken is taken over
    },
    "killed together with its guard the relay stays on until the next start": async () => {
        const child = await startChild("pulse-process.ts", "0");
        for (const pid of guards()) process.kill(pid, "SIGKILL");
        child.kill("SIGSTOP"); // before it hears of the guard's end
        await kill(child);
        const killedMs = systemClock.monotonicMs();
        await lines.until("a while has passed", () => systemClock.monotonicMs() - killedMs > 500);
        assert.equal(lines.isOn(LINE.open), true);
        await withGate(50, async () => assert.equal(lines.isOn(LINE.open), false));
    },
    "a guard that ends alone takes the lines with it, and they come back": () =>
        withGate(50, async (io) => {
            await io.set(0, true);
            for (const pid of guards()) process.kill(pid, "SIGKILL");
            await lines.until("the loss is seen", () => io.health().state === "failed");
            await lines.until("the output is off", () => !lines.isOn(LINE.open));
            await lines.until("the lines are back", () => io.health().state === "well");
            assert.equal(guards().length, 1);
        }),
    "a whole lane opens, lets a lorry through and closes, with lamps on Modbus beside": () => wholeLane(lines),
    "a daemon that is killed in the middle of OPEN leaves the relay off": () => killedInTheMiddleOfAPulse(lines),
};

await prove(proofs, () => {
    rmSync("/tmp/state", { recursive: true, force: true });
    rest();
});
