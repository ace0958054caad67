/** Cameras for our own reading: from their part of the site file to what a vision child is told, and to what people are. */
import { existsSync } from "node:fs";
import type { SiteCamera } from "../config/site-schema.ts";
import type { CameraOrder } from "../vision/camera-plan.ts";
import { secretIn } from "./secret-file.ts";

/** What the child of this camera is told. Throws `CommandFailure` for a password file that cannot be read. */
export function cameraOrder(id: string, camera: SiteCamera): CameraOrder {
    if (camera.kind !== "snapshot") return { camera: id, ...camera };
    const { username, passwordFile, login, ...rest } = camera;
    if (username === undefined) return { camera: id, ...rest };
    const password = passwordFile === undefined ? "" : secretIn(passwordFile);
    return { camera: id, ...rest, login: { username, password, mayBeBasic: login === "basic" } };
}

/** Where its pictures come from and how, one cell each; passwords are left out. */
export function cameraWords(camera: SiteCamera): readonly string[] {
    switch (camera.kind) {
        case "snapshot": {
            const login = camera.username === undefined ? "no login" : `${camera.login} login as ${camera.username}`;
            return [camera.url, `one picture every ${camera.everyMs} ms, ${login}`];
        }
        case "v4l2":
            return [camera.path, `V4L2, ${camera.width}×${camera.height}`];
        case "folder": {
            const { path, silentMsMax } = camera;
            return [
                path,
                `new files, ${silentMsMax === undefined ? "silence is not judged" : `silent ${silentMsMax} ms at most`}`,
            ];
        }
        default:
            return [camera.url.replace(/\/\/[^/]*@/, "//…@"), "stream"];
    }
}

/** What looks wrong with it on this machine at present, or is unwise; it may be right when the daemon starts. */
export function cameraNotes(camera: SiteCamera): readonly string[] {
    switch (camera.kind) {
        case "snapshot":
            return camera.login === "basic" && camera.url.startsWith("http:")
                ? ["basic login without TLS: everybody on the wire sees the password"]
                : [];
        case "v4l2":
            return existsSync(camera.path) ? [] : [`${camera.path} is not there now: plug the camera in`];
        case "folder":
            return existsSync(camera.path) ? [] : [`${camera.path} is not there now: create it, or mount it`];
        default:
            return [];
    }
}
