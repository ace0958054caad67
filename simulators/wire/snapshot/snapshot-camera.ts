/**
 * A camera that gives single pictures over HTTP, with the faults of real ones. Its picture is a lorry before the boom, drawn
 * with noise; `frozen` keeps everything and lets a clock run in it, drawn in strokes: the machine may have no font.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Canvas, createCanvas, loadImage } from "@napi-rs/canvas";
import { CameraFilm } from "../../world/camera/camera-film.ts";
import { drawRun } from "../../world/camera/plate-face.ts";
import type { SceneView } from "../../world/scene-view.ts";
import { HttpLogin, type LoginPlan } from "../http-login.ts";

/**
 * `hung`: takes the request and says nothing. `cut`: half of each picture. `gone`: 404. `tiny`: 1×1. `huge`: claims a hundred
 * megapixels. `frozen`: the last picture again with a running clock. `black`, `white`, `covered`: what the lens sees.
 */
export const SNAPSHOT_FAULTS = [
    "none",
    "hung",
    "cut",
    "gone",
    "disconnect",
    "tiny",
    "huge",
    "frozen",
    "black",
    "white",
    "covered",
] as const;

type SnapshotFault = (typeof SNAPSHOT_FAULTS)[number];

const [WIDTH, HEIGHT] = [1280, 720];

export class SnapshotCamera {
    fault: SnapshotFault = "none";
    /** Requests that came with the right login. */
    served = 0;
    readonly #server: Server;
    readonly #login: HttpLogin;
    readonly #scene: SceneView;
    readonly #film = new CameraFilm(WIDTH, HEIGHT, 5);
    #last: Buffer | undefined;
    #clock = 0;

    private constructor(login: LoginPlan, plate: string) {
        this.#login = new HttpLogin(login);
        this.#scene = sceneOf(plate);
        this.#server = createServer((request, response) => void this.#serve(request, response));
    }

    static async listen(login: LoginPlan, plate: string): Promise<SnapshotCamera> {
        const camera = new SnapshotCamera(login, plate);
        await new Promise<void>((resolve) => camera.#server.listen(0, "127.0.0.1", resolve));
        return camera;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/cgi-bin/snapshot.cgi?channel=1`;
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        if (this.fault === "hung") return;
        if (this.fault === "disconnect") return void request.socket.destroy();
        if (!this.#login.isGood(request)) return this.#login.ask(response);
        this.served++;
        if (this.fault === "gone") return void response.writeHead(404).end();
        response.writeHead(200, { "content-type": "image/jpeg" }).end(await this.#picture());
    }

    async #picture(): Promise<Buffer> {
        switch (this.fault) {
            case "tiny":
                return createCanvas(1, 1).toBuffer("image/jpeg");
            case "huge":
                return claiming(createCanvas(64, 64).toBuffer("image/jpeg"), 12_000, 8_400);
            case "black":
                return this.#seen("#050505").toBuffer("image/jpeg", 90);
            case "white":
                return this.#seen("#ffffff").toBuffer("image/jpeg", 90);
            case "covered":
                return this.#seen("#6a665e").toBuffer("image/jpeg", 90);
            case "frozen":
                return await this.#frozen();
            default:
                this.#last = await this.#film.next(this.#scene);
                return this.fault === "cut" ? this.#last.subarray(0, this.#last.length >> 1) : this.#last;
        }
    }

    /** One colour with a little noise, as behind a cap or a bag. */
    #seen(colour: string): Canvas {
        const canvas = createCanvas(WIDTH, HEIGHT);
        const context = canvas.getContext("2d");
        context.fillStyle = colour;
        context.fillRect(0, 0, WIDTH, HEIGHT);
        this.#clock++;
        context.fillStyle = "rgba(190,190,190,0.12)";
        for (let dot = 0; dot < 20_000; dot++) {
            const at = (dot * 7_919 + this.#clock * 104_729) % (WIDTH * HEIGHT);
            context.fillRect(at % WIDTH, Math.floor(at / WIDTH), 1, 1);
        }
        return canvas;
    }

    async #frozen(): Promise<Buffer> {
        this.#last ??= await this.#film.next(this.#scene);
        const canvas = createCanvas(WIDTH, HEIGHT);
        const context = canvas.getContext("2d");
        context.drawImage(await loadImage(this.#last), 0, 0);
        context.fillStyle = "#000";
        context.fillRect(900, 20, 340, 40);
        context.strokeStyle = "#fff";
        const text = `12-00-${String(this.#clock++ % 60).padStart(2, "0")}`;
        drawRun(context, { text, face: "din", height: 26, gap: 0.3 }, 910, 27);
        return canvas.toBuffer("image/jpeg", 90);
    }
}

function sceneOf(text: string): SceneView {
    const plate = { text, country: "KZ", rows: 1 } as const;
    return {
        lorries: [{ id: 1, frontAtM: -4.5, lateralM: 0, colour: "#2f5d8a", cab: 3, plate, dirt: 0 }],
        armAngleDeg: 0,
        light: { kind: "day", exposure: 1 },
        weather: "clear",
        worldMs: 0,
    };
}

/** The same bytes with another size in the frame header (ITU-T T.81). */
function claiming(bytes: Buffer, width: number, height: number): Buffer {
    const at = bytes.findIndex((byte, index) => byte === 0xff && [0xc0, 0xc2].includes(bytes[index + 1] ?? 0));
    bytes.writeUInt16BE(height, at + 5);
    bytes.writeUInt16BE(width, at + 7);
    return bytes;
}
