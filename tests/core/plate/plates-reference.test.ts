/** The printed tables of forms and regions are those of the code, country by country. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KAZAKH_REGIONS } from "../../../src/core/plate/formats-kazakhstan.ts";
import { PLATE_FORMATS } from "../../../src/core/plate/plate-formats.ts";

const page = readFileSync(new URL("../../../docs/reference/plates.md", import.meta.url), "utf8");
const countries = [...new Set(PLATE_FORMATS.map(({ country }) => country))];

/** Cells of the table below the heading that contains the given words; "\|" is a bar inside a cell. */
function tableBelow(heading: string): readonly (readonly string[])[] {
    const section = page.split(/^#{2,3} /mu).find((text) => text.split("\n")[0]?.includes(heading)) ?? "";
    return section
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .slice(1)
        .map((line) => line.split(/(?<!\\)\|/u).map((cell) => cell.trim().replaceAll("\\|", "|")));
}

test.each(countries)("the forms of %s", (country) => {
    const printed = tableBelow(`(${country})`).map(([, id, kind, pattern, rows, verified]) => [
        id,
        kind,
        pattern,
        rows,
        verified,
    ]);
    const known = PLATE_FORMATS.filter((format) => format.country === country);
    expect(printed).toEqual(
        known.map(({ id, kind, pattern, rows, verified }) => {
            return [id, kind, `\`${pattern.source}\``, rows.join(", "), verified ? "yes" : "no"];
        }),
    );
});

test("no country is printed that is not known", () => {
    expect([...page.matchAll(/^### .* \(([A-Z]{2})\)$/gmu)].map(([, country]) => country)).toEqual(countries);
});

test("the regions of Kazakhstan", () => {
    const printed = tableBelow("Kazakh regions").map(([, code, name, letters]) => [code, name, letters]);
    expect(printed).toEqual(
        KAZAKH_REGIONS.map(({ code, name, oldLetters }) => [code, name, [...oldLetters].join(" ")]),
    );
});
