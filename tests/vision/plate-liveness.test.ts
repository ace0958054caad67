/**
 * Films of honest lorries and of frauds, drawn by the simulator, before the judgement of liveness. One film of each kind here;
 * `KORDON_CLIPS=8 npx vitest run tests/vision/plate-liveness.test.ts` shows so many of each by day, dusk and night.
 */
import { describe, expect, test } from "vitest";
import { FRAUD_CLIPS, HONEST_CLIPS } from "../../simulators/world/camera/gate-clip.ts";
import type { ReadDoubt } from "../../src/core/decision/read-doubt.ts";
import { toPlateKey } from "../../src/core/plate/plate-key.ts";
import { PlateLiveness, type SceneNews } from "../../src/vision/plate-liveness.ts";
import type { Corner } from "../../src/vision/row-straightener.ts";
import type { SceneLook } from "../../src/vision/scene-look.ts";
import { TrainedFrameReader } from "../../src/vision/trained-frame-reader.ts";
import { byNetworks, byTruth, judgeClip } from "./clip-judgement.ts";

const EACH = Number(process.env["KORDON_CLIPS"] ?? 1);
const PLATES = ["375SN04", "274KQA08", "566LJ18", "812BVA13", "901TTZ02", "123ABC02"];
const LIGHTS = ["day", "night", "dusk"] as const;
const FILMS = Array.from({ length: EACH }, (_, index) => ({
    seed: index + 1,
    light: LIGHTS[index % LIGHTS.length] ?? "day",
    plate: { text: PLATES[index % PLATES.length] ?? "", country: "KZ", rows: 1 } as const,
}));
const SIZE = { width: 640, height: 360, fps: 4 };

/** What a fraud is known by; each has `arrival-unseen` beside it, so that it is doubted from its first read. */
const OWN_DOUBT: Readonly<Partial<Record<(typeof FRAUD_CLIPS)[number], ReadDoubt>>> = {
    "left-behind": "stays-behind",
    pasted: "picture-still",
};

describe("films", { timeout: 60_000 * EACH }, () => {
    test.each(HONEST_CLIPS)("an honest lorry that %s is never doubted, and comes towards the camera", async (kind) => {
        for (const film of FILMS) {
            const { reads, doubts } = await judgeClip({ ...film, ...SIZE, kind }, byTruth(film.plate.text, film.seed));
            expect.soft(reads.length, `${kind} ${film.seed} ${film.light}`).toBeGreaterThan(25);
            expect.soft([...doubts], `${kind} ${film.seed} ${film.light}`).toEqual([]);
            expect.soft(reads.at(-1)?.travel).toBe("towards");
        }
    });

    test.each(FRAUD_CLIPS)("a plate that is %s is doubted in every read", async (kind) => {
        for (const film of FILMS) {
            const { reads, doubts, undoubted } = await judgeClip(
                { ...film, ...SIZE, kind },
                byTruth(film.plate.text, film.seed),
            );
            expect.soft(reads.length, `${kind} ${film.seed} ${film.light}`).toBeGreaterThan(20);
            expect.soft(undoubted, `${kind} ${film.seed} ${film.light}`).toBe(0);
            const own = OWN_DOUBT[kind];
            if (own !== undefined) expect.soft([...doubts], `${kind} ${film.seed} ${film.light}`).toContain(own);
        }
    });
});

test("found and read by the networks it is the same", { timeout: 120_000 }, async () => {
    const reader = await TrainedFrameReader.start();
    const film = { seed: 1, light: "day", plate: { text: "274KQA08", country: "KZ", rows: 1 } } as const;
    const size = { width: 960, height: 540, fps: 2 };
    const honest = await judgeClip({ ...film, ...size, kind: "drives-up" }, byNetworks(reader));
    expect(honest.reads.length).toBeGreaterThan(10);
    expect([...honest.doubts]).toEqual([]);
    const held = await judgeClip({ ...film, ...size, kind: "held-up" }, byNetworks(reader));
    expect(held.reads.length).toBeGreaterThan(5);
    expect(held.undoubted).toBe(0);
});

/** Looks made of numbers: a wall with a texture of its own, and a plate with its surroundings somewhere on it. */
const [WIDTH, HEIGHT, EVERY_MS] = [400, 240, 250];
const NEWS: SceneNews = { isMoving: false, isAwaited: true, stillMs: 0, liveShare: 0 };

interface Staged {
    /** Middle and width of the plate. */
    readonly x: number;
    readonly y: number;
    readonly width: number;
    /** What moves along with the plate reaches so far, in widths of it. */
    readonly reach: number;
    /** How far the wall has moved. */
    readonly wall?: number;
    readonly isNoisy?: boolean;
}

/** Light and dark bars without a period. */
const BARS = "101100111010010";

const texture = (x: number, y: number, of: number): number =>
    90 + 45 * Math.sin(x / 4 + of) + 40 * Math.sin(y / 3 + 2 * of) + 15 * Math.sin((x + y) / 5);

function stage(look: number, { x, y, width, reach, wall = 0, isNoisy = true }: Staged): [SceneLook, readonly Corner[]] {
    const zoom = width / 60;
    const pixels = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
        const [px, py] = [at % WIDTH, Math.floor(at / WIDTH)];
        const [dx, dy] = [(px - x) / zoom, (py - y) / zoom];
        const isPlate = Math.abs(dx) < 30 && Math.abs(dy) < 7;
        const isAround = Math.abs(dx) < 60 * reach && Math.abs(dy) < 60 * reach;
        const level = isPlate
            ? BARS[Math.floor((dx + 30) / 4)] === "1"
                ? 210
                : 30
            : isAround
              ? texture(dx, dy, 1)
              : texture(px + wall, py, 2);
        const noise = isNoisy && (px * 31 + py * 17 + look * 101) % 7 === 0 ? 1 : 0;
        return level + noise;
    });
    const [w, h] = [width / 2, (width * 7) / 60];
    const corners: readonly Corner[] = [
        [x - w, y - h],
        [x + w, y - h],
        [x + w, y + h],
        [x - w, y + h],
    ];
    return [{ atMs: 1_000 + look * EVERY_MS, width: WIDTH, height: HEIGHT, pixels, zoom: 1 }, corners];
}

function play(
    looks: number,
    at: (look: number) => Staged,
    news: Partial<SceneNews> = {},
    judge = new PlateLiveness(10_000),
) {
    const told = Array.from({ length: looks }, (_, look) => {
        const [scene, corners] = stage(look, at(look));
        return judge.judge("t", toPlateKey("123ABC02"), corners, scene, { ...NEWS, ...news });
    });
    return { ...told.at(-1), judge };
}

describe("on the drawing board", () => {
    const VEHICLE = { x: 200, y: 120, reach: 1.5 };

    test("a vehicle that comes is not doubted; one that leaves goes away, one that passes across", () => {
        expect(play(12, (n) => ({ ...VEHICLE, width: 36 + n * 3 }))).toMatchObject({ doubts: [], travel: "towards" });
        expect(play(12, (n) => ({ ...VEHICLE, width: 70 - n * 3 }))).toMatchObject({ doubts: [], travel: "away" });
        const passing = play(12, (n) => ({ ...VEHICLE, x: 100 + n * 16, width: 48 }));
        expect(passing).toMatchObject({ travel: "across", doubts: ["arrival-unseen"] });
    });

    test("a vehicle that stands since before anybody looked was not seen to come, and has not moved", () => {
        expect(play(12, () => ({ ...VEHICLE, width: 48 }))).toEqual(
            expect.objectContaining({ doubts: ["arrival-unseen"] }),
        );
        expect(play(12, () => ({ ...VEHICLE, width: 48 })).travel).toBeUndefined();
    });

    test("a plate held before a wall moves alone", () => {
        const held = play(40, (n) => ({ ...VEHICLE, x: 200 + 12 * Math.sin(n), width: 48, reach: 0.3 }));
        expect(held.doubts).toContain("moves-alone");
    });

    test("a plate before which the wall is exchanged stays behind, and so does one that stands while a vehicle comes", () => {
        const exchanged = play(12, (n) => ({ ...VEHICLE, width: 48, reach: 0.3, wall: n < 6 ? 0 : 37 }));
        expect(exchanged.doubts).toContain("stays-behind");
        const stands = play(12, () => ({ ...VEHICLE, width: 48 }), { isMoving: true, isAwaited: false });
        expect(stands.doubts).toContain("stays-behind");
    });

    test("the same pixels for longer than the limit are a still picture; at once where all around lives", () => {
        const still = { ...VEHICLE, width: 48, isNoisy: false };
        expect(play(30, () => still).doubts).not.toContain("picture-still");
        expect(play(50, () => still).doubts).toContain("picture-still");
        expect(play(8, () => still, { liveShare: 0.8 }).doubts).toContain("picture-still");
        expect(play(50, () => ({ ...still, isNoisy: true })).doubts).not.toContain("picture-still");
    });

    test("one that had come and was lost is known again in its place, but not in a picture that stands still, nor elsewhere", () => {
        const come = (n: number): Staged => ({ ...VEHICLE, width: 36 + Math.min(n, 8) * 3 });
        const again = (news: Partial<SceneNews>, more: object = {}) => {
            const { judge } = play(12, come);
            judge.clear();
            return play(3, () => ({ ...VEHICLE, width: 60, ...more }), news, judge).doubts;
        };
        expect(again({})).toEqual([]);
        expect(again({ stillMs: 6_000 })).toEqual(["arrival-unseen"]);
        expect(again({}, { x: 120 })).toEqual(["arrival-unseen"]);
    });
});
