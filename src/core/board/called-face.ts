/**
 * What the board of a waiting area says: the plates that are called, newest first, with gate and time, page by page and
 * language by language. Old data are shown, and marked as old: a call does not end because a cable is cut.
 */
import type { Language } from "../explain/explain.ts";
import { type BoardFace, type BoardShape, type CalledRow, cut, stacked } from "./board-face.ts";
import { type BoardMessage, isLive } from "./board-message.ts";
import { boardPlate } from "./board-text.ts";
import { BOARD_WORDS, type BoardWords } from "./board-words.ts";
import { type FacePlan, messageFace, messagePages } from "./lane-face.ts";

/** A lorry that is called and has not left the waiting area, as far as anybody knows. */
export interface BoardCall {
    /** Match key of the tractor's plate. */
    readonly plate: string;
    /** Milliseconds of wall time; absent where the central system does not say. */
    readonly calledAtUtcMs?: number;
    readonly untilUtcMs?: number;
    readonly slotStartUtcMs: number;
}

/** What does not change about a board of the waiting area. */
export interface CalledPlan extends FacePlan {
    /** Data that were not confirmed for longer are marked as old, milliseconds. */
    readonly oldAfterMs: number;
    /** Local time, minutes ahead of UTC. */
    readonly utcOffsetMinutes: number;
}

/** What the board may know at one moment. */
export interface CalledScene {
    /** Monotonic milliseconds. */
    readonly nowMs: number;
    readonly utcMs: number;
    readonly isClockTrusted: boolean;
    /** Version 0: no list has ever come; `ageMs` since the central system last confirmed it, Infinity when never. */
    readonly list: { readonly version: number; readonly ageMs: number };
    readonly calls: readonly BoardCall[];
    /** Signs of the gates that let called lorries through at this moment. */
    readonly openGates: readonly string[];
    readonly message?: BoardMessage;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DASH = "–";
/** After 99 minutes the age is told in hours. */
const MINUTES_MAX = 99;

/** The face of this moment. */
export function calledFace(scene: CalledScene, plan: CalledPlan): BoardFace {
    const { shape, languages, pageMs } = plan;
    const { nowMs, message } = scene;
    const calls = callsShown(scene);
    const isStale = scene.list.version > 0 && scene.list.ageMs > plan.oldAfterMs;
    const rowsOnPage = Math.max(1, shape.lines - 1 - (isStale || scene.openGates.length === 0 ? 1 : 0));
    const pages = Math.max(1, Math.ceil(calls.length / rowsOnPage));
    const texts = isLive(message, nowMs) ? messagePages(message.text, shape) : [];
    const turn = Math.floor(nowMs / pageMs);
    const at = turn % (pages + texts.length);
    const language = languages[Math.floor(turn / (pages + texts.length)) % languages.length] ?? "ru";
    const text = texts[at - pages];
    if (text !== undefined) return messageFace(text, language, at - pages + 1, texts.length);
    const rows = calls.slice(at * rowsOnPage, (at + 1) * rowsOnPage).map((call) => rowOf(call, scene, plan));
    return {
        says: "called",
        tone: "info",
        language,
        lines: linesOf(rows, scene, { shape, language, isStale, page: at + 1, pages }),
        rows,
        isStale,
        page: { number: at + 1, of: pages },
    };
}

/** What a device shows when nobody feeds it any more, in every language that has room: it claims nothing. */
export function lostLines({ shape, languages }: FacePlan, isOfLane: boolean): readonly string[] {
    const words = languages.map((language) => BOARD_WORDS[language]);
    return stacked(
        words.map(({ lane, lost }) => (isOfLane ? lane.wait : lost)),
        shape,
    );
}

/** Newest first; those that are over are left out, but for a clock that cannot say so. Each plate once, and only plates. */
function callsShown({ calls, isClockTrusted, utcMs, list }: CalledScene): readonly BoardCall[] {
    if (list.version === 0) return [];
    const seen = new Set<string>();
    return calls
        .filter(({ untilUtcMs }) => untilUtcMs === undefined || !isClockTrusted || untilUtcMs > utcMs)
        .toSorted((a, b) => newness(b) - newness(a) || b.slotStartUtcMs - a.slotStartUtcMs || order(a.plate, b.plate))
        .filter(({ plate }) => {
            if (boardPlate(plate) === undefined || seen.has(plate)) return false;
            seen.add(plate);
            return true;
        });
}

/** Calls without a time come behind those with one. */
function newness({ calledAtUtcMs }: BoardCall): number {
    return calledAtUtcMs ?? 0;
}

function order(a: string, b: string): number {
    return a < b ? -1 : Number(a > b);
}

function rowOf({ plate, calledAtUtcMs }: BoardCall, { openGates }: CalledScene, plan: CalledPlan): CalledRow {
    return {
        plate,
        gate: openGates.length === 0 ? DASH : openGates.join(","),
        time: calledAtUtcMs === undefined ? DASH : localTime(calledAtUtcMs, plan.utcOffsetMinutes),
    };
}

function localTime(utcMs: number, utcOffsetMinutes: number): string {
    return new Date(utcMs + utcOffsetMinutes * MINUTE_MS).toISOString().slice(11, 16);
}

interface Layout {
    readonly shape: BoardShape;
    readonly language: Language;
    readonly isStale: boolean;
    readonly page: number;
    readonly pages: number;
}

/** Heading, rows and, at the foot, what is wrong. A board of one line says what is wrong in turn with nothing else. */
function linesOf(
    rows: readonly CalledRow[],
    scene: CalledScene,
    { shape, language, isStale, page, pages }: Layout,
): readonly string[] {
    const words = BOARD_WORDS[language];
    if (scene.list.version === 0) return stacked([words.noList, words.askOfficer], shape);
    const foot = isStale ? staleText(scene.list.ageMs, words) : scene.openGates.length === 0 ? words.gatesShut : "";
    const foots = foot === "" ? [] : [cut(foot, shape.columns)];
    if (rows.length === 0)
        return [...stacked([words.nobodyCalled], { ...shape, lines: shape.lines - foots.length }), ...foots];
    const counted = pages > 1 ? `${words.called} ${page}/${pages}` : words.called;
    return [cut(counted, shape.columns), ...rows.map((row) => rowText(row, shape.columns)), ...foots];
}

/** Plate, gate and time in columns; where they have no room the gate goes first, the plate never. */
function rowText({ plate, gate, time }: CalledRow, columns: number): string {
    const room = columns - [...plate].length;
    const whole = `${gate} ${time.padStart(5)}`;
    if (whole.length < room) return `${plate}${whole.padStart(room)}`;
    return time.length < room ? `${plate}${time.padStart(room)}` : plate;
}

/** By the monotonic clock, so that it holds whatever the wall clock says. */
function staleText(ageMs: number, { stale, minutes, hours }: BoardWords): string {
    const count = Math.floor(ageMs / MINUTE_MS);
    const age = !Number.isFinite(ageMs)
        ? DASH
        : count > MINUTES_MAX
          ? hours.replace("{count}", String(Math.floor(ageMs / HOUR_MS)))
          : minutes.replace("{count}", String(count));
    return stale.replace("{age}", age);
}
