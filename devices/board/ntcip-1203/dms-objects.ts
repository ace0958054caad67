/**
 * The objects of NTCIP 1203 v03 (dynamic message signs) that are used here, and the codes in which a sign says what is wrong.
 * Numbers after the standard's own MIB, as public clients of real signs use them.
 */

const DMS = "1.3.6.1.4.1.1206.4.2.3";
const MESSAGE = `${DMS}.5.8.1`;

/** Objects of which there is one. */
export const DMS_OBJECT = {
    validateMessageError: `${DMS}.5.9.0`,
    controlMode: `${DMS}.6.1.0`,
    activateMessage: `${DMS}.6.3.0`,
    messageTableSource: `${DMS}.6.5.0`,
    shortPowerRecoveryMessage: `${DMS}.6.8.0`,
    longPowerRecoveryMessage: `${DMS}.6.9.0`,
    communicationsLossMessage: `${DMS}.6.12.0`,
    timeCommLossMinutes: `${DMS}.6.13.0`,
    endDurationMessage: `${DMS}.6.15.0`,
    activateMsgError: `${DMS}.6.17.0`,
    multiSyntaxError: `${DMS}.6.18.0`,
    multiSyntaxErrorPosition: `${DMS}.6.19.0`,
} as const;

export const MEMORY = { changeable: 3, volatile: 4, currentBuffer: 5 } as const;

/** Where a message lies. */
export interface MessagePlace {
    readonly memory: number;
    readonly number: number;
}

const COLUMN = { multiString: 3, owner: 4, crc: 5, beacon: 6, pixelService: 7, priority: 8, status: 9 } as const;

/** An object of one message. */
export function messageObject(column: keyof typeof COLUMN, { memory, number }: MessagePlace): string {
    return `${MESSAGE}.${COLUMN[column]}.${memory}.${number}`;
}

export const STATUS = { modifying: 2, validating: 3, valid: 4, error: 5, modifyReq: 6, validateReq: 7 } as const;
export const NONE = 2;

const VALIDATE_ERRORS = ["", "other", "none", "beacons", "pixel service", "MULTI syntax"];
const ACTIVATE_ERRORS = [
    "",
    "other",
    "none",
    "priority too low",
    "the message is not valid",
    "no such memory",
    "no such message",
    "CRC",
    "MULTI syntax",
    "the sign is in local mode",
    "central mode",
    "central override mode",
];
const SYNTAX_ERRORS = [
    "",
    "other",
    "none",
    "tag not supported",
    "value of a tag not supported",
    "text too big",
    "no such font",
    "a character is not in the font",
    "no such field device",
    "field device",
    "flash region",
    "tags in conflict",
    "too many pages",
    "font version",
    "no such graphic",
    "graphic not defined",
];

const worded =
    (words: readonly string[]) =>
    (code: number): string =>
        words[code] || `code ${code}`;

export const validateErrorText = worded(VALIDATE_ERRORS);
export const activateErrorText = worded(ACTIVATE_ERRORS);
export const syntaxErrorText = worded(SYNTAX_ERRORS);

/** Modes of control in which a sign obeys the network: central, central override, and simulation. */
export const OBEYS: ReadonlySet<number> = new Set([4, 5, 6]);

/**
 * CRC over the MULTI text, beacon and pixel service of a message: ISO/IEC 3309 (polynomial 8408 reflected, start FFFF,
 * complemented), as the standard asks for.
 */
export function messageCrc(multi: Uint8Array, beacon = 0, pixelService = 0): number {
    let crc = 0xffff;
    for (const byte of [...multi, beacon, pixelService]) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
    }
    return crc ^ 0xffff;
}

/** Whether a sign's CRC is ours. Some signs are known to give its two bytes the other way round. */
export function isSameCrc(theirs: number, ours: number): boolean {
    return theirs === ours || theirs === (((ours & 0xff) << 8) | (ours >> 8));
}

/** MessageIDCode: memory, number, CRC; five bytes. */
export function messageId({ memory, number }: MessagePlace, crc: number): Uint8Array {
    return Uint8Array.of(memory, number >> 8, number & 0xff, crc >> 8, crc & 0xff);
}

/** MessageActivationCode: minutes to stand, priority, MessageIDCode, address of the sender; twelve bytes. */
export function activationCode(minutes: number, priority: number, id: Uint8Array): Uint8Array {
    return Uint8Array.of(minutes >> 8, minutes & 0xff, priority, ...id, 127, 0, 0, 1);
}
