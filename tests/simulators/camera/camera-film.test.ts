/** Pictures in time: a standing scene is not drawn again and again, yet never quite still. */
import { loadImage } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { CameraFilm } from "../../../simulators/world/camera/camera-film.ts";
import type { SceneView } from "../../../simulators/world/scene-view.ts";

function scene(frontAtM: number, worldMs: number): SceneView {
    const plate = { text: "123ABC02", country: "KZ", rows: 1 } as const;
    return {
        lorries: [{ id: 1, frontAtM, lateralM: 0, colour: "#2b5aa0", cab: 3, plate, dirt: 0.2 }],
        armAngleDeg: 0,
        light: { kind: "dusk", exposure: 1 },
        weather: "clear",
        worldMs,
    };
}

test("a standing scene shows six pictures in turn, by reference: nothing is drawn a second time", async () => {
    const film = new CameraFilm(320, 180, 1);
    const pictures: Buffer[] = [];
    for (let i = 0; i < 12; i++) pictures.push(await film.next(scene(-4, i * 125)));
    expect(new Set(pictures).size).toBe(6);
    expect(new Set(pictures.map((picture) => picture.toString("latin1"))).size).toBe(6);
    for (let i = 0; i < 6; i++) expect(pictures[i + 6]).toBe(pictures[i]);
    // A millimetre is no visible movement, a decimetre is.
    expect(await film.next(scene(-4.001, 1_500))).toBe(pictures[0]);
    expect(await film.next(scene(-3.9, 1_625))).not.toBe(pictures[1]);
});

test("equal scenes in equal order give equal bytes, also when asked for at once", async () => {
    const scenes = [scene(-12, 0), scene(-11.5, 125), scene(-11, 250), scene(-11, 375), scene(-11, 500)];
    const [one, other] = [new CameraFilm(320, 180, 5), new CameraFilm(320, 180, 5)];
    const inTurn: Buffer[] = [];
    for (const view of scenes) inTurn.push(await one.next(view));
    const atOnce = await Promise.all(scenes.map((view) => other.next(view)));
    expect(atOnce.map((picture) => picture.toString("base64"))).toEqual(
        inTurn.map((picture) => picture.toString("base64")),
    );
});

test("pictures are JPEGs of the wanted size", async () => {
    const image = await loadImage(await new CameraFilm(640, 360, 1).next(scene(-4, 0)));
    expect([image.width, image.height]).toEqual([640, 360]);
});
