/** A process in which a lorry is on its way through, until the process is killed in the middle of a tick's aftermath. */
import { writeSync } from "node:fs";
import { BOOKED, RunnerBench, wholePassage } from "./runner-bench.ts";

const [folder = "", ticks = "0"] = process.argv.slice(2);
const bench = new RunnerBench(folder, { bookings: BOOKED });
const tick = bench.tick.bind(bench);
let left = Number(ticks);
let changedMs = 0;
bench.tick = () => {
    const before = JSON.stringify(bench.runner.state);
    tick();
    const { nowMs, runner } = bench;
    if (JSON.stringify(runner.state) !== before) changedMs = nowMs;
    left -= 1;
    if (left > 0) return;
    writeSync(1, JSON.stringify({ passage: bench.passage(), changedMs, mode: runner.state.mode.at }));
    process.kill(process.pid, "SIGKILL");
};
await wholePassage(bench);
