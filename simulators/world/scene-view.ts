/**
 * What the camera of a lane sees at one moment: the only thing that passes from the world's mechanics to its pictures.
 * A snapshot made anew for every question, so that drawing a frame never touches the moving world.
 */

/** A plate as it is mounted: characters without separators in their national script, e.g. `123ABC02`, `新A12345`. */
export interface ScenePlate {
    readonly text: string;
    /** ISO 3166-1 alpha-2: which layout to paint. */
    readonly country: string;
    readonly rows: 1 | 2;
}

/** One lorry in view. Its picture depends on these fields only, so equal views give equal pictures. */
export interface SceneLorry {
    readonly id: number;
    /** Lane coordinate of the front bumper in metres; the boom is at 0, oncoming lorries are negative. The plate is read at -6 to -1.5. */
    readonly frontAtM: number;
    /** Offset from the middle of the lane in metres, positive towards the camera. */
    readonly lateralM: number;
    /** `#rrggbb`. */
    readonly colour: string;
    /** Seed of the cab's style: slogans, lamps, grille. */
    readonly cab: number;
    readonly plate: ScenePlate;
    readonly trailerPlate?: ScenePlate;
    /** 0 = washed, 1 = nothing to read. */
    readonly dirt: number;
}

/** A plate on no vehicle: held up by somebody, on a stand, or in a photograph of a lorry's face. Always faces the camera's way. */
export interface SceneSign {
    readonly plate: ScenePlate;
    /** Middle of the plate in lane coordinates, metres. */
    readonly at: readonly [x: number, y: number, z: number];
    /** A plate is 0.52 m wide. */
    readonly widthM: number;
    /** No plate but somebody who stands there: a dark shape 1.75 m tall, `widthM` wide. */
    readonly isPerson?: boolean;
    /** A whole printed face around the plate, in the style of this cab; absent: the plate alone on a board. */
    readonly printedCab?: number;
}

export interface SceneLight {
    readonly kind: "day" | "dusk" | "night";
    /** 1 = as the camera would choose it; below is darker, above is brighter. */
    readonly exposure: number;
}

export type SceneWeather = "clear" | "snow" | "rain";

export interface SceneView {
    readonly lorries: readonly SceneLorry[];
    readonly signs?: readonly SceneSign[];
    /** 0 = the boom lies across the lane, 90 = upright. */
    readonly armAngleDeg: number;
    readonly light: SceneLight;
    readonly weather: SceneWeather;
    readonly worldMs: number;
}
