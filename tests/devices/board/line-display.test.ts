/** The line display behind a serial server and on a serial line, against one in a process of its own. */
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { type LineDisplayProfile, loadBoardProfile } from "../../../devices/board/board-profile.ts";
import { LineDisplay } from "../../../devices/board/line-display/line-display.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { serialWire, tcpWire } from "../../../src/transport/line-wire.ts";
import { SteadyLine } from "../../../src/transport/steady-line.ts";
import { end, hasSocat, startSerialPair } from "../../transport/third-party-peers.ts";
import { BoardChild, faceOf } from "./board-child.ts";

const FILE = new URL("../../../devices/board/line-display/kordon-line-display.json", import.meta.url);
const loaded = loadBoardProfile(JSON.parse(readFileSync(FILE, "utf8"))) as LineDisplayProfile;
const profile: LineDisplayProfile = { ...loaded, reply: { yes: "06", no: "15", msMax: 200 } };

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
    for (const finish of ends.splice(0).reverse()) await finish();
});

function display(open: ReturnType<typeof tcpWire>): LineDisplay {
    const backOff = { minMs: 5, maxMs: 20, random: Math.random };
    const line = new SteadyLine({ id: "line", open, clock: systemClock, backOff });
    const shape = { lines: 2, columns: 20 };
    const one = new LineDisplay({ id: "d", line, profile, shape, charset: "kz-1048", address: 7, clock: systemClock });
    ends.push(() => one.close());
    return one;
}

async function onTcp(): Promise<{ child: BoardChild; one: LineDisplay }> {
    const child = await BoardChild.start({ speaks: "line-display", address: 7 });
    ends.push(() => child.end());
    return { child, one: display(tcpWire({ host: "127.0.0.1", port: child.port }, systemClock)) };
}

/** Until the line is open and the display has taken it. */
const taken = (one: LineDisplay, lines: readonly string[]) =>
    expect.poll(() => one.show(faceOf(lines)).catch((error) => error.code)).toEqual({ proof: "accepted", replaced: 0 });

test("shows a Kazakh text, and claims no more than that the display took it", async () => {
    const { child, one } = await onTcp();
    await taken(one, ["Өтіңіз", "123ABC02"]);
    await expect.poll(() => child.shown.at(-1)).toMatchObject({ lines: ["Өтіңіз", "123ABC02"], tone: "go" });
});

test("on a serial line with the real driver", async (context) => {
    if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
    const pair = await startSerialPair();
    ends.push(async () => {
        await end(pair.child);
        pair.remove();
    });
    const child = await BoardChild.start({ speaks: "line-display", address: 7, path: pair.theirs });
    ends.push(() => child.end());
    const one = display(serialWire({ path: pair.ours, ...profile.line }));
    await taken(one, ["Қызметкерді күтіңіз"]);
    await expect.poll(() => child.text).toBe("Қызметкерді күтіңіз");
});

describe("faults", () => {
    test.each([
        ["silence", { kind: "silence" }, "NO_REPLY"],
        ["an answer that is lost", { kind: "lost-reply" }, "NO_REPLY"],
        ["a late answer", { kind: "delay", ms: 500 }, "NO_REPLY"],
        ["garbage", { kind: "garbage" }, "BAD_REPLY"],
        ["a display that refuses", { kind: "refuses" }, "REFUSED"],
        ["frames that lose a byte", { kind: "torn" }, "NO_REPLY"],
        ["a cut line", { kind: "disconnect" }, "NOT_CONNECTED"],
    ] as const)("%s", async (_name, fault, code) => {
        const { child, one } = await onTcp();
        await taken(one, ["old"]);
        await child.fault(fault);
        await expect
            .poll(() =>
                one.show(faceOf(["new"])).then(
                    () => "taken",
                    (error) => error.code,
                ),
            )
            .toBe(code);
        expect(["old", "new"]).toContain(child.text);
        await child.fault({ kind: "none" });
        await taken(one, ["fresh"]);
        await expect.poll(() => child.text).toBe("fresh");
    });
});
