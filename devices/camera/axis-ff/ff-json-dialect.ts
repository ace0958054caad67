/**
 * The JSON of FF Group's readers, which Axis sells as License Plate Verifier: one object for each change (`new`, `updated`,
 * `lost`), alone or as the first part of a form with its picture. Direction is never known in `new`; `lost` sees nothing.
 */
import { toPlateKey } from "../../../src/core/plate/plate-key.ts";
import type { FeedPart } from "../../../src/ports/camera-feed.ts";
import { jsonOf, leafAt, numberIn, pictureOf, type Tree, textOf, Unreadable } from "../camera-text.ts";
import { cameraTimeMs } from "../camera-time.ts";
import { type Heard, refused } from "../plate-event.ts";

const PLATE_KEYS = ["plateUTF8", "plateUnicode", "plateText"] as const;

export function hearFfJson(part: FeedPart): Heard {
    if (/^image\//i.test(part.type)) {
        const picture = pictureOf(part.bytes, /plate/i.test(part.name) ? "plate" : "frame");
        // PNG and BMP may be chosen in the camera; evidence is JPEG.
        return picture === undefined ? { is: "alive" } : { is: "picture", picture };
    }
    try {
        return hearEvent(jsonOf(textOf(part)));
    } catch (error) {
        if (error instanceof Unreadable) return refused(error.message);
        throw error;
    }
}

function hearEvent(event: Tree): Heard {
    const state = leafAt(event, "carState")?.toLowerCase();
    const texts = PLATE_KEYS.flatMap((key) => leafAt(event, key) ?? []);
    const [text] = texts;
    if (state === undefined && text === undefined) return { is: "alive" };
    if (text === undefined || new Set(texts.map(toPlateKey)).size > 1)
        return refused("an event without one plate text");
    const time = leafAt(event, "datetime");
    const timeMs = cameraTimeMs(time);
    const car = leafAt(event, "carID");
    const id = `${car ?? ""} ${state ?? ""} ${leafAt(event, "packetCounter") ?? ""} ${time ?? ""}`;
    const confidence = numberIn(leafAt(event, "plateConfidence"));
    const line = leafAt(event, "roiID");
    const direction = leafAt(event, "carMoveDirection");
    const region = leafAt(event, "plateCountry");
    const read = {
        id,
        object: car ?? id,
        text,
        isGone: state === "lost",
        ...(time === undefined ? {} : { time }),
        ...(timeMs === undefined ? {} : { timeMs }),
        ...(confidence === undefined ? {} : { confidence }),
        ...(line === undefined ? {} : { line }),
        ...(direction === undefined ? {} : { direction }),
        ...(region === undefined ? {} : { region }),
    };
    return { is: "plates", events: [read] };
}
