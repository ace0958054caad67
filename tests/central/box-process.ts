/** A box in a process of its own, to be killed: `fork(box-process.ts, [url])`; says `online` when the broker took it. */
import { SiteBox } from "./site-box.ts";

const box = new SiteBox(process.argv[2] ?? "");
box.link.start();
await box.until("the link is online", () => box.link.isOnline());
process.send?.("online");
