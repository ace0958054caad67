/** A board is kept at what it is to say: told when that changes, proved again while it does not, told the present text after every loss. */
import { afterEach, describe, expect, test } from "vitest";
import type { BoardFace } from "../../src/core/board/board-face.ts";
import type { Board, BoardProof } from "../../src/ports/board.ts";
import { DeviceFault } from "../../src/ports/device-health.ts";
import { BoardKeeper } from "../../src/runtime/board-keeper.ts";
import { faceOf } from "../devices/board/board-child.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";

const GOOD_FOR_MS = 15_000;

class ScriptedBoard implements Board {
    readonly id = "board-1";
    readonly told: string[] = [];
    isClosed = false;
    fault: DeviceFault | undefined;
    proof: BoardProof = { proof: "read-back", replaced: 0 };
    /** Never answers. */
    isHanging = false;

    async show(face: BoardFace): Promise<BoardProof> {
        this.told.push(face.lines.join("|"));
        if (this.isHanging) await new Promise(() => undefined);
        if (this.fault !== undefined) throw this.fault;
        return this.proof;
    }

    async close(): Promise<void> {
        this.isClosed = true;
    }
}

const keepers: BoardKeeper[] = [];
function kept(clock: VirtualClock, board: ScriptedBoard, text: () => string): BoardKeeper {
    const last = faceOf(["Ожидайте"]);
    const keeper = new BoardKeeper({ board, face: () => faceOf([text()]), last, clock, goodForMs: GOOD_FOR_MS });
    keepers.push(keeper);
    keeper.start();
    return keeper;
}
afterEach(() => keepers.splice(0));

describe("a board that works", () => {
    test("is told at once when its text changes, and else three times in the life of a text", async () => {
        const clock = new VirtualClock();
        const board = new ScriptedBoard();
        let text = "Ожидайте";
        const keeper = kept(clock, board, () => text);
        await clock.advance(0);
        expect(board.told).toEqual(["Ожидайте"]);
        expect(keeper.stand()).toMatchObject({ state: "applied", shown: ["Ожидайте"] });
        expect(keeper.health()).toEqual({ device: "board-1", state: "well", failures: 0 });
        text = "Проезжайте";
        expect(keeper.stand().state).toBe("pending");
        await clock.advance(200);
        expect(board.told).toEqual(["Ожидайте", "Проезжайте"]);
        await clock.advance(GOOD_FOR_MS);
        expect(board.told.length).toBe(2 + 3);
        expect(new Set(board.told.slice(1))).toEqual(new Set(["Проезжайте"]));
    });

    test("one that cannot be read back is never said to have applied", async () => {
        const clock = new VirtualClock();
        const board = new ScriptedBoard();
        board.proof = { proof: "accepted", replaced: 2 };
        const keeper = kept(clock, board, () => "x");
        await clock.advance(0);
        expect(keeper.stand()).toMatchObject({ state: "accepted", replaced: 2 });
    });
});

describe("a board that is lost", () => {
    test("for an hour: tried again at least every four seconds, and what it gets is the text of now", async () => {
        const clock = new VirtualClock();
        const board = new ScriptedBoard();
        let text = "08:00";
        const keeper = kept(clock, board, () => text);
        await clock.advance(0);
        board.fault = new DeviceFault("board-1", "NO_REPLY", "no reply");
        text = "08:01";
        await clock.advance(200);
        expect(keeper.stand()).toMatchObject({ state: "failed", shown: [] });
        expect(keeper.health()).toMatchObject({ state: "failed", code: "NO_REPLY", failures: 1 });
        const tries = board.told.length;
        await clock.advance(3_600_000);
        expect(board.told.length - tries).toBeGreaterThanOrEqual(3_600 / 4 - 1);
        expect(keeper.health().failures).toBe(1);
        text = "09:00";
        board.fault = undefined;
        await clock.advance(4_000);
        expect(board.told.at(-1)).toBe("09:00");
        expect(board.told.lastIndexOf("08:01")).toBeLessThan(board.told.indexOf("09:00"));
        expect(keeper.stand().state).toBe("applied");
    });

    test("that never answers holds up nobody: another board is told in time, and the daemon can end", async () => {
        const clock = new VirtualClock();
        const [dead, other] = [new ScriptedBoard(), new ScriptedBoard()];
        dead.isHanging = true;
        let text = "a";
        kept(clock, dead, () => text);
        kept(clock, other, () => text);
        await clock.advance(0);
        text = "b";
        await clock.advance(200);
        expect(other.told).toEqual(["a", "b"]);
        expect(dead.told).toEqual(["a"]);
    });

    test("what a driver throws by mistake is a fault like any other", async () => {
        const clock = new VirtualClock();
        const board = new ScriptedBoard();
        board.show = async () => Promise.reject(new TypeError("no such thing"));
        const keeper = kept(clock, board, () => "x");
        await clock.advance(0);
        expect(keeper.health()).toMatchObject({ state: "failed", code: "BAD_REPLY" });
    });
});

describe("the end", () => {
    test("the last word goes to the board, then it is let go", async () => {
        const clock = new VirtualClock();
        const board = new ScriptedBoard();
        const keeper = kept(clock, board, () => "Проезжайте");
        await clock.advance(0);
        await keeper.stop();
        expect(board.told).toEqual(["Проезжайте", "Ожидайте"]);
        expect(board.isClosed).toBe(true);
    });

    test("a board that does not listen is let go without it", async () => {
        const clock = new VirtualClock();
        const board = new ScriptedBoard();
        board.fault = new DeviceFault("board-1", "NO_REPLY", "no reply");
        const keeper = kept(clock, board, () => "x");
        await clock.advance(0);
        await keeper.stop();
        expect(board.told).toEqual(["x"]);
        expect(board.isClosed).toBe(true);
    });
});
