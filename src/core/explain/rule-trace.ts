/** The decision's rule trace in people's words. `decide` writes its trace once, in English; here each line is recognised. */
import { phrase, type Told, type Value, word } from "./told.ts";

type Reading = readonly [pattern: RegExp, tell: (found: readonly string[]) => Told];

const READINGS: readonly Reading[] = [
    [/^reads: (\d+), with a key: (\d+)$/, ([reads, usable]) => ({ key: "trace.reads", values: { reads, usable } })],
    [
        /^confident reads: (\d+) \(confidence >= ([\d.]+)\)$/,
        ([sure, least]) => ({ key: "trace.sure", values: { sure, least: Math.round(Number(least) * 100) } }),
    ],
    [
        /^readers disagree: (\S+) (\S+), (\S+) (\S+)$/,
        ([camera, plate, other, otherPlate]) => ({
            key: "trace.readers-disagree",
            values: { camera, plate, other, otherPlate },
        }),
    ],
    [/^confident reads disagree: (.+)$/, ([plates]) => ({ key: "trace.disagree", values: { plates } })],
    [
        /^list version (\d+), (fresh|old)$/,
        ([version, age]) => ({ key: age === "old" ? "trace.list.old" : "trace.list.fresh", values: { version } }),
    ],
    [/^the plate is booked as a trailer only$/, () => ({ key: "trace.trailer" })],
    [/^not listed; (\d+) bookings one character away$/, ([near]) => ({ key: "trace.near", values: { near } })],
    [
        /^doubted: (\S+), (\S+)$/,
        ([plate, doubt]) => ({ key: "trace.doubted", values: { plate, doubt: word("doubt", doubt) } }),
    ],
    [/^not listed$/, () => ({ key: "trace.unlisted" })],
    [
        /^bookings of the plate: (\d+), at this checkpoint: (\d+)$/,
        ([bookings, here]) => ({ key: "trace.bookings", values: { bookings, here } }),
    ],
    [
        /^status (\S+?)(, late)? at (\S+): (.+)$/,
        ([status, late, role, verdict]) => ({
            key: late ? "trace.status.late" : "trace.status",
            values: { status: word("status", status), role: word("role", role), verdict: verdictOf(verdict) },
        }),
    ],
    [/^the slot cannot be checked: wall clock not trusted$/, () => ({ key: "trace.no-clock" })],
    [/^linked to (\S+) by (.+)$/, ([booking, name]) => ({ key: "trace.linked", values: { booking, name } })],
    [/^the same plate is at lane (\S+)$/, ([lane]) => ({ key: "trace.elsewhere", values: { lane } })],
    [
        /^out-of-turn list (\S+), entry (\S+)$/,
        ([list, entry]) => ({ key: "trace.out-of-turn", values: { list, entry } }),
    ],
    [/^national script, booked as (\S+)$/, ([plate]) => ({ key: "trace.folded", values: { plate } })],
    [/^the booker is blocked; what was booked still passes$/, () => ({ key: "trace.booker-blocked" })],
    [/^holds: (.+)$/, ([holds]) => ({ key: "trace.holds", values: { holds } })],
    [/^called by this site$/, () => ({ key: "trace.called-here" })],
    [/^inside, by this site's own record$/, () => ({ key: "trace.inside" })],
    [/^known here: (\S+)$/, ([stage]) => ({ key: "trace.known", values: { stage: word("means", stage) } })],
    [/^the central system contradicts what was seen here$/, () => ({ key: "trace.contradicted" })],
    [
        /^way through the waiting area: (seen|not seen)$/,
        ([found]) => ({ key: found === "seen" ? "trace.way.seen" : "trace.way.not-seen" }),
    ],
    [
        /^quota (\S+): (free|used up)$/,
        ([quota, found]) => ({
            key: found === "free" ? "trace.quota.free" : "trace.quota.full",
            values: { quota: quotaOf(quota) },
        }),
    ],
    [/^country ([A-Z]{2}): fits$/, ([country]) => ({ key: "trace.country.fits", values: { country } })],
    [
        /^country ([A-Z]{2}): the plate has another form$/,
        ([country]) => ({ key: "trace.country.form", values: { country } }),
    ],
    [
        /^country ([A-Z]{2}): the reader says (\S+)$/,
        ([country, seen]) => ({ key: "trace.country.other", values: { country, seen } }),
    ],
    [
        /^booked trailers: (seen|not seen)$/,
        ([found]) => ({ key: found === "seen" ? "trace.trailers.seen" : "trace.trailers.not-seen" }),
    ],
    [
        /^slot: (in time|TOO_EARLY|TOO_LATE|CALL_OVER)$/,
        ([timing]) => ({ key: phrase("trace.slot", timing) ?? "trace.no-clock" }),
    ],
    [/^no weight: (\S+)$/, ([problem]) => ({ key: "trace.no-weight", values: { problem: word("weight", problem) } })],
    [
        /^gross (-?[\d.]+) kg, from ([\d.]+) to ([\d.]+) in order$/,
        ([gross, least, most]) => ({ key: "trace.weight", values: { gross, least, most } }),
    ],
];

/** One line of a trace as a sentence; undefined for a line that this version does not know. */
export function tellTrace(line: string): Told | undefined {
    for (const [pattern, tell] of READINGS) {
        const found = pattern.exec(line);
        if (found !== null) return tell(found.slice(1));
    }
    return undefined;
}

/** A quota of the site has a name, one of a list its list. */
function quotaOf(quota: string | undefined): Value {
    const list = /^list:(.+)$/.exec(quota ?? "")?.[1];
    return list === undefined ? word("quota", quota) : { key: "quota.list", values: { list } };
}

/** «in order», or the reason that the state stands for. */
function verdictOf(verdict: string | undefined): Value {
    const key = phrase("reason", verdict);
    return key === undefined ? word("verdict", verdict) : { key };
}
