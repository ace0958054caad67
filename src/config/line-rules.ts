/** Rules for Modbus lines: whoever shares a wire means the same wire, and a late reply is reckoned with for longer than one in time. */

import type { SiteProblem } from "./site-rules.ts";
import type { Site } from "./site-schema.ts";

/** What belongs to the wire and not to one unit on it. */
const OF_THE_WIRE = ["baudRate", "parity", "stopBits", "timeoutMs", "lateMs"] as const;

type ModbusLine = Extract<Site["scales"][string]["line"], { readonly kind: "modbus-tcp" | "modbus-rtu" }>;

/** In file order. */
export function lineProblems({ modules, scales, boards }: Site): readonly SiteProblem[] {
    const lines = [
        ...Object.entries(modules).map(([id, { bus }]) => [["modules", id, "bus"], bus] as const),
        ...Object.entries(scales).map(([id, { line }]) => [["scales", id, "line"], line] as const),
        ...Object.entries(boards).map(([id, { line }]) => [["boards", id, "line"], line] as const),
    ];
    const first = new Map<string, { readonly at: string; readonly line: ModbusLine }>();
    return lines.flatMap(([path, line]) => {
        if (line.kind !== "modbus-tcp" && line.kind !== "modbus-rtu") return [];
        const wire = line.kind === "modbus-rtu" ? line.path : `${line.host}:${line.port}`;
        const before = first.get(wire);
        if (before === undefined) {
            first.set(wire, { at: path.join("."), line });
            return tooShort(path, line);
        }
        const [ours, theirs]: Readonly<Record<string, unknown>>[] = [line, before.line];
        return OF_THE_WIRE.filter((key) => ours?.[key] !== theirs?.[key]).map((key) => ({
            path: [...path, key],
            message: `${wire} is one wire: ${before.at} says ${theirs?.[key] ?? "nothing"}, this one ${ours?.[key] ?? "nothing"}`,
        }));
    });
}

function tooShort(path: readonly string[], line: ModbusLine): readonly SiteProblem[] {
    if (line.kind === "modbus-tcp" || line.lateMs === undefined || line.lateMs > line.timeoutMs) return [];
    return [{ path: [...path, "lateMs"], message: "must be more than timeoutMs: a late reply comes after it" }];
}
