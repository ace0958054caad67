/** What is wired to the GPIO lines of the test machine, and a site file for it: lamps are on a Modbus module beside. */

const CHIP = "gate-io";
export const LINE = {
    approachLoop: 0,
    boomLoop: 1,
    exitLoop: 2,
    photocell1: 3,
    limitOpen: 4,
    limitClosed: 5,
    open: 8,
    close: 9,
    /** Taken by the kernel before anybody else. */
    kernelOwn: 15,
} as const;
/** Pulled low when on: an input and an output that prove which way round they are. */
export const LOW_LINES: ReadonlySet<number> = new Set([LINE.exitLoop, LINE.close]);
export const DEBOUNCE_MS = 40;
/** Long: an emulated processor that has to share its own must still see it within its width. */
export const PULSE_MS = 2_000;

const named = (line: number): object => ({ chip: CHIP, line, isActiveLow: LOW_LINES.has(line) });

export const gateProfile = {
    maker: "Linux",
    model: "gpio-sim",
    transport: "gpio",
    maturity: "simulated",
    inputs: [0, 1, 2, 3, 4, 5].map(named),
    outputs: [LINE.open, LINE.close].map(named),
    debounceMs: DEBOUNCE_MS,
    source: ["drivers/gpio/gpio-sim.c"],
};

export function gateSite(modbusPort: number): object {
    return {
        version: 1,
        site: "gate",
        checkpoint: "gate",
        stateFolder: "state",
        controlSocket: "control.sock",
        central: { url: "mqtt://127.0.0.1:9" },
        modules: {
            "gpio-1": { profile: "io-module/gpio/test-gate", bus: { kind: "gpio", pulse: "software" }, pollMs: 150 },
            "io-1": {
                profile: "io-module/modbus/moxa-iologik-e1214",
                bus: { kind: "modbus-tcp", host: "127.0.0.1", port: modbusPort, timeoutMs: 2_000 },
                pollMs: 150,
            },
        },
        cameras: { "camera-1": { url: "http://127.0.0.1:9/" } },
        lanes: {
            "lane-1": {
                role: "checkpoint-entry",
                barrier: { open: "gpio-1:0", close: "gpio-1:1", pulseMs: PULSE_MS },
                lamps: { red: "io-1:2", green: "io-1:3" },
                contacts: {
                    approachLoop: "gpio-1:0",
                    boomLoop: "gpio-1:1",
                    exitLoop: "gpio-1:2",
                    photocell1: { terminal: "gpio-1:3", activeWhen: "off" },
                    limitOpen: "gpio-1:4",
                    limitClosed: "gpio-1:5",
                },
                cameras: ["camera-1"],
                limits: {
                    readingAgeMsMax: 2_000,
                    presenceMsMin: 100,
                    readSettleMs: 0,
                    readMsMax: 500,
                    clearHoldMsMin: 2_500,
                    vehicleGapMsMin: 1_500,
                    orderTriesMax: 20,
                },
            },
        },
    };
}
