/** A box that makes facts without a pause and sends them, to be killed: `fork(box-mill-process.ts, [url, folder])`. */
import { systemClock } from "../../src/runtime/clock.ts";
import { SiteBox } from "./site-box.ts";

const [url = "", folder = ""] = process.argv.slice(2);
const box = new SiteBox(url, {}, folder);
box.link.start();
for (;;) {
    box.commit(7);
    await systemClock.sleep(1);
    if (box.link.isOnline() && process.connected) process.send?.(box.journal.head().sequence);
}
