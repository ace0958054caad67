/**
 * How lorries look to loops, photocell and boom, as data: stretches measured from the front bumper backwards.
 * A loop sees metal near the road, a photocell at hub height sees wheels, guards and beds, a boom meets whatever is higher than itself.
 * Lengths follow usual European combinations; which stretches a loop loses is configuration [U].
 */

/** From and to, in metres behind the front bumper. */
export type Stretch = readonly [fromM: number, toM: number];

export interface LorryShape {
    readonly lengthM: number;
    /** What a lowering boom would hit; a low drawbar passes beneath it. */
    readonly body: readonly Stretch[];
    readonly loopVisible: readonly Stretch[];
    readonly beamVisible: readonly Stretch[];
    /** Metres behind the bumper, foremost first. */
    readonly axles: readonly number[];
}

export const LORRY_SHAPES = {
    /** Tractor and semitrailer with side guards and pallet boxes: nothing is missed. */
    "low-semitrailer": {
        lengthM: 16.5,
        body: [[0, 16.5]],
        loopVisible: [[0, 16.5]],
        beamVisible: [[0, 16.5]],
        axles: [1.3, 5.1, 11, 12.3, 13.6],
    },
    /** Container chassis: high metal between tractor and bogie drops out of the loops, the photocell sees only the legs there. */
    "high-semitrailer": {
        lengthM: 16.5,
        body: [[0, 16.5]],
        loopVisible: [
            [0, 6.4],
            [11, 15.2],
        ],
        beamVisible: [
            [0, 6.6],
            [8.5, 8.8],
            [10.8, 15.4],
        ],
        axles: [1.3, 5.1, 11.6, 12.9, 14.2],
    },
    /** Rigid lorry with a drawbar trailer: only the drawbar itself, below boom and beam, is missed. */
    "drawbar-trailer": {
        lengthM: 18.7,
        body: [
            [0, 9.3],
            [10.9, 18.7],
        ],
        loopVisible: [
            [0, 9.3],
            [10.9, 18.7],
        ],
        beamVisible: [
            [0, 9.3],
            [10.9, 18.7],
        ],
        axles: [1.3, 6, 7.3, 12, 17],
    },
    /** The same with a high timber trailer: loops see axles only. */
    "high-drawbar-trailer": {
        lengthM: 18.7,
        body: [
            [0, 9.3],
            [11.2, 18.7],
        ],
        loopVisible: [
            [0, 8.8],
            [11.4, 12.8],
            [15.6, 18],
        ],
        beamVisible: [
            [0, 9.3],
            [11.2, 13],
            [15.4, 18.7],
        ],
        axles: [1.3, 6, 7.3, 12.1, 16.8],
    },
} as const satisfies Record<string, LorryShape>;

export type LorryShapeName = keyof typeof LORRY_SHAPES;

/** Whether one of the stretches of a lorry with its bumper at `frontAtM` covers at least `overlapM` of the given piece of lane. */
export function covers(
    stretches: readonly Stretch[],
    frontAtM: number,
    fromM: number,
    toM: number,
    overlapM: number,
): boolean {
    for (const [start, end] of stretches) {
        const shared = Math.min(frontAtM - start, toM) - Math.max(frontAtM - end, fromM);
        if (shared >= overlapM) return true;
    }
    return false;
}
