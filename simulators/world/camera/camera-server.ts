/**
 * The gate camera on the wire: MJPEG over HTTP (`/stream.mjpg`) and single pictures (`/snapshot.jpg`), with the faults
 * that real cameras show. Runs in the world simulator's process and sees the world only through `scene`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createCanvas } from "@napi-rs/canvas";
import { type Clock, realClock } from "../clock.ts";
import type { SceneView } from "../scene-view.ts";
import { CameraFilm } from "./camera-film.ts";

/**
 * `frozen`: the same bytes again and again. `black`: lens cap. `silent`: connections stay open, nothing comes.
 * `disconnect`: connections are cut, new ones too. `broken-jpeg`: half of each picture. `slow`: one picture in ten.
 */
export type CameraFault = "none" | "frozen" | "black" | "silent" | "disconnect" | "broken-jpeg" | "slow";

export interface CameraOptions {
    /** 0 takes a free port. */
    readonly port: number;
    readonly fps: number;
    readonly width: number;
    readonly height: number;
    readonly seed: number;
    /** Asked once per picture, never while nobody is watching. */
    readonly scene: () => SceneView;
    readonly clock?: Clock;
}

export interface CameraServer {
    readonly port: number;
    fault(fault: CameraFault): void;
    /** Resolves when the port is free and no timer or connection is left. */
    close(): Promise<void>;
}

const BOUNDARY = "kordon-frame";
const SLOW_FACTOR = 10;
/** A client that is this far behind misses pictures instead of filling memory. */
const BACKLOG_BYTES_MAX = 2_000_000;

/** Rejects when the port is taken. A picture that cannot be drawn is a bug and ends the process. */
export async function startCameraServer(options: CameraOptions): Promise<CameraServer> {
    const camera = new Camera(options);
    const server = createServer((request, response) => camera.answer(request, response));
    server.on("connection", (socket) => {
        if (camera.isCut) socket.destroy();
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(options.port, "127.0.0.1", resolve);
    });
    const stop = (options.clock ?? realClock).every(1_000 / options.fps, () => void camera.tick());
    return {
        port: (server.address() as AddressInfo).port,
        fault(fault) {
            camera.fault = fault;
            if (camera.isCut) server.closeAllConnections();
        },
        async close() {
            stop();
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await Promise.all([closed, camera.idle()]);
        },
    };
}

class Camera {
    fault: CameraFault = "none";
    readonly #scene: () => SceneView;
    readonly #film: CameraFilm;
    readonly #black: Buffer;
    readonly #watchers = new Set<ServerResponse>();
    #last: Buffer | undefined;
    #ticks = 0;
    #isBusy = false;

    constructor(options: CameraOptions) {
        this.#scene = options.scene;
        this.#film = new CameraFilm(options.width, options.height, options.seed);
        const cap = createCanvas(options.width, options.height);
        cap.getContext("2d").fillRect(0, 0, options.width, options.height);
        this.#black = cap.toBuffer("image/jpeg", 80);
    }

    get isCut(): boolean {
        return this.fault === "disconnect";
    }

    answer(request: IncomingMessage, response: ServerResponse): void {
        const path = request.url?.split("?")[0];
        if (path === "/stream.mjpg") this.#watch(response);
        else if (path === "/snapshot.jpg") void this.#snapshot(response);
        else
            response
                .writeHead(404, { "Content-Type": "text/plain" })
                .end("the camera has /stream.mjpg and /snapshot.jpg\n");
    }

    /** One picture to everyone who watches. While one is in the making, ticks pass unused: pictures never queue. */
    async tick(): Promise<void> {
        this.#ticks++;
        if (this.#watchers.size === 0 || this.#isBusy || this.fault === "silent") return;
        if (this.fault === "slow" && this.#ticks % SLOW_FACTOR !== 0) return;
        this.#isBusy = true;
        await this.#broadcast();
        this.#isBusy = false;
    }

    /** Resolves when no picture is in the making. */
    idle(): Promise<void> {
        return this.#film.idle();
    }

    async #broadcast(): Promise<void> {
        const jpeg = await this.#picture();
        const head = `--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
        const part = Buffer.concat([Buffer.from(head, "latin1"), jpeg, Buffer.from("\r\n", "latin1")]);
        for (const watcher of this.#watchers) {
            if (watcher.writableLength < BACKLOG_BYTES_MAX) watcher.write(part);
        }
    }

    #watch(response: ServerResponse): void {
        response.writeHead(200, {
            "Content-Type": `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
            "Cache-Control": "no-store",
            Connection: "close",
        });
        response.flushHeaders();
        this.#watchers.add(response);
        response.on("close", () => this.#watchers.delete(response));
    }

    async #snapshot(response: ServerResponse): Promise<void> {
        if (this.fault === "silent") return;
        const jpeg = await this.#picture();
        response.writeHead(200, {
            "Content-Type": "image/jpeg",
            "Content-Length": jpeg.length,
            "Cache-Control": "no-store",
        });
        response.end(jpeg);
    }

    async #picture(): Promise<Buffer> {
        if (this.fault === "black") return this.#black;
        if (this.fault === "frozen" && this.#last !== undefined) return this.#last;
        this.#last = await this.#film.next(this.#scene());
        return this.fault === "broken-jpeg" ? this.#last.subarray(0, this.#last.length >> 1) : this.#last;
    }
}
