/** Presses one lane's emergency contact again and again at chance moments, and puts everything back like the people there would. */
import type { Clock } from "../../ports/clock.ts";
import { askOnce } from "../control-client.ts";
import { CommandFailure, EXIT } from "../outcome.ts";
import type { BenchProcess } from "./bench-process.ts";
import type { Hearing } from "./hearing.ts";
import type { FromDevices } from "./lane-bench-messages.ts";
import { INPUT, laneId, OPEN_COIL, PULSE_MS } from "./lane-bench-site.ts";

/** One press of the button. Both from the moment the contact was energised at the module. */
export interface Emergency {
    /** Until this process had heard over the control socket that the order is in the journal: a little later than it was. */
    readonly inputToOrderMs: number;
    /** Until the OPEN coil was written at the module. */
    readonly emergencyToCoilMs: number;
}

/** A fact of a lane, and when the bench heard of it. */
export interface FactHeard {
    readonly kind: string;
    readonly lane: string | undefined;
    readonly heardMs: number;
}

export interface LaneDrillParts {
    readonly index: number;
    readonly devices: BenchProcess<FromDevices>;
    readonly facts: Hearing<FactHeard>;
    readonly controlSocket: string;
    readonly clock: Clock;
    /** 0 <= x < 1. */
    readonly random: () => number;
}

/** After this the OPEN pulse of the emergency before has been seen to end, so that no barrier driver waits for it. */
const REST_MS = PULSE_MS + 200;
/** Several polls and ticks wide, so that every phase of both is as likely as any other. */
const CHANCE_MS = 200;

export class LaneDrill {
    readonly #parts: LaneDrillParts;
    readonly #lane: string;

    constructor(parts: LaneDrillParts) {
        this.#parts = parts;
        this.#lane = laneId(parts.index);
    }

    /** Whole emergencies, the last begun before `untilMs`; the lane is idle at the end. Rejects with `CommandFailure`. */
    async run(untilMs: number): Promise<readonly Emergency[]> {
        const { clock, random } = this.#parts;
        const emergencies: Emergency[] = [];
        for (;;) {
            await clock.sleep(REST_MS + random() * CHANCE_MS);
            if (clock.monotonicMs() >= untilMs) return emergencies;
            emergencies.push(await this.#press());
            await this.#putBack();
        }
    }

    async #press(): Promise<Emergency> {
        const { index, devices } = this.#parts;
        const coil = devices.said.next(
            (said) =>
                said.is === "coil" && said.module === index && said.coil === OPEN_COIL && said.isOn
                    ? said.atMs
                    : undefined,
            `OPEN on ${this.#lane} after an emergency`,
        );
        const order = this.#fact("boom.commanded");
        const press = this.#set([[INPUT.emergency, true]]);
        const [pressedMs, coilMs, orderedMs] = await Promise.all([press, coil, order]);
        return { inputToOrderMs: orderedMs - pressedMs, emergencyToCoilMs: coilMs - pressedMs };
    }

    /** The boom is up and the button released; the officer resets the lane and somebody lowers the boom by hand. */
    async #putBack(): Promise<void> {
        const opened = this.#fact("boom.opened");
        const up = this.#set([
            [INPUT.emergency, false],
            [INPUT.limitClosed, false],
            [INPUT.limitOpen, true],
        ]);
        await Promise.all([opened, up]);
        const answer = await askOnce(this.#parts.controlSocket, {
            ask: "lane",
            lane: this.#lane,
            asks: "reset",
            by: "bench",
            reason: "the drill is over",
        });
        if (answer.is !== "done") throw new CommandFailure(EXIT.failed, `${this.#lane} was not reset: ${answer.is}`);
        const closed = this.#fact("boom.closed");
        const down = this.#set([
            [INPUT.limitOpen, false],
            [INPUT.limitClosed, true],
        ]);
        await Promise.all([closed, down]);
    }

    /** When the lane's next fact of this kind was heard of. */
    #fact(kind: string): Promise<number> {
        return this.#parts.facts.next(
            (fact) => (fact.lane === this.#lane && fact.kind === kind ? fact.heardMs : undefined),
            `${kind} of ${this.#lane}`,
        );
    }

    /** When the inputs were set at the module. */
    #set(inputs: readonly (readonly [number, boolean])[]): Promise<number> {
        const { devices, index } = this.#parts;
        const done = devices.said.next(
            (said) => (said.is === "set" && said.module === index ? said.atMs : undefined),
            `the inputs of ${this.#lane}`,
        );
        devices.tell({ do: "set", module: index, inputs });
        return done;
    }
}
