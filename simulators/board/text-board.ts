/** A text board in Modbus registers, after docs/reference/modbus-text-board.md and nothing else. */
import type { ModbusBank } from "../wire/modbus-pdu.ts";
import { ModbusRtuLine } from "../wire/modbus-rtu-line.ts";
import { ModbusTcpServer } from "../wire/modbus-tcp-server.ts";
import { WireFault } from "../wire/wire-fault.ts";
import type { Cancel, Clock } from "../world/clock.ts";
import type { Random } from "../world/random.ts";
import { decoded } from "./board-charset.ts";
import type { BoardConfig, BoardFault, BoardShows, SimulatedBoard } from "./board-messages.ts";

const SETTINGS = 0x0100;
const COMMIT = 0x0105;
const STATUS = 0x0110;
const LOST = 0x0120;
const END = 0x0160;
const TEXT_BYTES = 512;
const LOST_BYTES = 128;
const CHARSETS = [undefined, "utf-8", "kz-1048", "cp1251", "ascii"] as const;
const TONES = ["info", "stop", "go", "wait"];
const SERIAL = { unit: 1, baudRate: 9_600 } as const;
const SHOWN = 1;
const WRONG_CRC = 2;
const UNKNOWN_CHARSET = 3;

type Plan = Extract<BoardConfig, { speaks: "modbus-text" }>;

class TextRegisters implements ModbusBank {
    /** What is lost of every block that is written. */
    isTorn = false;
    isFrozen = false;
    readonly #plan: Plan;
    readonly #clock: Clock;
    readonly #tell: (shows: BoardShows) => void;
    #staged = new Uint16Array(END);
    #status = { echo: 0, result: 0, crc: 0, state: 0 };
    #ttlEndMs = 0;
    #cancel: Cancel = () => undefined;

    constructor(plan: Plan, clock: Clock, tell: (shows: BoardShows) => void) {
        this.#plan = plan;
        this.#clock = clock;
        this.#tell = tell;
    }

    /** What is shown is gone; the text for lost connections is kept, as the document asks for. */
    powerCycle(): void {
        this.#cancel();
        this.#staged.fill(0, 0, STATUS);
        this.#status = { echo: 0, result: 0, crc: 0, state: 0 };
        this.#showLost();
    }

    stop(): void {
        this.#cancel();
    }

    coil(): undefined {
        return undefined;
    }
    setCoil(): void {}
    input(): undefined {
        return undefined;
    }
    inputRegister(): undefined {
        return undefined;
    }

    holding(address: number): number | undefined {
        if (address >= STATUS && address < STATUS + 12) return this.#statusWords()[address - STATUS];
        return address < END ? this.#staged[address] : undefined;
    }

    setHolding(address: number, value: number): void {
        if (this.isTorn && address === 2) return;
        if (address < STATUS || (address >= LOST && address < END)) this.#staged[address] = value;
        if (address === COMMIT) this.#clock.after(this.#plan.applyMs, () => this.#take(value));
    }

    #statusWords(): readonly number[] {
        const { lines, columns } = this.#plan;
        const { echo, result, crc, state } = this.#status;
        const leftS = state === 1 ? Math.max(0, Math.ceil((this.#ttlEndMs - this.#clock.monotonicMs()) / 1_000)) : 0;
        return [0x4b54, 1, lines, columns, TEXT_BYTES, 0b1_1110, echo, result, crc, leftS, 0, state];
    }

    #take(commit: number): void {
        if (this.isFrozen) return;
        const [charsetCode = 0, tone = 0, , ttlS = 0, crc = 0] = this.#staged.subarray(SETTINGS);
        const bytes = this.#bytes(0, TEXT_BYTES);
        const charset = CHARSETS[charsetCode];
        const result = charset === undefined ? UNKNOWN_CHARSET : checksum(bytes) === crc ? SHOWN : WRONG_CRC;
        this.#status = { ...this.#status, echo: commit, result };
        if (charset === undefined || result !== SHOWN) return;
        this.#status = { ...this.#status, crc, state: 1 };
        this.#tell({
            is: "shows",
            lines: decoded(bytes, charset).split("\n"),
            tone: TONES[tone] ?? "info",
            by: "daemon",
        });
        this.#cancel();
        this.#ttlEndMs = this.#clock.monotonicMs() + ttlS * 1_000;
        this.#cancel = this.#clock.after(ttlS * 1_000, () => {
            this.#status = { ...this.#status, crc: 0, state: 2 };
            this.#showLost();
        });
    }

    #showLost(): void {
        const charset = CHARSETS[this.#staged[SETTINGS] ?? 0] ?? "kz-1048";
        const text = decoded(this.#bytes(LOST, LOST_BYTES), charset);
        this.#tell({ is: "shows", lines: text.split("\n"), tone: "info", by: text === "" ? "nobody" : "lost" });
    }

    #bytes(from: number, most: number): Uint8Array {
        const bytes: number[] = [];
        for (let place = from; bytes.length < most; place += 1) {
            const word = this.#staged[place] ?? 0;
            for (const byte of [word >> 8, word & 0xff]) {
                if (byte === 0) return Uint8Array.from(bytes);
                bytes.push(byte);
            }
        }
        return Uint8Array.from(bytes);
    }
}

/** CRC-16/MODBUS by its definition: bits from the lowest up, polynomial 8005. */
function checksum(bytes: Uint8Array): number {
    let register = 0xffff;
    for (const byte of bytes) {
        for (let bit = 0; bit < 8; bit += 1) {
            const out = (register ^ (byte >> bit)) & 1;
            register = (register >> 1) ^ (out === 1 ? 0xa001 : 0);
        }
    }
    return register;
}

/** Rejects when the port or device cannot be had. */
export async function openTextBoard(
    plan: Plan,
    clock: Clock,
    random: Random,
    tell: (shows: BoardShows) => void,
): Promise<SimulatedBoard> {
    const bank = new TextRegisters(plan, clock, tell);
    const wire =
        plan.path === undefined ? await onNetwork(plan, bank, clock, random) : onDevice(plan.path, bank, clock);
    return {
        port: wire.port,
        fault(fault: BoardFault) {
            bank.isTorn = fault.kind === "torn";
            bank.isFrozen = fault.kind === "frozen";
            const known = WireFault.safeParse(fault);
            wire.fault(known.success ? known.data : { kind: "none" });
        },
        powerCycle: () => bank.powerCycle(),
        async close() {
            bank.stop();
            await wire.close();
        },
    };
}

type BoardWire = Pick<ModbusTcpServer, "port" | "fault"> & { close(): void | Promise<void> };

async function onNetwork({ port }: Plan, bank: ModbusBank, clock: Clock, random: Random): Promise<BoardWire> {
    return await ModbusTcpServer.listen({ port, bank, clock, random });
}

function onDevice(path: string, bank: ModbusBank, clock: Clock): BoardWire {
    const line = new ModbusRtuLine({ path, baudRate: SERIAL.baudRate, clock, units: new Map([[SERIAL.unit, bank]]) });
    return { port: 0, fault: (fault) => line.fault(fault), close: () => line.close() };
}
