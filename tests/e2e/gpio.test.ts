/** GPIO on a real kernel: a small virtual machine whose lines are Debian's GPIO simulator; the proofs run inside it. */
import { gateProfile } from "./machine/gpio/gate-wiring.ts";
import { proveInMachine } from "./machine/proved-in-machine.ts";

proveInMachine({
    proofs: "gpio",
    memoryMiB: 1_536,
    packages: [
        ...["better-sqlite3", "commander", "fast-xml-parser", "iconv-lite", "modbus-serial", "mqtt", "net-snmp"],
        ...["onoff", "pino", "serialport", "yaml", "zod"],
    ],
    programs: [],
    files: [],
    additions: { "devices/io-module/gpio/test-gate.json": JSON.stringify(gateProfile) },
    hardware: () => [],
});
