/** What the display at a lane says to the driver before the boom. It says «drive on» only while the lamp beside it is green. */
import type { Language } from "../explain/explain.ts";
import type { LaneMode } from "../lane/lane-state.ts";
import { type BoardFace, type BoardShape, stacked, type Tone, turnAt, wrapped } from "./board-face.ts";
import type { BoardMessage } from "./board-message.ts";
import { isLive } from "./board-message.ts";
import { boardPlate } from "./board-text.ts";
import { BOARD_WORDS, type LaneWord } from "./board-words.ts";

/** What does not change: the board and how it turns. */
export interface FacePlan {
    readonly shape: BoardShape;
    /** In turn; at least one. */
    readonly languages: readonly Language[];
    /** How long one page stands, milliseconds. */
    readonly pageMs: number;
}

/** What a display may know of its lane. */
export interface LaneScene {
    /** Monotonic milliseconds. */
    readonly nowMs: number;
    /** When the lane last looked and wrote down; absent before the first time. */
    readonly lookedMs?: number;
    readonly mode: LaneMode["at"];
    /** What the lamp at the boom is told to show. */
    readonly isGreen: boolean;
    /** Key of the plate that the lane goes by; absent while it is not sure. */
    readonly plate?: string;
    readonly grossKg?: number;
    readonly message?: BoardMessage;
}

/** A lane that has not looked for so long knows nothing of what stands there: it ticks twenty times a second. */
const LOOK_AGE_MS_MAX = 2_000;

const WORD_OF: Readonly<Record<LaneMode["at"], LaneWord>> = {
    starting: "wait",
    idle: "free",
    arriving: "wait",
    weighing: "weigh",
    deciding: "wait",
    referred: "officer",
    refused: "refused",
    opening: "wait",
    "open-waiting": "stop",
    passing: "stop",
    closing: "stop",
    fault: "officer",
    "emergency-open": "directed",
    manual: "directed",
    "out-of-service": "closed",
};

const TONE_OF: Readonly<Record<LaneWord, Tone>> = {
    go: "go",
    wait: "wait",
    stop: "stop",
    weigh: "wait",
    officer: "wait",
    refused: "stop",
    closed: "stop",
    free: "info",
    directed: "wait",
};

/** A message may stand only where the lane is about no vehicle, so that no ordered text can stand for «drive on». */
const MESSAGE_MODES: ReadonlySet<LaneMode["at"]> = new Set(["idle", "out-of-service"]);

/** The lane's word of this moment. */
function laneWord({ nowMs, lookedMs, mode, isGreen }: LaneScene): LaneWord {
    if (lookedMs === undefined || nowMs - lookedMs > LOOK_AGE_MS_MAX) return "wait";
    if (isGreen && (mode === "open-waiting" || mode === "passing")) return "go";
    return WORD_OF[mode];
}

/** The face of this moment; languages take turns, and so does a message with an idle lane's word. */
export function laneFace(scene: LaneScene, { shape, languages, pageMs }: FacePlan): BoardFace {
    const { nowMs, mode, message } = scene;
    const word = laneWord(scene);
    const turn = Math.floor(nowMs / pageMs);
    const language = languages[turn % languages.length] ?? "ru";
    if (MESSAGE_MODES.has(mode) && isLive(message, nowMs) && word !== "wait") {
        const pages = messagePages(message.text, shape);
        const at = turnAt(nowMs, pageMs, pages.length + 1);
        const lines = pages[at];
        if (lines !== undefined) return messageFace(lines, language, at + 1, pages.length);
    }
    const { lane, kg } = BOARD_WORDS[language];
    const plate = scene.plate === undefined ? undefined : boardPlate(scene.plate);
    const isAbout = word !== "free" && word !== "closed";
    const about = [
        ...(isAbout && plate !== undefined ? [plate] : []),
        ...(isAbout && scene.grossKg !== undefined ? [`${scene.grossKg} ${kg}`] : []),
    ];
    return {
        says: "lane",
        tone: TONE_OF[word],
        language,
        lines: besides(lane[word], about, shape),
        rows: [],
        isStale: false,
        page: { number: 1, of: 1 },
    };
}

/** On a board of one line word and plate stand side by side where both have room. */
function besides(word: string, about: readonly string[], shape: BoardShape): readonly string[] {
    const [plate] = about;
    const joined = `${word} ${plate}`;
    if (shape.lines === 1 && plate !== undefined && [...joined].length <= shape.columns) return [joined];
    return stacked([word, ...about], shape);
}

/** The text on as many pages as it takes. */
export function messagePages(text: string, { lines, columns }: BoardShape): readonly (readonly string[])[] {
    const all = wrapped(text, columns);
    return Array.from({ length: Math.ceil(all.length / lines) }, (_, page) =>
        all.slice(page * lines, (page + 1) * lines),
    );
}

/** A page of an ordered text: always plain, whatever it says. */
export function messageFace(lines: readonly string[], language: Language, number: number, of: number): BoardFace {
    return { says: "message", tone: "info", language, lines, rows: [], isStale: false, page: { number, of } };
}
