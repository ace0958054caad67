/**
 * The electronics in the barrier's housing, as they are bought: OPEN and CLOSE terminals latch a full movement, OPEN wins,
 * and a wired safety chain of its own turns a closing arm round. It counts each time it had to.
 */
import type { Drive } from "./arm.ts";

interface BarrierTerminals {
    readonly open: boolean;
    readonly close: boolean;
    /** Photocell intact and loop under the boom free. */
    readonly isSafe: boolean;
    /** The arm met something (motor current). */
    readonly isForced: boolean;
    readonly isUpright: boolean;
    readonly isDown: boolean;
}

export class BarrierController {
    /** Closing movements turned round by photocell, loop or force. */
    safetyReversals = 0;
    /** CLOSE pulses that found the safety chain open and moved nothing. */
    closesRefused = 0;
    /** OPEN and CLOSE pulses that arrived at the terminals. */
    readonly pulses = { open: 0, close: 0 };
    #drive: Drive = "off";
    #openWas = false;
    #closeWas = false;

    advance(terminals: BarrierTerminals): Drive {
        const isCloseAsked = terminals.close && !this.#closeWas;
        if (terminals.open && !this.#openWas) this.pulses.open++;
        if (isCloseAsked) this.pulses.close++;
        this.#openWas = terminals.open;
        this.#closeWas = terminals.close;
        if (terminals.open) {
            this.#drive = "up";
        } else if (isCloseAsked && !terminals.isSafe) {
            this.closesRefused++;
        } else if (isCloseAsked) {
            this.#drive = "down";
        }
        if (this.#drive === "up" && terminals.isUpright) this.#drive = "off";
        if (this.#drive === "down" && terminals.isDown) this.#drive = "off";
        if (this.#drive === "down" && (!terminals.isSafe || terminals.isForced)) {
            this.#drive = "up";
            this.safetyReversals++;
        }
        return this.#drive;
    }
}
