/**
 * A lane's camera in a thread of its own: painting and packing a picture takes tens of milliseconds, and the I/O module
 * beside it must answer like the separate device it is.
 */
import { Worker } from "node:worker_threads";
import type { CameraFault } from "./camera/camera-server.ts";
import type { Cancel, Clock } from "./clock.ts";
import type { SceneView } from "./scene-view.ts";

/** What the thread is given when it starts. */
export interface CameraThreadData {
    readonly port: number;
    readonly fps: number;
    readonly width: number;
    readonly height: number;
    readonly seed: number;
    readonly scene: SceneView;
}

export type ToCameraThread =
    | { readonly do: "look"; readonly scene: SceneView }
    | { readonly do: "fail"; readonly fault: CameraFault }
    | { readonly do: "close" };

/** The one message of the thread: it listens. */
export interface FromCameraThread {
    readonly port: number;
}

/** How often the thread is told what there is to see: the picture is at most this much older than the world. */
const LOOK_MS = 40;

export class CameraThread {
    readonly port: number;
    readonly #worker: Worker;
    readonly #stopLooking: Cancel;

    private constructor(worker: Worker, port: number, stopLooking: Cancel) {
        this.#worker = worker;
        this.port = port;
        this.#stopLooking = stopLooking;
    }

    /** Resolves when the camera answers; rejects when it could not start, for one because its port is taken. */
    static async start(
        options: Omit<CameraThreadData, "scene">,
        scene: () => SceneView,
        clock: Clock,
    ): Promise<CameraThread> {
        const workerData: CameraThreadData = { ...options, scene: scene() };
        const worker = new Worker(new URL("./camera-worker.ts", import.meta.url), { workerData });
        const { port } = await new Promise<FromCameraThread>((resolve, reject) => {
            worker.once("message", resolve);
            worker.once("error", reject);
        });
        const look = () => worker.postMessage({ do: "look", scene: scene() } satisfies ToCameraThread);
        return new CameraThread(worker, port, clock.every(LOOK_MS, look));
    }

    fault(fault: CameraFault): void {
        this.#worker.postMessage({ do: "fail", fault } satisfies ToCameraThread);
    }

    async close(): Promise<void> {
        this.#stopLooking();
        const ended = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
        this.#worker.postMessage({ do: "close" } satisfies ToCameraThread);
        await ended;
    }
}
