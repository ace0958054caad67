/** The camera that the kernel draws itself (its driver vivid): pulled and put back through sysfs, worked by its controls. */
import { execFileSync } from "node:child_process";
import { existsSync, readlinkSync, writeFileSync } from "node:fs";
import { until } from "../until.ts";

const DRIVER = "/sys/bus/platform/drivers/vivid";
const DEVICE = "vivid.0";
/** The name that udev makes. */
export const CAMERA = `/dev/v4l/by-path/platform-${DEVICE}-video-index0`;

/** Where the name leads at present. */
export const cameraNode = (): string => `/dev/${readlinkSync(CAMERA).slice("../../".length)}`;

export async function plugCamera(): Promise<void> {
    writeFileSync(`${DRIVER}/bind`, DEVICE);
    await until("the camera has its name", () => existsSync(CAMERA) || undefined);
    moveCamera(true);
}

export async function pullCamera(): Promise<void> {
    writeFileSync(`${DRIVER}/unbind`, DEVICE);
    await until("the camera's name is gone", () => !existsSync(CAMERA) || undefined);
}

/** What is drawn moves, or only its clock runs. */
export function moveCamera(isMoving: boolean): void {
    control("horizontal_movement", isMoving ? 5 : 3);
}

/** It goes on, and no picture of it arrives. */
export function losePictures(isLosing: boolean): void {
    control("percentage_of_dropped_buffers", isLosing ? 100 : 0);
}

function control(name: string, value: number): void {
    execFileSync("v4l2-ctl", ["-d", CAMERA, "-c", `${name}=${value}`]);
}
