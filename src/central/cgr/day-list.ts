/**
 * The lorries of the day as CarGoRuqsat lists them: an application's name and a plate, nothing of slot, state, payment or
 * trailer. So it is shown to officers and never enters a decision; the booking list alone can let somebody in.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { toPlateKey } from "../../core/plate/plate-key.ts";
import type { Cancel, Clock } from "../../ports/clock.ts";
import type { CgrClient } from "./cgr-client.ts";

const TRUCKS_MAX = 20_000;
const Truck = z.looseObject({ name: z.string().min(1).max(200), number: z.string().min(1).max(50) });
const Trucks = z.array(Truck).max(TRUCKS_MAX);
const Kept = z.strictObject({
    utcMs: z.number(),
    trucks: z.array(z.strictObject({ name: z.string(), number: z.string() })),
});

/** A line of the list, and when it was fetched. */
export interface DayListed {
    /** `{ApplicationId}:{ApplicationDate}-{OrdinalNumber}`, as the interface gives it. */
    readonly name: string;
    readonly number: string;
    readonly fetchedUtcMs: number;
}

export interface DayListOptions {
    readonly client: Pick<CgrClient, "get">;
    readonly file: string;
    readonly periodMs: number;
    readonly clock: Clock;
    readonly onTrouble: (reason: string) => void;
}

export class DayList {
    readonly #options: DayListOptions;
    #cancel: Cancel = () => undefined;
    #isStopped = false;

    constructor(options: DayListOptions) {
        this.#options = options;
    }

    start(): void {
        void this.#fetch();
    }

    stop(): void {
        this.#isStopped = true;
        this.#cancel();
    }

    /** A list that cannot be had or understood leaves the older one in place, with its time. */
    async #fetch(): Promise<void> {
        const { client, clock, file, periodMs, onTrouble } = this.#options;
        const outcome = await client.get("TruckNumbers");
        if (this.#isStopped) return;
        const read = outcome.is === "ok" ? Trucks.safeParse(outcome.result) : undefined;
        if (read?.data !== undefined) {
            const trucks = read.data.map(({ name, number }) => ({ name, number }));
            keep(file, JSON.stringify({ utcMs: clock.utcMs(), trucks }), onTrouble);
        } else onTrouble("reason" in outcome ? outcome.reason : "the list of the day has no known form");
        this.#cancel = clock.after(periodMs, () => void this.#fetch());
    }
}

/** What the newest list that was fetched says of a plate; empty when none was. Never throws. */
export function dayListed(file: string, plate: string): readonly DayListed[] {
    try {
        const { utcMs, trucks } = Kept.parse(JSON.parse(readFileSync(file, "utf8")));
        const key = toPlateKey(plate);
        return trucks
            .filter(({ number }) => toPlateKey(number) === key)
            .map((truck) => ({ ...truck, fetchedUtcMs: utcMs }));
    } catch {
        return [];
    }
}

function keep(file: string, text: string, onTrouble: (reason: string) => void): void {
    try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
        writeFileSync(`${file}.part`, text, { mode: 0o640 });
        renameSync(`${file}.part`, file);
    } catch (error) {
        onTrouble(`the list of the day cannot be kept: ${String(error)}`);
    }
}
