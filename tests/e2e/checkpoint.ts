/**
 * A whole checkpoint for tests: simulated world and central system in processes of their own, the real daemon between them
 * over Modbus TCP and MQTT. Unless a test brings one there is no camera: every lorry goes to the officer, whom the test plays
 * over the control socket.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askDaemon, askOnce } from "../../src/cli/control-client.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import type { LaneView, SiteView } from "../../src/runtime/control-protocol.ts";
import { CentralChild } from "../central/central-child.ts";
import { Condition } from "../central/condition.ts";
import type { TestBooking } from "../central/wire-bookings.ts";

const LANE = "lane-1";
const ROOT = new URL("../../", import.meta.url).pathname;
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];
/** A whole day of a few lorries on a loaded machine. */
const DEADLINE_MS = 120_000;
const OFFICER_LOOKS_EVERY_MS = 300;
/** Alarms that wait for somebody to close a boom. */
const OPEN_BOOM: readonly string[] = ["BOOM_LEFT_OPEN", "CLOSE_WANTED"];
const LOOPBACK_NOBODY = "http://127.0.0.1:9/stream.mjpg";

export interface SeenFact {
    readonly kind: string;
    readonly sequence: number;
    readonly passage?: string;
    readonly data: { readonly [key: string]: unknown };
}

/** What the world told, as far as tests look into it. */
export interface WorldMessage {
    readonly is: string;
    readonly lorry?: number;
    readonly plate?: string;
    readonly booked?: string;
    readonly bookingId?: string;
    readonly truth?: {
        readonly passages: number;
        readonly opened: readonly { readonly booked: string }[];
        readonly passedUnopened: readonly unknown[];
        readonly strikes: number;
        readonly lowersOnVehicle: number;
        readonly openPulses: number;
        readonly closePulses: number;
    };
    readonly lanes?: readonly LanePorts[];
}

interface LanePorts {
    readonly modbusPort: number;
    readonly cameraPort?: number;
    readonly scale?: { readonly port: number; readonly beamsPort: number };
}

export interface CheckpointOptions {
    readonly passages: number;
    readonly seed: number;
    readonly speed: number;
    /** URL of a broker of the test's own; without it the simulated central system brings one. */
    readonly broker?: string;
    /** The central system's list; without it, it has the bookings of the day. */
    readonly bookings?: readonly TestBooking[];
    /** Lane limits beside those that suit the speed. */
    readonly limits?: { readonly [name: string]: number };
    /** Cameras that read by themselves: further parts of the site file, and which cameras the lane goes by. */
    readonly reading?: { readonly site: object; readonly cameras: readonly string[] };
    /** The simulated world draws pictures for `camera-1`. */
    readonly isFilmed?: boolean;
    /** Lane policy beside the defaults. */
    readonly policy?: object;
    /** Of the lorries, how many have a valid booking, 0 to 1. */
    readonly bookedShare?: number;
    /** Further parts of the site file, such as boards; `central` is added to the usual one. */
    readonly site?: { readonly central?: object; readonly [part: string]: unknown };
    /** A scale before the boom: what the simulated one speaks, and how the site file names it. */
    readonly scale?: {
        readonly simulated: { readonly speaks: string; readonly [key: string]: unknown };
        readonly profile: string;
        /** Of the serial line; without it the indicator is behind a serial server on TCP. */
        readonly path?: string;
    };
}

export class Checkpoint {
    readonly folder = mkdtempSync(join(tmpdir(), "kordon-e2e-"));
    readonly facts: SeenFact[] = [];
    readonly worldSaid: WorldMessage[] = [];
    readonly #options: CheckpointOptions;
    readonly #changed = new Condition();
    readonly #day: object;
    #world: ChildProcess | undefined;
    #daemon: ChildProcess | undefined;
    #central: CentralChild | undefined;
    #ports: LanePorts = { modbusPort: 0 };
    #isClosed = false;

    private constructor(options: CheckpointOptions) {
        const { seed, passages, speed, bookedShare } = options;
        this.#options = options;
        const share = { drivers: { normal: 100 }, gapMsMin: 5_000, gapMsMean: 10_000 };
        const booked = bookedShare === undefined ? {} : { bookedShare };
        this.#day = { seed, passages, speed, ...booked, checkpoint: "nur-zholy", startUtcMs: Date.now(), ...share };
    }

    /** World and central system up; the daemon not yet. */
    static async open(options: CheckpointOptions): Promise<Checkpoint> {
        const checkpoint = new Checkpoint(options);
        const broker = options.broker === undefined ? {} : { broker: options.broker };
        const { bookings } = options;
        const list = bookings === undefined ? { day: checkpoint.#day as never } : { bookings: [...bookings] as never };
        checkpoint.#central = await CentralChild.start({ site: "nur-zholy", ...list, ...broker });
        await checkpoint.#openWorld();
        checkpoint.#writeSite();
        return checkpoint;
    }

    get central(): CentralChild {
        if (this.#central === undefined) throw new Error("no central system");
        return this.#central;
    }

    get siteFile(): string {
        return join(this.folder, "site.yaml");
    }

    get socket(): string {
        return join(this.folder, "control.sock");
    }

    get stateFolder(): string {
        return join(this.folder, "state");
    }

    /** Starts the daemon and waits until it answers. */
    async startDaemon(): Promise<void> {
        const daemon = spawn(
            process.execPath,
            [...NODE_FLAGS, join(ROOT, "src/main.ts"), "run", "--json", "--site", this.siteFile],
            {
                stdio: ["ignore", "pipe", "pipe"],
            },
        );
        this.#daemon = daemon;
        const log = createWriteStream(join(this.folder, "kordon.log"), { flags: "a" });
        daemon.stderr?.pipe(log);
        let isUp = false;
        daemon.stdout?.on("data", () => {
            isUp = true;
            this.#changed.poke();
        });
        daemon.once("exit", () => this.#changed.poke());
        await this.#changed.until("the daemon runs", () => isUp || daemon.exitCode !== null);
        if (daemon.exitCode !== null)
            throw new Error(`the daemon ended with ${daemon.exitCode}; ${join(this.folder, "kordon.log")}`);
        void this.#listen();
    }

    /** SIGKILL, as a power cut does it. */
    async killDaemon(): Promise<void> {
        await this.#endDaemon("SIGKILL");
    }

    async stopDaemon(): Promise<void> {
        await this.#endDaemon("SIGTERM");
    }

    /** From now on an officer accepts every lorry with a valid booking, sends the others away and closes what was left open. */
    startOfficer(): void {
        void this.#beOnDuty();
    }

    order(order: object): void {
        this.#world?.send(order);
    }

    async view(): Promise<SiteView> {
        const answer = await askOnce(this.socket, { ask: "lanes" });
        if (answer.is !== "lanes") throw new Error(`not a view: ${JSON.stringify(answer)}`);
        return answer.view;
    }

    /** Waits until the claim holds; it is looked at whenever a fact or a message of the world has come. */
    async until(what: string, claim: () => boolean): Promise<void> {
        await this.#changed.until(what, claim, DEADLINE_MS);
    }

    /** Waits until the daemon stands as wanted, asking it again after every fact. */
    async untilView(what: string, wanted: (view: SiteView) => boolean): Promise<void> {
        for await (const answer of askDaemon(this.socket, { ask: "watch" })) {
            if (answer.is === "lanes" && wanted(answer.view)) return;
        }
        throw new Error(`the daemon ended before ${what}`);
    }

    async truth(): Promise<NonNullable<WorldMessage["truth"]>> {
        const from = this.worldSaid.length;
        this.order({ do: "report" });
        await this.until("the world reports", () => this.worldSaid.slice(from).some(({ is }) => is === "truth"));
        const truth = this.worldSaid.slice(from).find(({ is }) => is === "truth")?.truth;
        if (truth === undefined) throw new Error("no truth");
        return truth;
    }

    kinds(kind: string): readonly SeenFact[] {
        return this.facts.filter((fact) => fact.kind === kind);
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        await this.#endDaemon("SIGTERM");
        const world = this.#world;
        if (world !== undefined) {
            const ended = new Promise((resolve) => world.once("exit", resolve));
            world.kill("SIGTERM");
            await ended;
        }
        await this.#central?.stop();
        rmSync(this.folder, { recursive: true, force: true });
    }

    async #openWorld(): Promise<void> {
        const file = join(this.folder, "world.json");
        const { scale, isFilmed = false } = this.#options;
        const lane = { id: LANE, camera: isFilmed, ...(scale === undefined ? {} : { scale: scale.simulated }) };
        writeFileSync(file, JSON.stringify({ day: this.#day, lanes: [lane] }));
        const world = fork(join(ROOT, "simulators/world/main.ts"), ["--config", file], {
            execArgv: NODE_FLAGS,
            stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
        this.#world = world;
        world.on("message", (message: WorldMessage) => {
            this.worldSaid.push(message);
            this.#changed.poke();
        });
        await this.until("the world is ready", () => this.worldSaid.some(({ is }) => is === "ready"));
        this.#ports = this.worldSaid.find(({ is }) => is === "ready")?.lanes?.[0] ?? this.#ports;
    }

    #writeSite(): void {
        const { speed, limits, reading, policy = {}, site: { central, ...parts } = {} } = this.#options;
        const { cameraPort } = this.#ports;
        const film = cameraPort === undefined ? LOOPBACK_NOBODY : `http://127.0.0.1:${cameraPort}/stream.mjpg`;
        const fast = (ms: number, least: number): number => Math.max(least, Math.round(ms / speed));
        const site = {
            version: 1,
            site: "nur-zholy",
            checkpoint: "nur-zholy",
            stateFolder: "state",
            controlSocket: "control.sock",
            central: { url: this.central.url, ...central },
            modules: {
                "io-1": {
                    profile: "io-module/modbus/moxa-iologik-e1214",
                    bus: { kind: "modbus-tcp", host: "127.0.0.1", port: this.#ports.modbusPort },
                    pollMs: 20,
                },
                ...this.#scalePart((port) => ({
                    "io-2": {
                        profile: "io-module/modbus/moxa-iologik-e1214",
                        bus: { kind: "modbus-tcp", host: "127.0.0.1", port },
                        pollMs: 20,
                    },
                })),
            },
            ...this.#scalePart((_port, scales) => ({ scales })),
            cameras: { "camera-1": { url: film } },
            ...reading?.site,
            lanes: {
                [LANE]: {
                    role: "checkpoint-entry",
                    barrier: { open: "io-1:0", close: "io-1:1", pulseMs: fast(700, 100) },
                    lamps: { red: "io-1:2", green: "io-1:3" },
                    contacts: {
                        approachLoop: "io-1:0",
                        boomLoop: "io-1:1",
                        exitLoop: "io-1:2",
                        photocell1: { terminal: "io-1:3", activeWhen: "off" },
                        limitOpen: "io-1:4",
                        limitClosed: "io-1:5",
                        ...this.#scalePart(() => ({
                            scaleBeam1: { terminal: "io-2:0", activeWhen: "off" },
                            scaleBeam2: { terminal: "io-2:1", activeWhen: "off" },
                        })),
                    },
                    ...this.#scalePart(() => ({ scale: "bridge-1" })),
                    cameras: reading?.cameras ?? ["camera-1"],
                    policy,
                    limits: {
                        readingAgeMsMax: 400,
                        presenceMsMin: fast(500, 100),
                        readSettleMs: 0,
                        readMsMax: 500,
                        travelMsMax: fast(8_000, 3_000),
                        clearHoldMsMin: fast(3_000, 600),
                        vehicleGapMsMin: fast(1_000, 150),
                        ...limits,
                    },
                },
            },
            ...parts,
        };
        writeFileSync(this.siteFile, JSON.stringify(site));
    }

    /** A part of the site file that only a lane with a scale has. */
    #scalePart(part: (beamsPort: number, scales: object) => object): object {
        const { scale } = this.#options;
        const ports = this.#ports.scale;
        if (scale === undefined || ports === undefined) return {};
        const line =
            scale.path === undefined
                ? { kind: "tcp", host: "127.0.0.1", port: ports.port }
                : { kind: "serial", path: scale.path };
        const bridge = { profile: scale.profile, line, capacityKg: 80_000, divisionKg: 20 };
        return part(ports.beamsPort, { "bridge-1": bridge });
    }

    /** Follows the daemon's facts until it ends. */
    async #listen(): Promise<void> {
        try {
            for await (const answer of askDaemon(this.socket, { ask: "facts" })) {
                if (answer.is !== "fact") continue;
                this.facts.push(answer.fact as unknown as SeenFact);
                this.#changed.poke();
            }
        } catch {
            // The daemon was killed: that is what such tests are about.
        }
    }

    /** The officer goes by how the lane stands and not by what was told: a daemon that dies takes unheard facts with it. */
    async #beOnDuty(): Promise<void> {
        while (!this.#isClosed) {
            const view = await this.view().catch(() => undefined);
            const lane = view?.lanes[0];
            if (lane !== undefined) await this.#serve(lane);
            await systemClock.sleep(OFFICER_LOOKS_EVERY_MS);
        }
    }

    async #serve({ mode, alarms }: LaneView): Promise<void> {
        const standing = this.#lorryAtBoom();
        if (mode === "refused" && standing !== undefined) this.order({ do: "wave-away", lorry: standing.lorry });
        if (mode === "referred" && standing !== undefined)
            await this.#ask(standing.booked === "valid" ? "accept" : "refuse");
        // Refused while something is under the boom, and until it has been clear for a while: asked again at the next look.
        if (alarms.some((code) => OPEN_BOOM.includes(code))) await this.#ask("close");
    }

    /** The lorry that stands before the boom, as the officer sees it from the window. */
    #lorryAtBoom(): WorldMessage | undefined {
        const isGone = (lorry: number | undefined): boolean =>
            this.worldSaid.some((said) => said.lorry === lorry && (said.is === "entered" || said.is === "left"));
        return this.worldSaid.find(({ is, lorry }) => is === "stopped" && !isGone(lorry));
    }

    /** A daemon that is gone, or that has meanwhile other things to do, is looked at again. */
    async #ask(asks: "accept" | "refuse" | "close"): Promise<void> {
        const about = { lane: LANE, by: "test officer", reason: "looked out of the window" };
        await askOnce(this.socket, { ask: "lane", asks, ...about }).catch(() => undefined);
    }

    async #endDaemon(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
        const daemon = this.#daemon;
        this.#daemon = undefined;
        if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
        const ended = new Promise((resolve) => daemon.once("exit", resolve));
        daemon.kill(signal);
        await ended;
    }
}
