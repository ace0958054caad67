/**
 * A dynamic message sign after NTCIP 1203 v03. A text is put into a message of ours, looked over by the sign, activated with the
 * CRC that the sign gave it, and read back from what is displayed; each error code is asked for and said. Should nobody speak
 * to it any more, the sign shows its text for lost connections.
 */
import type { BoardFace } from "../../../src/core/board/board-face.ts";
import type { Board, BoardProof } from "../../../src/ports/board.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import { DeviceFault, type FaultCode } from "../../../src/ports/device-health.ts";
import type { SnmpAgent, SnmpValue } from "../../../src/ports/snmp-agent.ts";
import type { NtcipProfile } from "../board-profile.ts";
import type { Charset } from "../charset.ts";
import {
    activateErrorText,
    activationCode,
    DMS_OBJECT,
    isSameCrc,
    MEMORY,
    type MessagePlace,
    messageCrc,
    messageId,
    messageObject,
    NONE,
    OBEYS,
    STATUS,
    syntaxErrorText,
    validateErrorText,
} from "./dms-objects.ts";
import { multiText } from "./multi-text.ts";

export interface NtcipSignPlan {
    readonly id: string;
    readonly agent: SnmpAgent;
    readonly profile: NtcipProfile;
    readonly charset: Charset;
    readonly lostLines: readonly string[];
    readonly clock: Clock;
}

const LOOK_AGAIN_MS = 100;
const MINUTE_MS = 60_000;
const CURRENT: MessagePlace = { memory: MEMORY.currentBuffer, number: 1 };
const DISPLAYED = messageObject("multiString", CURRENT);

export class NtcipSign implements Board {
    readonly id: string;
    readonly #plan: NtcipSignPlan;
    /** Minutes after which the sign falls back, once it was told; asked anew after every failure. */
    #preparedFor: number | undefined;
    /** Place of the message that is displayed: the next text goes into the other one. */
    #used = 1;
    /** MessageIDCode of the text that was put there last, with the CRC that the sign gave it. */
    #id: Uint8Array = Uint8Array.of();

    constructor(plan: NtcipSignPlan) {
        this.id = plan.id;
        this.#plan = plan;
    }

    async show(face: BoardFace, goodForMs: number): Promise<BoardProof> {
        try {
            return await this.#show(face, goodForMs);
        } catch (error) {
            this.#preparedFor = undefined;
            throw error;
        }
    }

    async close(): Promise<void> {
        this.#plan.agent.close();
    }

    async #show(face: BoardFace, goodForMs: number): Promise<BoardProof> {
        const { profile, charset } = this.#plan;
        const minutes = Math.max(1, Math.ceil(goodForMs / MINUTE_MS));
        await this.#mayCommand();
        if (this.#preparedFor !== minutes) await this.#prepare(minutes);
        const { bytes, replaced } = multiText(face, profile, charset);
        if (!(await this.#isDisplayed(bytes))) {
            const other = this.#used === 0 ? 1 : 0;
            const place = { memory: MEMORY[profile.memory], number: profile.numbers.text[other] };
            this.#id = await this.#store(place, bytes);
            await this.#activate(minutes);
            this.#used = other;
        } else await this.#activate(minutes);
        if (!(await this.#isDisplayed(bytes)))
            throw this.#fault("NOT_APPLIED", "took the text and displays something else");
        return { proof: "read-back", replaced };
    }

    async #mayCommand(): Promise<void> {
        const mode = await this.#integer(DMS_OBJECT.controlMode);
        if (!OBEYS.has(mode))
            throw this.#fault("REFUSED", `is in control mode ${mode}, not central: set the switch in its cabinet`);
    }

    /** What the sign does by itself: when nobody speaks, when a text has stood its time, when power comes back. */
    async #prepare(minutes: number): Promise<void> {
        const { profile, charset, lostLines } = this.#plan;
        const place = { memory: MEMORY[profile.memory], number: profile.numbers.lost };
        const { bytes } = multiText({ lines: lostLines, tone: "info" }, profile, charset);
        const id = octets(await this.#store(place, bytes));
        const { communicationsLossMessage, endDurationMessage, timeCommLossMinutes } = DMS_OBJECT;
        const { shortPowerRecoveryMessage, longPowerRecoveryMessage } = DMS_OBJECT;
        const wanted = [
            { oid: communicationsLossMessage, to: id },
            { oid: endDurationMessage, to: id },
            { oid: shortPowerRecoveryMessage, to: id },
            { oid: longPowerRecoveryMessage, to: id },
            { oid: timeCommLossMinutes, to: integer(minutes) },
        ];
        for (const object of wanted) await this.#plan.agent.set([object]);
        const there = await this.#plan.agent.get(wanted.map(({ oid }) => oid));
        if (!wanted.every(({ to }, place) => isSame(to, there[place])))
            throw this.#fault("NOT_APPLIED", "did not keep its text for lost connections");
        await this.#findDisplayed();
        this.#preparedFor = minutes;
        // The sign may be another one by now, with messages of its own under our numbers.
        this.#id = Uint8Array.of();
    }

    /** Which of our messages is on display, perhaps since the run before: the next text goes into the other one. */
    async #findDisplayed(): Promise<void> {
        const { agent, profile } = this.#plan;
        const [source] = await agent.get([DMS_OBJECT.messageTableSource]);
        const [memory, high = 0, low = 0] = source?.is === "octets" ? source.value : [];
        const at = profile.numbers.text.indexOf((high << 8) | low);
        if (memory === MEMORY[profile.memory] && at >= 0) this.#used = at;
    }

    /** Puts a text into the sign's memory and lets the sign look it over; gives the MessageIDCode under which it can be activated. */
    async #store(place: MessagePlace, multi: Uint8Array): Promise<Uint8Array> {
        const { agent } = this.#plan;
        const status = messageObject("status", place);
        await agent.set([{ oid: status, to: integer(STATUS.modifyReq) }]);
        const opened = await this.#integer(status);
        if (opened !== STATUS.modifying)
            throw this.#fault("NOT_APPLIED", `does not let message ${place.number} be changed (status ${opened})`);
        await agent.set([{ oid: messageObject("multiString", place), to: octets(multi) }]);
        await agent.set([{ oid: messageObject("beacon", place), to: integer(0) }]);
        await agent.set([{ oid: messageObject("pixelService", place), to: integer(0) }]);
        await agent.set([{ oid: messageObject("priority", place), to: integer(this.#plan.profile.priority) }]);
        await agent.set([{ oid: status, to: integer(STATUS.validateReq) }]);
        await this.#validated(status);
        const crc = await this.#integer(messageObject("crc", place));
        if (!isSameCrc(crc, messageCrc(multi)))
            throw this.#fault(
                "NOT_APPLIED",
                `keeps message ${place.number} with CRC ${crc}, which is not that of the text`,
            );
        return messageId(place, crc);
    }

    async #validated(status: string): Promise<void> {
        const { clock, profile } = this.#plan;
        const untilMs = clock.monotonicMs() + profile.validateMsMax;
        for (;;) {
            const now = await this.#integer(status);
            if (now === STATUS.valid) return;
            if (now !== STATUS.validating && now !== STATUS.validateReq) {
                const why = validateErrorText(await this.#integer(DMS_OBJECT.validateMessageError));
                throw this.#fault("REFUSED", `does not accept the text: ${why}${await this.#syntax()}`);
            }
            if (clock.monotonicMs() >= untilMs)
                throw this.#fault("NOT_APPLIED", `still looks the text over after ${profile.validateMsMax} ms`);
            await clock.sleep(LOOK_AGAIN_MS);
        }
    }

    /** A sign refuses an activation with an SNMP error or without one; the reason stands in an object of its own either way. */
    async #activate(minutes: number): Promise<void> {
        const { agent, profile } = this.#plan;
        const code = octets(activationCode(minutes, profile.priority, this.#id));
        const refused = await agent.set([{ oid: DMS_OBJECT.activateMessage, to: code }]).then(
            () => undefined,
            (error: unknown) => {
                if (error instanceof DeviceFault && error.code === "REFUSED") return error;
                throw error;
            },
        );
        const why = await this.#integer(DMS_OBJECT.activateMsgError);
        if (refused === undefined && why === NONE) return;
        if (refused !== undefined && why === NONE) throw refused;
        throw this.#fault("NOT_APPLIED", `does not display the text: ${activateErrorText(why)}${await this.#syntax()}`);
    }

    async #syntax(): Promise<string> {
        const { multiSyntaxError, multiSyntaxErrorPosition } = DMS_OBJECT;
        const error = await this.#integer(multiSyntaxError);
        if (error === NONE) return "";
        return `, ${syntaxErrorText(error)} at ${await this.#integer(multiSyntaxErrorPosition)}`;
    }

    /** Displayed, and out of the message of ours that it was put into. */
    async #isDisplayed(multi: Uint8Array): Promise<boolean> {
        if (this.#id.length === 0) return false;
        const [text, source] = await this.#plan.agent.get([DISPLAYED, DMS_OBJECT.messageTableSource]);
        return isSame(octets(multi), text) && isSame(octets(this.#id), source);
    }

    async #integer(oid: string): Promise<number> {
        const [value] = await this.#plan.agent.get([oid]);
        if (value?.is !== "integer") throw this.#fault("BAD_REPLY", `${oid} is no number`);
        return value.value;
    }

    #fault(code: FaultCode, message: string): DeviceFault {
        return new DeviceFault(this.id, code, message);
    }
}

function integer(value: number): SnmpValue {
    return { is: "integer", value };
}

function octets(value: Uint8Array): SnmpValue {
    return { is: "octets", value };
}

function isSame(wanted: SnmpValue, there: SnmpValue | undefined): boolean {
    if (wanted.is === "integer") return there?.is === "integer" && there.value === wanted.value;
    return there?.is === "octets" && Buffer.from(there.value).equals(wanted.value);
}
