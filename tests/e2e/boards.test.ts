/**
 * Boards on a whole site: the real daemon, the simulated central system and world, and three boards in processes of their own on
 * Modbus, SNMP and a serial server; a fourth is a page, in a browser where there is one. What the boards say is read off them, not
 * out of the daemon.
 */
import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runKordon } from "../cli/run-kordon.ts";
import { ChromiumPage, hasChromium } from "../console/chromium-page.ts";
import { BoardChild } from "../devices/board/board-child.ts";
import { Checkpoint } from "./checkpoint.ts";

const HOST = "127.0.0.1";

let checkpoint: Checkpoint;
let waiting: BoardChild;
let sign: BoardChild;
let display: BoardChild;
let pagePort: number;
let browser: ChromiumPage | undefined;
const browserText = (): Promise<unknown> => browser?.evaluate("document.body.innerText") ?? Promise.resolve("");

beforeEach(async () => {
    [waiting, sign, display] = await Promise.all([
        BoardChild.start({ speaks: "modbus-text", lines: 8, columns: 24 }),
        BoardChild.start({ speaks: "ntcip-1203" }),
        BoardChild.start({ speaks: "line-display", address: 3 }),
    ]);
    pagePort = await freePort();
    const gates = { "lane-1": "1" };
    const room = { lines: 8, columns: 24, oldAfterMs: 10_000, pageMs: 2_000 };
    checkpoint = await Checkpoint.open({
        passages: 1,
        seed: 3,
        speed: 6,
        site: {
            boards: {
                "board-wa": {
                    ...{ profile: "board/modbus-text/kordon-text-board-1", gates, ...room, languages: ["ru"] },
                    line: { kind: "modbus-tcp", host: HOST, port: waiting.port, timeoutMs: 1_000 },
                },
                "board-sign": {
                    ...{ profile: "board/ntcip-1203/generic-sign", gates, ...room, languages: ["en"] },
                    line: { kind: "snmp", host: HOST, port: sign.port },
                },
                "board-lane": {
                    ...{ profile: "board/line-display/kordon-line-display", lane: "lane-1", lines: 2, columns: 20 },
                    ...{ line: { kind: "tcp", host: HOST, port: display.port }, number: 3, languages: ["ru"] },
                },
                "board-page": {
                    ...{ profile: "board/browser/full-screen-page", gates, ...room, languages: ["kk"] },
                    line: { kind: "browser" },
                },
            },
            screens: { port: pagePort },
        },
    });
    await checkpoint.startDaemon();
    await checkpoint.untilView("the list is there", ({ listVersion }) => listVersion > 0);
});

afterEach(async () => {
    await checkpoint?.close();
    for (const board of [waiting, sign, display]) await board?.end();
    await browser?.close();
    browser = undefined;
});

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === "object" && address !== null ? address.port : 0;
}

function call(id: string, plate: string): void {
    const now = Date.now();
    const booking = {
        ...{ id, checkpoint: "nur-zholy", tractor: { plate }, trailers: [], status: "Вызван на пункт пропуска" },
        ...{ late: false, priority: "in-turn", version: 1, queueNumber: 9_001, calledAt: new Date(now).toISOString() },
        ...{ slotStart: new Date(now).toISOString(), slotEnd: new Date(now + 3_600_000).toISOString() },
    };
    checkpoint.central.order({ do: "change", upsert: [booking] });
}

const kordon = (...args: readonly string[]) => runKordon(...args, "--site", checkpoint.siteFile);
const has = (board: BoardChild, text: string) => (): boolean => board.text.includes(text);

test("a called lorry comes onto the boards and goes again; lost boards get the text of now; old lists say so; never a name", async () => {
    call("b-1", "777AAA02");
    call("b-2", "ИВАНОВ ПЕТР");
    // Newest first: it stands on the first page, which comes round with every turn of the pages.
    await waiting.until("the called lorry stands there", has(waiting, "777AAA02"));
    await sign.until("on the sign too", has(sign, "777AAA02"));
    expect(waiting.shown.at(-1)?.lines[1]).toMatch(/^777AAA02 +1 \d\d:\d\d$/);

    // Lost, while the queue goes on: what comes back is the text of then, not the one that was on its way.
    await Promise.all([waiting.fault({ kind: "disconnect" }), sign.fault({ kind: "silence" })]);
    call("b-3", "888BBB02");
    checkpoint.central.order({ do: "set-status", id: "b-1", status: "Въехал на пункт пропуска" });
    await expect
        .poll(() => kordon("boards", "--json").then(({ out }) => JSON.parse(out).boards), { timeout: 20_000 })
        .toMatchObject([
            { board: "board-wa", state: "failed", shown: [], code: "NOT_CONNECTED" },
            { board: "board-sign", state: "failed", shown: [], code: "NO_REPLY" },
            { board: "board-lane", state: "accepted", lines: ["Подъезжайте"], shown: ["Подъезжайте"] },
            { board: "board-page", state: "failed", code: "NOT_CONNECTED" },
        ]);
    const before = waiting.shown.length;
    await Promise.all([waiting.fault({ kind: "none" }), sign.fault({ kind: "none" })]);
    await waiting.until("the text of now", has(waiting, "888BBB02"));
    await sign.until("the text of now", has(sign, "888BBB02"));
    for (const { lines } of waiting.shown.slice(before)) expect(lines.join(" ")).not.toContain("777AAA02");

    checkpoint.central.order({ do: "vanish" });
    await waiting.until("the list is marked as old", has(waiting, "Данные устарели: 0 мин"));
    await sign.until("there too", has(sign, "Old data: 0 min"));
    expect(waiting.text).toMatch(/[0-9]{3}[A-Z]{3}[0-9]{2}/);

    const everything = [waiting, sign, display].flatMap(({ shown }) => shown.flatMap(({ lines }) => lines)).join(" ");
    expect(everything).not.toMatch(/иванов|ivanov/i);
    await checkpoint.stopDaemon();
    await waiting.until("it says that nobody feeds it", has(waiting, "Нет связи"));
    expect(display.text).toBe("Ожидайте");
});

test("a lane's display follows the lane; texts are ordered from afar and at the site, and refused when they are stale", async () => {
    if (hasChromium) browser = await ChromiumPage.open(1_920, 1_080);
    await display.until("the idle lane", has(display, "Подъезжайте"));
    checkpoint.central.order({
        do: "command",
        fields: {
            order: "message",
            lane: "lane-1",
            text: "[fl]Сканер\u0007 не работает",
            showS: 600,
            who: "centre-7",
            why: "repair",
        },
    });
    await display.until("the ordered text", has(display, "[fl]Сканер не|работает"));
    await checkpoint.until("it is a fact", () => checkpoint.kinds("message.ordered").length === 1);
    expect(checkpoint.kinds("message.ordered")[0]?.data).toMatchObject({
        ...{ boards: ["board-lane"], text: "[fl]Сканер не работает", by: "centre-7", kind: "central", why: "repair" },
    });
    const old = { issued: "2026-01-01T00:00:00Z", expires: "2026-01-01T00:00:30Z" };
    const text = { lane: "lane-1", text: "too late", showS: 60, who: "centre-7", why: "x" };
    checkpoint.central.order({ do: "command", fields: { order: "message", ...text, ...old } });
    await checkpoint.until("the stale one is refused", () =>
        checkpoint.kinds("order.refused").some(({ data }) => data["code"] === "STALE" && data["asks"] === "message"),
    );
    const about = ["--minutes", "5", "--reason", "queue", "--by", "a.s"];
    expect((await kordon("message", "board-sign", "Scanner down", ...about)).out).toBe(
        "board-sign: text taken, for 5 min\n",
    );
    expect(await kordon("message", "board-sign", "Scanner down", ...about)).toMatchObject({
        code: 1,
        error: expect.stringContaining("ALREADY_SHOWN"),
    });
    expect(await kordon("message", "board-9", "x", ...about)).toMatchObject({
        code: 1,
        error: expect.stringContaining("NO_SUCH_BOARD"),
    });
    await sign.until("the sign", has(sign, "Scanner down"));
    await expect
        .poll(async () => (await kordon("boards")).out, { timeout: 20_000 })
        .toMatch(/board-lane · taken by the board, which cannot be read back[^\n]*ordered text for \d+ s more/);
    expect((await kordon("message", "lane-1", "--clear", "--reason", "done")).out).toBe("lane-1: text taken away\n");

    const page = await fetch(`http://${HOST}:${pagePort}/boards/board-page/live`);
    const reader = page.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    while (!heard.includes("event: face")) heard += (await reader?.read())?.value ?? "";
    expect(heard).toMatch(/Шақырылды|Шақырылғандар жоқ/);
    await reader?.cancel();
    if (browser !== undefined) {
        await browser.go(`http://${HOST}:${pagePort}/boards/board-page`);
        await expect.poll(browserText, { timeout: 20_000 }).toMatch(/Шақырылды|Шақырылғандар жоқ/);
    }

    checkpoint.order({ do: "start" });
    await display.until("it is to wait for an officer", has(display, "Ожидайте сотрудника"));
    expect((await kordon("lane", "lane-1", "accept", "--reason", "papers seen")).code).toBe(0);
    checkpoint.startOfficer();
    await checkpoint.until("it has driven in", () => checkpoint.kinds("passage.completed").length === 1);
    await display.until(
        "the lane is idle again",
        () => display.text === "Подъезжайте" && said().includes("Проезжайте"),
    );
    function said(): readonly string[] {
        return display.shown.map(({ lines }) => lines[0] ?? "");
    }
    expect(said().indexOf("Проезжайте")).toBeGreaterThan(said().lastIndexOf("Ожидайте сотрудника"));
    for (const { lines, tone } of display.shown) expect(tone === "go").toBe(lines[0] === "Проезжайте");

    if (browser === undefined) return;
    await checkpoint.stopDaemon();
    await expect.poll(browserText, { timeout: 20_000 }).toContain("Байланыс жоқ");
    await checkpoint.startDaemon();
    await expect.poll(browserText, { timeout: 40_000 }).toMatch(/Шақырылды|Шақырылғандар жоқ/);
});
