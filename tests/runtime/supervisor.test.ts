/** Children that die, hang or will not end, in real processes; back-off by a clock of the test's own. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { SupervisedChild } from "../../src/ports/supervised-child.ts";
import { superviseWith } from "../../src/runtime/supervisor.ts";
import { Condition } from "../central/condition.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";

const folder = mkdtempSync(join(tmpdir(), "kordon-child-"));
let child: SupervisedChild | undefined;

afterEach(async () => {
    await child?.stop();
    child = undefined;
});

function supervise(script: string): {
    clock: VirtualClock;
    heard: unknown[];
    starts: () => number;
    until: (what: string, look: () => boolean) => Promise<void>;
} {
    const module = join(folder, `child-${script.length}.mjs`);
    writeFileSync(module, script);
    const clock = new VirtualClock();
    const heard: unknown[] = [];
    const changed = new Condition();
    let starts = 0;
    const quiet = { warn: () => changed.poke(), debug: () => undefined };
    child = superviseWith(
        clock,
        quiet,
        process.env,
    )({
        device: "cam-1",
        module,
        args: [],
        env: { GREETING: "hello" },
        silentMsMax: 1_000,
        onMessage: (message) => {
            heard.push(message);
            changed.poke();
        },
        onStart: () => {
            starts += 1;
            changed.poke();
        },
    });
    return { clock, heard, starts: () => starts, until: (what, look) => changed.until(what, look) };
}

const ECHO = `process.on("message", (message) => process.send({ echo: message })); process.send(process.env.GREETING);`;

test("a living child hears, speaks and is well", async () => {
    const { heard, until } = supervise(ECHO);
    await until("it greets", () => heard.includes("hello"));
    expect(child?.health()).toEqual({ device: "cam-1", state: "well", failures: 0 });
    child?.send({ do: "watch" });
    await until("it echoes", () => heard.length === 2);
    expect(heard[1]).toEqual({ echo: { do: "watch" } });
});

test("one that dies is failed at once and started again after a growing pause", async () => {
    const { clock, starts, until } = supervise(`process.send("up"); process.exit(3);`);
    for (const [failures, pauseMs] of [
        [1, 500],
        [2, 1_000],
        [3, 2_000],
    ] as const) {
        await until(`death ${failures}`, () => child?.health().failures === failures);
        expect(child?.health()).toMatchObject({
            state: "failed",
            code: "CHILD_DIED",
            detail: expect.stringContaining("exit 3"),
        });
        const before = starts();
        await clock.advance(pauseMs - 1);
        expect(starts()).toBe(before);
        await clock.advance(1);
        await until("it is started again", () => starts() === before + 1);
    }
});

test("one that falls silent is killed and started again", async () => {
    const { clock, heard, until } = supervise(`process.send("up"); setInterval(() => {}, 1000);`);
    await until("it is up", () => heard.length === 1);
    await clock.advance(1_000);
    await until("it was killed", () => child?.health().failures === 1);
    expect(child?.health()).toMatchObject({ state: "failed", code: "CHILD_SILENT" });
    await clock.advance(500);
    await until("it is up again", () => heard.length === 2);
    expect(child?.health().state).toBe("well");
});

test("what it prints never reaches our own stdout", async () => {
    const { heard, until } = supervise(`console.log("noise of a native library"); process.send("up");`);
    await until("it is up", () => heard.length === 1);
    expect(heard).toEqual(["up"]);
});
