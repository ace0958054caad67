/** A camera that reads plates and is asked for its stream: Hikvision's alert stream, Dahua's `attachFileProc`, and their faults. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../../world/clock.ts";
import { type Account, challenge, isLogin } from "../digest-desk.ts";
import {
    dahuaHeartbeat,
    dahuaParts,
    hikvisionHeartbeat,
    hikvisionParts,
    multipartOf,
    type StreamMake,
    type WirePart,
} from "./maker-words.ts";
import { type Sighting, sightingOf } from "./sighting.ts";

export type StreamFault =
    | { readonly kind: "none" }
    /** Every event is sent so much later. */
    | { readonly kind: "delay"; readonly ms: number }
    /** Random bytes between the parts. */
    | { readonly kind: "garbage" }
    /** Every event breaks off in its middle, and the next part follows. */
    | { readonly kind: "partial" }
    /** Connected, and not a byte. */
    | { readonly kind: "silence" }
    /** Connections are cut, now and at once. */
    | { readonly kind: "disconnect" }
    /** Every event comes so often. */
    | { readonly kind: "duplicates"; readonly times: number }
    /** No login is right. */
    | { readonly kind: "wrong-auth" }
    /** Answers with this status. */
    | { readonly kind: "refusal"; readonly status: number };

export interface StreamCameraOptions {
    readonly make: StreamMake;
    readonly account: Account;
    readonly clock: Clock;
    readonly heartbeatMs?: number;
    /** What the camera's own clock shows at the start; default: the beginning of 1970, as after a power cut. */
    readonly clockMs?: number;
    readonly charset?: "UTF-8" | "GBK";
    /** 0: any free one. */
    readonly port?: number;
}

const PATHS: Readonly<Record<StreamMake, string>> = {
    hikvision: "/ISAPI/Event/notification/alertStream",
    dahua: "/cgi-bin/snapManager.cgi",
};
const BOUNDARY: Readonly<Record<StreamMake, string>> = { hikvision: "boundary", dahua: "myboundary" };

export class StreamCamera {
    /** Requests that came in, also those without a login. */
    requests = 0;
    readonly #options: StreamCameraOptions;
    readonly #server: Server;
    readonly #streams = new Set<ServerResponse>();
    readonly #startedMs: number;
    readonly #stopHeart: () => void;
    #fault: StreamFault = { kind: "none" };

    private constructor(options: StreamCameraOptions) {
        this.#options = options;
        this.#startedMs = options.clock.monotonicMs();
        this.#server = createServer((request, response) => this.#serve(request, response));
        this.#stopHeart = options.clock.every(options.heartbeatMs ?? 1_000, () => this.#beat());
    }

    /** On the loopback interface. */
    static async listen(options: StreamCameraOptions): Promise<StreamCamera> {
        const camera = new StreamCamera(options);
        await new Promise<void>((resolve, reject) => {
            camera.#server.once("error", reject);
            camera.#server.listen(options.port ?? 0, "127.0.0.1", resolve);
        });
        return camera;
    }

    get url(): string {
        const address = this.#server.address();
        if (address === null || typeof address === "string") throw new Error("the camera is closed");
        return `http://127.0.0.1:${address.port}`;
    }

    /** Programs that take the stream at present. */
    get watchers(): number {
        return this.#streams.size;
    }

    /** What the camera believes the time to be. */
    get clockMs(): number {
        const { clock, clockMs = 0 } = this.#options;
        return Math.round(clockMs + clock.monotonicMs() - this.#startedMs);
    }

    set fault(fault: StreamFault) {
        this.#fault = fault;
        if (fault.kind === "disconnect") this.#server.closeAllConnections();
    }

    /** A vehicle comes into the picture. */
    see(plate: string, change: Partial<Sighting> = {}): Sighting {
        const sighting = sightingOf(plate, this.clockMs, change);
        this.repeat(sighting);
        return sighting;
    }

    /** The same event once more. */
    repeat(sighting: Sighting): void {
        const { make, charset = "UTF-8" } = this.#options;
        const fault = this.#fault;
        const parts = make === "hikvision" ? hikvisionParts(sighting, charset) : dahuaParts(sighting);
        const times = fault.kind === "duplicates" ? fault.times : 1;
        for (let time = 0; time < times; time++) {
            if (fault.kind === "delay") this.#options.clock.after(fault.ms, () => this.#send(parts));
            else this.#send(parts);
        }
    }

    async close(): Promise<void> {
        this.#stopHeart();
        this.#server.closeAllConnections();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    #beat(): void {
        this.#send([this.#options.make === "hikvision" ? hikvisionHeartbeat(this.clockMs) : dahuaHeartbeat()]);
    }

    #send(parts: readonly WirePart[]): void {
        const { kind } = this.#fault;
        if (kind === "silence") return;
        const bytes = multipartOf(parts, BOUNDARY[this.#options.make], false);
        for (const stream of this.#streams) {
            if (kind === "garbage") stream.write(randomBytes(300));
            // The text breaks off in its middle, pictures and all that was promised never come.
            stream.write(kind === "partial" ? bytes.subarray(0, 120) : bytes);
            if (kind === "partial") stream.write("\r\n");
        }
    }

    #serve(request: IncomingMessage, response: ServerResponse): void {
        this.requests++;
        const { make, account } = this.#options;
        const { method = "", url = "", headers } = request;
        const fault = this.#fault;
        if (fault.kind === "disconnect") return void request.socket.destroy();
        if (fault.kind === "refusal") return void response.writeHead(fault.status).end();
        if (fault.kind === "wrong-auth" || !isLogin(headers.authorization, account, method, url)) {
            return void response.writeHead(401, { "www-authenticate": challenge() }).end();
        }
        if (new URL(url, "http://camera").pathname !== PATHS[make]) return void response.writeHead(404).end();
        const type = make === "hikvision" ? "multipart/mixed" : "multipart/x-mixed-replace";
        response.writeHead(200, { "content-type": `${type}; boundary=${BOUNDARY[make]}` });
        response.flushHeaders();
        this.#streams.add(response);
        response.on("close", () => this.#streams.delete(response));
        response.on("error", () => this.#streams.delete(response));
    }
}
