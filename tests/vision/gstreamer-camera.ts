/** An RTSP camera that is not ours: GStreamer's server, told which pipeline to serve under `/gate`. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";

const PYTHON = "/usr/bin/python3";
const SERVER = `
import sys, gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer, GLib
Gst.init(None)
try: Gst.parse_launch(sys.argv[1])
except GLib.Error as error: sys.exit(str(error))
server = GstRtspServer.RTSPServer(); server.set_service("0"); server.set_address("127.0.0.1")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(sys.argv[1])
factory.set_shared(True)
server.get_mount_points().add_factory("/gate", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
`;

export const NEEDS_GSTREAMER =
    "needs python3-gi, gir1.2-gst-rtsp-server-1.0 and GStreamer's base, good, bad and ugly plugins";

export interface GStreamerCamera {
    readonly url: string;
    readonly process: ChildProcess;
}

/** Undefined where the packages, or an element of the pipeline, are missing. Its last payloader must be named `pay0`. */
export function startGStreamerCamera(pipeline: string): Promise<GStreamerCamera | undefined> {
    if (!existsSync(PYTHON)) return Promise.resolve(undefined);
    const server = spawn(PYTHON, ["-c", SERVER, `( ${pipeline} )`], { stdio: ["ignore", "pipe", "ignore"] });
    return new Promise((resolve) => {
        server.stdout.once("data", (data: Buffer) =>
            resolve({ url: `rtsp://127.0.0.1:${data.toString().trim()}/gate`, process: server }),
        );
        server.once("exit", () => resolve(undefined));
    });
}
