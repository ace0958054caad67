/** The daemon as `kordon run` starts it, without the cameras' child processes: this machine has no OpenCV. */

import { SiteDaemon } from "../../../../src/cli/site-daemon.ts";
import { loadSite } from "../../../../src/config/load-site.ts";
import type { Supervise } from "../../../../src/ports/supervised-child.ts";
import { systemClock } from "../../../../src/runtime/clock.ts";
import { openLog } from "../../../../src/runtime/log.ts";

const noChildren: Supervise = ({ device }) => ({
    send: () => undefined,
    health: () => ({ device, state: "starting", failures: 0 }),
    stop: async () => undefined,
});

const daemon = await SiteDaemon.start(loadSite("/tmp/site.yaml"), systemClock, openLog("warn"), noChildren);
process.once("SIGTERM", () => void daemon.stop());
process.send?.("ready");
