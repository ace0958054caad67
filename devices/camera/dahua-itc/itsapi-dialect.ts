/** Dahua's ITSAPI: JSON pushed to `/NotificationInfo/TollgateInfo`, pictures inside it as base64; heart-beats to `KeepAlive`. */
import type { FeedPart } from "../../../src/ports/camera-feed.ts";
import type { Evidence } from "../../../src/ports/plate-source.ts";
import { branchAt, jsonOf, leafAt, numberIn, pictureOf, type Tree, textOf, Unreadable } from "../camera-text.ts";
import { cameraTimeMs } from "../camera-time.ts";
import { type Heard, refused } from "../plate-event.ts";

/** Two or three pictures in base64. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const BASE64_LENGTH_MAX = 6 * 1024 * 1024;

export function hearItsapi(part: FeedPart): Heard {
    try {
        const body = jsonOf(textOf(part, BODY_BYTES_MAX));
        const picture = branchAt(body, "Picture") ?? body;
        const plate = branchAt(picture, "Plate");
        return plate === undefined ? { is: "alive" } : hearPlate(picture, plate);
    } catch (error) {
        if (error instanceof Unreadable) return refused(error.message);
        throw error;
    }
}

function hearPlate(picture: Tree, plate: Tree): Heard {
    if (typeof plate["PlateNumber"] !== "string") return refused("a plate without PlateNumber");
    const text = plate["PlateNumber"].trim();
    const time = leafAt(picture, "SnapInfo", "AccurateTime") ?? leafAt(picture, "SnapInfo", "SnapTime");
    const timeMs = cameraTimeMs(time);
    const confidence = numberIn(leafAt(plate, "Confidence"));
    const line = leafAt(picture, "SnapInfo", "LanNo") ?? leafAt(picture, "SnapInfo", "Lane");
    const direction = leafAt(picture, "SnapInfo", "Direction");
    const region = leafAt(plate, "Region");
    const id = `${leafAt(picture, "SnapInfo", "DeviceID") ?? ""} ${time ?? ""} ${leafAt(plate, "UploadNum") ?? ""} ${text}`;
    const event = {
        id,
        object: id,
        text,
        pictures: [...pictureIn(picture, "CutoutPic", "plate"), ...pictureIn(picture, "NormalPic", "frame")],
        ...(time === undefined ? {} : { time }),
        ...(timeMs === undefined ? {} : { timeMs }),
        ...(confidence === undefined ? {} : { confidence }),
        ...(line === undefined ? {} : { line }),
        ...(direction === undefined ? {} : { direction }),
        ...(region === undefined ? {} : { region }),
    };
    return { is: "plates", events: [event] };
}

function pictureIn(tree: Tree, name: string, kind: Evidence["kind"]): readonly Evidence[] {
    const content = leafAt(tree, name, "Content");
    if (content === undefined || content.length > BASE64_LENGTH_MAX) return [];
    return [pictureOf(Buffer.from(content, "base64"), kind)].flatMap((found) => found ?? []);
}
