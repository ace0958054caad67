/** The officer's panel at a lane: emergency button, key switch, the arm's break contact and the scale's beams, on a module of their own. */
import type { Terminals } from "./io-wire.ts";

/** Terminals of the panel. The button is wired so that a cut wire reads as pressed, a beam so that it reads as broken. */
export const PANEL = { emergency: 0, key: 1, armBreak: 2, beam1: 3, beam2: 4 } as const;

export class LanePanel implements Terminals {
    readonly inputs: boolean[] = [true, false, false, true, true];

    press(isPressed: boolean): void {
        this.inputs[PANEL.emergency] = !isPressed;
    }

    /** Energised while intact: at the end where lorries come on, and towards the boom. */
    showBeams([entry, exit]: readonly boolean[]): void {
        this.inputs[PANEL.beam1] = entry === true;
        this.inputs[PANEL.beam2] = exit === true;
    }

    get isPressed(): boolean {
        return this.inputs[PANEL.emergency] !== true;
    }

    turnKey(isTurned: boolean): void {
        this.inputs[PANEL.key] = isTurned;
    }

    breakArm(isBroken: boolean): void {
        this.inputs[PANEL.armBreak] = isBroken;
    }

    coil(): undefined {
        return undefined;
    }

    setCoil(): void {
        throw new RangeError("the panel has no relays");
    }
}
