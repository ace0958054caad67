/** What really happened, counted by the world itself: the oracle every claim of the daemon is held against. */
import type { Booked } from "../scenarios/lorry.ts";
import type { OpenedBy, WorldEvent } from "./world-event.ts";

export interface Opening {
    readonly lane: string;
    readonly lorry: number;
    readonly booked: Booked;
    readonly by: OpenedBy;
    readonly atMs: number;
    readonly stopToOpenMs: number;
    readonly stopToOpenRealMs: number;
}

export interface LorryTruth {
    readonly lane: string;
    readonly lorry: number;
    readonly booked: Booked;
}

/** Sums over all lanes. */
export interface Truth {
    readonly arrived: number;
    /** Lorries whose tail has crossed the boom. */
    readonly passages: number;
    readonly opened: readonly Opening[];
    /** Went under the boom although it had not opened for them: followed another one through. */
    readonly passedUnopened: readonly LorryTruth[];
    readonly turnedOut: readonly LorryTruth[];
    /** The boom became fully open with nobody before it. */
    readonly openedForNobody: number;
    /** Contacts of boom and lorry. */
    readonly strikes: number;
    /** The barrier's own chain had to turn a closing boom round. */
    readonly safetyReversals: number;
    /** CLOSE pulses the barrier did not follow because its safety chain was open. */
    readonly closesRefused: number;
    /** The boom was sinking while some part of a lorry was beneath it, whether or not a sensor saw that: once per lorry and movement. */
    readonly lowersOnVehicle: number;
    /** Pulses that reached the barriers' OPEN and CLOSE terminals. */
    readonly openPulses: number;
    readonly closePulses: number;
}

export interface LaneCounts {
    readonly openedForNobody: number;
    readonly safetyReversals: number;
    readonly closesRefused: number;
    readonly lowersOnVehicle: number;
    readonly openPulses: number;
    readonly closePulses: number;
}

/** Gathers the events of all lanes; the lanes' own counters are added when the truth is asked for. */
export class Ledger {
    #arrived = 0;
    #passages = 0;
    #strikes = 0;
    readonly #opened: Opening[] = [];
    readonly #openedFor = new Set<number>();
    readonly #passedUnopened: LorryTruth[] = [];
    readonly #turnedOut: LorryTruth[] = [];

    note(event: WorldEvent): void {
        const { lane, lorry, booked, atMs } = event;
        switch (event.is) {
            case "arrived":
                this.#arrived++;
                return;
            case "opened": {
                const { by, stopToOpenMs, stopToOpenRealMs } = event;
                this.#opened.push({ lane, lorry, booked, by, atMs, stopToOpenMs, stopToOpenRealMs });
                this.#openedFor.add(lorry);
                return;
            }
            case "passed":
                this.#passages++;
                if (!this.#openedFor.has(lorry)) this.#passedUnopened.push({ lane, lorry, booked });
                return;
            case "left":
                if (event.how === "turned-out") this.#turnedOut.push({ lane, lorry, booked });
                return;
            case "struck":
                this.#strikes++;
                return;
            case "stopped":
            case "entered":
                return;
        }
    }

    truth(lanes: readonly LaneCounts[]): Truth {
        const sum = (count: (lane: LaneCounts) => number) => lanes.reduce((total, lane) => total + count(lane), 0);
        return {
            arrived: this.#arrived,
            passages: this.#passages,
            opened: [...this.#opened],
            passedUnopened: [...this.#passedUnopened],
            turnedOut: [...this.#turnedOut],
            openedForNobody: sum((lane) => lane.openedForNobody),
            strikes: this.#strikes,
            safetyReversals: sum((lane) => lane.safetyReversals),
            closesRefused: sum((lane) => lane.closesRefused),
            lowersOnVehicle: sum((lane) => lane.lowersOnVehicle),
            openPulses: sum((lane) => lane.openPulses),
            closePulses: sum((lane) => lane.closePulses),
        };
    }
}
