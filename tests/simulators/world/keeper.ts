/**
 * A stand-in for the daemon that works a simulated lane through its I/O module only: two ways of closing, one right, one wrong.
 * Who may pass it is told by the world's own account, since it has no camera.
 */
import type { RelayModule } from "../../../simulators/wire/relay-module.ts";
import type { World } from "../../../simulators/world/world.ts";
import type { WorldEvent } from "../../../simulators/world/world-event.ts";

const IN = { boomLoop: 1, exitLoop: 2, photocell: 3, armOpen: 4, armClosed: 5 };
const COIL = { green: 3, openPulse: 0x10, closePulse: 0x11 };

/** `careful`: all sensors clear for a while. `loop-clear`: as soon as the loop under the boom is free, the classic mistake. */
export type Closing = "careful" | "loop-clear";

type Phase = "idle" | "opening" | "open" | "passing" | "closing";

export class Keeper {
    #phase: Phase = "idle";
    #phaseMs = 0;
    #clearMs = 0;
    readonly #waiting: WorldEvent[] = [];
    readonly #world: World;
    readonly #closing: Closing;

    constructor(world: World, closing: Closing) {
        this.#world = world;
        this.#closing = closing;
    }

    hear(event: WorldEvent): void {
        if (event.is === "stopped") this.#waiting.push(event);
    }

    advance(elapsedMs: number): void {
        const module = this.#world.lanes[0]?.module;
        if (module === undefined) return;
        this.#phaseMs += elapsedMs;
        const isClear = !isUnder(module) && !reads(module, IN.exitLoop);
        this.#clearMs = isClear ? this.#clearMs + elapsedMs : 0;
        const next = this.#next(module);
        if (next === this.#phase) return;
        this.#phase = next;
        this.#phaseMs = 0;
    }

    #next(module: RelayModule): Phase {
        switch (this.#phase) {
            case "idle": {
                const next = this.#waiting.shift();
                if (next === undefined) return "idle";
                if (next.booked === "valid") module.setCoil(COIL.openPulse, true);
                else this.#world.waveAway(next.lorry);
                return next.booked === "valid" ? "opening" : "idle";
            }
            case "opening":
                if (!reads(module, IN.armOpen)) return "opening";
                module.setCoil(COIL.green, true);
                return "open";
            case "open":
                if (!isUnder(module) && this.#phaseMs < 30_000) return "open";
                module.setCoil(COIL.green, false);
                this.#clearMs = 0;
                return "passing";
            case "passing": {
                const mayClose = this.#closing === "careful" ? this.#clearMs >= 2_500 : !reads(module, IN.boomLoop);
                if (!mayClose) return "passing";
                module.setCoil(COIL.closePulse, true);
                return "closing";
            }
            case "closing":
                if (reads(module, IN.armClosed)) return "idle";
                return reads(module, IN.armOpen) && this.#phaseMs > 3_000 ? "passing" : "closing";
        }
    }
}

function reads(module: RelayModule, input: number): boolean {
    return module.input(input) === true;
}

function isUnder(module: RelayModule): boolean {
    return reads(module, IN.boomLoop) || !reads(module, IN.photocell);
}
