/** Lines of the machine's own GPIO chips, as drivers see them: named by chip and offset, levels already as the wiring means them. */

/**
 * One line. Numbers of the kernel move with board and kernel version; a chip's label and the line's place on it do not.
 */
export interface GpioLineName {
    /** Label of the chip, as `/sys/class/gpio/gpiochip*` says it, such as `pinctrl-bcm2711`. */
    readonly chip: string;
    /** Offset on that chip, from 0. */
    readonly line: number;
    /** The contact or relay is on while the line is low. */
    readonly isActiveLow: boolean;
}

/** Lines that this process holds. Levels are logical: `true` = active. Everything rejects with `DeviceFault`. */
export interface GpioBank {
    /** Reads all lines one after the other, in the order they were named. A line that hangs holds up nothing but this. */
    read(): Promise<{ readonly inputs: readonly boolean[]; readonly outputs: readonly boolean[] }>;
    /** Resolves when the kernel has taken it; whether the line followed, `read` tells. */
    write(output: number, isOn: boolean): Promise<void>;
    /** Switches every output off and gives all lines back. */
    close(): Promise<void>;
}

/** What a bank tells while it is open. */
export interface GpioBankEvents {
    /** An input has changed its level, for an instant perhaps: look. */
    readonly onEdge: () => void;
    /** The bank is of no use any more and has to be closed. */
    readonly onLost: (why: string) => void;
}

/**
 * Takes all lines or none; outputs begin switched off, without a glitch. Rejects with `DeviceFault`: `NOT_CONNECTED` where
 * the kernel has no such GPIO or a line belongs to somebody else.
 */
export type OpenGpioBank = (
    lines: { readonly inputs: readonly GpioLineName[]; readonly outputs: readonly GpioLineName[] },
    events: GpioBankEvents,
) => Promise<GpioBank>;
