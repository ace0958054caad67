/** What the demonstration shows: one readable line per lorry, and on a terminal a status line below them. */
import type { SiteView } from "../../runtime/control-protocol.ts";
import { isReadExactly, type LorryStory } from "./demo-ledger.ts";

/** Clears the status line before other text is written over it. */
const CLEAR_LINE = "\r\u001b[2K";

export class DemoView {
    readonly #out: NodeJS.WriteStream;
    readonly #passages: number;
    #isStatusShown = false;
    #over = 0;
    #display: readonly string[] = [];

    constructor(out: NodeJS.WriteStream, passages: number) {
        this.#out = out;
        this.#passages = passages;
    }

    say(line: string): void {
        this.#out.write(`${this.#isStatusShown ? CLEAR_LINE : ""}${line}\n`);
        this.#isStatusShown = false;
    }

    story(story: LorryStory): void {
        this.#over += 1;
        this.say(storyText(this.#over, story));
    }

    /** What stands on the display at the lane, for the status line. */
    display(lines: readonly string[]): void {
        this.#display = lines;
    }

    status(view: SiteView): void {
        if (!this.#out.isTTY) return;
        const [lane] = view.lanes;
        const now =
            lane === undefined
                ? ""
                : `${lane.lane} ${lane.mode}, boom ${lane.arm}${lane.plate === null ? "" : `, sees ${lane.plate}`}`;
        const line = `${this.#over}/${this.#passages} · «${this.#display.join(" ")}» · ${now} · ${view.isOnline ? "online" : "OFFLINE"} · list ${view.listVersion} · ${view.outbox} facts waiting`;
        this.#out.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, this.#out.columns - 1))}`);
        this.#isStatusShown = true;
    }
}

/** `  7  123ABC02   read 123ABC02 98 %   booked, admitted, open after 1.9 s, through` */
function storyText(number: number, story: LorryStory): string {
    const read =
        story.readText === undefined
            ? "not read"
            : `read ${story.readText} ${Math.round((story.readConfidence ?? 0) * 100)} %${isReadExactly(story) ? "" : " WRONG"}`;
    const decided = { admit: "admitted", refuse: "refused", refer: "referred" }[story.outcome ?? ""] ?? "undecided";
    const officer =
        story.officer === undefined ? "" : `, officer ${story.officer === "accept" ? "accepted" : "refused"}`;
    const opened = story.stopToOpenMs === undefined ? "" : `, open after ${(story.stopToOpenMs / 1000).toFixed(1)} s`;
    const why = story.reason === undefined || story.reason === "BOOKED" ? "" : ` (${story.reason})`;
    const end = story.end === "through" ? "through" : "turned away";
    const booked = { valid: "booked", invalid: "booking not valid", none: "no booking" }[story.booked];
    return `${String(number).padStart(3)}  ${story.plate.padEnd(12)} ${read.padEnd(26)} ${booked.padEnd(18)} ${decided}${why}${officer}${opened}, ${end}`;
}
