/** Opens the boards that a site file names, each with a keeper of its own, and the server for those that are pages. */
import { readFileSync } from "node:fs";
import { type BoardProfile, loadBoardProfile } from "../../devices/board/board-profile.ts";
import { BrowserBoard } from "../../devices/board/browser/browser-board.ts";
import type { Charset } from "../../devices/board/charset.ts";
import { LineDisplay } from "../../devices/board/line-display/line-display.ts";
import { ModbusTextBoard } from "../../devices/board/modbus-text/modbus-text-board.ts";
import { NtcipSign } from "../../devices/board/ntcip-1203/ntcip-sign.ts";
import type { Site, SiteBoard } from "../config/site-schema.ts";
import { BoardServer } from "../console/board-server.ts";
import type { BoardFace } from "../core/board/board-face.ts";
import { lostLines } from "../core/board/called-face.ts";
import type { Board } from "../ports/board.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { ModbusBlockUnit } from "../ports/modbus-block-unit.ts";
import type { BoardDesk, BoardPlan } from "../runtime/board-desk.ts";
import { BoardKeeper } from "../runtime/board-keeper.ts";
import type { BoardView } from "../runtime/control-protocol.ts";
import { serialWire, tcpWire } from "../transport/line-wire.ts";
import { SnmpClient } from "../transport/snmp-client.ts";
import { SteadyLine } from "../transport/steady-line.ts";
import { boardPlans } from "./board-plans.ts";
import { profileJson } from "./module-profile.ts";
import { CommandFailure, EXIT } from "./outcome.ts";

export type BoardLine = SiteBoard["line"];
export type ModbusBoardLine = Extract<BoardLine, { kind: "modbus-tcp" | "modbus-rtu" }>;

/** What a display at a lane says must not outlive the daemon: at most so long. Lists may stand longer. */
const GOOD_FOR_MS = { lane: 15_000, "waiting-area": 60_000 } as const;

/** Which lines a protocol can be spoken on. */
const LINES: Readonly<Record<BoardProfile["protocol"], readonly BoardLine["kind"][]>> = {
    "modbus-text": ["modbus-tcp", "modbus-rtu"],
    "ntcip-1203": ["snmp"],
    "line-display": ["serial", "tcp"],
    browser: ["browser"],
};

export interface SiteBoardsParts {
    readonly site: Site;
    readonly desk: Pick<BoardDesk, "face" | "message">;
    readonly clock: Clock;
    readonly unitOn: (line: ModbusBoardLine) => ModbusBlockUnit;
}

/** The profile of a board, and the character set that it will be spoken to in. Throws `CommandFailure` where board and line do not fit. */
export function boardProfileOf(id: string, board: SiteBoard): { profile: BoardProfile; charset: Charset } {
    let profile: BoardProfile;
    try {
        profile = loadBoardProfile(profileJson(board.profile));
    } catch (error) {
        if (error instanceof CommandFailure) throw error;
        throw new CommandFailure(
            EXIT.usage,
            `devices/${board.profile}.json: ${error instanceof Error ? error.message : error}`,
        );
    }
    const kinds = LINES[profile.protocol];
    if (!kinds.includes(board.line.kind)) {
        const message = `profile "${board.profile}" speaks ${profile.protocol} and needs a line of kind ${kinds.join(" or ")}`;
        throw new CommandFailure(EXIT.usage, `boards.${id}.line: BOARD_LINE: ${message}, not ${board.line.kind}`);
    }
    return { profile, charset: board.charset ?? ("charset" in profile ? profile.charset : "utf-8") };
}

/** All boards of a running site. */
export class SiteBoards {
    readonly #desk: SiteBoardsParts["desk"];
    readonly #clock: Clock;
    readonly #keepers: ReadonlyMap<string, BoardKeeper>;
    readonly #server: BoardServer | undefined;

    /** Opens lines, and nothing is shown before `start`. Throws `CommandFailure`. */
    constructor({ site, desk, clock, unitOn }: SiteBoardsParts) {
        this.#desk = desk;
        this.#clock = clock;
        const pages: BrowserBoard[] = [];
        this.#keepers = new Map(
            [...boardPlans(site)].map(([id, plan]) => {
                const siteBoard = site.boards[id];
                if (siteBoard === undefined) throw new Error(`board "${id}" is gone`);
                const last = lostFace(plan);
                const board = openBoard(id, siteBoard, last.lines, clock, unitOn);
                if (board instanceof BrowserBoard) pages.push(board);
                const face = (): BoardFace => desk.face(id);
                const goodForMs = GOOD_FOR_MS[plan.of];
                return [id, new BoardKeeper({ board, face, last, clock, goodForMs })] as const;
            }),
        );
        this.#server = site.screens && new BoardServer({ ...site.screens, boards: pages });
    }

    /** Rejects when the address for the pages cannot be had. */
    async start(): Promise<void> {
        await this.#server?.start();
        for (const keeper of this.#keepers.values()) keeper.start();
    }

    async stop(): Promise<void> {
        await Promise.all([...this.#keepers.values()].map((keeper) => keeper.stop()));
        await this.#server?.stop();
    }

    health(): readonly DeviceHealth[] {
        return [...this.#keepers.values()].map((keeper) => keeper.health());
    }

    /** What each board says now, for people. */
    view(): readonly BoardView[] {
        return [...this.#keepers].map(([board, keeper]) => {
            const { state, face, shown, replaced } = keeper.stand();
            const { code = null, detail = null } = keeper.health();
            const message = this.#desk.message(board);
            const leftS =
                message === undefined ? null : Math.ceil((message.untilMs - this.#clock.monotonicMs()) / 1_000);
            const { says, tone, language, isStale, lines } = face;
            return {
                ...{ board, state, says, tone, language, isStale, lines: [...lines], shown: [...shown], replaced },
                ...{ message: message?.text ?? null, messageLeftS: leftS, code, detail },
            };
        });
    }
}

/** What a board says when nobody feeds it any more. */
export function lostFace({ of, face }: BoardPlan): BoardFace {
    const lines = lostLines(face, of === "lane");
    const language = face.languages[0] ?? "ru";
    const says = of === "lane" ? "lane" : "called";
    return { says, tone: "wait", language, lines, rows: [], isStale: true, page: { number: 1, of: 1 } };
}

function openBoard(
    id: string,
    board: SiteBoard,
    lost: readonly string[],
    clock: Clock,
    unitOn: SiteBoardsParts["unitOn"],
): Board {
    const { profile, charset } = boardProfileOf(id, board);
    const { line, lines, columns, number } = board;
    const common = { id, charset, lostLines: lost, clock };
    if (profile.protocol === "modbus-text" && (line.kind === "modbus-tcp" || line.kind === "modbus-rtu"))
        return new ModbusTextBoard({ ...common, profile, unit: unitOn(line) });
    if (profile.protocol === "ntcip-1203" && line.kind === "snmp") {
        const { host, port, timeoutMs, communityFile } = line;
        const community = communityFile === undefined ? "public" : communityIn(communityFile);
        const { version } = profile;
        const agent = new SnmpClient({ device: id, host, port, community, version, timeoutMs });
        return new NtcipSign({ ...common, profile, agent });
    }
    if (profile.protocol === "line-display" && (line.kind === "serial" || line.kind === "tcp")) {
        const open =
            line.kind === "tcp"
                ? tcpWire({ host: line.host, port: line.port }, clock)
                : serialWire({ ...profile.line, ...definedOf(line) });
        const where = line.kind === "tcp" ? `tcp ${line.host}:${line.port}` : `serial ${line.path}`;
        const steady = new SteadyLine({ id: where, open, clock });
        return new LineDisplay({
            id,
            line: steady,
            profile,
            shape: { lines, columns },
            charset,
            address: number,
            clock,
        });
    }
    return new BrowserBoard(id, lost);
}

/** Settings of the site file go before the profile's. */
function definedOf(line: Extract<BoardLine, { kind: "serial" }>) {
    const { path, baudRate, dataBits, parity, stopBits } = line;
    return {
        path,
        ...(baudRate === undefined ? {} : { baudRate }),
        ...(dataBits === undefined ? {} : { dataBits }),
        ...(parity === undefined ? {} : { parity }),
        ...(stopBits === undefined ? {} : { stopBits }),
    };
}

function communityIn(file: string): string {
    try {
        return readFileSync(file, "utf8").trim();
    } catch {
        throw new CommandFailure(EXIT.usage, `${file}: the community name cannot be read`);
    }
}
