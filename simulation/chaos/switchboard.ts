/** Makes incidents happen and ends them again, at their times, on whatever they concern. */
import type { SimulatedLane } from "../../simulators/world/lane.ts";
import { RELAY } from "../../simulators/world/lane-wiring.ts";
import type { IoWire } from "../devices/io-wire.ts";
import type { LanePanel } from "../devices/lane-panel.ts";
import type { CameraWire } from "../devices/simulated-camera.ts";
import type { SimulatedDisk } from "../devices/simulated-disk.ts";
import type { SimulatedBroker } from "../link/simulated-broker.ts";
import type { SimulatedCentral } from "../link/simulated-central.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import type { Incident, Mishap } from "./incident.ts";

/** All that an incident can lay hands on. */
export interface ChaosTargets {
    readonly clock: VirtualClock;
    readonly disk: SimulatedDisk;
    readonly broker: SimulatedBroker;
    readonly central: SimulatedCentral;
    readonly lanes: readonly LaneTargets[];
    readonly kill: (awayMs: number) => void;
    readonly stall: (forMs: number) => void;
    readonly onMishap: (mishap: Mishap, isOver: boolean) => void;
}

export interface LaneTargets {
    readonly lane: SimulatedLane;
    readonly boom: IoWire;
    readonly panel: IoWire;
    readonly buttons: LanePanel;
    readonly camera: CameraWire;
}

type End = () => void;
const nothing: End = () => undefined;

export class Switchboard {
    readonly #targets: ChaosTargets;

    constructor(targets: ChaosTargets) {
        this.#targets = targets;
    }

    /** `atMs` of the incidents counts from now. */
    plan(incidents: readonly Incident[]): void {
        for (const { atMs, forMs, mishap } of incidents) this.#targets.clock.after(atMs, () => this.#do(mishap, forMs));
    }

    #do(mishap: Mishap, forMs: number): void {
        const { clock, onMishap } = this.#targets;
        onMishap(mishap, false);
        const end = "lane" in mishap ? this.#atLane(mishap) : this.#atSite(mishap, forMs);
        if (end === nothing) return;
        clock.after(forMs, () => {
            end();
            onMishap(mishap, true);
        });
    }

    #atLane(mishap: Extract<Mishap, { readonly lane: number }>): End {
        const targets = this.#targets.lanes[mishap.lane];
        if (targets === undefined) return nothing;
        const { lane, boom, panel, buttons, camera } = targets;
        switch (mishap.kind) {
            case "wire": {
                const wire = mishap.module === "boom" ? boom : panel;
                wire.fault = mishap.fault;
                return () => {
                    wire.fault = { kind: "none" };
                };
            }
            case "relay":
                boom.breakRelay(RELAY[mishap.relay], mishap.fault);
                return () => boom.mendRelay(RELAY[mishap.relay]);
            case "sensor":
                lane.sensorFault(mishap.sensor, mishap.fault);
                return () => lane.sensorFault(mishap.sensor, "none");
            case "arm":
                lane.armFault(mishap.fault);
                return () => lane.armFault({ kind: "none" });
            case "arm-break":
                buttons.breakArm(true);
                return () => buttons.breakArm(false);
            case "camera":
                camera.isBroken = true;
                return () => {
                    camera.isBroken = false;
                };
            case "scale":
                lane.scaleTrick(mishap.trick);
                return () => {
                    lane.scaleTrick({ kind: "none" });
                };
            case "emergency":
                buttons.press(true);
                return () => buttons.press(false);
            case "key":
                buttons.turnKey(true);
                lane.turnKey(mishap.to);
                return () => {
                    lane.turnKey("off");
                    buttons.turnKey(false);
                };
        }
    }

    #atSite(mishap: Exclude<Mishap, { readonly lane: number }>, forMs: number): End {
        const { clock, disk, central } = this.#targets;
        switch (mishap.kind) {
            case "disk":
                disk[mishap.file] = mishap.code;
                return () => {
                    disk[mishap.file] = undefined;
                };
            case "broker":
                return this.#atBroker(mishap.how);
            case "central-away":
                central.leave();
                return () => central.arrive();
            case "lost-acks":
                central.loseAcks(mishap.count);
                return nothing;
            case "stall":
                this.#targets.stall(forMs);
                return nothing;
            case "death":
                this.#targets.kill(forMs);
                return nothing;
            case "clock":
                clock.stepWall(mishap.stepMs);
                return mishap.isKept ? nothing : () => clock.stepWall(-mishap.stepMs);
            case "command":
                central.command(mishap.fields, mishap.flaw);
                return nothing;
        }
    }

    #atBroker(how: "cut" | "down" | "forgets" | "mute"): End {
        const { broker } = this.#targets;
        if (how === "cut") {
            broker.cut();
            return nothing;
        }
        if (how === "mute") broker.fallMute();
        else broker.goDown(how === "forgets");
        return () => broker.comeUp();
    }
}
