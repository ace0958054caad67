/** `kordon run`: drives a site until it is told to end. */
import { Command, Option } from "commander";
import { systemClock } from "../runtime/clock.ts";
import { openLog } from "../runtime/log.ts";
import { superviseWith } from "../runtime/supervisor.ts";
import { CommandFailure, EXIT, printResult } from "./outcome.ts";
import { runUntilAsked } from "./run-until-asked.ts";
import { SiteDaemon } from "./site-daemon.ts";
import { siteFrom } from "./site-option.ts";
import { keepHeapSmall } from "./small-heap.ts";

export function runCommand(): Command {
    return new Command("run")
        .description("drive a site: lanes, devices, booking list and the link to the central system")
        .requiredOption("--site <file>", "site file")
        .addOption(
            new Option("--log <level>", "how much to log to stderr")
                .choices(["debug", "info", "warn", "error", "silent"])
                .default("info"),
        )
        .option("--json", "say on stdout when it runs and when it has ended, as JSON lines")
        .action(async (options: { site: string; log: string; json?: boolean }) => {
            keepHeapSmall();
            const site = siteFrom(options.site);
            const log = openLog(options.log);
            const supervise = superviseWith(systemClock, log, process.env);
            const say = (value: object): void => {
                if (options.json) printResult(true, value, "");
            };
            const signal = await runUntilAsked({
                signals: process,
                start: () =>
                    SiteDaemon.start(site, systemClock, log, supervise).catch((error: unknown) => {
                        throw new CommandFailure(EXIT.failed, error instanceof Error ? error.message : String(error));
                    }),
                running: () => say({ is: "running", site: site.site, socket: site.controlSocket }),
                asked: (by) => log.info({ signal: by }, "asked to end"),
            });
            say({ is: "ended", signal });
        });
}
