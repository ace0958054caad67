/** Whom a broker's reason code blames: a fact may be set aside for its own faults only, never for the broker's. */

/**
 * PUBACK codes of MQTT 5.0, 3.4.2.1: `fact` for its size or form, `nobody` where no one is subscribed, so that the
 * broker threw it away, `broker` for rights, quotas and ids (wait and try again), `unclear` for codes used for both.
 */
export function blameOf(pubackCode: number): "none" | "nobody" | "fact" | "broker" | "unclear" {
    switch (pubackCode) {
        case 0x00:
            return "none";
        case 0x10: // no matching subscribers
            return "nobody";
        case 0x95: // packet too large: not for a PUBACK by the standard, but Mosquitto sends it
        case 0x99: // payload format invalid
            return "fact";
        case 0x80: // unspecified error
        case 0x83: // implementation specific error
            return "unclear";
        default:
            return "broker";
    }
}

/** Malformed packet: also what we say of an answer that we cannot read. */
export const MALFORMED = 0x81;

/** DISCONNECT codes of MQTT 5.0, 3.14.2.1 that a single packet of ours causes: malformed, too large, payload format. */
export function isBlamedOnPacket(disconnectCode: number): boolean {
    return disconnectCode === MALFORMED || disconnectCode === 0x95 || disconnectCode === 0x99;
}
