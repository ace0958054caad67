/**
 * One queue per TCP connection or serial line. One request at a time, writes first; a unit that does not answer is left
 * alone for a while, so that its neighbours wait for it at most one time-out per back-off period.
 */
import type { Clock } from "../ports/clock.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../ports/device-health.ts";
import type { ModbusBlockUnit } from "../ports/modbus-block-unit.ts";
import type { ModbusRelayUnit } from "../ports/modbus-relay-unit.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import { LinkLost, ModbusException, type ModbusLink, NoReply } from "./modbus-link.ts";
import {
    type ModbusRequest,
    readBits,
    readHolding,
    writeCoil,
    writeCoilValue,
    writeHolding,
    writeHoldings,
} from "./modbus-request.ts";
import { ModbusUnitRecord, type UnitStatistics } from "./modbus-unit-record.ts";
import type { OpenModbusLink } from "./modbus-wire.ts";

export interface ModbusBusPlan {
    /** Name of the bus in the site file. */
    readonly id: string;
    readonly open: OpenModbusLink;
    readonly clock: Clock;
    /** From sending a request to the end of its reply. Default 300: modules answer within 20 ms, gateways within 200 [U]. */
    readonly timeoutMs?: number;
    /** Silence between frames: `modbusRtuGapMs` on a serial line, 0 on TCP. */
    readonly gapMs?: number;
    /**
     * Of units that do not answer and of a wire that does not open. Default 250 to 2000 ms, and to 8000 for a unit that
     * shares its bus: with 2000, three dead units would take a third of a line from their neighbours. On a serial line `minMs` plus
     * `timeoutMs` must exceed the slowest reply ever: there a late reply is told from the next one by time only.
     */
    readonly backOff?: BackOff;
}

interface Job {
    readonly record: ModbusUnitRecord;
    readonly request: ModbusRequest<unknown>;
    readonly resolve: (value: unknown) => void;
    readonly reject: (error: Error) => void;
}

/** Exceptions by which a gateway says that the unit behind it did not answer: path unavailable, target failed to respond. */
const GATEWAY_EXCEPTIONS: readonly number[] = [0x0a, 0x0b];

export class ModbusBus {
    readonly #id: string;
    readonly #open: OpenModbusLink;
    readonly #clock: Clock;
    readonly #timeoutMs: number;
    readonly #gapMs: number;
    readonly #backOff: BackOff;
    readonly #sharedBackOff: BackOff;
    readonly #records = new Map<number, ModbusUnitRecord>();
    readonly #closing = new AbortController();
    #writes: Job[] = [];
    #reads: Job[] = [];
    #worker: Promise<void> | undefined;
    #isWorking = false;
    #link: ModbusLink | undefined;
    #quietUntilMs = 0;
    #linkFault: DeviceFault | undefined;
    #linkFailuresInRow = 0;
    #linkFailures = 0;
    #reopenAtMs = 0;
    #hasOpened = false;

    constructor(plan: ModbusBusPlan) {
        this.#id = plan.id;
        this.#open = plan.open;
        this.#clock = plan.clock;
        this.#timeoutMs = plan.timeoutMs ?? 300;
        this.#gapMs = plan.gapMs ?? 0;
        this.#backOff = plan.backOff ?? { minMs: 250, maxMs: 2_000, random: Math.random };
        this.#sharedBackOff = plan.backOff ?? { ...this.#backOff, maxMs: 8_000 };
    }

    /** `address` 0..255 on TCP, 1..247 on a serial line. */
    unit(address: number): ModbusRelayUnit & ModbusBlockUnit {
        const record = this.#records.get(address) ?? new ModbusUnitRecord(address);
        this.#records.set(address, record);
        const ask = async <T>(request: ModbusRequest<T>): Promise<T> => this.#queue(record, request);
        return {
            readInputs: async (first, count) => ask(readBits(2, first, count)),
            readCoils: async (first, count) => ask(readBits(1, first, count)),
            writeCoil: async (coil, value) => ask(writeCoil(coil, value)),
            writeCoilValue: async (coil, value) => ask(writeCoilValue(coil, value)),
            readHolding: async (first, count) => ask(readHolding(first, count)),
            writeHolding: async (register, value) => ask(writeHolding(register, value)),
            writeHoldings: async (first, values) => ask(writeHoldings(first, values)),
        };
    }

    statistics(): readonly UnitStatistics[] {
        return [...this.#records.values()].map((record) => record.statistics());
    }

    /** Of the wire, not of the units on it. */
    health(): DeviceHealth {
        const common = { device: this.#id, failures: this.#linkFailures };
        const fault = this.#linkFault;
        if (fault !== undefined) return { ...common, state: "failed", code: fault.code, detail: fault.message };
        return { ...common, state: this.#hasOpened ? "well" : "starting" };
    }

    /** Rejects what waits, ends what runs and leaves nothing open. */
    async close(): Promise<void> {
        const ended = this.#fault("NOT_CONNECTED", "the bus is closed");
        this.#closing.abort(ended);
        this.#refuse(() => true, ended);
        this.#link?.end(new LinkLost("the bus was closed"));
        await this.#worker;
        await this.#link?.closed;
    }

    #queue<T>(record: ModbusUnitRecord, request: ModbusRequest<T>): Promise<T> {
        const refusal = this.#refusal(record);
        if (refusal !== undefined) return Promise.reject(refusal);
        return new Promise<T>((resolve, reject) => {
            const job: Job = { record, request, resolve: (value) => resolve(value as T), reject };
            (request.isWrite ? this.#writes : this.#reads).push(job);
            if (!this.#isWorking) this.#worker = this.#work();
        });
    }

    /** Why a request cannot even wait. */
    #refusal(record: ModbusUnitRecord): DeviceFault | undefined {
        if (this.#closing.signal.aborted) return this.#fault("NOT_CONNECTED", "the bus is closed");
        const nowMs = this.#clock.monotonicMs();
        if (this.#linkFault !== undefined && nowMs < this.#reopenAtMs) return this.#linkFault;
        return record.resting(nowMs);
    }

    async #work(): Promise<void> {
        this.#isWorking = true;
        for (let job = this.#next(); job !== undefined; job = this.#next()) await this.#serve(job);
        this.#isWorking = false;
    }

    #next(): Job | undefined {
        return this.#writes.shift() ?? this.#reads.shift();
    }

    async #serve(job: Job): Promise<void> {
        const link = await this.#connected(job);
        if (link === undefined) return;
        const { record, request } = job;
        record.sent();
        const sentMs = this.#clock.monotonicMs();
        const cancel = this.#clock.after(this.#timeoutMs, () => link.giveUp());
        try {
            const value = await link.exchange(request, record.unit);
            this.#heard();
            record.replied(this.#clock.monotonicMs() - sentMs, false);
            job.resolve(value);
        } catch (error) {
            job.reject(this.#faultOf(job, error, sentMs));
        } finally {
            cancel();
            this.#quietUntilMs = this.#clock.monotonicMs() + this.#gapMs;
        }
    }

    /** An open link after its silent gap; without one, all that wait are refused. */
    async #connected(job: Job): Promise<ModbusLink | undefined> {
        const { signal } = this.#closing;
        try {
            if (this.#link?.isOpen !== true) await this.#reopen(signal);
            const waitMs = this.#quietUntilMs - this.#clock.monotonicMs();
            if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
            signal.throwIfAborted();
            return this.#link;
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            job.reject(this.#lost(`cannot be opened (${reason}): check power, cable and address`));
            return undefined;
        }
    }

    async #reopen(signal: AbortSignal): Promise<void> {
        this.#link = await this.#open(signal);
        if (signal.aborted) this.#link.end(new LinkLost("the bus was closed"));
        this.#hasOpened = true;
        this.#linkFault = undefined;
    }

    /** Only a reply proves the wire; some peers accept a connection and drop it at the first request. */
    #heard(): void {
        this.#linkFailuresInRow = 0;
    }

    #faultOf({ record, request }: Job, error: unknown, sentMs: number): DeviceFault {
        const { unit } = record;
        if (error instanceof LinkLost) return this.#lost(`${error.message} during the ${request.what}`);
        if (error instanceof NoReply) {
            const advice = "check power, wiring and unit number";
            const message = `no reply within ${this.#timeoutMs} ms to the ${request.what}: ${advice}`;
            return this.#rest(record, this.#fault("NO_REPLY", message, unit));
        }
        if (!(error instanceof ModbusException)) {
            const message = `nonsense (${error}) in reply to the ${request.what}: check wiring and line settings`;
            return this.#rest(record, this.#fault("BAD_REPLY", message, unit, error));
        }
        this.#heard();
        const message = `${error.message} in reply to the ${request.what}`;
        if (GATEWAY_EXCEPTIONS.includes(error.code)) {
            return this.#rest(record, this.#fault("NO_REPLY", message, unit, error));
        }
        record.replied(this.#clock.monotonicMs() - sentMs, true);
        return this.#fault("BAD_REPLY", `${message}: check the profile and the module's settings`, unit, error);
    }

    /** Leaves the unit alone for a while, with all that waits for it: each would cost its neighbours another time-out. */
    #rest(record: ModbusUnitRecord, fault: DeviceFault): DeviceFault {
        record.failed(fault, this.#clock.monotonicMs(), this.#records.size > 1 ? this.#sharedBackOff : this.#backOff);
        this.#refuse((job) => job.record === record, fault);
        return fault;
    }

    #lost(message: string): DeviceFault {
        const fault = this.#fault("NOT_CONNECTED", message);
        if (this.#closing.signal.aborted) return fault;
        this.#linkFault = fault;
        this.#linkFailures++;
        this.#linkFailuresInRow++;
        this.#reopenAtMs = this.#clock.monotonicMs() + backOffMs(this.#linkFailuresInRow, this.#backOff);
        this.#refuse(() => true, fault);
        return fault;
    }

    #refuse(isMeant: (job: Job) => boolean, fault: DeviceFault): void {
        const waiting = [...this.#writes, ...this.#reads];
        this.#writes = this.#writes.filter((job) => !isMeant(job));
        this.#reads = this.#reads.filter((job) => !isMeant(job));
        for (const job of waiting.filter(isMeant)) job.reject(fault);
    }

    #fault(code: FaultCode, message: string, unit?: number, cause?: unknown): DeviceFault {
        const device = unit === undefined ? this.#id : `${this.#id}/${unit}`;
        return new DeviceFault(device, code, message, cause === undefined ? {} : { cause });
    }
}
