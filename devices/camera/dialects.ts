/** Which code understands which dialect. */
import { hearFfJson } from "./axis-ff/ff-json-dialect.ts";
import { hearItc } from "./dahua-itc/itc-dialect.ts";
import { hearItsapi } from "./dahua-itc/itsapi-dialect.ts";
import { hearIsapi } from "./hikvision-isapi/isapi-dialect.ts";
import { hearOnvif } from "./onvif-m/onvif-m-dialect.ts";
import type { CameraDialect } from "./plate-event.ts";
import type { DIALECTS } from "./reading-camera-profile.ts";

export const DIALECT_OF: Readonly<Record<(typeof DIALECTS)[number], CameraDialect>> = {
    "hikvision-isapi": hearIsapi,
    "dahua-itc": hearItc,
    "dahua-itsapi": hearItsapi,
    "onvif-m": hearOnvif,
    "ff-json": hearFfJson,
};
