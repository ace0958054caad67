/** Serial ports, for lines of bytes and for Modbus alike: opened for one user alone, and ended with the adapter behind them. */
import { SerialPort } from "serialport";

/** How a serial line is set; the path of an adapter is `/dev/serial/by-id/…`, which does not change its name. */
export interface SerialPortPlan {
    readonly path: string;
    readonly baudRate: number;
    readonly dataBits: 7 | 8;
    readonly parity: "none" | "even" | "odd";
    readonly stopBits: 1 | 2;
}

/** Opens once, or rejects; an abort leaves nothing open. Taken exclusively: two programs on one line would each read half of it. */
export function openSerialPort(plan: SerialPortPlan, signal: AbortSignal): Promise<SerialPort> {
    return new Promise((resolve, reject) => {
        const port = new SerialPort({ ...plan, autoOpen: false, lock: true });
        port.open((error) => {
            if (error) return reject(error);
            if (signal.aborted) return port.close(() => reject(new Error("the attempt was ended")));
            endWithAdapter(port);
            resolve(port);
        });
    });
}

/** Leads to "close": a port whose device is gone may refuse to close, and is closed all the same. */
export function closeSerialPort(port: SerialPort): void {
    if (port.isOpen) port.close((error) => void (error && port.emit("close")));
}

/**
 * The library learns of a pull from the read that waits for bytes. One that waits for a thread at that moment gets none and no
 * error afterwards, and is repeated without end and without pause; the poller hears of it all the same.
 */
function endWithAdapter(port: SerialPort): void {
    const binding = port.port;
    if (binding !== undefined && "poller" in binding) binding.poller.once("disconnect", () => closeSerialPort(port));
}
