/** A daemon's CarGoRuqsat way as a process that dies in mid-sentence: `node cgr-victim.ts URL FOLDER`. */
import { CgrBox } from "./cgr-box.ts";

const [url = "", folder = ""] = process.argv.slice(2);
new CgrBox(url, { folder }).point.start();
setInterval(() => undefined, 1_000); // Keeps the process until it is killed.
