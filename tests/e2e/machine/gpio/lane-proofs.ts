/** A whole lane on GPIO lines: the real daemon, a barrier that obeys its pulses, a lorry, and an officer at the control socket. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { ModbusTcpServer } from "../../../../simulators/wire/modbus-tcp-server.ts";
import { RelayModule } from "../../../../simulators/wire/relay-module.ts";
import { Random } from "../../../../simulators/world/random.ts";
import { askDaemon, askOnce } from "../../../../src/cli/control-client.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { gateSite, LINE, PULSE_MS } from "./gate-wiring.ts";
import type { Change, SimulatedLines } from "./simulated-lines.ts";

const SOCKET = "/tmp/control.sock";
const TRAVEL_MS = 400;

class Lane {
    readonly module = new RelayModule(700);
    readonly facts: string[] = [];
    readonly #lines: SimulatedLines;
    readonly #daemon: ChildProcess;
    readonly #server: ModbusTcpServer;
    readonly #stopArm: () => void;

    private constructor(lines: SimulatedLines, daemon: ChildProcess, server: ModbusTcpServer, module: RelayModule) {
        this.#lines = lines;
        this.#daemon = daemon;
        this.#server = server;
        this.module = module;
        this.#stopArm = moveArm(lines);
    }

    static async start(lines: SimulatedLines): Promise<Lane> {
        const module = new RelayModule(700);
        const server = await ModbusTcpServer.listen({
            port: 0,
            bank: module,
            clock: systemClock,
            random: new Random(1, "lane"),
        });
        writeFileSync("/tmp/site.yaml", JSON.stringify(gateSite(server.port)));
        const daemon = fork("tests/e2e/machine/gpio/daemon-process.ts", {
            execArgv: ["--disable-warning=ExperimentalWarning"],
        });
        await once(daemon, "message");
        const lane = new Lane(lines, daemon, server, module);
        void lane.#listen();
        await lane.view("idle");
        return lane;
    }

    /** Waits until the lane is in this mode. */
    async view(mode: string): Promise<void> {
        for await (const answer of askDaemon(SOCKET, { ask: "watch" })) {
            if (answer.is === "lanes" && answer.view.lanes[0]?.mode === mode) return;
        }
    }

    async fact(kind: string): Promise<void> {
        await this.#lines.until(`${kind} (so far ${this.facts.join(", ")})`, () => this.facts.includes(kind));
    }

    async accept(): Promise<void> {
        const about = { lane: "lane-1", by: "test officer", reason: "seen" };
        const answer = await askOnce(SOCKET, { ask: "lane", asks: "accept", ...about });
        assert.equal(answer.is, "done");
    }

    async kill(): Promise<void> {
        const ended = once(this.#daemon, "exit");
        this.#daemon.kill("SIGKILL");
        await ended;
    }

    async end(): Promise<void> {
        this.#stopArm();
        if (this.#daemon.exitCode === null && this.#daemon.signalCode === null) {
            this.#daemon.kill("SIGTERM");
            await once(this.#daemon, "exit");
        }
        await this.#server.close();
    }

    async #listen(): Promise<void> {
        try {
            for await (const answer of askDaemon(SOCKET, { ask: "facts" })) {
                if (answer.is === "fact") this.facts.push(String(answer.fact["kind"]));
            }
        } catch {
            // the daemon was killed
        }
    }
}

/** The barrier's controller: a pulse on OPEN or CLOSE sends the arm to that end. */
function moveArm(lines: SimulatedLines): () => void {
    let seen = lines.changes.length;
    return systemClock.every(10, () => {
        for (const { line, isOn } of lines.changes.slice(seen)) {
            if (!isOn) continue;
            const [leaves, reaches] =
                line === LINE.open ? [LINE.limitClosed, LINE.limitOpen] : [LINE.limitOpen, LINE.limitClosed];
            lines.pull(leaves, false);
            systemClock.after(TRAVEL_MS, () => lines.pull(reaches, true));
        }
        seen = lines.changes.length;
    });
}

export async function wholeLane(lines: SimulatedLines): Promise<void> {
    const from = lines.changes.length;
    const lane = await Lane.start(lines);
    try {
        await lines.until("the red lamp is on", () => lane.module.coil(2) === true && lane.module.coil(3) === false);
        lines.pull(LINE.approachLoop, true);
        await lane.fact("vehicle.referred");
        await lane.accept();
        await lane.fact("boom.opened");
        await lines.until("the green lamp is on", () => lane.module.coil(2) === false && lane.module.coil(3) === true);
        lines.pull(LINE.boomLoop, true);
        lines.pull(LINE.photocell1, false);
        await lane.fact("passage.begun");
        lines.pull(LINE.exitLoop, true);
        lines.pull(LINE.approachLoop, false);
        const underMs = systemClock.monotonicMs();
        await lines.until("the lorry is on both loops", () => systemClock.monotonicMs() - underMs > 500);
        lines.pull(LINE.boomLoop, false);
        lines.pull(LINE.photocell1, true);
        const clearMs = systemClock.monotonicMs();
        await lines.until("the lorry has left the boom", () => systemClock.monotonicMs() - clearMs > 500);
        assert.equal(lines.isOn(LINE.close), false, "closed while the exit loop is occupied");
        lines.pull(LINE.exitLoop, false);
        await lane.fact("passage.completed");
        await lane.fact("boom.closed");
        await lane.view("idle");
        await lines.until("the pulse on CLOSE is over", () => !lines.isOn(LINE.close));
    } finally {
        await lane.end();
    }
    checkPulses(lines.changes.slice(from));
    assert.deepEqual([lines.isOn(LINE.open), lines.isOn(LINE.close)], [false, false]);
}

/** One pulse of OPEN, then one of CLOSE, of the width that the site file says, never both. */
function checkPulses(changes: readonly Change[]): void {
    const said = changes.map(({ line, isOn }) => `${line === LINE.open ? "open" : "close"} ${isOn ? "on" : "off"}`);
    assert.deepEqual(said, ["open on", "open off", "close on", "close off"]);
    for (const first of [0, 2]) {
        const widthMs = (changes[first + 1]?.atMs ?? 0) - (changes[first]?.atMs ?? 0);
        assert.ok(widthMs > PULSE_MS - 60 && widthMs < PULSE_MS + 1_500, `a pulse of ${widthMs} ms`);
    }
}

export async function killedInTheMiddleOfAPulse(lines: SimulatedLines): Promise<void> {
    const lane = await Lane.start(lines);
    try {
        lines.pull(LINE.approachLoop, true);
        await lane.fact("vehicle.referred");
        void lane.accept().catch(() => undefined);
        await lines.until("OPEN is on", () => lines.isOn(LINE.open));
        const onMs = systemClock.monotonicMs();
        await lane.kill();
        await lines.until("OPEN is off", () => !lines.isOn(LINE.open));
        const heldMs = systemClock.monotonicMs() - onMs;
        assert.ok(heldMs < PULSE_MS, `${heldMs} ms: the pulse may have ended by itself`);
    } finally {
        await lane.end();
    }
}
