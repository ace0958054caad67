/**
 * A Modbus TCP device on a real socket, with faults that can be switched on while it runs.
 * Own code instead of the library's server: that one cannot listen on a port of the system's choice, gives no hold of the
 * frames for faults, leaves half of a refused "write multiple coils" done, and would share its mistakes with the daemon's client.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../world/clock.ts";
import type { Random } from "../world/random.ts";
import { answerPdu, exceptionPdu, type ModbusBank } from "./modbus-pdu.ts";
import type { WireFault } from "./wire-fault.ts";

interface ModbusTcpOptions {
    /** 0 = any free port. */
    readonly port: number;
    readonly bank: ModbusBank;
    readonly clock: Clock;
    /** Source of the garbage. */
    readonly random: Random;
}

/** Transaction, protocol, length; the unit number follows (Modbus Messaging on TCP/IP V1.0b, section 3.1.3). */
const HEAD_BYTES = 6;
const UNIT_AND_PDU_MAX = 254;

export class ModbusTcpServer {
    /** Complete requests that came in, whatever was answered. */
    requests = 0;
    #fault: WireFault = { kind: "none" };
    readonly #options: ModbusTcpOptions;
    readonly #server: Server;
    readonly #sockets = new Set<Socket>();

    private constructor(options: ModbusTcpOptions) {
        this.#options = options;
        this.#server = createServer((socket) => this.#accept(socket));
    }

    /** Rejects when the port cannot be had. Listens on the loopback interface only. */
    static async listen(options: ModbusTcpOptions): Promise<ModbusTcpServer> {
        const server = new ModbusTcpServer(options);
        await new Promise<void>((resolve, reject) => {
            server.#server.once("error", reject);
            server.#server.listen(options.port, "127.0.0.1", resolve);
        });
        return server;
    }

    get port(): number {
        const address = this.#server.address();
        if (address === null || typeof address === "string") throw new Error("the Modbus server is closed");
        return address.port;
    }

    fault(fault: WireFault): void {
        this.#fault = fault;
        if (fault.kind === "disconnect") this.#cutAll();
    }

    async close(): Promise<void> {
        this.#cutAll();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    #cutAll(): void {
        for (const socket of this.#sockets) socket.destroy();
    }

    #accept(socket: Socket): void {
        if (this.#fault.kind === "disconnect") {
            socket.destroy();
            return;
        }
        socket.setNoDelay(true);
        this.#sockets.add(socket);
        socket.on("close", () => this.#sockets.delete(socket));
        socket.on("error", () => socket.destroy());
        let pending: Buffer = Buffer.alloc(0);
        socket.on("data", (bytes: Buffer) => {
            pending = this.#takeFrames(socket, Buffer.concat([pending, bytes]));
        });
    }

    /** Answers every complete frame and returns the rest. What is not Modbus TCP loses its connection. */
    #takeFrames(socket: Socket, bytes: Buffer): Buffer {
        let rest = bytes;
        while (rest.length >= HEAD_BYTES) {
            const length = rest.readUInt16BE(4);
            if (rest.readUInt16BE(2) !== 0 || length < 2 || length > UNIT_AND_PDU_MAX) {
                socket.destroy();
                return Buffer.alloc(0);
            }
            if (rest.length < HEAD_BYTES + length) break;
            this.requests++;
            this.#answer(socket, rest.subarray(0, HEAD_BYTES + length));
            rest = rest.subarray(HEAD_BYTES + length);
        }
        return rest;
    }

    #answer(socket: Socket, frame: Buffer): void {
        const fault = this.#fault;
        if (fault.kind === "silence") return;
        const unit = frame.readUInt8(HEAD_BYTES);
        const request = frame.subarray(HEAD_BYTES + 1);
        const response =
            fault.kind === "exception"
                ? exceptionPdu(request.readUInt8(0), fault.code)
                : answerPdu(request, this.#options.bank);
        if (fault.kind === "lost-reply") return;
        const reply = framed(frame, fault.kind === "wrong-unit" ? unit ^ 1 : unit, response);
        if (fault.kind === "garbage") for (let i = 0; i < reply.length; i++) reply[i] = this.#options.random.int(256);
        const said = fault.kind === "partial" ? reply.subarray(0, -1) : reply;
        if (fault.kind === "delay") this.#options.clock.after(fault.ms, () => send(socket, said));
        else send(socket, said);
    }
}

function framed(request: Buffer, unit: number, pdu: Buffer): Buffer {
    const head = Buffer.alloc(HEAD_BYTES + 1);
    request.copy(head, 0, 0, 4);
    head.writeUInt16BE(pdu.length + 1, 4);
    head.writeUInt8(unit, HEAD_BYTES);
    return Buffer.concat([head, pdu]);
}

function send(socket: Socket, reply: Buffer): void {
    if (socket.writable) socket.write(reply);
}
