/** The key admits lorries, so these tests list spellings met in the field and check its laws on arbitrary text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toLatinKey, toLatinSuffix, toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { anyText } from "./any-text.ts";

/** Written out by hand, so that a slip in the table of the code shows. */
const LOOK_ALIKES: readonly (readonly [cyrillic: number, latin: string])[] = [
    [0x0410, "A"],
    [0x0412, "B"],
    [0x0415, "E"],
    [0x041a, "K"],
    [0x041c, "M"],
    [0x041d, "H"],
    [0x041e, "O"],
    [0x0420, "P"],
    [0x0421, "C"],
    [0x0422, "T"],
    [0x0423, "Y"],
    [0x0425, "X"],
    [0x0406, "I"],
    [0x0405, "S"],
    [0x0408, "J"],
    [0x051a, "Q"],
    [0x051c, "W"],
];

const SEPARATORS = [
    " ",
    "-",
    "–",
    "—",
    "−",
    "‐",
    "‑",
    ".",
    "·",
    "_",
    "/",
    "\t",
    "\n",
    "\u00a0",
    "\u3000",
    "'",
    "ʼ",
    "ー",
];
const INVISIBLES = ["\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\ufeff", "\u200e", "\u202e", "\ufe0f", "\u3164"];

describe("spellings of one plate", () => {
    test.each([
        ["plain", "123ABC02"],
        ["lower case", "123abc02"],
        ["spaces", " 123 ABC 02 "],
        ["dashes", "123-ABC-02"],
        ["every dash", "1–2—3−A‐B‑C﹣0－2"],
        ["dots and slashes", "123.ABC/02"],
        ["non-breaking and ideographic spaces", "123\u00a0ABC\u300002"],
        ["zero-width signs", "123\u200bA\u200dB\u2060C02"],
        ["soft hyphen", "123\u00adABC02"],
        ["byte order mark", "\ufeff123ABC02"],
        ["direction marks", "\u202a123ABC02\u202c"],
        ["variation selector", "123ABC02\ufe0f"],
        ["full width", "１２３ＡＢＣ０２"],
        ["Cyrillic", "123АВС02"],
        ["lower-case Cyrillic", "123авс02"],
        ["mixed scripts", "123AВС02"],
        ["stray accent", "123AB\u0336C02"],
        ["spacing accent", "123A´BC02"],
        ["Arabic-Indic digits", "١٢٣ABC٠٢"],
        ["Persian digits", "۱۲۳ABC۰۲"],
        ["superscripts and circled letters", "¹²³ⒶBC₀₂"],
        ["quotes", "«123 ABC 02»"],
    ])("%s", (_name, text) => {
        expect(toPlateKey(text)).toBe("123ABC02");
    });

    test.each(LOOK_ALIKES)("Cyrillic U+%d is %s in both cases", (cyrillic, latin) => {
        const letter = String.fromCodePoint(cyrillic);
        expect(toPlateKey(letter)).toBe(latin);
        expect(toPlateKey(letter.toLowerCase())).toBe(latin);
    });

    test.each([
        ["Turkish dotless i", "34ı123", "34I123"],
        ["Turkish dotted capital", "34İ123", "34I123"],
        ["lower-case i, whatever the locale", "34i123", "34I123"],
        ["umlaut as one sign or as two", "MU\u0308N123", "MÜN123"],
        ["umlaut with a zero-width sign inside", "MU\u200b\u0308N123", "MÜN123"],
        ["Chinese", "新a·1234挂", "新A1234挂"],
        ["Persian, presentation form", "۱۲ﻉ۳۴۵۶۷", "12ع34567"],
        ["Mongolian", "12-34 убө", "1234YБӨ"],
        ["Belarus, whose dash is for people", "1234 AB-7", "1234AB7"],
        ["nothing", "", ""],
        ["nothing but separators", " -\u200b. ", ""],
    ])("%s", (_name, text, key) => {
        expect(toPlateKey(text)).toBe(key);
    });
});

describe("what stays apart", () => {
    test.each([
        ["0 and O", "A0", "AO"],
        ["1 and I", "A1", "AI"],
        ["8 and B", "A8", "AB"],
        ["3 and Cyrillic З", "A3", "AЗ"],
        ["4 and Cyrillic Ч", "A4", "AЧ"],
        ["Greek and Latin A", "A1", "Α1"],
        ["Mongolian Ү and Y", "Ү1", "Y1"],
        ["Mongolian Ө and O", "Ө1", "O1"],
        ["U and Ü", "MU1", "MÜ1"],
        ["Е and Ё", "Е1", "Ё1"],
        ["provinces", "京A12345", "新A12345"],
        ["with and without province", "A12345", "新A12345"],
        ["an ideographic zero is not dropped", "A1", "A〇1"],
    ])("%s", (_name, a, b) => {
        expect(toPlateKey(a)).not.toBe(toPlateKey(b));
    });
});

describe("laws", () => {
    const sign = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ӨҮЖ新挂عÄ");
    const plate = fc.string({ unit: sign, minLength: 1, maxLength: 10 });

    test("the key of a key is itself", () => {
        fc.assert(
            fc.property(anyText, (any) => toPlateKey(toPlateKey(any)) === toPlateKey(any)),
            { numRuns: 5_000 },
        );
    });

    test("the key of a key is itself for every character of the planes that have scripts", () => {
        const changed: string[] = [];
        for (let code = 0; code <= 0x1ffff; code++) {
            const key = toPlateKey(String.fromCodePoint(code));
            if (toPlateKey(key) !== key) changed.push(code.toString(16));
        }
        expect(changed).toEqual([]);
    });

    test("a key holds letters and numbers only", () => {
        fc.assert(
            fc.property(anyText, (any) => /^[\p{L}\p{N}]*$/u.test(toPlateKey(any))),
            { numRuns: 5_000 },
        );
    });

    test("separators anywhere between signs change nothing", () => {
        const noise = fc.array(fc.constantFrom(...SEPARATORS, ...INVISIBLES), { maxLength: 3 });
        fc.assert(
            fc.property(plate, fc.array(noise, { minLength: 11, maxLength: 11 }), (any, gaps) => {
                const spread = [...any].map((one, index) => `${gaps[index]?.join("")}${one}`).join("");
                expect(toPlateKey(`${spread}${gaps[10]?.join("")}`)).toBe(any);
            }),
        );
    });

    test("invisible signs change nothing even inside a letter with an accent", () => {
        fc.assert(
            fc.property(anyText, fc.nat(20), fc.constantFrom(...INVISIBLES), (any, place, invisible) => {
                const signs = [...any];
                signs.splice(place, 0, invisible);
                expect(toPlateKey(signs.join(""))).toBe(toPlateKey(any));
            }),
            { numRuns: 2_000 },
        );
    });

    test("look-alikes, in any mixture and case, give one key", () => {
        const disguised = fc.array(
            fc.constantFrom(...LOOK_ALIKES).chain(([cyrillic, latin]) =>
                fc.record({
                    latin: fc.constant(latin),
                    typed: fc.constantFrom(
                        latin,
                        latin.toLowerCase(),
                        String.fromCodePoint(cyrillic),
                        String.fromCodePoint(cyrillic).toLowerCase(),
                        String.fromCodePoint(latin.charCodeAt(0) + 0xfee0), // Full width.
                    ),
                }),
            ),
            { minLength: 1, maxLength: 8 },
        );
        fc.assert(
            fc.property(disguised, (letters) => {
                const typed = letters.map((letter) => letter.typed).join(" ");
                expect(toPlateKey(typed)).toBe(letters.map((letter) => letter.latin).join(""));
            }),
        );
    });

    test("two plates that differ in one sign differ in key", () => {
        fc.assert(
            fc.property(plate, fc.nat(9), sign, (any, place, other) => {
                const signs = [...any];
                const index = place % signs.length;
                fc.pre(signs[index] !== other);
                signs[index] = other;
                expect(toPlateKey(signs.join(""))).not.toBe(toPlateKey(any));
            }),
        );
    });
});

describe("keys for near matches", () => {
    test.each([
        ["1234 УБӨ", "1234YBU"],
        ["1234 СҮХ", "1234CUX"],
        ["1234 ЖЦЯ", "1234JTSYA"],
        ["123 ABC 02", "123ABC02"],
        ["新A12345", "新A12345"],
    ])("Latin key of %s", (text, latin) => {
        expect(toLatinKey(toPlateKey(text))).toBe(latin);
    });

    test("every letter of the Cyrillic alphabets of the region has a Latin writing", () => {
        const letters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӨҮӘҒҚҢҰҺІЄЇҐЎ";
        expect(toLatinKey(toPlateKey(letters))).toMatch(/^[A-Z]+$/u);
    });

    test.each([
        ["新A12345", "A12345"],
        ["粤B1234挂", "B1234"],
        ["粤Z1234港", "Z1234"],
        ["123ABC02", "123ABC02"],
        ["1234УБӨ", "1234YБӨ"],
    ])("Latin suffix of %s", (text, suffix) => {
        expect(toLatinSuffix(toPlateKey(text))).toBe(suffix);
    });
});
