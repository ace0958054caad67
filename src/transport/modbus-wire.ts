/** Opens the wires that Modbus runs on. Each opening has a time limit, and an abort leaves nothing open. */
import { connect } from "node:net";
import type { Clock } from "../ports/clock.ts";
import { ModbusLink } from "./modbus-link.ts";
import { ModbusRtuFraming } from "./modbus-rtu-framing.ts";
import { ModbusTcpFraming } from "./modbus-tcp-framing.ts";
import { closeSerialPort, openSerialPort, type SerialPortPlan } from "./serial-port.ts";

/** Opens a link once, or rejects; `signal` ends the attempt. */
export type OpenModbusLink = (signal: AbortSignal) => Promise<ModbusLink>;

export interface ModbusTcpPlan {
    readonly host: string;
    /** 502 on real modules. */
    readonly port: number;
    /** A module on the same network answers within milliseconds; one lost SYN is not worth waiting for. Default 1000. */
    readonly connectMsMax?: number;
}

/** Modbus characters have eight bits. */
export type ModbusRtuPlan = Omit<SerialPortPlan, "dataBits">;

export function modbusTcp(plan: ModbusTcpPlan, clock: Clock): OpenModbusLink {
    const connectMsMax = plan.connectMsMax ?? 1_000;
    return (signal) =>
        new Promise((resolve, reject) => {
            const socket = connect({ host: plan.host, port: plan.port, noDelay: true });
            const giveUp = (): void => void socket.destroy(new Error("the attempt was ended"));
            const cancel = clock.after(connectMsMax, () =>
                socket.destroy(new Error(`no connection within ${connectMsMax} ms`)),
            );
            const fail = (error: Error): void => {
                settle();
                reject(error);
            };
            const settle = (): void => {
                cancel();
                signal.removeEventListener("abort", giveUp);
                socket.removeListener("error", fail);
            };
            signal.addEventListener("abort", giveUp, { once: true });
            socket.once("error", fail);
            socket.once("connect", () => {
                settle();
                resolve(new ModbusLink(socket, new ModbusTcpFraming(), () => socket.destroy()));
            });
            if (signal.aborted) giveUp();
        });
}

export function modbusRtu(plan: ModbusRtuPlan): OpenModbusLink {
    return async (signal) => {
        const port = await openSerialPort({ ...plan, dataBits: 8 }, signal);
        return new ModbusLink(port, new ModbusRtuFraming(), () => closeSerialPort(port));
    };
}

/**
 * Silence that separates frames on a serial line: 3.5 characters of 11 bits, and 1.75 ms above 19,200 baud
 * (Modbus over serial line V1.02, section 2.5.1.1); rounded up to whole milliseconds.
 */
export function modbusRtuGapMs(baudRate: number): number {
    return Math.ceil(baudRate > 19_200 ? 1.75 : (3.5 * 11 * 1000) / baudRate);
}
