/** Ordinary logs never show a whole plate. */
import { expect, test } from "vitest";
import type { Fact } from "../../src/core/fact/fact.ts";
import { logFacts } from "../../src/runtime/fact-log.ts";
import type { Log } from "../../src/runtime/log.ts";

function fact(kind: Fact["kind"], data: Fact["data"]): Fact {
    return {
        kind,
        data,
        lane: "lane-1",
        passage: "p1",
        id: "j-1",
        sequence: 1,
        utcMs: 0,
        isClockTrusted: true,
        hash: "",
        previousHash: "",
    };
}

test("plates are masked, reasons are told, alarms are warnings", () => {
    const lines: { level: string; fields: object; kind: string }[] = [];
    const take = (level: string) => (fields: object, kind: string) => void lines.push({ level, fields, kind });
    const log = { info: take("info"), warn: take("warn") } as unknown as Log;
    const plate = "123ABC02";
    logFacts(
        [
            fact("decision.made", { outcome: "admit", reason: "BOOKED", plate, trace: [plate] }),
            fact("vehicle.recognised", { text: plate, key: plate }),
        ],
        log,
    );
    logFacts([fact("alarm.raised", { code: "LIST_OLD" })], log);
    expect(JSON.stringify(lines)).not.toContain(plate);
    expect(lines.map(({ level, kind }) => `${level} ${kind}`)).toEqual([
        "info decision.made",
        "info vehicle.recognised",
        "warn alarm.raised",
    ]);
    expect(lines[0]?.fields).toMatchObject({
        reason: "BOOKED",
        lane: "lane-1",
        plate: expect.stringMatching(/^12\*+02$/),
    });
});
