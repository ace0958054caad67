/** A weighing indicator on its wires: speaks or answers in one dialect, with faults that can be switched on while it runs. */
import type { Cancel, Clock } from "../world/clock.ts";
import type { Random } from "../world/random.ts";
import { SCALE_DIALECTS, type ScaleDialect, type ScaleDialectName, type Shown } from "./scale-dialects.ts";
import type { ScaleFault } from "./scale-fault.ts";

interface IndicatorOptions {
    readonly dialect: ScaleDialectName;
    readonly unit: number;
    readonly shown: () => Shown;
    readonly clock: Clock;
    readonly random: Random;
    /** Between frames of those that speak by themselves. */
    readonly periodMs: number;
}

/** One connection, or the one serial line. */
export interface IndicatorLine {
    send(bytes: Buffer): void;
    cut(): void;
}

/** More than any question. */
const HEARD_MAX = 64;

export class ScaleIndicator {
    readonly #options: IndicatorOptions;
    readonly #dialect: ScaleDialect;
    readonly #lines = new Map<IndicatorLine, Buffer>();
    readonly #stop: Cancel;
    #fault: ScaleFault = { kind: "none" };
    #frozen: Shown | undefined;

    constructor(options: IndicatorOptions) {
        this.#options = options;
        this.#dialect = SCALE_DIALECTS[options.dialect];
        this.#stop = options.clock.every(options.periodMs, () => this.#speak());
    }

    fault(fault: ScaleFault): void {
        this.#fault = fault;
        this.#frozen = fault.kind === "frozen" ? this.#options.shown() : undefined;
        if (fault.kind === "disconnect") for (const line of this.#lines.keys()) line.cut();
    }

    /** False when the line was cut at once. */
    join(line: IndicatorLine): boolean {
        if (this.#fault.kind === "disconnect") {
            line.cut();
            return false;
        }
        this.#lines.set(line, Buffer.alloc(0));
        return true;
    }

    leave(line: IndicatorLine): void {
        this.#lines.delete(line);
    }

    heard(line: IndicatorLine, bytes: Buffer): void {
        const { answer } = this.#dialect;
        if (answer === undefined || this.#fault.kind === "silence") return;
        let rest = Buffer.concat([this.#lines.get(line) ?? Buffer.alloc(0), bytes]).subarray(-HEARD_MAX);
        const unit = this.#fault.kind === "wrong-unit" ? this.#options.unit + 1 : this.#options.unit;
        for (let found = answer(rest, this.#shown(), this.#options.unit); found !== undefined; ) {
            if (found.reply !== undefined) {
                const inName = unit === this.#options.unit ? found : this.#inOtherName(rest, unit);
                this.#send(line, inName?.reply ?? found.reply);
            }
            rest = rest.subarray(found.used);
            found = rest.length === 0 ? undefined : answer(rest, this.#shown(), this.#options.unit);
        }
        this.#lines.set(line, rest);
    }

    close(): void {
        this.#stop();
        for (const line of this.#lines.keys()) line.cut();
    }

    /** The answer that another indicator would give to the question, had it been its own. */
    #inOtherName(question: Buffer, unit: number): ReturnType<NonNullable<ScaleDialect["answer"]>> {
        const asked = Buffer.from(question);
        if (asked[1] === this.#options.unit) asked[1] = unit;
        if (asked[1] === 0x40 + this.#options.unit) asked[1] = 0x40 + unit;
        return this.#dialect.answer?.(asked, this.#shown(), unit);
    }

    #speak(): void {
        const { frame } = this.#dialect;
        if (frame === undefined || this.#fault.kind === "silence") return;
        for (const line of this.#lines.keys()) this.#send(line, frame(this.#shown()));
    }

    #shown(): Shown {
        return this.#frozen ?? this.#options.shown();
    }

    #send(line: IndicatorLine, bytes: Buffer): void {
        const { clock, random } = this.#options;
        const fault = this.#fault;
        switch (fault.kind) {
            case "delay":
                clock.after(fault.ms, () => line.send(bytes));
                return;
            case "garbage":
                line.send(Buffer.from(bytes.map(() => random.int(256))));
                return;
            case "partial":
                line.send(bytes.subarray(0, random.int(bytes.length)));
                return;
            default:
                line.send(bytes);
        }
    }
}
