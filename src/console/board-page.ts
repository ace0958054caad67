/** The page of one board: full screen, no frame, no library. It shows what it is told and says so itself when nobody tells it any more. */

/** `id` is a board's id of the site file: lower-case letters, digits and dashes. */
export function boardPage(id: string, lostLines: readonly string[]): string {
    const lost = JSON.stringify(lostLines).replaceAll("<", "\\u003c");
    return `<!doctype html>
<html lang="ru">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${id}</title>
<style>
html, body { margin: 0; height: 100%; background: #000; overflow: hidden; cursor: none; }
main { height: 100vh; display: flex; flex-direction: column; justify-content: space-evenly; color: #ffb000;
       font: 700 1em "DejaVu Sans Mono", "Noto Sans Mono", monospace; white-space: pre; padding: 0 2vw; }
.go { color: #2f2; } .stop { color: #f33; } .wait { color: #ffb000; } .old { outline: 1vh dashed #f33; outline-offset: -1vh; }
</style>
<main id="face"></main>
<script>
"use strict";
const face = document.getElementById("face");
const lost = ${lost};
let over;
function show(lines, tone, isOld) {
    const longest = Math.max(8, ...lines.map((line) => [...line].length));
    face.className = tone + (isOld ? " old" : "");
    face.style.fontSize = "min(" + 96 / longest / 0.62 + "vw, " + 90 / Math.max(1, lines.length) / 1.2 + "vh)";
    face.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line || " " })));
}
function lose() { show(lost, "info", true); }
lose();
const source = new EventSource("/boards/${id}/live");
source.addEventListener("face", (event) => {
    const word = JSON.parse(event.data);
    show(word.face.lines, word.face.tone, word.face.isStale);
    clearTimeout(over);
    over = setTimeout(lose, word.goodForMs);
});
</script>
`;
}
