/**
 * A display on a line of bytes, serial or behind a serial server. One that answers is asked again until it has taken the frame;
 * one that is silent by nature is told the same text again and again, and never counts as more than «accepted».
 */
import type { BoardFace, BoardShape } from "../../../src/core/board/board-face.ts";
import type { Board, BoardProof } from "../../../src/ports/board.ts";
import type { ByteLine } from "../../../src/ports/byte-line.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault } from "../../../src/ports/device-health.ts";
import type { LineDisplayProfile } from "../board-profile.ts";
import type { Charset } from "../charset.ts";
import { displayFrame } from "./display-frame.ts";

export interface LineDisplayPlan {
    readonly id: string;
    readonly line: ByteLine;
    readonly profile: LineDisplayProfile;
    readonly shape: BoardShape;
    readonly charset: Charset;
    readonly address: number;
    readonly clock: Clock;
}

type Verdict = "yes" | "no" | "silence" | "noise";

/** A frame that was garbled on the way is worth another try before anybody is told. */
const TRIES = 2;
/** After so many silences the connection itself is doubted: half-open ones never say that they are dead. */
const RENEW_AFTER_SILENCES = 4;
/** Bytes of an answer that are looked at. */
const HEARD_MAX = 64;

export class LineDisplay implements Board {
    readonly id: string;
    readonly #plan: LineDisplayPlan;
    #heard = Buffer.alloc(0);
    #settle: (() => void) | undefined;
    #silences = 0;

    /** Opens the line and keeps it open. */
    constructor(plan: LineDisplayPlan) {
        this.id = plan.id;
        this.#plan = plan;
        plan.line.listen({
            opened: () => {
                this.#heard = Buffer.alloc(0);
            },
            heard: (bytes) => {
                this.#heard = Buffer.concat([this.#heard, bytes]).subarray(-HEARD_MAX);
                this.#settle?.();
            },
        });
        plan.line.start();
    }

    async show({ lines, tone }: BoardFace): Promise<BoardProof> {
        const { line, profile, shape, charset, address } = this.#plan;
        const { bytes, replaced } = displayFrame({ lines, tone, shape, charset, address }, profile);
        let verdict: Verdict = "silence";
        for (let tries = 0; tries < TRIES; tries += 1) {
            this.#heard = Buffer.alloc(0);
            await line.send(bytes).catch((error: unknown) => {
                throw error instanceof DeviceFault ? new DeviceFault(this.id, error.code, error.message) : error;
            });
            if (profile.reply === undefined) return { proof: "accepted", replaced };
            verdict = await this.#answer(profile.reply);
            if (verdict === "yes") {
                this.#silences = 0;
                // The display has held the frame against its checksum; nobody can read its lamps.
                return { proof: "accepted", replaced };
            }
        }
        throw this.#fault(verdict);
    }

    async close(): Promise<void> {
        await this.#plan.line.close();
    }

    async #answer({ yes, no, msMax }: NonNullable<LineDisplayProfile["reply"]>): Promise<Verdict> {
        const verdict = (): Verdict => {
            if (this.#heard.includes(Buffer.from(no, "hex"))) return "no";
            if (this.#heard.includes(Buffer.from(yes, "hex"))) return "yes";
            return this.#heard.length > 0 ? "noise" : "silence";
        };
        await new Promise<void>((resolve) => {
            const cancel = this.#plan.clock.after(msMax, resolve);
            this.#settle = () => {
                if (verdict() === "noise") return;
                cancel();
                resolve();
            };
        });
        this.#settle = undefined;
        return verdict();
    }

    #fault(verdict: Verdict): DeviceFault {
        if (verdict === "no")
            return new DeviceFault(this.id, "REFUSED", "does not take the text: check profile and format");
        this.#silences += 1;
        if (this.#silences % RENEW_AFTER_SILENCES === 0) this.#plan.line.renew("the display does not answer");
        return verdict === "noise"
            ? new DeviceFault(this.id, "BAD_REPLY", "answers nonsense: check line settings and profile")
            : new DeviceFault(this.id, "NO_REPLY", "does not answer: check power, wiring, number and line settings");
    }
}
