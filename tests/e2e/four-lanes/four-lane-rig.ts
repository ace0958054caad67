/**
 * The whole of `config/four-lane-site.yaml` at work: the real daemon on that file, the simulated world at two of its lanes, the
 * simulated central system and CarGoRuqsat server, a real Mosquitto, and a simulator for every other device that has one.
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { parse } from "yaml";
import { askDaemon, askOnce } from "../../../src/cli/control-client.ts";
import { CentralChild } from "../../central/central-child.ts";
import { CgrChild, REGISTRATION } from "../../central/cgr/cgr-child.ts";
import { Condition } from "../../central/condition.ts";
import { Mosquitto } from "../../central/mosquitto.ts";
import type { SeenFact, WorldMessage } from "../checkpoint.ts";
import { FourLaneDevices, type Part } from "./four-lane-devices.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const FILE = join(ROOT, "config/four-lane-site.yaml");
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];
const SITE = "four-lanes";
const SPEED = 3;
/** Of a busy machine. */
const DEADLINE_MS = 90_000;
/** The lanes of the world: the others have devices and no lorries. */
const LANES = ["arrivals", "entry"] as const;
const SECRETS = { "road-sign.community": "public", "release-front.password": "gate" };
const OPEN_BOOM: readonly unknown[] = ["BOOM_LEFT_OPEN", "CLOSE_WANTED"];

export interface Health {
    readonly state: string;
    readonly code?: string;
    readonly detail?: string;
}

type LaneFact = SeenFact & { readonly lane?: string };
type LaneMessage = WorldMessage & { readonly lane?: string };

export class FourLaneRig {
    readonly folder = mkdtempSync(join(tmpdir(), "kordon-four-lanes-"));
    readonly facts: LaneFact[] = [];
    readonly worldSaid: LaneMessage[] = [];
    /** Of every device, as the broker keeps it. */
    readonly healths = new Map<string, Health>();
    readonly #changed = new Condition();
    readonly #closing: (() => unknown)[] = [];
    #world: ChildProcess | undefined;
    #devices: FourLaneDevices | undefined;
    #broker = "";

    get devices(): FourLaneDevices {
        if (this.#devices === undefined) throw new Error("not open");
        return this.#devices;
    }

    get siteFile(): string {
        return join(this.folder, "site.yaml");
    }

    /** All but the daemon. `passages`: lorries, every one with a valid booking. */
    static async open(passages: number, seed: number): Promise<FourLaneRig> {
        const rig = new FourLaneRig();
        try {
            await rig.#open(passages, seed);
            return rig;
        } catch (error) {
            await rig.close();
            throw error;
        }
    }

    order(order: object): void {
        this.#world?.send(order);
    }

    async until(what: string, claim: () => boolean): Promise<void> {
        await this.#changed.until(what, claim, DEADLINE_MS);
    }

    /** Waits for the health of so many devices, all of them well but these. */
    async untilWell(devices: number, but: readonly string[]): Promise<void> {
        const ill = (): readonly string[] =>
            [...this.healths].flatMap(([id, { state, code }]) => (state === "well" ? [] : [`${id} ${state} ${code}`]));
        const isRest = (): boolean =>
            this.healths.size >= devices && ill().every((each) => but.includes(each.split(" ")[0] ?? ""));
        await this.until("the devices are well", isRest).catch((error: unknown) => {
            throw new Error(`${error}; of ${this.healths.size} devices: ${ill().join(", ")}`);
        });
    }

    of(kind: string, lane: string): readonly LaneFact[] {
        return this.facts.filter((fact) => fact.kind === kind && fact.lane === lane);
    }

    /** Starts the daemon, follows its facts, and lets an officer and the camera at the entry do their part. */
    async startDaemon(): Promise<void> {
        const args = [...NODE_FLAGS, join(ROOT, "src/main.ts"), "run", "--json", "--site", this.siteFile];
        const daemon = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
        daemon.stderr.pipe(createWriteStream(join(this.folder, "kordon.log")));
        this.#closing.push(() => ended(daemon, "SIGTERM"));
        let isUp = false;
        daemon.stdout.on("data", () => {
            isUp = true;
            this.#changed.poke();
        });
        daemon.once("exit", () => this.#changed.poke());
        await this.until("the daemon runs", () => isUp || daemon.exitCode !== null);
        if (daemon.exitCode !== null) throw new Error(readFileSync(join(this.folder, "kordon.log"), "utf8"));
        void this.#listen();
        await this.devices.speak(this.#broker);
    }

    async close(): Promise<void> {
        for (const close of this.#closing.splice(0).reverse()) await close();
        rmSync(this.folder, { recursive: true, force: true });
    }

    async #open(passages: number, seed: number): Promise<void> {
        const broker = await Mosquitto.start();
        this.#broker = broker.url;
        this.#closing.push(() => broker.kill());
        const mqtt = await connectAsync(broker.url, { protocolVersion: 5 });
        this.#closing.push(() => mqtt.endAsync(true));
        await this.#hearHealths(mqtt);
        const day = {
            ...{ seed, passages, speed: SPEED, lanes: LANES.length, bookedShare: 1, checkpoint: "nur-zholy" },
            ...{ startUtcMs: Date.now(), drivers: { normal: 100 }, gapMsMin: 5_000, gapMsMean: 8_000 },
        };
        const central = await CentralChild.start({ site: SITE, day, broker: broker.url });
        this.#closing.push(() => central.stop());
        const cgr = await CgrChild.start();
        this.#closing.push(() => cgr.stop());
        const devices = await FourLaneDevices.open();
        this.#devices = devices;
        this.#closing.push(() => devices.close());
        const ports = await this.#openWorld(day);
        this.#writeSite(ports, cgr.url);
    }

    async #hearHealths(mqtt: MqttClient): Promise<void> {
        mqtt.on("message", (topic, payload) => {
            this.healths.set(topic.split("/").at(-1) ?? "", JSON.parse(payload.toString()));
            this.#changed.poke();
        });
        await mqtt.subscribeAsync(`kordon/v1/${SITE}/devices/+`);
    }

    async #openWorld(day: { readonly passages: number }): Promise<NonNullable<LaneMessage["lanes"]>> {
        const loads = Array.from({ length: day.passages }, (_, index) => [index + 1, 31_240]);
        const scale = { speaks: "toledo", platform: { loadsKg: Object.fromEntries(loads) } };
        const lanes = [
            { id: "arrivals", camera: true },
            { id: "entry", scale },
        ];
        const file = join(this.folder, "world.json");
        writeFileSync(file, JSON.stringify({ day, lanes, cameraFps: 5 }));
        const world = fork(join(ROOT, "simulators/world/main.ts"), ["--config", file], {
            execArgv: NODE_FLAGS,
            stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
        this.#world = world;
        this.#closing.push(() => ended(world, "SIGTERM"));
        world.on("message", (message: LaneMessage) => {
            this.worldSaid.push(message);
            // The camera at the entry reads whoever stands before it.
            if (message.is === "stopped" && message.lane === "entry") this.devices.entryAnpr.see(message.plate ?? "");
            this.#changed.poke();
        });
        await this.until("the world is ready", () => this.worldSaid.some(({ is }) => is === "ready"));
        return this.worldSaid.find(({ is }) => is === "ready")?.lanes ?? [];
    }

    /** The file as it stands in the repository, with the addresses of here and the pace of the world. */
    #writeSite(ports: NonNullable<LaneMessage["lanes"]>, cgrUrl: string): void {
        const site = parse(readFileSync(FILE, "utf8"));
        const [arrivals, entry] = ports;
        const { cgr } = site.central;
        site.central = { url: this.#broker, commands: site.central.commands, cgr: { ...cgr, url: cgrUrl } };
        Object.assign(site.readingCameras["exit-anpr"], { url: this.#broker });
        for (const key of ["username", "passwordFile", "caFile"]) delete site.readingCameras["exit-anpr"][key];
        const bus = (port: number | undefined): Part => ({ kind: "modbus-tcp", host: "127.0.0.1", port });
        site.modules["io-arrivals"].bus = bus(arrivals?.modbusPort);
        site.modules["io-entry"].bus = bus(entry?.modbusPort);
        // The world's module for the beams is of this make.
        site.modules["io-beams"] = { ...site.modules["io-entry"], bus: bus(entry?.scale?.beamsPort) };
        site.scales["entry-bridge"].line = { kind: "tcp", host: "127.0.0.1", port: entry?.scale?.port };
        Object.assign(site.cameras["arrivals-front"], { url: `http://127.0.0.1:${arrivals?.cameraPort}/stream.mjpg` });
        this.devices.rewire(site, this.folder);
        for (const lane of LANES) {
            site.lanes[lane].barrier.pulseMs = Math.round(700 / SPEED);
            site.lanes[lane].limits = FAST;
        }
        site.massLimits = join(dirname(FILE), site.massLimits);
        site.stateFolder = "state";
        site.controlSocket = "control.sock";
        writeFileSync(this.siteFile, JSON.stringify(site));
        mkdirSync(join(this.folder, "secrets"));
        const files = [...JSON.stringify(site).matchAll(/"secrets\/([^"]+)"/g)].map(([, name = ""]) => name);
        const tokens = {
            "cgr-checkpoint.token": REGISTRATION.checkpoint,
            "cgr-waiting-area.token": REGISTRATION.waitingArea,
        };
        const known: Readonly<Record<string, string>> = { ...SECRETS, ...tokens };
        for (const name of files) writeFileSync(join(this.folder, "secrets", name), `${known[name] ?? "secret"}\n`);
    }

    async #listen(): Promise<void> {
        try {
            for await (const answer of askDaemon(join(this.folder, "control.sock"), { ask: "facts" })) {
                if (answer.is !== "fact") continue;
                const fact = answer.fact as unknown as LaneFact;
                this.facts.push(fact);
                this.#changed.poke();
                void this.#serve(fact);
            }
        } catch {
            // The daemon has ended.
        }
    }

    /** Every lorry has a booking and is let in; whoever the software does not admit by itself is looked at. */
    async #serve({ kind, lane = "", data }: LaneFact): Promise<void> {
        if (kind === "vehicle.referred" || kind === "vehicle.refused") await this.#ask(lane, "accept");
        if (kind === "alarm.raised" && OPEN_BOOM.includes(data["code"])) await this.#ask(lane, "close");
    }

    async #ask(lane: string, asks: "accept" | "close"): Promise<void> {
        const about = { by: "test officer", reason: "looked out of the window" };
        await askOnce(join(this.folder, "control.sock"), { ask: "lane", lane, asks, ...about }).catch(() => undefined);
    }
}

/** For a world that goes faster than the clock, on a machine that polls late. */
const FAST = {
    readingAgeMsMax: 1_000,
    presenceMsMin: 200,
    readSettleMs: 0,
    readMsMax: 8_000,
    travelMsMax: 3_000,
    clearHoldMsMin: 1_100,
    vehicleGapMsMin: 400,
    weighMsMax: 6_000,
    weightHoldMsMin: 500,
    weightAgeMsMax: 3_000,
};

async function ended(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((settle) => child.once("exit", settle));
    child.kill(signal);
    await over;
}
