/** Opens serial ports and connections to serial servers as plain streams of bytes. Each opening has an end, and an abort leaves nothing open. */
import { connect, type Socket } from "node:net";
import type { Clock } from "../ports/clock.ts";
import { closeSerialPort, openSerialPort, type SerialPortPlan } from "./serial-port.ts";

/** An open connection. */
export interface WireLine {
    /** Resolves when the bytes are handed to the system. */
    send(bytes: Uint8Array): Promise<void>;
    /** Resolves, with the reason, when nothing of it is left. */
    readonly ended: Promise<string>;
    end(why: string): void;
}

/** Opens once, or rejects; `signal` ends the attempt. Bytes go to `hear` from the first one on. */
export type OpenWire = (signal: AbortSignal, hear: (bytes: Uint8Array) => void) => Promise<WireLine>;

export interface TcpLinePlan {
    readonly host: string;
    readonly port: number;
    /** Default 2000: serial servers are slow to accept. */
    readonly connectMsMax?: number;
}

/** After this much silence the system asks whether the other end still lives. */
const KEEP_ALIVE_MS = 10_000;

export function serialWire(plan: SerialPortPlan): OpenWire {
    return async (signal, hear) => {
        const port = await openSerialPort(plan, signal);
        let why = "was closed by the system: is the adapter plugged in?";
        // A write to a port that closes meanwhile would wait for the next opening, which never comes.
        const writing = new Set<(error: Error) => void>();
        const ended = new Promise<string>((settle) => {
            port.once("close", () => {
                for (const fail of writing) fail(new Error(why));
                settle(why);
            });
        });
        port.on("data", hear);
        port.on("error", (error: Error) => {
            why = error.message;
        });
        const send = (bytes: Uint8Array): Promise<void> =>
            new Promise((done, fail) => {
                if (!port.isOpen) return fail(new Error(why));
                writing.add(fail);
                port.write(Buffer.from(bytes), undefined, (fault) => {
                    writing.delete(fail);
                    if (fault) fail(fault);
                    else done();
                });
            });
        return {
            send,
            ended,
            end(reason) {
                why = reason;
                closeSerialPort(port);
            },
        };
    };
}

/** A serial server (Moxa NPort, USR-TCP232 and their like) in TCP server mode: what comes from the socket came from the line. */
export function tcpWire(plan: TcpLinePlan, clock: Clock): OpenWire {
    const connectMsMax = plan.connectMsMax ?? 2_000;
    return (signal, hear) =>
        new Promise((resolve, reject) => {
            const socket = connect({
                host: plan.host,
                port: plan.port,
                noDelay: true,
                keepAlive: true,
                keepAliveInitialDelay: KEEP_ALIVE_MS,
            });
            const giveUp = (): void => void socket.destroy(new Error("the attempt was ended"));
            const cancel = clock.after(connectMsMax, () =>
                socket.destroy(new Error(`no connection within ${connectMsMax} ms`)),
            );
            const settle = (): void => {
                cancel();
                signal.removeEventListener("abort", giveUp);
                socket.removeListener("error", fail);
            };
            const fail = (error: Error): void => {
                settle();
                reject(error);
            };
            signal.addEventListener("abort", giveUp, { once: true });
            socket.once("error", fail);
            socket.once("connect", () => {
                settle();
                resolve(lineOn(socket, hear));
            });
            if (signal.aborted) giveUp();
        });
}

function lineOn(socket: Socket, hear: (bytes: Uint8Array) => void): WireLine {
    let why = "was closed by the other side";
    socket.on("data", hear);
    socket.on("error", (error) => {
        why = error.message;
    });
    // A serial server that closes its half has nothing more to say.
    socket.on("end", () => socket.destroy());
    return {
        ended: new Promise((settle) => socket.once("close", () => settle(why))),
        end(reason) {
            why = reason;
            socket.destroy();
        },
        send: (bytes) =>
            new Promise((done, fail) => {
                socket.write(bytes, (error) => (error ? fail(error) : done()));
            }),
    };
}
