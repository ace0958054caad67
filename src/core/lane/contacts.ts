/**
 * The contacts a lane can be wired with, and what a reading of one is worth.
 * A reading carries its age; the lane never takes an old or missing one for "clear".
 */

/**
 * What `isActive` means, contact by contact:
 * loops: occupied; photocells: beam broken; limit switches: the boom is there; arm-break: the arm has come off;
 * emergency: pressed or its wire broken; key switch: somebody drives the boom by its own key; scale beams: something
 * stands across an end of the weighing platform, 1 where vehicles come onto it and 2 towards the boom.
 */
export const CONTACT_NAMES = [
    "approachLoop",
    "boomLoop",
    "exitLoop",
    "photocell1",
    "photocell2",
    "limitOpen",
    "limitClosed",
    "armBreak",
    "emergency",
    "keySwitch",
    "scaleBeam1",
    "scaleBeam2",
] as const;

export type ContactName = (typeof CONTACT_NAMES)[number];

/** A contact's state and how old it is in milliseconds (>= 0); undefined: the device never answered. */
export type Reading = { readonly isActive: boolean; readonly ageMs: number } | undefined;

/** One entry per wired contact; contacts that the lane does not have are absent. */
export type ContactReadings = { readonly [name in ContactName]?: Reading };

/** Contacts in the swing of the boom: an active one means something is under it right now. EN 12453 asks for photocells. */
export const ZONE_SENSORS = ["boomLoop", "photocell1", "photocell2"] as const satisfies readonly ContactName[];

/** Beams at the ends of a weighing platform: an active one means that the vehicle is not wholly on it. */
export const SCALE_SENSORS = ["scaleBeam1", "scaleBeam2"] as const satisfies readonly ContactName[];
