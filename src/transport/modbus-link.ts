/**
 * One open connection or serial line with `modbus-serial` on it. The library encodes and decodes; framing, time limits and
 * what to do after nonsense are ours, because it leaves reconnection to the caller and lets late replies through.
 */
import { EventEmitter } from "node:events";
import modbusSerial from "modbus-serial";
import { BadFrame, type LateReply, type ModbusFraming } from "./modbus-frame.ts";
import type { ModbusRequest } from "./modbus-request.ts";

/** The wire closed under the request. */
export class LinkLost extends Error {
    constructor(message: string) {
        super(message);
        this.name = "LinkLost";
    }
}

/** No complete reply was heard in the time allowed. */
export class NoReply extends Error {
    /** Bytes came that were no reply to anything. */
    readonly hasNoise: boolean;
    constructor(hasNoise: boolean) {
        super(hasNoise ? "no complete reply, only noise" : "no reply");
        this.name = "NoReply";
        this.hasNoise = hasNoise;
    }
}

/** The device answered in good form that it will not do what was asked (Modbus Application Protocol V1.1b3, section 7). */
export class ModbusException extends Error {
    readonly code: number;
    constructor(code: number, message: string) {
        super(message);
        this.name = "ModbusException";
        this.code = code;
    }
}

/** Hears of what no request waits for. */
export interface LinkListener {
    /** As many bytes came while no reply was awaited; they are thrown away. */
    stray(count: number): void;
    /** The reply to a request whose time was over; it is thrown away, too. */
    late(reply: LateReply): void;
}

/** An open socket or serial port. Emits "data", "error" and at last "close". */
export interface ModbusWire extends Pick<EventEmitter, "on" | "once"> {
    write(bytes: Buffer): unknown;
}

/** What `modbus-serial` takes for a port: it writes serial-form requests and emits serial-form replies as "data". */
class CodecPort extends EventEmitter {
    readonly isOpen = true;
    readonly #write: (request: Buffer) => void;

    constructor(write: (request: Buffer) => void) {
        super();
        this.#write = write;
    }

    open(done: () => void): void {
        done();
    }

    write(request: Buffer): void {
        this.#write(request);
    }
}

export class ModbusLink {
    readonly #wire: ModbusWire;
    readonly #framing: ModbusFraming;
    readonly #close: () => void;
    readonly #port: CodecPort;
    readonly #codec: InstanceType<typeof modbusSerial.default>;
    #request: Buffer = Buffer.alloc(0);
    #hasHeard = false;
    #refuse: ((error: Error) => void) | undefined;
    #end: Error | undefined;
    #listener: LinkListener | undefined;
    /** Resolves when the wire is closed and nothing of it is left. */
    readonly closed: Promise<void>;

    /** `wire` is open already; `close` leads to its "close". */
    constructor(wire: ModbusWire, framing: ModbusFraming, close: () => void) {
        this.#wire = wire;
        this.#framing = framing;
        this.#close = close;
        this.#port = new CodecPort((request) => this.#send(request));
        this.#codec = new modbusSerial.default(this.#port);
        this.#codec.open(() => undefined);
        wire.on("data", (bytes: Buffer) => this.#hear(bytes));
        wire.on("error", (error: Error) => this.end(new LinkLost(error.message)));
        this.closed = new Promise((resolve) => {
            wire.once("close", () => {
                this.end(new LinkLost("the other side closed the connection"));
                resolve();
            });
        });
    }

    get isOpen(): boolean {
        return this.#end === undefined;
    }

    /** It stays open after a time-out, and only time tells a late reply from the next one. */
    get canHearLate(): boolean {
        return this.#framing.canResynchronise;
    }

    listen(listener: LinkListener): void {
        this.#listener = listener;
    }

    /** One request at a time. Rejects with `ModbusException`, `BadFrame`, `NoReply` or `LinkLost`. */
    async exchange<T>(request: ModbusRequest<T>, unit: number): Promise<T> {
        const refused = new Promise<never>((_, reject) => {
            this.#refuse = reject;
        });
        this.#hasHeard = false;
        try {
            if (this.#end !== undefined) throw this.#end;
            return await Promise.race([request.ask(this.#codec, unit), refused]);
        } catch (error) {
            throw this.#judged(error);
        } finally {
            this.#refuse = undefined;
            this.#framing.forget();
        }
    }

    /** The time for the reply is over. */
    giveUp(): void {
        if (this.#refuse === undefined) return;
        this.#fail(new NoReply(this.#hasHeard));
    }

    /** Closes the wire; a request under way rejects with `reason`. */
    end(reason: Error): void {
        if (this.#end !== undefined) return;
        this.#end = reason;
        this.#refuse?.(reason);
        this.#close();
    }

    #send(request: Buffer): void {
        this.#request = request;
        this.#wire.write(this.#framing.wrap(request));
    }

    #hear(bytes: Buffer): void {
        if (!this.isOpen) return;
        try {
            const { reply, late } = this.#framing.accept(bytes);
            this.#hasHeard ||= late.length === 0;
            for (const each of late) this.#listener?.late(each);
            if (this.#refuse === undefined) this.#listener?.stray(bytes.length);
            if (reply === undefined) return;
            if (isWrongEcho(this.#request, reply)) throw new BadFrame("the echo differs from the request");
            this.#port.emit("data", reply);
        } catch (error) {
            this.#fail(error instanceof Error ? error : new BadFrame(String(error)));
        }
    }

    /** An exception reply leaves the link as it is; an answer that the library or the request refused is nonsense. */
    #judged(error: unknown): Error {
        if (error instanceof NoReply || error instanceof LinkLost) return error;
        if (error instanceof Error && "modbusCode" in error && typeof error.modbusCode === "number") {
            return new ModbusException(error.modbusCode, error.message);
        }
        const nonsense = error instanceof BadFrame ? error : new BadFrame(String(error));
        this.#fail(nonsense);
        return nonsense;
    }

    #fail(error: Error): void {
        if (this.#framing.canResynchronise) this.#refuse?.(error);
        else this.end(error);
    }
}

/** Functions 5 and 6 answer with the request itself (Modbus Application Protocol V1.1b3, sections 6.5 and 6.6). */
function isWrongEcho(request: Buffer, reply: Buffer): boolean {
    const functionCode = reply.readUInt8(1);
    return (functionCode === 5 || functionCode === 6) && !reply.equals(request);
}
