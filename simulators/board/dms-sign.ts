/** A sign as NTCIP 1203 v03 describes it: messages in memory, what is displayed, and what it does when nobody speaks to it. */
import type { Cancel, Clock } from "../world/clock.ts";
import { decoded } from "./board-charset.ts";
import type { BoardConfig, BoardShows } from "./board-messages.ts";

const DMS = "1.3.6.1.4.1.1206.4.2.3.";
const TABLE = `${DMS}5.8.1.`;
type Plan = Extract<BoardConfig, { speaks: "ntcip-1203" }>;
export type Value = number | Buffer;

interface Message {
    multi: Buffer;
    beacon: number;
    pixelService: number;
    priority: number;
    status: number;
    crc: number;
}

const STATUS = { notUsed: 1, modifying: 2, valid: 4, error: 5, modifyReq: 6, validateReq: 7 } as const;
const NONE = 2;
const KNOWN_TAG = /^(nl\d?|np|jl[2-5]|jp[2-4]|fo\d*|fl.*|\/fl|cf\d.*|pt.*)$/;
const COLOURS: Readonly<Record<string, string>> = { cf1: "stop", cf3: "go", cf9: "wait" };

/** Refused with an SNMP error status. */
export class SnmpRefusal extends Error {
    readonly status: number;
    constructor(status: number) {
        super(`SNMP error ${status}`);
        this.status = status;
    }
}
const SNMP_ERROR = { noSuchName: 2, badValue: 3, general: 5 } as const;

export class DmsSign {
    isLocal = false;
    activateError: number | undefined;
    readonly #plan: Plan;
    readonly #clock: Clock;
    readonly #tell: (shows: BoardShows) => void;
    readonly #messages = new Map<string, Message>();
    readonly #codes = new Map<string, Buffer>();
    readonly #numbers = new Map<string, number>([
        ["5.9.0", NONE],
        ["6.13.0", 0],
        ["6.17.0", NONE],
        ["6.18.0", NONE],
        ["6.19.0", 0],
    ]);
    #source: Buffer = Buffer.from([7, 0, 1, 0, 0]);
    #displayed: Buffer = Buffer.alloc(0);
    #endOfText: Cancel = () => undefined;
    #endOfWords: Cancel = () => undefined;

    constructor(plan: Plan, clock: Clock, tell: (shows: BoardShows) => void) {
        this.#plan = plan;
        this.#clock = clock;
        this.#tell = tell;
    }

    /** Somebody has spoken. */
    heard(): void {
        this.#endOfWords();
        const minutes = this.#numbers.get("6.13.0") ?? 0;
        if (minutes === 0) return;
        this.#endOfWords = this.#clock.after(minutes * this.#plan.minuteMs, () => this.#fallBack("6.12.0"));
    }

    powerCycle(): void {
        this.stop();
        this.#displayed = Buffer.alloc(0);
        this.#fallBack("6.9.0");
    }

    stop(): void {
        this.#endOfText();
        this.#endOfWords();
    }

    /** Throws `SnmpRefusal`. */
    get(oid: string): Value {
        const rest = oid.slice(DMS.length);
        if (rest === "6.1.0") return this.isLocal ? 2 : 4;
        if (rest === "6.5.0") return this.#source;
        const number = this.#numbers.get(rest);
        if (number !== undefined) return number;
        if (/^6\.(8|9|12|15)\.0$/.test(rest)) return this.#codes.get(rest) ?? Buffer.from([7, 0, 1, 0, 0]);
        const { column, key } = place(oid);
        if (key === "5.1" && column === 3) return this.#displayed;
        const message = this.#messages.get(key) ?? emptyMessage();
        const value = [
            message.multi,
            0,
            message.crc,
            message.beacon,
            message.pixelService,
            message.priority,
            message.status,
        ];
        const found = value[column - 3];
        if (found === undefined) throw new SnmpRefusal(SNMP_ERROR.noSuchName);
        return found;
    }

    /** Throws `SnmpRefusal`. */
    set(oid: string, value: Value): void {
        const rest = oid.slice(DMS.length);
        if (rest === "6.3.0" && Buffer.isBuffer(value)) this.#activate(value);
        else if (rest === "6.13.0" && typeof value === "number") this.#numbers.set(rest, value);
        else if (/^6\.(8|9|12|15)\.0$/.test(rest) && Buffer.isBuffer(value)) this.#codes.set(rest, value);
        else this.#setMessage(place(oid), value);
    }

    #setMessage({ column, key }: ReturnType<typeof place>, value: Value): void {
        const message = this.#messages.get(key) ?? emptyMessage();
        this.#messages.set(key, message);
        if (column === 9 && typeof value === "number") {
            this.#setStatus(message, value);
            return;
        }
        if (message.status !== STATUS.modifying) throw new SnmpRefusal(SNMP_ERROR.general);
        if (column === 3 && Buffer.isBuffer(value)) message.multi = value;
        else if (column === 6 && typeof value === "number") message.beacon = value;
        else if (column === 7 && typeof value === "number") message.pixelService = value;
        else if (column === 8 && typeof value === "number") message.priority = value;
        else throw new SnmpRefusal(SNMP_ERROR.badValue);
    }

    #setStatus(message: Message, wanted: number): void {
        if (wanted === STATUS.modifyReq) message.status = STATUS.modifying;
        else if (wanted === STATUS.validateReq && message.status === STATUS.modifying) this.#validate(message);
        else throw new SnmpRefusal(SNMP_ERROR.badValue);
    }

    #validate(message: Message): void {
        const wrong = badTagAt(message.multi.toString("latin1"));
        this.#numbers.set("5.9.0", wrong === undefined ? NONE : 5);
        this.#numbers.set("6.18.0", wrong === undefined ? NONE : 3);
        this.#numbers.set("6.19.0", wrong ?? 0);
        message.status = wrong === undefined ? STATUS.valid : STATUS.error;
        message.crc = this.#crcOf(message);
    }

    #crcOf({ multi, beacon, pixelService }: Message): number {
        const crc = frameCheck(Buffer.concat([multi, Buffer.from([beacon, pixelService])]));
        return this.#plan.crcSwapped ? ((crc & 0xff) << 8) | (crc >> 8) : crc;
    }

    #activate(code: Buffer): void {
        if (code.length !== 12) throw new SnmpRefusal(SNMP_ERROR.badValue);
        const message = this.#messages.get(`${code[3]}.${code.readUInt16BE(4)}`);
        const error = this.#objection(message, code.readUInt16BE(6));
        this.#numbers.set("6.17.0", error ?? NONE);
        if (error !== undefined || message === undefined) throw new SnmpRefusal(SNMP_ERROR.general);
        this.#display(message.multi, Buffer.from(code.subarray(3, 8)), "daemon");
        this.#endOfText();
        const minutes = code.readUInt16BE(0);
        if (minutes === 0xffff) return;
        this.#endOfText = this.#clock.after(minutes * this.#plan.minuteMs, () => this.#fallBack("6.15.0"));
    }

    /** Code of dmsActivateMsgError. */
    #objection(message: Message | undefined, crc: number): number | undefined {
        if (this.activateError !== undefined) return this.activateError;
        if (this.isLocal) return 9;
        if (message === undefined) return 6;
        if (message.status !== STATUS.valid) return 4;
        return message.crc === crc ? undefined : 7;
    }

    #fallBack(why: string): void {
        const code = this.#codes.get(why);
        const message = code === undefined ? undefined : this.#messages.get(`${code[0]}.${code.readUInt16BE(1)}`);
        if (code === undefined || message === undefined)
            this.#display(Buffer.alloc(0), Buffer.from([7, 0, 1, 0, 0]), "nobody");
        else this.#display(message.multi, code, "lost");
    }

    #display(multi: Buffer, source: Buffer, by: BoardShows["by"]): void {
        this.#displayed = Buffer.from(multi);
        this.#source = source;
        const { text, tone } = plain(decoded(multi, this.#plan.charset));
        this.#tell({ is: "shows", lines: text.split("\n"), tone, by });
    }
}

function emptyMessage(): Message {
    return { multi: Buffer.alloc(0), beacon: 0, pixelService: 0, priority: 1, status: STATUS.notUsed, crc: 0 };
}

function place(oid: string): { readonly column: number; readonly key: string } {
    const [column, memory, number, ...rest] = oid.startsWith(TABLE) ? oid.slice(TABLE.length).split(".") : [];
    if (number === undefined || rest.length > 0 || !["3", "4", "5"].includes(memory ?? ""))
        throw new SnmpRefusal(SNMP_ERROR.noSuchName);
    return { column: Number(column), key: `${memory}.${number}` };
}

/** Place of the first tag that the sign does not know. */
function badTagAt(multi: string): number | undefined {
    for (const match of multi.matchAll(/\[\[|\]\]|\[([^\]]*)\]|[[\]]/g)) {
        if (match[0] === "[[" || match[0] === "]]") continue;
        if (match[1] === undefined || !KNOWN_TAG.test(match[1])) return match.index;
    }
    return undefined;
}

/** What a driver reads. */
function plain(multi: string): { readonly text: string; readonly tone: string } {
    let tone = "info";
    const text = multi.replace(/\[\[|\]\]|\[([^\]]*)\]/g, (whole, tag: string | undefined) => {
        if (whole === "[[") return "[";
        if (whole === "]]") return "]";
        tone = COLOURS[tag ?? ""] ?? tone;
        return tag?.startsWith("nl") ? "\n" : "";
    });
    return { text, tone };
}

/** The frame check of ISO/IEC 3309 by long division, highest bit first over mirrored bytes: the other way than the daemon's. */
function frameCheck(bytes: Buffer): number {
    let register = 0xffff;
    for (const byte of bytes) {
        register ^= mirrored(byte, 8) << 8;
        for (let bit = 0; bit < 8; bit += 1)
            register = (register & 0x8000) === 0 ? (register << 1) & 0xffff : ((register << 1) & 0xffff) ^ 0x1021;
    }
    return mirrored(register, 16) ^ 0xffff;
}

function mirrored(value: number, width: number): number {
    let result = 0;
    for (let bit = 0; bit < width; bit += 1) if ((value & (1 << bit)) !== 0) result |= 1 << (width - 1 - bit);
    return result;
}
