/**
 * A text board in Modbus registers: the text is written beside the one that is shown, and one last write makes the board take it
 * whole, after it has held it against its CRC. Half a text is never shown, and what is shown is read back.
 */
import type { BoardFace } from "../../../src/core/board/board-face.ts";
import type { Board, BoardProof } from "../../../src/ports/board.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault, type FaultCode } from "../../../src/ports/device-health.ts";
import type { ModbusBlockUnit } from "../../../src/ports/modbus-block-unit.ts";
import type { ModbusTextProfile } from "../board-profile.ts";
import { type Charset, encoded } from "../charset.ts";
import {
    AT,
    commitAfter,
    knowsCharset,
    LOST_REGISTERS,
    RESULTS,
    STATUS_REGISTERS,
    settingsWords,
    statusOf,
    type TextBoardStatus,
    textCrc,
    textWords,
} from "./text-registers.ts";

export interface ModbusTextBoardPlan {
    readonly id: string;
    readonly unit: ModbusBlockUnit;
    readonly profile: ModbusTextProfile;
    readonly charset: Charset;
    /** What the board shows by itself when it is not told anything for too long. */
    readonly lostLines: readonly string[];
    readonly clock: Clock;
}

const SHOWN = 1;
const STATE_SHOWING = 1;
const LOOK_AGAIN_MS = 50;

export class ModbusTextBoard implements Board {
    readonly id: string;
    readonly #plan: ModbusTextBoardPlan;
    /** The board has our text for lost connections; asked anew after every failure, since it may have been exchanged. */
    #isPrepared = false;

    constructor(plan: ModbusTextBoardPlan) {
        this.id = plan.id;
        this.#plan = plan;
    }

    async show(face: BoardFace, goodForMs: number): Promise<BoardProof> {
        try {
            return await this.#show(face, goodForMs);
        } catch (error) {
            this.#isPrepared = false;
            throw error;
        }
    }

    async close(): Promise<void> {
        this.#isPrepared = false;
    }

    async #show({ lines, tone }: BoardFace, goodForMs: number): Promise<BoardProof> {
        const { unit, profile, charset } = this.#plan;
        const before = await this.#status();
        const { bytes, replaced } = encoded(lines.join("\n"), charset);
        if (bytes.length >= before.textBytesMax)
            throw this.#fault("REFUSED", `has room for ${before.textBytesMax} bytes, the text has ${bytes.length}`);
        if (!this.#isPrepared) await this.#prepare();
        const crc = textCrc(bytes);
        const isBlinking = profile.blinking.includes(tone);
        await this.#write(AT.text, textWords(bytes));
        await unit.writeHoldings(AT.settings, settingsWords({ charset, tone, isBlinking, goodForMs, crc }));
        const commit = commitAfter(before.echo);
        await unit.writeHoldings(AT.commit, [commit]);
        await this.#seen(commit, crc);
        return { proof: "read-back", replaced };
    }

    async #status(): Promise<TextBoardStatus> {
        const { unit, charset } = this.#plan;
        const status = statusOf(await unit.readHolding(AT.status, STATUS_REGISTERS));
        if (!status.isOurs)
            throw this.#fault("BAD_REPLY", "is no text board of register map 1: check unit number and model");
        if (!knowsCharset(status, charset))
            throw this.#fault("REFUSED", `does not know the character set ${charset}: name another in the site file`);
        return status;
    }

    /** The text for lost connections, read back. */
    async #prepare(): Promise<void> {
        const { unit, charset, lostLines } = this.#plan;
        const { bytes } = encoded(lostLines.join("\n"), charset);
        const words = textWords(bytes.subarray(0, 2 * LOST_REGISTERS - 1));
        await this.#write(AT.lost, words);
        const there = await unit.readHolding(AT.lost, words.length);
        if (there.some((word, place) => word !== words[place]))
            throw this.#fault("NOT_APPLIED", "did not keep the text for lost connections");
        this.#isPrepared = true;
    }

    async #write(address: number, words: readonly number[]): Promise<void> {
        const { unit, profile } = this.#plan;
        for (let at = 0; at < words.length; at += profile.blockRegistersMax)
            await unit.writeHoldings(address + at, words.slice(at, at + profile.blockRegistersMax));
    }

    /** Accepted is not applied: the board must name our commit and the CRC of our text as what it shows. */
    async #seen(commit: number, crc: number): Promise<void> {
        const { clock, profile } = this.#plan;
        const untilMs = clock.monotonicMs() + profile.applyMsMax;
        for (;;) {
            const { echo, result, shownCrc, state } = await this.#status();
            if (echo === commit && result === SHOWN && shownCrc === crc && state === STATE_SHOWING) return;
            if (echo === commit && result > SHOWN)
                throw this.#fault("NOT_APPLIED", `did not take the text: ${RESULTS[result] ?? `result ${result}`}`);
            if (clock.monotonicMs() >= untilMs)
                throw this.#fault("NOT_APPLIED", `does not show the text ${profile.applyMsMax} ms after it was given`);
            await clock.sleep(LOOK_AGAIN_MS);
        }
    }

    #fault(code: FaultCode, message: string): DeviceFault {
        return new DeviceFault(this.id, code, message);
    }
}
