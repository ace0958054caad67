/**
 * The contacts a lane can be wired with, and what a reading of one is worth.
 * A reading carries its age; the lane never takes an old or missing one for "clear".
 */

/**
 * What `isActive` means, contact by contact:
 * loops: occupied; photocells: beam broken; limit switches: the boom is there; arm-break: the arm has come off;
 * emergency: pressed or its wire broken; key switch: somebody drives the boom by its own key.
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
] as const;

export type ContactName = (typeof CONTACT_NAMES)[number];

/** A contact's state and how old it is in milliseconds (>= 0); undefined: the device never answered. */
export type Reading = { readonly isActive: boolean; readonly ageMs: number } | undefined;

/** One entry per wired contact; contacts that the lane does not have are absent. */
export type ContactReadings = { readonly [name in ContactName]?: Reading };

/**
 * Contacts that must all be fresh and inactive before the boom may be lowered (EN 12453: photocells;
 * the exit loop because high beds of semitrailers drop out of the loop under the boom).
 */
export const CLEAR_SENSORS = [
    "boomLoop",
    "photocell1",
    "photocell2",
    "exitLoop",
] as const satisfies readonly ContactName[];

/** Contacts in the swing of the boom: an active one means something is under it right now. */
export const ZONE_SENSORS = ["boomLoop", "photocell1", "photocell2"] as const satisfies readonly ContactName[];
