/** A sighting in each make's words, written from the makers' documents and independently of the daemon's parsers. */
import { jpegOf, type Sighting } from "./sighting.ts";

export interface WirePart {
    readonly type: string;
    /** Of the file or field. */
    readonly name: string;
    readonly body: Buffer;
}

export const STREAM_MAKES = ["hikvision", "dahua"] as const;
export type StreamMake = (typeof STREAM_MAKES)[number];
export const PUSH_MAKES = ["hikvision", "dahua", "ff"] as const;
export type PushMake = (typeof PUSH_MAKES)[number];
/** GBK of the two characters that this camera uses for its channel's name. */
const GBK_NAME = Buffer.from([0xb3, 0xb5, 0xb5, 0xc0]);

const iso = (ms: number): string => new Date(ms).toISOString();
const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** An event with its two pictures, as Hikvision sends them. `charset`: in which its text is written. */
export function hikvisionParts(sighting: Sighting, charset: "UTF-8" | "GBK" = "UTF-8"): readonly WirePart[] {
    const direction = { approaching: "forward", leaving: "reverse", unknown: "unknown" }[sighting.direction];
    const [before, after] = `<?xml version="1.0" encoding="${charset}"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.0.2.31</ipAddress><portNo>80</portNo><protocol>HTTP</protocol><macAddress>00:00:5e:00:53:31</macAddress>
<channelID>1</channelID><dateTime>${iso(sighting.clockMs).replace("Z", "+00:00")}</dateTime><activePostCount>1</activePostCount>
<eventType>ANPR</eventType><eventState>active</eventState><eventDescription>ANPR</eventDescription><channelName>|</channelName>
<ANPR><country>30</country><licensePlate>${sighting.plate}</licensePlate><line>${sighting.line}</line><direction>${direction}</direction>
<confidenceLevel>${Math.round(sighting.confidence * 100)}</confidenceLevel><plateType>unknown</plateType><CRIndex>30</CRIndex>
<pictureInfoList><pictureInfo><fileName>licensePlatePicture.jpg</fileName><type>licensePlatePicture</type></pictureInfo></pictureInfoList></ANPR>
<UUID>${sighting.id}</UUID><picNum>2</picNum><isDataRetransmission>${sighting.isLate}</isDataRetransmission>
</EventNotificationAlert>`.split("|") as [string, string];
    const name = charset === "GBK" ? GBK_NAME : Buffer.from("车道");
    const xml = Buffer.concat([Buffer.from(before), name, Buffer.from(after)]);
    return [
        { type: `application/xml; charset="${charset}"`, name: "anpr.xml", body: xml },
        { type: "image/jpeg", name: "licensePlatePicture.jpg", body: jpegOf(`plate ${sighting.id}`) },
        { type: "image/jpeg", name: "detectionPicture.jpg", body: jpegOf(`frame ${sighting.id}`) },
    ];
}

/** What Hikvision says every ten seconds when nothing happens. */
export function hikvisionHeartbeat(clockMs: number): WirePart {
    const xml = `<EventNotificationAlert version="1.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"><ipAddress>192.0.2.31</ipAddress><channelID>1</channelID><dateTime>${iso(clockMs)}</dateTime><activePostCount>0</activePostCount><eventType>videoloss</eventType><eventState>inactive</eventState><eventDescription>videoloss alarm</eventDescription></EventNotificationAlert>`;
    return { type: 'application/xml; charset="UTF-8"', name: "", body: Buffer.from(xml) };
}

/** Lines of an event with its picture, as Dahua sends them. */
export function dahuaParts(sighting: Sighting): readonly WirePart[] {
    const fields = {
        Action: "4",
        Code: "TrafficJunction",
        "CommInfo.Country": "KAZ",
        CountInGroup: "1",
        GroupID: String(Number.parseInt(sighting.object.replaceAll("-", "").slice(0, 7), 16)),
        IndexInGroup: "1",
        JunctionDirection: sighting.direction === "leaving" ? "Reverse" : "Obverse",
        Lane: String(sighting.line),
        Name: "TrafficJunction1",
        "Object.Confidence": String(Math.round(sighting.confidence * 255)),
        "Object.ObjectType": "Plate",
        "Object.Text": sighting.plate,
        "TrafficCar.PlateColor": "White",
        "TrafficCar.PlateNumber": sighting.plate,
        UTC: String(Math.floor(sighting.clockMs / 1_000)),
        UTCMS: String(sighting.clockMs % 1_000),
    };
    const lines = Object.entries(fields).map(([key, value]) => `Events[0].${key}=${value}\r\n`);
    return [
        { type: "text/plain", name: "", body: Buffer.from(lines.join("")) },
        { type: "image/jpeg", name: "", body: jpegOf(`frame ${sighting.id}`) },
    ];
}

export function dahuaHeartbeat(): WirePart {
    return { type: "text/plain", name: "", body: Buffer.from("Heartbeat") };
}

/** What is pushed: the path below the door, its parts, and whether they go as a form. */
export interface Push {
    readonly path: string;
    readonly parts: readonly WirePart[];
    readonly isForm: boolean;
}

export function pushOf(make: PushMake, sighting: Sighting): Push {
    switch (make) {
        case "hikvision":
            return { path: "", parts: hikvisionParts(sighting), isForm: true };
        case "dahua":
            return { path: "/TollgateInfo", parts: [jsonPart(itsapiBody(sighting))], isForm: false };
        case "ff":
            return { path: "", parts: [jsonPart(ffBody(sighting)), ffPicture(sighting)], isForm: true };
    }
}

export function itsapiKeepAlive(): Push {
    return { path: "/KeepAlive", parts: [jsonPart({ Active: "KeepAlive", DeviceID: "ITC-1" })], isForm: false };
}

function itsapiBody(sighting: Sighting): object {
    const time = iso(sighting.clockMs).replace("T", " ").replace("Z", "");
    const picture = (name: string): object => {
        const jpeg = jpegOf(`${name} ${sighting.id}`);
        return { Content: jpeg.toString("base64"), PicName: `${name}.jpg` };
    };
    return {
        Picture: {
            CutoutPic: picture("plate"),
            NormalPic: picture("frame"),
            Plate: {
                Confidence: Math.round(sighting.confidence * 255),
                IsExist: true,
                PlateColor: "White",
                PlateNumber: sighting.plate,
                Region: "KAZ",
                UploadNum: sighting.count,
            },
            SnapInfo: {
                AccurateTime: time,
                DeviceID: "ITC-1",
                Direction: sighting.direction === "leaving" ? "Reverse" : "Obverse",
                LanNo: sighting.line,
            },
        },
    };
}

function ffBody(sighting: Sighting): object {
    const at = new Date(sighting.clockMs);
    const date = `${pad(at.getUTCFullYear(), 4)}${pad(at.getUTCMonth() + 1, 2)}${pad(at.getUTCDate(), 2)}`;
    const time = `${pad(at.getUTCHours(), 2)}${pad(at.getUTCMinutes(), 2)}${pad(at.getUTCSeconds(), 2)}`;
    return {
        packetCounter: sighting.count,
        datetime: `${date} ${time}${pad(at.getUTCMilliseconds(), 3)} +0000`,
        plateUTF8: sighting.plate,
        plateText: sighting.plate,
        plateCountry: "KAZ",
        plateConfidence: sighting.confidence,
        carState: sighting.isGone ? "lost" : "new",
        carMoveDirection: { approaching: "in", leaving: "out", unknown: "unk" }[sighting.direction],
        carID: sighting.object,
        roiID: sighting.line,
        imageType: "plate",
        plateCoordinates: [625, 564, 192, 32],
        sensorProviderID: "simulated",
    };
}

const ffPicture = ({ id }: Sighting): WirePart => ({
    type: "image/jpeg",
    name: "plate.jpg",
    body: jpegOf(`plate ${id}`),
});

/** The JSON that ONVIF's event broker makes of a licence plate event; attributes behind `@`. */
export function onvifBody(sighting: Sighting): object {
    const element = (text: string, likelihood: number): object => ({ "@Likelihood": likelihood, "#text": text });
    return {
        UtcTime: iso(sighting.clockMs),
        Source: { VideoSource: "1", Rule: "LPR-1" },
        Data: {
            Likelihood: String(sighting.confidence),
            LicensePlateInfo: {
                LicensePlateInfo: {
                    PlateNumber: element(sighting.plate, sighting.confidence),
                    CountryCode: element("KZ", 0.8),
                },
            },
        },
    };
}

const jsonPart = (body: object): WirePart => ({
    type: "application/json",
    name: "event.json",
    body: Buffer.from(JSON.stringify(body)),
});

/** Parts between boundaries; with `isForm` as the fields of a form, else as those of a stream. */
export function multipartOf(parts: readonly WirePart[], boundary: string, isForm: boolean): Buffer {
    const pieces = parts.flatMap(({ type, name, body }) => {
        const disposition = isForm
            ? `Content-Disposition: form-data; name="${name.split(".")[0]}"; filename="${name}"\r\n`
            : "";
        const head = `--${boundary}\r\n${disposition}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
        return [Buffer.from(head), body, Buffer.from("\r\n")];
    });
    return Buffer.concat([...pieces, ...(isForm ? [Buffer.from(`--${boundary}--\r\n`)] : [])]);
}
