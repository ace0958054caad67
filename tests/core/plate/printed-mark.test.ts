/** The Kyrgyz "KG" may be read or not, typed or not; nothing else has another spelling. */
import { expect, test } from "vitest";
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import { otherSpellings } from "../../../src/core/plate/printed-mark.ts";

test.each([
    ["05 KG 687 HF", ["05687HF"]],
    ["05 687 HF", ["05KG687HF"]],
    ["01 KG 123 ABC", ["01123ABC"]],
    ["123 ABC 02", []],
    ["KG", []],
    ["95 808 RDY", []],
])("%s: %j", (text, expected) => expect(otherSpellings(toPlateKey(text))).toEqual(expected));
