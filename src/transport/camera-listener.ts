/**
 * The one HTTP server to which cameras push. It knows the cameras by their addresses before it reads a byte, lets nobody else
 * speak, and bounds everything: connections, time, size. Whatever is wrong is answered, counted under a code, and over.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CameraFeed, FeedListener, FeedPart } from "../ports/camera-feed.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import type { DigestCredentials } from "./http-digest.ts";
import { type Login, LoginKeeper } from "./http-login.ts";
import { BadMultipart, boundaryOf, MultipartReader } from "./multipart-reader.ts";

/** One camera at the listener. */
export interface PushDoor {
    readonly device: string;
    /** The camera's own address; all others are turned away. */
    readonly address: string;
    /** What its path begins with, for several cameras behind one address. */
    readonly path: string;
    readonly login: Login;
    readonly credentials: DigestCredentials;
    /** What it wants to hear when all is well. */
    readonly reply?: { readonly type: string; readonly body: string } | undefined;
}

export interface CameraListenerPlan {
    readonly device: string;
    readonly host: string;
    /** 0: any free one. */
    readonly port: number;
    readonly bodyBytesMax: number;
    /** From the first byte of a request to its last. */
    readonly requestMsMax: number;
    readonly connectionsMax: number;
    readonly clock: Clock;
    /** Default 1 to 30 s, while the port cannot be had. */
    readonly backOff?: BackOff;
}

/** Stable codes; see `docs/errors.md`. */
export const PUSH_REFUSALS = [
    "PUSH_ADDRESS",
    "PUSH_PATH",
    "PUSH_METHOD",
    "PUSH_LOGIN",
    "PUSH_TOO_LARGE",
    "PUSH_TOO_SLOW",
    "PUSH_BAD_BODY",
] as const;
export type PushRefusal = (typeof PUSH_REFUSALS)[number];

const STATUS: Readonly<Record<PushRefusal, number>> = {
    PUSH_ADDRESS: 403,
    PUSH_PATH: 404,
    PUSH_METHOD: 405,
    PUSH_LOGIN: 401,
    PUSH_TOO_LARGE: 413,
    PUSH_TOO_SLOW: 408,
    PUSH_BAD_BODY: 400,
};
const HEADERS_MAX = 40;
const CHECK_MS = 1_000;
const IDLE_MS_MAX = 60_000;

class Refused extends Error {
    readonly code: PushRefusal;
    constructor(code: PushRefusal) {
        super(code);
        this.code = code;
    }
}

export class CameraListener {
    readonly #plan: CameraListenerPlan;
    readonly #doors: { readonly door: PushDoor; readonly feed: PushFeed }[] = [];
    readonly #logins = new LoginKeeper();
    readonly #counts = new Map<PushRefusal, number>();
    readonly #backOff: BackOff;
    #server: Server | undefined;
    #cancelRetry: Cancel = () => undefined;
    #fault: string | undefined;
    #failures = 0;
    #failuresInRow = 0;
    #isStopped = false;

    constructor(plan: CameraListenerPlan) {
        this.#plan = plan;
        this.#backOff = plan.backOff ?? { minMs: 1_000, maxMs: 30_000, random: Math.random };
    }

    /** Before `start`. */
    feedOf(door: PushDoor): CameraFeed {
        const feed = new PushFeed(door.device, () => this.#portHealth());
        this.#doors.push({ door, feed });
        return feed;
    }

    /** Returns at once; a port that cannot be had is tried for again. */
    start(): void {
        const { host, port, connectionsMax, requestMsMax } = this.#plan;
        const server = createServer(
            {
                connectionsCheckingInterval: CHECK_MS,
                headersTimeout: requestMsMax,
                requestTimeout: requestMsMax,
                keepAliveTimeout: IDLE_MS_MAX,
            },
            (request, response) => void this.#serve(request, response),
        );
        server.maxConnections = connectionsMax;
        server.maxHeadersCount = HEADERS_MAX;
        server.on("connection", (socket) => {
            if (this.#isKnown(addressOf(socket))) return;
            this.#count("PUSH_ADDRESS");
            socket.destroy();
        });
        server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
            this.#count(error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "PUSH_TOO_SLOW" : "PUSH_BAD_BODY");
            socket.destroy();
        });
        server.on("error", (error) => {
            this.#fault = `${host}:${port}: ${error.message}`;
            this.#failures++;
            this.#failuresInRow++;
            this.#server = undefined;
            if (this.#isStopped) return;
            const waitMs = backOffMs(this.#failuresInRow, this.#backOff);
            this.#cancelRetry = this.#plan.clock.after(waitMs, () => this.start());
        });
        server.listen(port, host, () => {
            this.#server = server;
            this.#fault = undefined;
            this.#failuresInRow = 0;
            if (this.#isStopped) server.close();
        });
    }

    async stop(): Promise<void> {
        this.#isStopped = true;
        this.#cancelRetry();
        const server = this.#server;
        this.#server = undefined;
        if (server === undefined) return;
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
    }

    /** Where it listens; 0 while it does not. */
    get port(): number {
        const address = this.#server?.address();
        return typeof address === "object" && address !== null ? address.port : 0;
    }

    /** What was turned away counts among the failures. */
    health(): DeviceHealth {
        const port = this.#portHealth();
        return { ...port, failures: [...this.#counts.values()].reduce((sum, count) => sum + count, port.failures) };
    }

    /** Of the port alone: what strangers do is no failure of a camera. */
    #portHealth(): DeviceHealth {
        const { device } = this.#plan;
        const failures = this.#failures;
        if (this.#fault !== undefined) {
            const detail = `${this.#fault}: does this machine have the address, and is the port free?`;
            return { device, state: "failed", code: "NOT_CONNECTED", detail, failures };
        }
        return { device, state: this.#server === undefined ? "starting" : "well", failures };
    }

    /** How often a push was turned away for this reason. */
    count(code: PushRefusal): number {
        return this.#counts.get(code) ?? 0;
    }

    /** For people: where it listens, and what was turned away. */
    describe(): readonly string[] {
        const refused = PUSH_REFUSALS.flatMap((code) =>
            this.count(code) === 0 ? [] : [`${this.count(code)} ${code}`],
        );
        const { host } = this.#plan;
        return [
            `listens on ${host}:${this.port} for ${this.#doors.map(({ door }) => door.device).join(", ")}`,
            ...refused,
        ];
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        request.on("error", () => undefined);
        try {
            const { door, feed } = this.#doorFor(request);
            const body = await bodyOf(request, this.#plan.bodyBytesMax);
            const nowMs = this.#plan.clock.monotonicMs();
            const login = this.#logins.judge(door.login, request, door.credentials, nowMs);
            if (login !== "right") return this.#askForLogin(request, response, door, login === "stale");
            if (!feed.heard(partsOf(request, body))) throw new Refused("PUSH_BAD_BODY");
            const { type = "text/plain", body: text = "" } = door.reply ?? {};
            response.writeHead(200, { "content-type": type }).end(text);
        } catch (error) {
            if (response.headersSent || response.destroyed) return;
            const code = error instanceof Refused ? error.code : "PUSH_BAD_BODY";
            this.#count(code);
            response.writeHead(STATUS[code], { connection: "close" }).end(code);
        }
    }

    #doorFor(request: IncomingMessage): { readonly door: PushDoor; readonly feed: PushFeed } {
        const from = addressOf(request.socket);
        const found = this.#doors.find(({ door }) => door.address === from && isBelow(request.url ?? "", door.path));
        if (found === undefined) throw new Refused(this.#isKnown(from) ? "PUSH_PATH" : "PUSH_ADDRESS");
        if (request.method !== "POST" && request.method !== "PUT") throw new Refused("PUSH_METHOD");
        return found;
    }

    #askForLogin(request: IncomingMessage, response: ServerResponse, { login }: PushDoor, isStale: boolean): void {
        // The first request of every digest login comes without one, and a nonce may grow old: neither is a refusal.
        if (request.headers.authorization !== undefined && !isStale) this.#count("PUSH_LOGIN");
        const challenges = this.#logins.challenges(login, isStale, this.#plan.clock.monotonicMs());
        response.writeHead(401, { "www-authenticate": [...challenges] }).end();
    }

    #isKnown(address: string): boolean {
        return this.#doors.some(({ door }) => door.address === address);
    }

    #count(code: PushRefusal): void {
        this.#counts.set(code, this.count(code) + 1);
    }
}

/** One camera's side of the listener. */
class PushFeed implements CameraFeed {
    readonly #device: string;
    readonly #healthOf: () => DeviceHealth;
    #listener: FeedListener | undefined;

    constructor(device: string, healthOf: () => DeviceHealth) {
        this.#device = device;
        this.#healthOf = healthOf;
    }

    listen(listener: FeedListener): void {
        this.#listener = listener;
    }

    /** The listener is started and stopped for all cameras at once. */
    start(): void {}

    stop(): Promise<void> {
        this.#listener = undefined;
        return Promise.resolve();
    }

    health(): DeviceHealth {
        return { ...this.#healthOf(), device: this.#device };
    }

    heard(parts: readonly FeedPart[] | string): boolean {
        if (typeof parts !== "string") return this.#listener?.heard(parts, false) ?? false;
        this.#listener?.garbled(parts);
        return false;
    }
}

/** The body in parts, or why it has none. */
function partsOf({ headers }: IncomingMessage, body: Buffer): readonly FeedPart[] | string {
    const type = headers["content-type"] ?? "";
    if (!/^multipart\//i.test(type)) return [{ type, name: "", bytes: body }];
    const boundary = boundaryOf(type);
    if (boundary === undefined) return "multipart without a boundary";
    try {
        const reader = new MultipartReader(boundary);
        const parts = reader.push(body);
        if (parts.length === 0) return "multipart without a part";
        return reader.isComplete ? parts : "multipart that breaks off";
    } catch (error) {
        if (error instanceof BadMultipart) return error.message;
        throw error;
    }
}

async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
    if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw new Refused("PUSH_TOO_LARGE");
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > bytesMax) throw new Refused("PUSH_TOO_LARGE");
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

/** IPv4 addresses come as IPv6 where both are listened to. */
function addressOf({ remoteAddress = "" }: Socket): string {
    return remoteAddress.replace(/^::ffff:(?=\d+\.)/, "");
}

function isBelow(url: string, path: string): boolean {
    return url === path || url.startsWith(path.endsWith("/") ? path : `${path}/`) || url.startsWith(`${path}?`);
}
