/** The address for boards that are pages: looked at over real HTTP, changed by nobody. */
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BrowserBoard } from "../../devices/board/browser/browser-board.ts";
import { BoardServer } from "../../src/console/board-server.ts";
import { faceOf } from "../devices/board/board-child.ts";

let board: BrowserBoard;
let server: BoardServer;
const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;

beforeEach(async () => {
    board = new BrowserBoard("board-1", ["</script><b>Нет связи"]);
    server = new BoardServer({ host: "127.0.0.1", port: 0, boards: [board] });
    await server.start();
});
afterEach(() => server.stop());

/** A page that listens; its words as they come. */
async function listening(): Promise<{ next: () => Promise<unknown>; leave: () => Promise<void> }> {
    const leaving = new AbortController();
    const answer = await fetch(url("/boards/board-1/live"), { signal: leaving.signal });
    expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    return {
        async next() {
            for (;;) {
                const [, data, rest] = /^event: face\ndata: (.*)\n\n([\s\S]*)$/m.exec(heard) ?? [];
                if (data !== undefined) {
                    heard = rest ?? "";
                    return JSON.parse(data);
                }
                heard += (await reader?.read())?.value ?? "";
            }
        },
        async leave() {
            leaving.abort();
            await reader?.closed.catch(() => undefined);
        },
    };
}

test("a page that listens hears every face; without one the board is not there", async () => {
    await expect(board.show(faceOf(["x"]), 15_000)).rejects.toMatchObject({ code: "NOT_CONNECTED" });
    expect((await fetch(url("/boards/board-1/now"))).status).toBe(503);
    const page = await listening();
    expect(await board.show(faceOf(["Өтіңіз", "123ABC02"]), 15_000)).toEqual({ proof: "accepted", replaced: 0 });
    expect(await page.next()).toMatchObject({
        board: "board-1",
        goodForMs: 15_000,
        face: { lines: ["Өтіңіз", "123ABC02"] },
    });
    expect(await (await fetch(url("/boards/board-1/now"))).json()).toMatchObject({ face: { tone: "go" } });
    const late = await listening();
    expect(await late.next()).toMatchObject({ face: { lines: ["Өтіңіз", "123ABC02"] } });
    await Promise.all([page.leave(), late.leave()]);
    await expect.poll(() => board.show(faceOf(["y"]), 15_000).catch(({ code }) => code)).toBe("NOT_CONNECTED");
    expect(board.now()).toBeUndefined();
});

test("the page holds no text that could be taken for a part of it", async () => {
    const answer = await fetch(url("/boards/board-1"));
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await answer.text();
    expect(html).toContain('new EventSource("/boards/board-1/live")');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
});

describe("what is not there", () => {
    test.each([
        ["GET", "/", 404, "NO_SUCH_PAGE"],
        ["GET", "/boards/board-2", 404, "NO_SUCH_PAGE"],
        ["GET", "/boards/../../etc/passwd", 404, "NO_SUCH_PAGE"],
        ["GET", "/boards/%2e%2e/now", 404, "NO_SUCH_PAGE"],
        ["GET", "/boards/board-1/now/x", 404, "NO_SUCH_PAGE"],
        ["POST", "/boards/board-1/now", 405, "READ_ONLY"],
        ["PUT", "/boards/board-1", 405, "READ_ONLY"],
        ["DELETE", "/boards/board-1/live", 405, "READ_ONLY"],
    ])("%s %s: %d %s", async (method, path, status, code) => {
        const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
            const ask = request({ host: "127.0.0.1", port: server.port, method, path }, (reply) => {
                let body = "";
                reply.on("data", (bytes) => (body += String(bytes)));
                reply.on("end", () => resolve({ status: reply.statusCode, body }));
            });
            ask.on("error", reject);
            ask.end();
        });
        expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code]);
        expect(server.refused).toBe(1);
    });

    test("an address that is taken says so", async () => {
        const second = new BoardServer({ host: "127.0.0.1", port: server.port, boards: [] });
        await expect(second.start()).rejects.toThrow(/cannot be listened on/);
    });
});
