/** The officer's panel at a lane: emergency button, key switch and the break contact of the arm, on a module of their own. */
import type { Terminals } from "./io-wire.ts";

/** Terminals of the panel. The button is wired so that a cut wire reads as pressed. */
export const PANEL = { emergency: 0, key: 1, armBreak: 2 } as const;

export class LanePanel implements Terminals {
    readonly inputs: boolean[] = [true, false, false];

    press(isPressed: boolean): void {
        this.inputs[PANEL.emergency] = !isPressed;
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
