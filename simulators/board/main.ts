/**
 * One board as a process of its own: `node simulators/board/main.ts '{"speaks":"modbus-text"}'`, or with `--config FILE`. Prints
 * what it shows, a JSON object a line, or tells it over its IPC channel, and takes the orders of `board-messages.ts` there.
 */
import { readFileSync } from "node:fs";
import { realClock } from "../world/clock.ts";
import { Random } from "../world/random.ts";
import { BoardConfig, BoardOrder, type BoardShows, type SimulatedBoard } from "./board-messages.ts";
import { openLineDisplay } from "./line-display.ts";
import { openSign } from "./sign-agent.ts";
import { openTextBoard } from "./text-board.ts";

function tell(message: object): void {
    if (process.send === undefined) console.log(JSON.stringify(message));
    else if (process.connected) process.send(message);
}

function open(config: BoardConfig): Promise<SimulatedBoard> {
    const random = new Random(1, "board");
    const shows = (face: BoardShows): void => tell(face);
    switch (config.speaks) {
        case "modbus-text":
            return openTextBoard(config, realClock, random, shows);
        case "ntcip-1203":
            return openSign(config, realClock, random, shows);
        case "line-display":
            return openLineDisplay(config, realClock, random, shows);
    }
}

const [, , first = "{}", file = ""] = process.argv;
const config = first === "--config" ? readFileSync(file, "utf8") : first;
const board = await open(BoardConfig.parse(JSON.parse(config)));
process.on("message", (message) => {
    const order = BoardOrder.parse(message);
    if (order.do === "fault") board.fault(order.fault);
    else board.powerCycle();
    tell({ is: "done" });
});
const ENDS = ["SIGINT", "SIGTERM", "disconnect"];
function end(): void {
    for (const each of ENDS) process.removeListener(each, end);
    process.removeAllListeners("message");
    void board.close().then(() => process.connected && process.disconnect());
}
for (const each of ENDS) process.once(each, end);
tell({ is: "ready", port: board.port });
