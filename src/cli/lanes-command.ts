/** `kordon lanes`: how all lanes of a running daemon stand, once or live. */
import { Command } from "commander";
import type { LaneView, SiteView } from "../runtime/control-protocol.ts";
import { askDaemon, ControlFailure } from "./control-client.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";

export function lanesCommand(): Command {
    return new Command("lanes")
        .description("show how the lanes of a running daemon stand")
        .requiredOption("--site <file>", "site file of the daemon")
        .option("--watch", "go on showing them whenever something changes; Ctrl-C ends it")
        .option("--json", "one JSON object a line")
        .action(async (options: { site: string; watch?: boolean; json?: boolean }) => {
            const { controlSocket } = siteFrom(options.site);
            try {
                for await (const answer of askDaemon(controlSocket, { ask: options.watch ? "watch" : "lanes" })) {
                    if (answer.is !== "lanes") throw new ControlFailure("the daemon answered something else");
                    printResult(options.json === true, answer.view, siteText(answer.view));
                    if (!options.watch) return;
                }
            } catch (error) {
                if (error instanceof ControlFailure) throw new CommandFailure(EXIT.failed, error.message);
                throw error;
            }
        });
}

/** The strip every officer's screen carries, then a row per lane. */
function siteText(view: SiteView): string {
    const age = view.listAgeS === null ? "never confirmed" : `confirmed ${view.listAgeS} s ago`;
    const strip = [
        view.site,
        view.isOnline ? "online" : "OFFLINE",
        `list ${view.listVersion}, ${age}`,
        `${view.outbox} facts waiting`,
        ...(view.refusedMessages === 0 ? [] : [`${view.refusedMessages} messages refused`]),
        ...(view.isClockTrusted ? [] : ["CLOCK NOT TRUSTED"]),
        ...(view.isStoreWell ? [] : ["JOURNAL CANNOT BE WRITTEN"]),
        ...(view.failedDevices.length === 0 ? [] : [`FAILED: ${view.failedDevices.join(", ")} (kordon devices)`]),
        ...view.alarms,
    ].join(" · ");
    const head = ["lane", "state", "why", "boom", "plate", "booking", "alarms"];
    return `${strip}\n${tableText([head, ...view.lanes.map(laneRow)])}`;
}

function laneRow(lane: LaneView): readonly string[] {
    const plate =
        lane.plate === null
            ? ""
            : `${lane.plate}${lane.confidence === null ? "" : ` ${Math.round(lane.confidence * 100)} %`}`;
    const near =
        lane.comparisons.length > 0
            ? lane.comparisons.map((each) => `${each.bookingId} ${marked(each)}`)
            : lane.candidates;
    const booking = lane.bookingId ?? (near.length > 0 ? `near: ${near.join(", ")}` : "");
    return [lane.lane, lane.mode, lane.why ?? "", lane.arm, plate, booking, lane.alarms.join(" ")];
}

/** The booked plate with the signs in brackets that were read otherwise; `[]` where the read has one more. */
function marked({ plate, differences }: LaneView["comparisons"][number]): string {
    const signs: string[] = [...plate];
    const places = differences.toReversed().map(({ indexB, b }) => ({ at: Number(indexB), sign: String(b) }));
    for (const { at, sign } of places) signs.splice(at, sign === "" ? 0 : 1, `[${sign}]`);
    return signs.join("");
}
