/** The page of one board: full screen, no frame, no library. It shows what it is told and says so itself when nobody tells it any more. */

/**
 * A connection can die without a word, and a browser gives up one that was answered with an error. So a page that has lost its
 * board asks anew this often; longer than a board's keeper waits between two tries (4 s).
 */
const ASK_AGAIN_MS = 5_000;

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
main { box-sizing: border-box; height: 100vh; padding: 0 2vw; display: flex; flex-direction: column; justify-content: space-evenly;
       color: #ffb000; font: 700 1em/1.2 "DejaVu Sans Mono", "Noto Sans Mono", "Liberation Mono", monospace; white-space: pre; }
.go { color: #2f2; } .stop { color: #f33; } .wait { color: #ffb000; } .old { outline: 1vh dashed #f33; outline-offset: -1vh; }
</style>
<main id="face"></main>
<script>
"use strict";
const face = document.getElementById("face");
const lost = ${lost};
let source, over;
function show(lines, tone, isOld) {
    face.className = tone + (isOld ? " old" : "");
    face.replaceChildren(...lines.map((line) => Object.assign(document.createElement("div"), { textContent: line || " " })));
    fit();
}
/* As large as a fixed-width font allows; smaller where a Chinese letter or another font takes more. */
function fit() {
    const lines = [...face.children];
    const longest = Math.max(8, ...lines.map((line) => [...line.textContent].length));
    const size = "min(" + 96 / longest / 0.62 + "vw, " + 90 / Math.max(1, lines.length) / 1.2 + "vh)";
    face.style.fontSize = size;
    const excess = Math.max(...lines.map((line) => line.scrollWidth / line.clientWidth));
    if (excess > 1) face.style.fontSize = "calc(" + size + " / " + excess * 1.01 + ")";
}
addEventListener("resize", fit);
function loseAfter(ms) { clearTimeout(over); over = setTimeout(lose, ms); }
function lose() {
    show(lost, "info", true);
    source?.close();
    source = new EventSource("/boards/${id}/live");
    source.addEventListener("face", (event) => {
        const word = JSON.parse(event.data);
        show(word.face.lines, word.face.tone, word.face.isStale);
        loseAfter(word.goodForMs);
    });
    loseAfter(${ASK_AGAIN_MS});
}
lose();
</script>
`;
}
