/** Bytes of a board as text, written without the library that the daemon encodes with. */

/** Where KZ-1048 differs from CP1251, after the mapping table of the Unicode consortium (VENDORS/MISC/KZ1048.TXT). */
const KAZAKH: ReadonlyMap<number, string> = new Map([
    [0x8d, "Қ"],
    [0x8e, "Һ"],
    [0x9d, "қ"],
    [0x9e, "һ"],
    [0xa1, "Ұ"],
    [0xa2, "ұ"],
    [0xa3, "Ә"],
    [0xa5, "Ө"],
    [0xaa, "Ғ"],
    [0xaf, "Ү"],
    [0xb4, "ө"],
    [0xba, "ғ"],
    [0xbc, "ә"],
    [0xbd, "Ң"],
    [0xbe, "ң"],
    [0xbf, "ү"],
]);

const cp1251 = new TextDecoder("windows-1251");

export function decoded(bytes: Uint8Array, charset: "utf-8" | "kz-1048" | "cp1251" | "ascii"): string {
    if (charset === "utf-8") return new TextDecoder("utf-8").decode(bytes);
    return [...bytes]
        .map((byte) => {
            const kazakh = charset === "kz-1048" ? KAZAKH.get(byte) : undefined;
            return kazakh ?? (charset === "ascii" && byte > 0x7f ? "\ufffd" : cp1251.decode(Uint8Array.of(byte)));
        })
        .join("");
}
