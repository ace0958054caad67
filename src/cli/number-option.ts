/** Checks numbers given as options; commander prints the complaint and ends the command as wrong usage. */
import { InvalidArgumentError } from "commander";

/** Parser of an option that takes a whole number from `least` to `most`. */
export function whole(least: number, most: number): (text: string) => number {
    return (text) => {
        const value = Number(text);
        if (!Number.isInteger(value) || value < least || value > most)
            throw new InvalidArgumentError(`a whole number from ${least} to ${most}`);
        return value;
    };
}
