/** The two kinds of wire of an indicator: a serial server that listens on a TCP port, and a serial device such as a pseudo-terminal. */
import { closeSync, constants, openSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { ReadStream, WriteStream } from "node:tty";
import type { IndicatorLine, ScaleIndicator } from "./scale-indicator.ts";

/** A wire that is up. */
export interface ScaleWire {
    /** 0 on a serial device. */
    readonly port: number;
    close(): Promise<void>;
}

/** Rejects when the port cannot be had. Listens on the loopback interface only. */
export async function serveScale(indicator: ScaleIndicator, port: number): Promise<ScaleWire> {
    const server: Server = createServer((socket) => attach(indicator, socket));
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
    });
    const address = server.address();
    return {
        port: address === null || typeof address === "string" ? 0 : address.port,
        async close() {
            indicator.close();
            await new Promise<void>((resolve) => server.close(() => resolve()));
        },
    };
}

function attach(indicator: ScaleIndicator, socket: Socket): void {
    socket.setNoDelay(true);
    const line: IndicatorLine = {
        send: (bytes) => void (socket.writable && socket.write(bytes)),
        cut: () => socket.destroy(),
    };
    socket.on("error", () => socket.destroy());
    if (!indicator.join(line)) return;
    socket.on("data", (bytes) => indicator.heard(line, bytes));
    socket.on("close", () => indicator.leave(line));
}

/** Throws when the device cannot be opened. */
export function speakOnDevice(indicator: ScaleIndicator, path: string): ScaleWire {
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    const input = new ReadStream(fd);
    const output = new WriteStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
    const line: IndicatorLine = { send: (bytes) => void output.write(bytes), cut: () => undefined };
    input.setRawMode(true);
    input.on("data", (bytes) => indicator.heard(line, bytes));
    for (const stream of [input, output]) stream.on("error", () => undefined);
    indicator.join(line);
    return {
        port: 0,
        async close() {
            indicator.close();
            input.destroy();
            output.destroy();
            closeQuietly(fd);
        },
    };
}

function closeQuietly(fd: number): void {
    try {
        closeSync(fd);
    } catch {
        // The stream has closed it already.
    }
}
