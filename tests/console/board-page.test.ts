/**
 * The page of a board in a real browser, fed by the daemon's own server, keeper and faces: what stands there is read out of the
 * drawn page. The clock is the real one, for the browser has no other; nothing waits longer than it must.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, type TestContext, test } from "vitest";
import { BrowserBoard } from "../../devices/board/browser/browser-board.ts";
import { boardPage } from "../../src/console/board-page.ts";
import { BoardServer } from "../../src/console/board-server.ts";
import type { BoardFace } from "../../src/core/board/board-face.ts";
import { BOARD_WORDS } from "../../src/core/board/board-words.ts";
import { type CalledPlan, calledFace } from "../../src/core/board/called-face.ts";
import { BoardKeeper } from "../../src/runtime/board-keeper.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { faceOf } from "../devices/board/board-child.ts";
import { ChromiumPage, hasChromium } from "./chromium-page.ts";

const HOST = "127.0.0.1";
const LOST = ["Байланыс жоқ", "Нет связи", "No connection"];
const NOW_UTC_MS = Date.UTC(2026, 10, 22, 9, 5);
const SOON = { timeout: 15_000, interval: 50 };

let page: ChromiumPage;
let ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
    if (hasChromium) page = await ChromiumPage.open(1_920, 1_080);
});
afterAll(() => page?.close());
beforeEach((context) => needsChromium(context));
afterEach(async () => {
    for (const end of ends.reverse()) await end();
    ends = [];
});

function needsChromium(context: TestContext): void {
    context.skip(!hasChromium, "chromium is missing: apt-get install chromium");
}

/** A board that is kept at `face`, its server, and the page before it. */
async function boardAt(face: () => BoardFace, goodForMs = 30_000) {
    const board = new BrowserBoard("board-1", LOST);
    const keeper = new BoardKeeper({ board, face, last: faceOf(LOST), clock: systemClock, goodForMs });
    let server = new BoardServer({ host: HOST, port: 0, boards: [board] });
    await server.start();
    const { port } = server;
    keeper.start();
    ends.push(() => server.stop());
    ends.push(() => keeper.stop());
    await page.go(`http://${HOST}:${port}/boards/board-1`);
    return {
        stop: () => server.stop(),
        async startAgain() {
            server = new BoardServer({ host: HOST, port, boards: [board] });
            await server.start();
        },
    };
}

const lines = (): Promise<readonly string[]> =>
    page.evaluate(`[...document.querySelectorAll("#face > div")].map((line) => line.textContent)`);
const isMarkedOld = (): Promise<boolean> =>
    page.evaluate(`getComputedStyle(document.getElementById("face")).outlineStyle === "dashed"`);
const colour = (): Promise<string> => page.evaluate(`getComputedStyle(document.querySelector("#face > div")).color`);

/** A page that was loaded anew has forgotten it. */
const mark = (): Promise<unknown> => page.evaluate("window.wasHere = true");
const isStillThere = (): Promise<boolean> => page.evaluate("window.wasHere === true");

test("texts appear and change at once, in the colour of their word, without loading the page anew", async () => {
    let face = faceOf(["Ожидайте", "123ABC02"], { tone: "wait" });
    await boardAt(() => face);
    await expect.poll(lines, SOON).toEqual(["Ожидайте", "123ABC02"]);
    await mark();
    const amber = await colour();
    face = faceOf(["Проезжайте", "</div><b>x"], { tone: "go" });
    await expect.poll(lines, SOON).toEqual(["Проезжайте", "</div><b>x"]);
    const green = await colour();
    face = faceOf(["Стоп"], { tone: "stop" });
    await expect.poll(lines, SOON).toEqual(["Стоп"]);
    expect(new Set([amber, green, await colour()]).size).toBe(3);
    expect(await isMarkedOld()).toBe(false);
    expect(await isStillThere()).toBe(true);
});

test("old data are marked as such; a page without its server says so when the text's life is over, and recovers", async () => {
    const face = faceOf(["Проезжайте"], { isStale: false });
    const board = await boardAt(() => face, 1_500);
    await expect.poll(lines, SOON).toEqual(["Проезжайте"]);
    await mark();
    await board.stop();
    await expect.poll(lines, SOON).toEqual(LOST);
    expect(await isMarkedOld()).toBe(true);
    await board.startAgain();
    await expect.poll(lines, SOON).toEqual(["Проезжайте"]);
    expect(await isMarkedOld()).toBe(false);
    expect(await isStillThere()).toBe(true);
});

test("a stale list is marked although its server is well", async () => {
    await boardAt(() => faceOf(["Вызваны", "Данные устарели: 12 мин"], { isStale: true }));
    await expect.poll(lines, SOON).toContain("Данные устарели: 12 мин");
    expect(await isMarkedOld()).toBe(true);
});

test("a connection that was refused, or died without a word, is made anew", async () => {
    const word = { face: faceOf(["Стоп"]), goodForMs: 300 };
    let asked = 0;
    const server = createServer((ask, answer) => {
        if (ask.url !== "/boards/board-1/live") return answer.end(boardPage("board-1", LOST));
        asked += 1;
        if (asked === 1) return answer.writeHead(503).end();
        answer.writeHead(200, { "Content-Type": "text/event-stream" });
        return answer.write(`event: face\ndata: ${JSON.stringify(word)}\n\n`); // and never again
    });
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    ends.push(async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    });
    await page.go(`http://${HOST}:${(server.address() as AddressInfo).port}/boards/board-1`);
    await expect.poll(() => asked, SOON).toBeGreaterThan(3);
    expect([LOST, ["Стоп"]]).toContainEqual(await lines());
});

const calls = (plates: readonly string[]) =>
    plates.map((plate, index) => ({ plate, slotStartUtcMs: NOW_UTC_MS, calledAtUtcMs: NOW_UTC_MS - index * 60_000 }));

/** A board of the waiting area on which these are called. */
function waitingArea(plates: readonly string[], over: Partial<CalledPlan> = {}): () => BoardFace {
    const turns = { languages: ["kk", "ru", "en"], pageMs: 600 } as const;
    const plan = { shape: { lines: 3, columns: 16 }, oldAfterMs: 300_000, utcOffsetMinutes: 300, ...turns, ...over };
    return () =>
        calledFace(
            {
                ...{ nowMs: systemClock.monotonicMs(), utcMs: NOW_UTC_MS, isClockTrusted: true },
                ...{ list: { version: 7, ageMs: 0 }, calls: calls(plates), openGates: ["1"] },
            },
            plan,
        );
}

test("pages turn, then languages: Kazakh, Russian, English; a name that somebody booked as a plate stands nowhere", async () => {
    const plates = ["777AAA02", "ИВАНОВ ПЕТР", "888BBB02", "IVANOV", "999CCC02"];
    await boardAt(waitingArea(plates));
    await expect.poll(lines, SOON).toHaveLength(3);
    await page.evaluate(`window.heads = []; new MutationObserver(() => {
        const [head] = document.querySelectorAll("#face > div");
        if (head && window.heads.at(-1) !== head.textContent) window.heads.push(head.textContent);
        window.all = (window.all || "") + document.documentElement.outerHTML;
    }).observe(document.getElementById("face"), { childList: true }); 0`);
    const turn = ["kk", "ru", "en"].flatMap((language) => {
        const word = { kk: "Шақырылды", ru: "Вызваны", en: "Called" }[language];
        return [`${word} 1/2`, `${word} 2/2`];
    });
    const heads = async (): Promise<string> => (await page.evaluate<string[]>("window.heads")).join();
    await expect.poll(heads, SOON).toContain([...turn, turn[0]].join());
    const all = await page.evaluate<string>("window.all");
    for (const plate of ["777AAA02", "888BBB02", "999CCC02"]) expect(all).toContain(plate);
    expect(all).not.toMatch(/иванов|ivanov/i);
});

test("every letter of the three languages is drawn as itself", async () => {
    await boardAt(() => faceOf(["Өтіңіз"]));
    await expect.poll(lines, SOON).toEqual(["Өтіңіз"]);
    const words = `${JSON.stringify(BOARD_WORDS)}ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёЪъЭэЮю`;
    const letters = [...new Set([...words.matchAll(/\p{L}/gu)].map(([letter]) => letter))];
    // A letter without a glyph is drawn as the box that stands for all of them, or in letters of another width.
    const drawn = await page.evaluate<{ letter: string; width: number; pixels: string }[]>(`(() => {
        const canvas = Object.assign(document.createElement("canvas"), { width: 100, height: 120 });
        const pen = canvas.getContext("2d", { willReadFrequently: true });
        const style = getComputedStyle(document.getElementById("face"));
        pen.font = "700 80px " + style.fontFamily;
        return [..."\\u{10FFFE}${letters.join("")}"].map((letter) => {
            pen.clearRect(0, 0, 100, 120);
            pen.fillText(letter, 10, 90);
            const inked = pen.getImageData(0, 0, 100, 120).data.filter((_, at) => at % 4 === 3).map((alpha) => alpha >> 7);
            return { letter, width: pen.measureText(letter).width, pixels: inked.join("") };
        });
    })()`);
    const [box, ...real] = drawn;
    expect(real).toHaveLength(letters.length);
    expect(real.filter(({ pixels }) => pixels === box?.pixels || !pixels.includes("1"))).toEqual([]);
    expect(new Set(real.map(({ width }) => width)).size).toBe(1);
    const picture = new Map(real.map(({ letter, pixels }) => [letter, pixels]));
    for (const [kazakh = "", russian = ""] of ["әэ", "қк", "ғг", "ңн", "өо", "ұу", "үу", "ұү"])
        expect([kazakh, picture.get(kazakh)]).not.toEqual([kazakh, picture.get(russian)]);
});

/** Lines that are not wholly on the screen. */
const OUTSIDE = `[...document.querySelectorAll("#face > div")].flatMap((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    const isInside = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
    return isInside ? [] : [[line.textContent, left, right, top, bottom]];
})`;
const LONGEST = ["12345KLMNOPQ", "粤Z1234港", "1234УБӨ"];

test.each([
    [1_920, 1_080],
    [1_080, 1_920],
    [1_280, 720],
    [800, 600],
])(
    "on a screen of %d x %d nothing is cut, at the longest plates, words and boards",
    { timeout: 60_000 },
    async (width, height) => {
        await boardAt(() => faceOf(["x"]));
        await expect.poll(lines, SOON).toEqual(["x"]);
        await page.resize(width, height);
        const called = (lines: number, columns: number, language: "kk" | "ru" | "en"): BoardFace =>
            waitingArea(Array<string[]>(lines).fill(LONGEST).flat(), {
                shape: { lines, columns },
                languages: [language],
            })();
        const words = Object.values(BOARD_WORDS).flatMap(({ lane }) => Object.values(lane));
        const faces = [
            ...(["kk", "ru", "en"] as const).flatMap((language) => [called(12, 32, language), called(3, 16, language)]),
            called(24, 80, "kk"),
            ...LONGEST.map((plate) => faceOf([`${plate}  1 14:04`])),
            faceOf(words),
            faceOf([words.toSorted((a, b) => b.length - a.length)[0] ?? "", "12345KLMNOPQ 44 000 кг"]),
            faceOf(["W".repeat(80)]),
            faceOf(["1"]),
            faceOf(LOST),
        ];
        for (const face of faces) {
            await page.evaluate(`show(${JSON.stringify(face.lines)}, "go", false)`);
            const outside = await page.evaluate(OUTSIDE);
            expect(outside).toEqual([]);
        }
        const size = await page.evaluate(`parseFloat(getComputedStyle(document.getElementById("face")).fontSize)`);
        expect(size).toBeGreaterThan(height / 15);
        await page.resize(1_920, 1_080);
    },
);
