/**
 * Films of lorries that drive up to the gate, stand there and drive through, as the camera of a lane sees them: with whatever
 * plate, light, weather, dirt and driver the seed chooses. Which plate it is and when the loop was occupied is known beforehand.
 */
import type { Lorry } from "../../scenarios/lorry.ts";
import { PlateMaker } from "../../scenarios/plate-maker.ts";
import { DrivenLorry } from "../driven-lorry.ts";
import { LaneGeometry } from "../lane-geometry.ts";
import { Random } from "../random.ts";
import type { SceneLight, SceneLorry, ScenePlate, SceneWeather } from "../scene-view.ts";
import { CameraFilm } from "./camera-film.ts";

const COUNTRIES = ["KZ", "RU", "UZ", "KG", "CN"] as const;
const LIGHTS = ["day", "dusk", "night"] as const;
const WEATHERS = ["clear", "clear", "clear", "rain", "snow"] as const;
const COLOURS = ["#c9ccd0", "#e9e9e6", "#b3261e", "#2b5aa0", "#1d5c3a", "#d9a520", "#3a3f46", "#7c1f2a", "#3f7fae"];
/** Share of plates in two rows, where lorries have them. */
const TWO_ROW_SHARE: Readonly<Record<string, number>> = { KZ: 0.3, RU: 0.15 };
/** Farther back the plate is a few pixels wide. */
const GEOMETRY = LaneGeometry.parse({ appearsAtM: -20 });
/** With its bumper here the lorry's plate has left the picture. */
const ENDS_AT_M = -0.4;
const FRAME_MS = 200;
/** The lorry moves in steps of this length. */
const STEP_MS = 50;

/** One passage before it is drawn; the same seed and number give the same. */
export interface PassagePlan {
    readonly number: number;
    readonly seed: number;
    readonly plate: ScenePlate;
    readonly light: SceneLight["kind"];
    readonly weather: SceneWeather;
    /** World time from which a lorry is on the approach loop. */
    readonly loopFromMs: number;
    readonly lastsMs: number;
}

export interface PassageFrame {
    readonly atMs: number;
    readonly jpeg: Buffer;
}

interface Ride extends PassagePlan {
    /** Where the bumper is at each step. */
    readonly track: readonly number[];
    readonly lorry: Omit<SceneLorry, "frontAtM">;
    /** Waits behind it; its plate is none of this passage's. */
    readonly follower: SceneLorry | undefined;
    readonly exposure: number;
    readonly boomUpAtMs: number;
}

export function passagePlan(number: number, seed: number): PassagePlan {
    const { track: _track, lorry: _lorry, follower: _follower, exposure: _exposure, ...plan } = rideOf(number, seed);
    return plan;
}

/** Draws the pictures of a passage one after the other, five a second; the same seed and number give the same bytes. */
export async function* passageFilm(number: number, seed: number, width: number, height: number, fromMs = 0) {
    const { track, lorry, follower, light, weather, exposure, boomUpAtMs, lastsMs } = rideOf(number, seed);
    const film = new CameraFilm(width, height, seed + number);
    for (let atMs = Math.ceil(fromMs / FRAME_MS) * FRAME_MS; atMs <= lastsMs; atMs += FRAME_MS) {
        const frontAtM = track[atMs / STEP_MS] ?? ENDS_AT_M;
        const jpeg = await film.next({
            lorries: [{ ...lorry, frontAtM }, ...(follower === undefined ? [] : [follower])],
            armAngleDeg: atMs < boomUpAtMs ? 0 : 90,
            light: { kind: light, exposure },
            weather,
            worldMs: atMs,
        });
        yield { atMs, jpeg } satisfies PassageFrame;
    }
}

function rideOf(number: number, seed: number): Ride {
    const random = new Random(seed, `passage/${number}`);
    // Countries and lights take turns, so that every part of a small sample has its share.
    const country = COUNTRIES[number % COUNTRIES.length] ?? "KZ";
    const light = LIGHTS[Math.floor(number / COUNTRIES.length) % LIGHTS.length] ?? "day";
    const rows = random.chance(TWO_ROW_SHARE[country] ?? 0) ? 2 : 1;
    const plates = new PlateMaker(random);
    const plate = plates.make(country, "tractor", rows);
    const look = () => ({
        colour: random.pick(COLOURS),
        cab: random.int(100_000),
        lateralM: random.between(-0.3, 0.3),
        // All of what the world knows, evenly: on an ordinary day of its few lorries are so dirty.
        dirt: random.next(),
    });
    const lorry = { id: 1, plate, ...look() };
    const drive = driveOf(random, { number, plate, look: lorry });
    const follower: SceneLorry | undefined = random.chance(0.3)
        ? { id: 2, plate: plates.make("KZ", "tractor", 1), ...look(), frontAtM: -random.between(19, 26) - 16.5 }
        : undefined;
    return {
        ...{ number, seed, plate, light, lorry, follower, ...drive },
        weather: random.pick(WEATHERS),
        exposure: random.between(0.7, 1.4),
    };
}

/** Drives the lorry of this look up to its stop line and, once the boom is up, on until its plate is gone. */
function driveOf(random: Random, { number, plate, look }: Pick<Lorry, "number" | "plate" | "look">) {
    const lorry: Lorry = {
        ...{
            number,
            plate,
            look,
            lane: 0,
            arrivesAtMs: 0,
            trailerPlates: [],
            booked: "valid",
            shape: "low-semitrailer",
        },
        driver: random.pick(["normal", "normal", "slow", "overshoots"] as const),
        patienceMs: Number.POSITIVE_INFINITY,
        stopErrorM: random.between(-0.6, 0.6),
    };
    const driven = new DrivenLorry(lorry, GEOMETRY);
    const standsMs = random.between(800, 5_000);
    const track: number[] = [];
    let stoppedAtMs: number | undefined;
    let loopFromMs: number | undefined;
    let atMs = 0;
    for (; driven.frontAtM < ENDS_AT_M; atMs += STEP_MS) {
        track.push(driven.frontAtM);
        const isUp = stoppedAtMs !== undefined && atMs - stoppedAtMs >= standsMs;
        driven.advance(STEP_MS, { isBoomUpright: isUp, isGreen: isUp, freeToM: Number.POSITIVE_INFINITY });
        if (driven.isWaiting) stoppedAtMs ??= atMs;
        if (driven.frontAtM >= GEOMETRY.approachLoop[0] + GEOMETRY.loopOverlapM) loopFromMs ??= atMs;
    }
    return { track, loopFromMs: loopFromMs ?? 0, boomUpAtMs: (stoppedAtMs ?? 0) + standsMs, lastsMs: atMs };
}
