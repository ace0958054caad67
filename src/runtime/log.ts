/** Ordinary logs: pino to stderr, one JSON line each. Plates come masked; stdout belongs to results. */
import { destination, type Logger, pino } from "pino";

export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "child">;

/** `level` is one of pino's: trace, debug, info, warn, error, fatal, silent. */
export function openLog(level: string): Log {
    return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination({ dest: 2, sync: false }));
}
