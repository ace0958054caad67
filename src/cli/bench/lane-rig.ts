/** The processes of the lane bench and the ways to deal with them: simulated devices, the daemon under test, its control socket. */
import { join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import type { SiteView } from "../../runtime/control-protocol.ts";
import { askDaemon, askOnce } from "../control-client.ts";
import { CommandFailure, EXIT } from "../outcome.ts";
import { BenchProcess } from "./bench-process.ts";
import { Hearing } from "./hearing.ts";
import { type DaemonReport, FromDaemon, FromDevices } from "./lane-bench-messages.ts";
import { AT_REST, PULSE_MS, writeLaneSite } from "./lane-bench-site.ts";
import { type FactHeard, LaneDrill } from "./lane-drill.ts";

/** Lanes whose devices can be troubled: the last one's is silent then, that of the one before it slow. */
export const TROUBLED_LANES = 2;
const SLOW_MS = 200;

const LOOK_MS = 100;
const REST_MS_MAX = 60_000;

export class LaneRig {
    readonly #lanes: number;
    readonly #folder: string;
    readonly #clock: Clock;
    readonly #devices: BenchProcess<FromDevices>;
    readonly #facts: Hearing<FactHeard>;
    readonly #closing = new AbortController();
    #daemon: BenchProcess<FromDaemon> | undefined;
    #barePort = 0;

    constructor(lanes: number, folder: string, clock: Clock) {
        this.#lanes = lanes;
        this.#folder = folder;
        this.#clock = clock;
        this.#facts = new Hearing(clock);
        this.#devices = new BenchProcess({
            name: "devices",
            module: new URL("../../../simulators/bench/main.ts", import.meta.url),
            args: ["--modules", String(lanes + 1), "--pulse", String(PULSE_MS)],
            messages: FromDevices,
            folder,
            clock,
        });
    }

    /** Port of a module that the daemon knows nothing of. */
    get barePort(): number {
        return this.#barePort;
    }

    /** Resolves when every lane is idle. */
    async start(): Promise<void> {
        const ports = await this.#devices.said.next(
            (said) => (said.is === "ready" ? said.ports : undefined),
            "devices",
        );
        this.#barePort = ports[this.#lanes] ?? 0;
        for (let module = 0; module < this.#lanes; module++) {
            this.#devices.tell({ do: "set", module, inputs: AT_REST });
        }
        this.#daemon = new BenchProcess({
            name: "daemon",
            module: new URL("lane-bench-process.ts", import.meta.url),
            args: [writeLaneSite(this.#folder, ports.slice(0, this.#lanes))],
            messages: FromDaemon,
            folder: this.#folder,
            clock: this.#clock,
        });
        await this.#daemon.said.next((said) => (said.is === "ready" ? true : undefined), "the daemon");
        void this.#listen();
        await this.atRest();
    }

    drill(index: number, random: () => number): LaneDrill {
        return new LaneDrill({
            index,
            devices: this.#devices,
            facts: this.#facts,
            controlSocket: this.#controlSocket,
            clock: this.#clock,
            random,
        });
    }

    trouble(isOn: boolean): void {
        const slow = isOn ? { kind: "delay", ms: SLOW_MS } : { kind: "none" };
        const dead = isOn ? { kind: "silence" } : { kind: "none" };
        this.#devices.tell({ do: "fault", module: this.#lanes - TROUBLED_LANES, fault: slow });
        this.#devices.tell({ do: "fault", module: this.#lanes - 1, fault: dead });
    }

    /** Waits until every lane is idle and hears all its devices. */
    async atRest(): Promise<void> {
        const giveUpMs = this.#clock.monotonicMs() + REST_MS_MAX;
        let view: SiteView | undefined;
        while (this.#clock.monotonicMs() < giveUpMs) {
            const answer = await askOnce(this.#controlSocket, { ask: "lanes" });
            if (answer.is === "lanes") view = answer.view;
            if (view?.lanes.every(isIdle)) return;
            await this.#clock.sleep(LOOK_MS);
        }
        throw new CommandFailure(EXIT.failed, `the lanes do not come to rest: ${JSON.stringify(view?.lanes)}`);
    }

    /** What the daemon's process has to say of the time since the last report. */
    async report(): Promise<DaemonReport> {
        if (this.#daemon === undefined) throw new Error("the daemon is not started");
        const report = this.#daemon.said.next((said) => (said.is === "report" ? said : undefined), "the report");
        this.#daemon.tell({ do: "report" });
        return await report;
    }

    /** Leaves no process behind. */
    async close(): Promise<void> {
        this.#closing.abort();
        await this.#daemon?.end();
        await this.#devices.end();
    }

    get #controlSocket(): string {
        return join(this.#folder, "control.sock");
    }

    async #listen(): Promise<void> {
        try {
            for await (const answer of askDaemon(this.#controlSocket, { ask: "facts" }, this.#closing.signal)) {
                if (answer.is !== "fact") continue;
                const { kind, lane } = answer.fact;
                const heardMs = this.#clock.monotonicMs();
                this.#facts.hear({ kind, lane: typeof lane === "string" ? lane : undefined, heardMs });
            }
            throw new CommandFailure(EXIT.failed, "the daemon closed its control socket");
        } catch (error) {
            this.#facts.end(error instanceof Error ? error : new Error(String(error)));
        }
    }
}

function isIdle({ mode, alarms }: SiteView["lanes"][number]): boolean {
    return mode === "idle" && !alarms.some((alarm) => alarm.startsWith("SENSOR_SILENT"));
}
