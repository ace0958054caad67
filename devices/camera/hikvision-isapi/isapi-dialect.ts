/**
 * Hikvision's ISAPI: an `EventNotificationAlert` in XML, its pictures behind it; the same over the camera's alert stream and in
 * pushes to a listener. A first message without pictures (`hasMoreData`) has the UUID of the full one.
 */

import type { FeedPart } from "../../../src/ports/camera-feed.ts";
import { branchAt, leafAt, numberIn, pictureOf, type Tree, textOf, Unreadable, xmlOf } from "../camera-text.ts";
import { cameraTimeMs } from "../camera-time.ts";
import { type Heard, refused } from "../plate-event.ts";

export function hearIsapi(part: FeedPart): Heard {
    if (/^image\//i.test(part.type) || part.bytes[0] === 0xff) {
        const kind = /plate/i.test(part.name) ? "plate" : "frame";
        const picture = pictureOf(part.bytes, kind);
        return picture === undefined ? refused("a picture that is no JPEG") : { is: "picture", picture };
    }
    try {
        const text = textOf(part);
        // Newer firmware says some other events in JSON; plates come in XML.
        if (/^\s*\{/.test(text)) return { is: "alive" };
        return hearAlert(branchAt(xmlOf(text), "EventNotificationAlert"));
    } catch (error) {
        if (error instanceof Unreadable) return refused(error.message);
        throw error;
    }
}

function hearAlert(alert: Tree | undefined): Heard {
    if (alert === undefined) return refused("no EventNotificationAlert");
    const time = leafAt(alert, "dateTime");
    const timeMs = cameraTimeMs(time);
    const when = timeMs === undefined ? {} : { timeMs };
    const isPlate = leafAt(alert, "eventType")?.toUpperCase() === "ANPR";
    // Heart-beats are inactive events of another type.
    if (!isPlate || leafAt(alert, "eventState") === "inactive") return { is: "alive", ...when };
    const anpr = branchAt(alert, "ANPR");
    const text = leafAt(anpr, "licensePlate");
    if (text === undefined) return refused("an ANPR event without one licensePlate");
    const id = leafAt(alert, "UUID") ?? `${time ?? ""} ${leafAt(alert, "channelID") ?? ""}`;
    const confidence = numberIn(leafAt(anpr, "confidenceLevel"));
    const line = leafAt(anpr, "line");
    const direction = leafAt(anpr, "direction");
    const region = leafAt(anpr, "CRIndex") ?? leafAt(anpr, "country");
    const original = leafAt(anpr, "originalLicensePlate");
    const event = {
        id,
        object: id,
        text,
        isLate: leafAt(alert, "isDataRetransmission")?.toLowerCase() === "true",
        ...when,
        ...(time === undefined ? {} : { time }),
        ...(confidence === undefined ? {} : { confidence }),
        ...(line === undefined ? {} : { line }),
        ...(direction === undefined ? {} : { direction }),
        ...(region === undefined ? {} : { region }),
        ...(original === undefined || original === text ? {} : { original }),
    };
    return { is: "plates", events: [event] };
}
