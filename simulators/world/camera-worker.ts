/** The camera's side of `camera-thread.ts`: runs the camera server on whatever scene the world showed last. */
import { parentPort, workerData } from "node:worker_threads";
import { startCameraServer } from "./camera/camera-server.ts";
import type { CameraThreadData, FromCameraThread, ToCameraThread } from "./camera-thread.ts";
import { realClock } from "./clock.ts";

const { scene, ...options } = workerData as CameraThreadData;
let latest = scene;
const camera = await startCameraServer({ ...options, scene: () => latest, clock: realClock });

parentPort?.on("message", (message: ToCameraThread) => {
    switch (message.do) {
        case "look":
            latest = message.scene;
            return;
        case "fail":
            camera.fault(message.fault);
            return;
        case "close":
            parentPort?.close();
            void camera.close();
    }
});
parentPort?.postMessage({ port: camera.port } satisfies FromCameraThread);
