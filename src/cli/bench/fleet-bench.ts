/** Measures one broker under a fleet: the links of many sites, a central system that shares their events among its readers. */
import { join } from "node:path";
import type { Clock } from "../../ports/clock.ts";
import { BenchBroker } from "./bench-broker.ts";
import { inBenchFolder } from "./bench-folder.ts";
import { BenchProcess } from "./bench-process.ts";
import { type CentralReport, FromBoxes, FromCentral } from "./fleet-bench-messages.ts";

export interface FleetBenchPlan {
    readonly sites: number;
    readonly lanes: number;
    readonly passages: number;
    readonly seconds: number;
    readonly readers: number;
    readonly clock: Clock;
}

export interface FleetBenchFindings {
    /** In all journals together. */
    readonly written: number;
    readonly central: CentralReport;
    /** Until every link was online. */
    readonly onlineMs: number;
    readonly makingMs: number;
    /** From the last fact made to the last one acknowledged. */
    readonly drainMs: number;
    /** While facts were made and drained; undefined where the system does not tell. */
    readonly brokerCpuMs: number | undefined;
}

const WAIT_MS_MAX = 3_600_000;

/** Leaves no process behind. Rejects with `CommandFailure`, or with the signal's reason. */
export async function runFleetBench(plan: FleetBenchPlan, signal: AbortSignal): Promise<FleetBenchFindings> {
    return await inBenchFolder(signal, async (folder) => {
        const broker = await BenchBroker.start(folder, plan.clock);
        const processes: { end(): Promise<void> }[] = [];
        const end = async (): Promise<void> => {
            for (const process of processes.splice(0).reverse()) await process.end();
        };
        const abort = (): void => void end();
        signal.addEventListener("abort", abort, { once: true });
        try {
            return await measure(plan, folder, broker, processes);
        } finally {
            signal.removeEventListener("abort", abort);
            await end();
            await broker.end();
        }
    });
}

async function measure(
    { sites, lanes, passages, seconds, readers, clock }: FleetBenchPlan,
    folder: string,
    broker: BenchBroker,
    processes: { end(): Promise<void> }[],
): Promise<FleetBenchFindings> {
    const central = new BenchProcess({
        name: "central",
        module: new URL("../../../simulators/central/fleet/main.ts", import.meta.url),
        args: ["--broker", broker.url, "--ledger", join(folder, "events.jsonl"), "--readers", String(readers)],
        messages: FromCentral,
        folder,
        clock,
    });
    processes.push(central);
    await central.said.next((said) => (said.is === "ready" ? true : undefined), "the central system");
    const startMs = clock.monotonicMs();
    const boxes = new BenchProcess({
        name: "boxes",
        module: new URL("fleet-bench-process.ts", import.meta.url),
        args: [folder, broker.url, ...[sites, lanes, passages, seconds].map(String)],
        messages: FromBoxes,
        folder,
        clock,
    });
    processes.push(boxes);
    const heard = <T extends FromBoxes["is"]>(is: T): Promise<Extract<FromBoxes, { is: T }>> =>
        boxes.said.next(
            (said) => (said.is === is ? (said as Extract<FromBoxes, { is: T }>) : undefined),
            is,
            WAIT_MS_MAX,
        );
    await heard("online");
    const onlineMs = clock.monotonicMs() - startMs;
    const cpuBefore = broker.cpuMs();
    const drained = heard("drained");
    await heard("made");
    const madeMs = clock.monotonicMs();
    const { facts } = await drained;
    const drainMs = clock.monotonicMs() - madeMs;
    const cpuAfter = broker.cpuMs();
    const report = central.said.next((said) => (said.is === "report" ? said : undefined), "the report");
    central.tell({ do: "report" });
    return {
        written: facts,
        central: await report,
        onlineMs,
        makingMs: madeMs - startMs - onlineMs,
        drainMs,
        brokerCpuMs: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore,
    };
}
