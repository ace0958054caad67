/**
 * One queue per TCP connection or serial line. One request at a time, writes first; a unit that does not answer is left
 * alone for a while, so that its neighbours wait for it at most one time-out per back-off period. What comes late is no
 * answer to anything: on a serial line the same question waits until no reply to the one before can come any more.
 */
import type { Clock } from "../ports/clock.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../ports/device-health.ts";
import type { ModbusBlockUnit } from "../ports/modbus-block-unit.ts";
import type { ModbusRelayUnit } from "../ports/modbus-relay-unit.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import type { LateReply } from "./modbus-frame.ts";
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
     * shares its bus: with 2000, three dead units would take a third of a line from their neighbours.
     */
    readonly backOff?: BackOff;
    /**
     * On a serial line only, where nothing in a reply says which request it answers: for how long after a request without an answer
     * its unit is not asked the same function again. Must exceed the slowest reply ever. Default 1000, or three times `timeoutMs`:
     * masters usually wait a second or more for a reply (Modbus over serial line V1.02, section 2.4.1).
     */
    readonly lateMs?: number;
}

interface Job {
    readonly record: ModbusUnitRecord;
    readonly request: ModbusRequest<unknown>;
    readonly resolve: (value: unknown) => void;
    readonly reject: (error: Error) => void;
}

/** Exceptions by which a gateway says that the unit behind it did not answer: path unavailable, target failed to respond. */
const GATEWAY_EXCEPTIONS: readonly number[] = [0x0a, 0x0b];

/** USB adapters hold bytes back for up to 16 ms (FTDI AN232B-04, latency timer): a line silent for longer is silent. */
const SILENCE_MS = 20;
const SLOWEST_REPLY_MS = 1_000;
const SLOWEST_REPLY_TIMEOUTS = 3;

export class ModbusBus {
    readonly #id: string;
    readonly #open: OpenModbusLink;
    readonly #clock: Clock;
    readonly #timeoutMs: number;
    readonly #gapMs: number;
    readonly #lateMs: number;
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
    #strayBytes = 0;
    /** The slow unit for whose late reply the line is held, and what ends that. */
    #held: { readonly record: ModbusUnitRecord; readonly end: AbortController } | undefined;
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
        this.#lateMs = plan.lateMs ?? Math.max(SLOWEST_REPLY_MS, SLOWEST_REPLY_TIMEOUTS * this.#timeoutMs);
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

    /** That came while no reply was awaited, late replies among them, and were thrown away. */
    get strayBytes(): number {
        return this.#strayBytes;
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
        const refusal = this.#refusal(record, request);
        if (refusal !== undefined) return Promise.reject(refusal);
        return new Promise<T>((resolve, reject) => {
            const job: Job = { record, request, resolve: (value) => resolve(value as T), reject };
            (request.isWrite ? this.#writes : this.#reads).push(job);
            if (!this.#isWorking) this.#worker = this.#work();
        });
    }

    /** Why a request cannot even wait. */
    #refusal(record: ModbusUnitRecord, { functionCode }: ModbusRequest<unknown>): DeviceFault | undefined {
        if (this.#closing.signal.aborted) return this.#fault("NOT_CONNECTED", "the bus is closed");
        const nowMs = this.#clock.monotonicMs();
        if (this.#linkFault !== undefined && nowMs < this.#reopenAtMs) return this.#linkFault;
        return record.refusal(functionCode, nowMs);
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
            job.reject(await this.#faultAtLast(job, error, link, sentMs));
        } finally {
            cancel();
            this.#quiet(this.#gapMs);
        }
    }

    /**
     * Holds the line for a unit that answered late the last time, until its reply has come: it would fall upon a neighbour's. One that
     * is silent altogether is not waited for.
     */
    async #faultAtLast(job: Job, error: unknown, link: ModbusLink, sentMs: number): Promise<DeviceFault> {
        const { record, request } = job;
        const isSlow = record.isSlow;
        const fault = this.#faultOf(job, error, sentMs);
        if (!(error instanceof NoReply && link.canHearLate)) return fault;
        if (error.hasNoise) this.#quiet(SILENCE_MS);
        const untilMs = sentMs + this.#lateMs;
        record.owes(request.functionCode, { sentMs, untilMs, fault });
        if (isSlow) {
            const end = new AbortController();
            this.#held = { record, end };
            const signal = AbortSignal.any([this.#closing.signal, end.signal]);
            await this.#clock.sleep(untilMs - this.#clock.monotonicMs(), signal).catch(() => undefined);
            this.#held = undefined;
        }
        return record.fault ?? fault;
    }

    /** An open link after its silence; without one, all that wait are refused. */
    async #connected(job: Job): Promise<ModbusLink | undefined> {
        const { signal } = this.#closing;
        try {
            if (this.#link?.isOpen !== true) await this.#reopen(signal);
            await this.#silence(signal);
            return this.#link;
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            job.reject(this.#lost(`cannot be opened (${reason}): check power, cable and address`));
            return undefined;
        }
    }

    /** A line on which somebody never stops talking is tried all the same after a time-out. */
    async #silence(signal: AbortSignal): Promise<void> {
        const endMs = this.#clock.monotonicMs() + Math.max(this.#gapMs, this.#timeoutMs);
        for (;;) {
            const nowMs = this.#clock.monotonicMs();
            const waitMs = Math.min(this.#quietUntilMs, endMs) - nowMs;
            if (waitMs <= 0) break;
            await this.#clock.sleep(waitMs, signal);
        }
        signal.throwIfAborted();
    }

    #quiet(forMs: number): void {
        this.#quietUntilMs = Math.max(this.#quietUntilMs, this.#clock.monotonicMs() + forMs);
    }

    #stray(bytes: number): void {
        this.#strayBytes += bytes;
        this.#quiet(SILENCE_MS);
    }

    #late({ unit, functionCode }: LateReply): void {
        const record = this.#records.get(unit);
        record?.cameLate(functionCode, ({ sentMs }) => {
            const tookMs = Math.round(this.#clock.monotonicMs() - sentMs);
            const advice = "raise timeoutMs, or look for what slows it down";
            const message = `its reply came after ${tookMs} ms, not ${this.#timeoutMs}, and was thrown away: ${advice}`;
            return this.#fault("LATE_REPLY", message, unit);
        });
        if (this.#held?.record === record) this.#held?.end.abort();
    }

    async #reopen(signal: AbortSignal): Promise<void> {
        this.#link = await this.#open(signal);
        this.#link.listen({ stray: (count) => this.#stray(count), late: (reply) => this.#late(reply) });
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
        if (error instanceof NoReply && !error.hasNoise) {
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

    /**
     * Leaves the unit alone for a while, with all that waits for it: each would cost its neighbours another time-out. Reads of units
     * that were silent, too, go behind all others, so that a living one waits for one of them at most.
     */
    #rest(record: ModbusUnitRecord, fault: DeviceFault): DeviceFault {
        record.failed(fault, this.#clock.monotonicMs(), this.#records.size > 1 ? this.#sharedBackOff : this.#backOff);
        this.#refuse((job) => job.record === record, fault);
        const isLiving = (job: Job): boolean => job.record.fault === undefined;
        this.#reads = [...this.#reads.filter(isLiving), ...this.#reads.filter((job) => !isLiving(job))];
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
