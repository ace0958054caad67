/**
 * Dahua's `attachFileProc`: events as lines of `Events[0].Name=value`, their pictures behind them, and the word `Heartbeat`
 * in between. Some firmware says `ReturnEvents`, and puts the code into `EventBaseInfo`.
 */
import type { FeedPart } from "../../../src/ports/camera-feed.ts";
import { numberIn, pictureOf, textOf, Unreadable } from "../camera-text.ts";
import { type Heard, type PlateEvent, refused } from "../plate-event.ts";

const LINES_MAX = 4_000;
const EVENTS_MAX = 16;

/** Fields of one event; `undefined`: said twice, and not the same. */
type Fields = ReadonlyMap<string, string | undefined>;

export function hearItc(part: FeedPart): Heard {
    if (/^image\//i.test(part.type)) {
        const picture = pictureOf(part.bytes, /plate|cutout/i.test(part.name) ? "plate" : "frame");
        return picture === undefined ? refused("a picture that is no JPEG") : { is: "picture", picture };
    }
    try {
        const text = textOf(part);
        if (/^\s*(?:Heartbeat)?\s*$/i.test(text)) return { is: "alive" };
        return hearEvents([...eventsIn(text).values()]);
    } catch (error) {
        if (error instanceof Unreadable) return refused(error.message);
        throw error;
    }
}

function eventsIn(text: string): ReadonlyMap<string, Fields> {
    const lines = text.split(/\r?\n/, LINES_MAX + 1);
    if (lines.length > LINES_MAX) throw new Unreadable("too many lines");
    const events = new Map<string, Map<string, string | undefined>>();
    for (const line of lines) {
        const [, index, key, value = ""] = /^\s*(?:Return)?Events\[(\d{1,3})\]\.([^=]{1,200})=(.*)$/.exec(line) ?? [];
        if (index === undefined || key === undefined) continue;
        const fields = events.get(index) ?? new Map<string, string | undefined>();
        const isSaidTwice = fields.has(key) && fields.get(key) !== value.trim();
        fields.set(key, isSaidTwice ? undefined : value.trim());
        events.set(index, fields);
        if (events.size > EVENTS_MAX) throw new Unreadable("too many events");
    }
    if (events.size === 0) throw new Unreadable("neither an event nor a heart-beat");
    return events;
}

function hearEvents(all: readonly Fields[]): Heard {
    const junctions = all.filter((fields) => /^Traffic/.test(fieldIn(fields, "Code", "EventBaseInfo.Code") ?? ""));
    if (junctions.length === 0) return { is: "alive" };
    const events = junctions.flatMap((fields) => eventOf(fields) ?? []);
    return events.length < junctions.length
        ? refused("a traffic event without one plate text")
        : { is: "plates", events };
}

function eventOf(fields: Fields): PlateEvent | undefined {
    const of = (key: string): string | undefined => fieldIn(fields, key);
    const text = plateIn(fields);
    if (text === undefined) return undefined;
    const [utc = "", utcMs = "0", group] = [of("UTC"), of("UTCMS"), of("GroupID")];
    const object = group ?? `${utc} ${text}`;
    const seconds = numberIn(utc);
    const confidence = numberIn(of("Object.Confidence"));
    const line = of("Lane");
    const direction = of("JunctionDirection");
    const region = of("CommInfo.Country") ?? of("TrafficCar.Country");
    return {
        id: `${object} ${of("IndexInGroup") ?? ""} ${utc} ${utcMs}`,
        object,
        text,
        ...(confidence === undefined ? {} : { confidence }),
        ...(seconds === undefined
            ? {}
            : { time: `UTC ${utc}.${utcMs.padStart(3, "0")}`, timeMs: seconds * 1_000 + (numberIn(utcMs) ?? 0) }),
        ...(line === undefined ? {} : { line }),
        ...(direction === undefined ? {} : { direction }),
        ...(region === undefined ? {} : { region }),
    };
}

/** An empty plate number is an answer: none was read. One said twice, or two that differ, is none. */
function plateIn(fields: Fields): string | undefined {
    const said = [
        ...(fields.has("TrafficCar.PlateNumber") ? [fields.get("TrafficCar.PlateNumber")] : []),
        ...(fields.get("Object.ObjectType") === "Plate" && fields.has("Object.Text")
            ? [fields.get("Object.Text")]
            : []),
    ];
    const texts = new Set(said.filter((text) => text !== ""));
    if (said.length === 0 || texts.size > 1) return undefined;
    const [text = ""] = texts;
    return texts.has(undefined) ? undefined : text;
}

function fieldIn(fields: Fields, ...keys: readonly string[]): string | undefined {
    return keys.map((key) => fields.get(key)).find((value) => value !== undefined && value !== "");
}
