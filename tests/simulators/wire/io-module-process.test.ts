/** The simulated relay module as a process: contacts and faults are typed, relays are printed; asked over a real socket. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { systemClock } from "../../../src/runtime/clock.ts";
import { ModbusBus } from "../../../src/transport/modbus-bus.ts";
import { modbusTcp } from "../../../src/transport/modbus-wire.ts";

const MAIN = new URL("../../../simulators/wire/io-module/main.ts", import.meta.url).pathname;

test("a Moxa at the desk", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const address = free.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    free.close();
    const child = spawn(process.execPath, [MAIN, "--model", "moxa", "--port", String(port)], {
        stdio: ["pipe", "pipe", "inherit"],
    });
    const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await said.next()).value));
    expect(await next()).toEqual({ is: "ready", model: "moxa" });
    const bus = new ModbusBus({
        id: "desk",
        open: modbusTcp({ host: "127.0.0.1", port }, systemClock),
        clock: systemClock,
    });
    const unit = bus.unit(1);
    child.stdin.write("3 on\n");
    await expect.poll(() => unit.readInputs(0, 6)).toEqual([false, false, false, true, false, false]);
    await unit.writeCoil(2, true);
    expect(await next()).toEqual({ is: "relays", on: "2" });
    child.stdin.write("partial\n");
    await expect.poll(() => unit.readInputs(0, 6).catch(({ code }) => code)).toBe("BAD_REPLY");
    child.stdin.write("none\n");
    await expect.poll(() => unit.readInputs(0, 6).catch(() => []), { timeout: 10_000 }).toHaveLength(6);
    await bus.close();
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
});

test("a model that nobody knows is refused with those that there are", async () => {
    const child = spawn(process.execPath, [MAIN, "--model", "acme", "--port", "0"], {
        stdio: ["ignore", "ignore", "pipe"],
    });
    let error = "";
    child.stderr.on("data", (bytes) => (error += String(bytes)));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(error).toContain("moxa|adam|waveshare|wirenboard|mk110|mu110");
});
