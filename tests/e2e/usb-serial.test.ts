/** USB serial adapters on a real kernel, pulled and put back; the cable behind them leads back into the virtual machine. */
import { join } from "node:path";
import { proveInMachine } from "./machine/proved-in-machine.ts";

const socket = (id: string, path: string, end: string): string => `socket,id=${id},path=${path}${end}`;

proveInMachine({
    proofs: "usb",
    memoryMiB: 1_536,
    packages: ["commander", "modbus-serial", "pino", "serialport", "yaml", "zod"],
    programs: ["/bin/udevadm", "/lib/systemd/systemd-udevd"],
    files: ["/lib/udev/rules.d/60-serial.rules"],
    additions: {},
    hardware(folder) {
        const [cable, monitor] = [join(folder, "cable"), join(folder, "monitor")];
        const listens = ",server=on,wait=off";
        return [
            ...["-device", "qemu-xhci,id=usb", "-chardev", "ringbuf,id=nothing"],
            ...["-chardev", socket("scale", cable, listens), "-chardev", socket("far-end", cable, "")],
            ...["-chardev", socket("monitor", monitor, listens), "-chardev", socket("hand", monitor, "")],
            ...["-mon", "chardev=monitor,mode=control", "-serial", "chardev:far-end", "-serial", "chardev:hand"],
        ];
    },
});
