/** Text out of all of Unicode, mostly of the scripts seen on plates; fast-check's own takes seconds to set up. */
import fc from "fast-check";

const code = fc.oneof(fc.nat(0x7f), fc.nat(0x6ff), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));

export const anyText = fc.array(code, { maxLength: 20 }).map((codes) => String.fromCodePoint(...codes));
