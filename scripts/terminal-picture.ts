/** Turns terminal text on stdin into an SVG picture on stdout: `./kordon demo | node scripts/terminal-picture.ts > docs/pictures/demo.svg`. */
import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";

const CHARACTER_PX = 8.4;
const LINE_PX = 19;
const MARGIN_PX = 16;

const lines = stripVTControlCharacters(readFileSync(0, "utf8"))
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r") + 1).trimEnd());
while (lines.at(-1) === "") lines.pop();

const width = Math.ceil(Math.max(...lines.map((line) => [...line].length)) * CHARACTER_PX) + 2 * MARGIN_PX;
const height = lines.length * LINE_PX + 2 * MARGIN_PX;

/** Words that an eye should find first. */
function colourOf(line: string): string {
    if (/ WRONG| [1-9]\d* wrong openings/.test(line)) return "#ffb454";
    if (/ admitted/.test(line)) return "#a6e3a1";
    if (/ refused| referred/.test(line)) return "#f9e2af";
    return "#cdd6f4";
}

const escaped = (line: string): string => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const rows = lines.map((line, index) => {
    const y = MARGIN_PX + (index + 0.8) * LINE_PX;
    return `<text x="${MARGIN_PX}" y="${y}" fill="${colourOf(line)}" xml:space="preserve">${escaped(line)}</text>`;
});

process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" rx="8" fill="#1e1e2e"/>
<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">
${rows.join("\n")}
</g>
</svg>
`);
