/** What each kind of fact says, without a language yet. Codes that have no words are shown as they are. */
import type { Fact, FactKind, Json } from "../fact/fact.ts";
import { tellTrace } from "./rule-trace.ts";
import { phrase, type Told, type Value, word } from "./told.ts";

type Data = Fact["data"];

/** The fact as a sentence with details. Never throws: data that this version does not know shows as a dash. */
export function tellFact(fact: Pick<Fact, "kind" | "data">): Told {
    const tell: ((data: Data) => Told) | undefined = TELL[fact.kind];
    // A journal may hold kinds of a newer version.
    return tell?.(fact.data) ?? { key: "fact.unknown", values: { kind: fact.kind, data: JSON.stringify(fact.data) } };
}

const TELL: Readonly<Record<FactKind, (data: Data) => Told>> = {
    "lane.started": (data) => ({
        key: "lane.started",
        values: { arm: word("arm", text(data["arm"])), zone: word("zone", text(data["zone"])) },
        details: maybe(data["resumed"], (passage) => ({ key: "lane.resumed", values: { passage } })),
    }),
    "vehicle.arrived": () => ({ key: "vehicle.arrived" }),
    "vehicle.recognised": (data) => ({
        // Only a camera that reads by itself tells something beside the text.
        key:
            data["isUnrated"] === true
                ? "vehicle.recognised.unrated"
                : data["told"] === undefined
                  ? "vehicle.recognised"
                  : "vehicle.recognised.itself",
        values: {
            camera: text(data["camera"]),
            text: text(data["text"]),
            percent: typeof data["confidence"] === "number" ? Math.round(data["confidence"] * 100) : undefined,
            agreeing: text(data["agreeing"]),
            frames: text(data["frames"]),
            reader: text(data["recogniser"]),
        },
        details: [
            ...(data["isSure"] === false ? [{ key: "read.unsure" } as const] : []),
            ...(data["isRear"] === true ? [{ key: "read.rear" } as const] : []),
            ...maybe(data["travel"], (travel) => ({ key: "read.travel", values: { travel: word("travel", travel) } })),
            ...doubtsOf(data["doubts"]),
            ...toldBy(data["told"]),
            ...several(data["evidence"], (hashes) => ({ key: "read.evidence", values: { hashes } })),
        ],
    }),
    "decision.made": tellDecision,
    "vehicle.referred": (data) => ({
        key: "vehicle.referred",
        values: { reason: word("reason", text(data["reason"])) },
    }),
    "vehicle.refused": (data) => ({ key: "vehicle.refused", values: { reason: word("reason", text(data["reason"])) } }),
    "vehicle.left": () => ({ key: "vehicle.left" }),
    "boom.commanded": tellOrder,
    "boom.opened": () => ({ key: "boom.opened" }),
    "boom.closed": () => ({ key: "boom.closed" }),
    "boom.moved-unasked": (data) => ({ key: "boom.moved-unasked", values: { arm: word("arm", text(data["arm"])) } }),
    "passage.begun": (data) => ({ key: phrase("passage.begun", text(data["by"])) ?? "passage.begun" }),
    "passage.completed": (data) => ({
        key: "passage.completed",
        values: { seconds: seconds(data["durationMs"]), means: word("means", text(data["means"])) },
        details: [
            ...maybe(data["plate"], (plate) => ({ key: "decision.plate", values: { plate } })),
            ...maybe(data["bookingId"], (booking) => ({ key: "decision.booking", values: { booking } })),
            ...(data["isProven"] === false ? [{ key: "passage.unproven" } as const] : []),
            ...(data["isTailgated"] === true ? [{ key: "passage.with-another" } as const] : []),
        ],
    }),
    "passage.backed-out": (data) => ({
        key: "passage.backed-out",
        values: { seconds: seconds(data["durationMs"]) },
        details: data["isWrongWay"] === true ? [{ key: "passage.from-behind" }] : [],
    }),
    "passage.tailgated": (data) => ({
        key: "passage.tailgated",
        values: { under: word("passage.tailgated", text(data["under"])) },
    }),
    "passage.wrong-way": () => ({ key: "passage.wrong-way" }),
    "passage.rear-differs": (data) => ({
        key: "passage.rear-differs",
        values: { key: text(data["key"]), plate: text(data["plate"]), booking: text(data["bookingId"]) },
    }),
    "passage.no-show": (data) => ({ key: "passage.no-show", values: { seconds: seconds(data["waitedMs"]) } }),
    "passage.interrupted": (data) => ({
        key: "passage.interrupted",
        values: { why: whyInterrupted(text(data["why"])) },
    }),
    "passage.recorded": (data) => ({
        key: "passage.recorded",
        values: { chunks: text(data["chunks"]), hash: text(data["sha256"]) },
    }),
    "weighing.completed": (data) => {
        const problem = text(data["problem"]);
        return {
            key: problem === undefined ? "weighing.completed" : "weighing.failed",
            values: { gross: text(data["grossKg"]), problem: word("weight", problem) },
            details: [
                ...(data["exceedsLimit"] === true
                    ? [
                          {
                              key: "weighing.exceeds" as const,
                              values: { limit: text(data["limitKg"]), source: text(data["limitSource"]) },
                          },
                      ]
                    : []),
                ...maybe(data["raw"], (raw) => ({ key: "weighing.raw", values: { raw } })),
            ],
        };
    },
    "officer.ordered": (data) => ({
        key: data["kind"] === "central" ? "ordered.central" : "ordered.officer",
        values: asked(data),
        details: maybe(data["bookingId"], (booking) => ({ key: "ordered.booking", values: { booking } })),
    }),
    "order.refused": (data) => ({
        key: data["kind"] === "central" ? "refused.central" : "refused.officer",
        values: { ...asked(data), code: word("refusal", text(data["code"])) },
    }),
    "message.ordered": (data) => ({
        key: data["kind"] === "central" ? "message.central" : "message.officer",
        values: { ...named(data), ...onBoards(data), text: text(data["text"]), until: text(data["until"]) },
    }),
    "message.withdrawn": (data) => ({ key: "message.withdrawn", values: { ...named(data), ...onBoards(data) } }),
    "emergency.raised": () => ({ key: "emergency.raised" }),
    "emergency.reset": (data) => ({ key: "emergency.reset", values: named(data) }),
    "lane.fault": (data) => ({ key: "lane.fault", values: { code: word("fault", text(data["code"])) } }),
    "lane.reset": (data) => ({ key: "lane.reset", values: named(data) }),
    "lane.mode": tellMode,
    "alarm.raised": (data) => ({ key: "alarm.raised", values: { code: alarm(text(data["code"])) } }),
    "alarm.cleared": (data) => ({ key: "alarm.cleared", values: { code: alarm(text(data["code"])) } }),
    "device.health": (data) => ({
        key: phrase("health", text(data["state"])) ?? "health.failed",
        values: { device: text(data["device"]), code: text(data["code"]), detail: text(data["detail"]) },
    }),
    "clock.trust": (data) => ({ key: data["isTrusted"] === true ? "trust.true" : "trust.false" }),
    "list.changed": (data) => ({
        key: "list.changed",
        values: { version: text(data["version"]), bookings: text(data["bookings"]) },
    }),
    "read.linked": (data) => ({
        key: "read.linked",
        values: { ...named(data), text: text(data["text"]), booking: text(data["bookingId"]) },
        details: maybe(data["booked"], (plate) => ({ key: "read.linked.plate", values: { plate } })),
    }),
    "out-of-turn.loaded": (data) => ({
        key: "out-of-turn.loaded",
        values: {
            ...named(data),
            list: text(data["list"]),
            entries: Array.isArray(data["entries"]) ? data["entries"].length : undefined,
            category: word("category", text(data["category"])),
            from: text(data["validFrom"]),
            until: text(data["validUntil"]),
        },
        details: [
            { key: "out-of-turn.part", values: { part: text(data["part"]), parts: text(data["parts"]) } },
            ...maybe(data["quotaPerDay"], (quota) => ({ key: "out-of-turn.quota", values: { quota } })),
            ...maybe(data["sha256"], (hash) => ({
                key: "out-of-turn.file",
                values: { file: text(data["file"]), hash },
            })),
        ],
    }),
    "out-of-turn.withdrawn": (data) => ({
        key: "out-of-turn.withdrawn",
        values: { ...named(data), list: text(data["list"]) },
    }),
    "booking.called": (data) => ({
        key: "booking.called",
        values: { ...booked(data), number: text(data["queueNumber"]), until: text(data["until"]) },
        details: maybe(data["plate"], (plate) => ({ key: "decision.plate", values: { plate } })),
    }),
    "booking.contradicted": (data) => ({ key: "booking.contradicted", values: booked(data) }),
    "booking.confirmed": (data) => ({ key: "booking.confirmed", values: booked(data) }),
    "continuity.started": (data) => ({
        key: "continuity.started",
        values: { ...named(data), until: text(data["until"]) },
    }),
    "continuity.ended": (data) => ({
        key: data["by"] === null ? "continuity.over" : "continuity.ended",
        values: named(data),
    }),
    "evidence.deleted": (data) => ({ key: "evidence.deleted", values: { pictures: text(data["pictures"]) } }),
    "journal.pruned": (data) => ({ key: "journal.pruned", values: { facts: text(data["facts"]) } }),
};

function tellDecision(data: Data): Told {
    const trace = Array.isArray(data["trace"]) ? data["trace"].map(String) : [];
    return {
        key: "decision.made",
        values: { outcome: word("outcome", text(data["outcome"])), reason: word("reason", text(data["reason"])) },
        details: [
            ...maybe(data["plate"], (plate) => ({ key: "decision.plate", values: { plate } })),
            ...maybe(data["bookingId"], (booking) => ({ key: "decision.booking", values: { booking } })),
            ...several(data["candidates"], (bookings) => ({ key: "decision.candidates", values: { bookings } })),
            { key: "decision.list", values: { version: text(data["listVersion"]) } },
            ...trace.map(
                (line): Told => tellTrace(line) ?? { key: "fact.unknown", values: { kind: "trace", data: line } },
            ),
        ],
    };
}

function tellOrder(data: Data): Told {
    const number = text(data["number"]);
    const why = text(data["why"]);
    if (data["order"] === "lower") return { key: "lower", values: { number, why: whyLowered(why) } };
    const values = {
        number,
        booking: text(data["bookingId"]),
        name: text(data["name"]),
        why: text(data["reason"]) ?? why,
    };
    return { key: phrase("raise", text(data["by"]) ?? why) ?? "raise.unknown", values };
}

/** Software lowers for reasons of its own; people's reasons come as `officer A. Name: reason`. */
function whyLowered(why: string | undefined): Value {
    const [, kind, name, reason] = /^(officer|central) (.+?): (.*)$/s.exec(why ?? "") ?? [];
    const key = phrase("lower", kind ?? why);
    return key === undefined ? why : { key, values: { name, why: reason } };
}

function tellMode(data: Data): Told {
    const mode = text(data["mode"]);
    return { key: phrase("mode", mode) ?? "mode.other", values: { ...named(data), mode } };
}

/** Faults interrupt passages too, by their own codes. */
function whyInterrupted(why: string | undefined): Value {
    const interruption = word("interrupted", why);
    return typeof interruption === "string" ? word("fault", why) : interruption;
}

/** `SENSOR_SILENT:exitLoop` and the like carry what they are about. */
function alarm(code: string | undefined): Value {
    const [name, about] = (code ?? "").split(":");
    const key = phrase("alarm", name);
    return key === undefined ? code : { key, values: { contact: word("contact", about) } };
}

function asked(data: Data): { readonly [place: string]: Value } {
    return { ...named(data), asks: word("asks", text(data["asks"])) };
}

/** A booking with what this site knows of it and what the central system says. */
function booked(data: Data): { readonly [place: string]: Value } {
    return {
        booking: text(data["bookingId"]),
        known: word("means", text(data["known"])),
        status: word("status", text(data["status"])),
    };
}

function onBoards(data: Data): { readonly [place: string]: Value } {
    return { boards: Array.isArray(data["boards"]) ? data["boards"].join(", ") : undefined };
}

function named(data: Data): { readonly [place: string]: Value } {
    return { name: text(data["by"]), why: text(data["why"]) };
}

function text(value: Json | undefined): string | undefined {
    return value === undefined || value === null ? undefined : String(value);
}

function seconds(value: Json | undefined): number | undefined {
    return typeof value === "number" ? Math.round(value / 100) / 10 : undefined;
}

function maybe(value: Json | undefined, tell: (value: string) => Told): readonly Told[] {
    const said = text(value);
    return said === undefined || said === "" ? [] : [tell(said)];
}

function doubtsOf(value: Json | undefined): readonly Told[] {
    if (!Array.isArray(value)) return [];
    return value.map((doubt) => ({ key: "read.doubted", values: { doubt: word("doubt", String(doubt)) } }));
}

function several(value: Json | undefined, tell: (values: string) => Told): readonly Told[] {
    return Array.isArray(value) && value.length > 0 ? [tell(value.join(", "))] : [];
}

/** A camera's other words stay as they came: nothing rests on them. */
function toldBy(told: Json | undefined): readonly Told[] {
    if (typeof told !== "object" || told === null || Array.isArray(told)) return [];
    return Object.entries(told).flatMap(([what, said]) => {
        const key = phrase("read.told", what);
        return key === undefined ? [] : [{ key, values: { said: text(said) } }];
    });
}
