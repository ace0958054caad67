/** Draws the page of a waiting area's board in Chromium, with made-up plates: `node scripts/board-picture.ts > docs/pictures/board-page.png`. */
import { BrowserBoard } from "../devices/board/browser/browser-board.ts";
import { BoardServer } from "../src/console/board-server.ts";
import { calledFace } from "../src/core/board/called-face.ts";
import { ChromiumPage } from "../tests/console/chromium-page.ts";

const utcMs = Date.UTC(2026, 10, 22, 9, 5);
const MINUTE_MS = 60_000;
const plates = ["777AAA02", "123ABC05", "01A234BC", "A123BC77", "90KG123AA", "456BDE10", "3456AB01"];
const face = calledFace(
    {
        ...{ nowMs: 0, utcMs, isClockTrusted: true, list: { version: 7, ageMs: 0 }, openGates: ["1", "2"] },
        calls: plates.map((plate, index) => ({
            plate,
            slotStartUtcMs: utcMs,
            calledAtUtcMs: utcMs - (1 + 4 * index) * MINUTE_MS,
        })),
    },
    {
        ...{ shape: { lines: 8, columns: 24 }, languages: ["kk"], pageMs: 8_000 },
        ...{ oldAfterMs: 300_000, utcOffsetMinutes: 300 },
    },
);
const board = new BrowserBoard("board-hall", []);
const server = new BoardServer({ host: "127.0.0.1", port: 0, boards: [board] });
await server.start();
const page = await ChromiumPage.open(1_280, 720);
await page.go(`http://127.0.0.1:${server.port}/boards/board-hall`);
while ((await board.show(face, 60_000).catch(() => undefined)) === undefined) await page.evaluate("1");
await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
process.stdout.write(await page.picture());
await page.close();
await server.stop();
