/** Which terminal of the I/O module each device of a lane is wired to: the installer's drawing of the first site. */

/** Discrete inputs. Loops are energised while occupied, the photocell while its beam is intact (a cut cable reads as broken). */
export const CONTACT = { approachLoop: 0, boomLoop: 1, exitLoop: 2, photocell: 3, armOpen: 4, armClosed: 5 } as const;

/** Relays. OPEN and CLOSE go to the barrier's control board, the lamps hang on their relays directly. */
export const RELAY = { open: 0, close: 1, red: 2, green: 3 } as const;
