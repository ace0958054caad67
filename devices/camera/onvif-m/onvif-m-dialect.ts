/**
 * ONVIF Profile M: licence plate events as JSON over MQTT. An element with attributes becomes an object with its text under
 * `#text` and its attributes behind `@`; one without becomes the text itself, so both are read.
 */
import type { FeedPart } from "../../../src/ports/camera-feed.ts";
import { branchAt, jsonOf, leafAt, numberIn, type Tree, textOf, Unreadable } from "../camera-text.ts";
import { cameraTimeMs } from "../camera-time.ts";
import { type Heard, refused } from "../plate-event.ts";

export function hearOnvif(part: FeedPart): Heard {
    try {
        return hearEvent(jsonOf(textOf(part)));
    } catch (error) {
        if (error instanceof Unreadable) return refused(error.message);
        throw error;
    }
}

function hearEvent(event: Tree): Heard {
    const time = leafAt(event, "UtcTime");
    const timeMs = cameraTimeMs(time);
    const when = { ...(time === undefined ? {} : { time }), ...(timeMs === undefined ? {} : { timeMs }) };
    const data = branchAt(event, "Data");
    const outer = branchAt(data, "LicensePlateInfo");
    if (outer === undefined) return { is: "alive", ...(timeMs === undefined ? {} : { timeMs }) };
    const info = branchAt(outer, "LicensePlateInfo") ?? outer;
    const text = elementIn(info, "PlateNumber");
    if (text === undefined) return refused("a licence plate event without one PlateNumber");
    const source = `${leafAt(event, "Source", "VideoSource") ?? ""} ${leafAt(event, "Source", "Rule") ?? ""}`;
    const id = `${source} ${time ?? ""} ${text}`;
    const object = leafAt(data, "ObjectId") ?? leafAt(event, "Key", "ObjectId");
    const confidence = numberIn(leafAt(info, "PlateNumber", "@Likelihood") ?? leafAt(data, "Likelihood"));
    const region = elementIn(info, "CountryCode");
    const direction = leafAt(data, "Direction");
    const read = {
        id,
        object: object ?? id,
        text,
        ...when,
        // A property event that begins by telling how things stand is a memory, not a sighting.
        isLate: leafAt(event, "PropertyOperation") === "Initialized",
        isGone: leafAt(event, "PropertyOperation") === "Deleted",
        ...(confidence === undefined ? {} : { confidence }),
        ...(direction === undefined ? {} : { direction }),
        ...(region === undefined ? {} : { region }),
    };
    return { is: "plates", events: [read] };
}

function elementIn(tree: Tree, name: string): string | undefined {
    return leafAt(tree, name) ?? leafAt(tree, name, "#text");
}
