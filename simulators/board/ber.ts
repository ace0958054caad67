/** The little of ASN.1's basic encoding (X.690) that SNMP messages are made of, written from the standard. */

export const TAG = {
    integer: 0x02,
    octets: 0x04,
    nothing: 0x05,
    oid: 0x06,
    sequence: 0x30,
    get: 0xa0,
    getNext: 0xa1,
    response: 0xa2,
    set: 0xa3,
} as const;

export interface Element {
    readonly tag: number;
    readonly content: Buffer;
}

/** The elements that stand one after the other. Throws `RangeError` for what is none. */
export function elements(bytes: Buffer): readonly Element[] {
    const found: Element[] = [];
    let at = 0;
    while (at < bytes.length) {
        const tag = bytes.readUInt8(at);
        const first = bytes.readUInt8(at + 1);
        const more = first < 0x80 ? 0 : first & 0x7f;
        const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
        const from = at + 2 + more;
        if (from + length > bytes.length) throw new RangeError("an element goes beyond its message");
        found.push({ tag, content: bytes.subarray(from, from + length) });
        at = from + length;
    }
    return found;
}

export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
    const content = Buffer.concat(contents);
    const { length } = content;
    const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

export function integerElement(value: number): Buffer {
    const bytes: number[] = [];
    for (let rest = value; ; rest = Math.floor(rest / 0x100)) {
        bytes.unshift(rest & 0xff);
        if (rest < 0x80) break;
    }
    return element(TAG.integer, Buffer.from(bytes));
}

export function integerOf({ content }: Element): number {
    return content.length === 0 ? 0 : content.readIntBE(0, Math.min(6, content.length));
}

/** Dotted numbers. */
export function oidOf({ content }: Element): string {
    const numbers: number[] = [];
    let number = 0;
    for (const byte of content) {
        number = number * 0x80 + (byte & 0x7f);
        if (byte < 0x80) {
            numbers.push(number);
            number = 0;
        }
    }
    const [first = 0, ...rest] = numbers;
    return [Math.min(2, Math.floor(first / 40)), first % 40, ...rest].join(".");
}
