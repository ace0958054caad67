/**
 * The CarGoRuqsat operator interface as its public page describes it: registration, the day's lorries, camera events;
 * errors come with HTTP 200. Any call can be made to go wrong in the ways that servers and networks do.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { CentralClock } from "../clock.ts";
import { CameraEvent, CgrLedger } from "./cgr-ledger.ts";
import type { CgrConfig, CgrFault, CgrReport, FromCgr, ToCgr } from "./cgr-messages.ts";

type Point = "checkpoint" | "waiting-area";
type Call = "Auth" | "TruckNumbers" | "CamEvent";

const SLOW_MS = 150;

export class CgrServer {
    readonly #config: CgrConfig;
    readonly #clock: CentralClock;
    readonly #tell: (message: FromCgr) => void;
    readonly #ledger: CgrLedger;
    readonly #tokens = new Map<string, Point>();
    readonly #spent = new Set<string>();
    readonly #faults: { readonly call: Call; readonly fault: CgrFault }[] = [];
    readonly #refusedPlates = new Set<string>();
    readonly #sockets = new Set<Socket>();
    #counts = noCounts();
    #registration: CgrConfig["registrationTokens"];
    #trucks: CgrConfig["trucks"];
    #isRefusingAll = false;
    #recentCallsMs: number[] = [];
    #server: Server | undefined;
    #port: number;

    constructor(config: CgrConfig, clock: CentralClock, tell: (message: FromCgr) => void) {
        this.#config = config;
        this.#clock = clock;
        this.#tell = tell;
        this.#ledger = new CgrLedger(config.ledger);
        this.#registration = config.registrationTokens;
        this.#trucks = config.trucks;
        this.#port = config.port;
    }

    /** Resolves with its address when it listens. */
    async listen(): Promise<string> {
        const server = createServer((request, response) => {
            this.#serve(request, response).catch(() => response.destroy());
        });
        server.on("connection", (socket) => {
            this.#sockets.add(socket);
            socket.once("close", () => this.#sockets.delete(socket));
        });
        this.#server = server;
        await new Promise<void>((resolve, reject) => {
            server.once("error", reject);
            server.listen(this.#port, "127.0.0.1", resolve);
        });
        const address = server.address();
        if (typeof address === "object" && address !== null) this.#port = address.port;
        return `http://127.0.0.1:${this.#port}/`;
    }

    async close(): Promise<void> {
        const server = this.#server;
        this.#server = undefined;
        for (const socket of this.#sockets) socket.destroy();
        await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
    }

    async obey(order: ToCgr): Promise<void> {
        switch (order.do) {
            case "fault":
                for (let i = 0; i < order.count; i++) this.#faults.push({ call: order.call, fault: order.fault });
                return;
            case "refuse-plate":
                this.#refusedPlates.add(order.plate);
                return;
            case "refuse-all":
                this.#isRefusingAll = order.isOn;
                return;
            case "revoke-tokens":
                this.#tokens.clear();
                return;
            case "set-registration":
                this.#registration = order.tokens;
                return;
            case "set-trucks":
                this.#trucks = order.trucks;
                return;
            case "vanish":
                await this.close();
                this.#tell({ is: "gone" });
                return;
            case "return":
                await this.listen();
                this.#tell({ is: "back" });
                return;
            case "forget-all":
                this.#forgetAll();
                return;
            case "report":
                this.#tell({ is: "report", ...this.report() });
                return;
        }
    }

    #forgetAll(): void {
        this.#ledger.forget();
        this.#tokens.clear();
        this.#spent.clear();
        this.#faults.length = 0;
        this.#refusedPlates.clear();
        this.#counts = noCounts();
        this.#registration = this.#config.registrationTokens;
        this.#trucks = this.#config.trucks;
        this.#isRefusingAll = false;
        this.#recentCallsMs = [];
        this.#tell({ is: "forgotten" });
    }

    report(): CgrReport {
        return { taken: this.#ledger.taken, distinct: this.#ledger.distinct, ...this.#counts };
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const body = await bodyOf(request, this.#config.bodyBytesMax);
        const answer = this.#answerTo(request, body);
        if (typeof answer === "function") {
            answer(response);
            return;
        }
        response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
        response.end(JSON.stringify(answer.json));
    }

    #answerTo(request: IncomingMessage, body: string | undefined): Answer {
        const url = new URL(request.url ?? "/", "http://cgr");
        const [, place, call] = url.pathname.split("/");
        const point = place === "Checkpoint" ? "checkpoint" : place === "WaitingArea" ? "waiting-area" : undefined;
        this.#counts.calls += 1;
        if (point === undefined || !isCall(call)) return { status: 404, json: {} };
        const fault = this.#nextFault(call);
        this.#tell({ is: "call", call, fault: fault ?? null });
        if (this.#isTooFast()) return BUSY;
        if (fault !== undefined && !fault.startsWith("taken-")) return this.#goWrong(fault, request);
        if (body === undefined) return { status: 413, json: {} };
        if (call === "Auth") return this.#register(point, url.searchParams.get("RegistrationToken") ?? "");
        if (this.#tokens.get(request.headers.authorization?.replace(/^Bearer /, "") ?? "") !== point) {
            this.#counts.unauthorised += 1;
            return { status: 401, json: {} };
        }
        if (call === "TruckNumbers") return ok(this.#trucks);
        const answer = this.#takeEvent(point, body);
        const after = fault === undefined ? undefined : AFTER_TAKING[fault];
        return after === undefined ? answer : this.#goWrong(after, request);
    }

    #register(point: Point, registration: string): Answer {
        const wanted = point === "checkpoint" ? this.#registration.checkpoint : this.#registration.waitingArea;
        if (registration !== wanted || (this.#config.registersOnce && this.#spent.has(registration))) {
            this.#counts.refusedRegistrations += 1;
            return error("RegistrationToken is not valid");
        }
        this.#spent.add(registration);
        this.#counts.registrations += 1;
        const token = randomBytes(24).toString("base64url");
        this.#tokens.set(token, point);
        return ok(token);
    }

    #takeEvent(point: Point, body: string): Answer {
        const event = CameraEvent.safeParse(parse(body)).data;
        if (event === undefined) {
            this.#counts.malformed += 1;
            return error("The event has no known form");
        }
        if (this.#isRefusingAll || this.#refusedPlates.has(event.plateNumber)) {
            return error(`Cannot process ${event.plateNumber}`);
        }
        const isDouble = this.#ledger.has(point, event);
        if (isDouble && this.#config.refusesDuplicates) return error("Event already registered");
        if (isDouble) this.#counts.duplicates += 1;
        this.#ledger.take(point, event);
        this.#tell({ is: "taken", point, event });
        return ok(null);
    }

    #goWrong(fault: CgrFault, request: IncomingMessage): Answer {
        switch (fault) {
            case "unauthorised":
                this.#counts.unauthorised += 1;
                return { status: 401, json: {} };
            case "error":
                return error("Temporary error");
            case "echo-secrets":
                return error(`Bad call ${request.url ?? ""} ${request.headers.authorization ?? ""}`);
            case "server-error":
                return { status: 500, json: {} };
            case "busy":
                return BUSY;
            case "redirect":
                return { status: 302, json: {}, headers: { location: "http://127.0.0.1:9/elsewhere" } };
            case "unknown-form":
                return { status: 200, json: { status: "Accepted", code: 7 } };
            case "slow":
                return (response) => {
                    this.#clock.after(SLOW_MS, () => response.writeHead(500).end());
                };
            case "half":
                return (response) => {
                    response.writeHead(200, { "content-type": "application/json", "content-length": "60" });
                    response.write('{"status":"Ok",');
                    this.#clock.after(20, () => response.destroy());
                };
            case "garbage":
                return (response) => {
                    response.writeHead(200, { "content-type": "text/html" }).end("<html>Bad gateway</html>");
                };
            case "reset":
                return (response) => {
                    response.destroy();
                };
            default: // silence: the call is kept open and never answered
                return () => undefined;
        }
    }

    #nextFault(call: Call): CgrFault | undefined {
        const index = this.#faults.findIndex((each) => each.call === call);
        return index < 0 ? undefined : this.#faults.splice(index, 1)[0]?.fault;
    }

    #isTooFast(): boolean {
        const nowMs = this.#clock.monotonicMs();
        this.#recentCallsMs = [...this.#recentCallsMs.filter((atMs) => atMs > nowMs - 1_000), nowMs];
        return this.#recentCallsMs.length > this.#config.callsPerSecondMax;
    }
}

function noCounts() {
    return { registrations: 0, refusedRegistrations: 0, unauthorised: 0, calls: 0, malformed: 0, duplicates: 0 };
}

/** Something to say, or something to do to the connection. */
type Answer =
    | { readonly status: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
    | ((response: ServerResponse) => void);

const BUSY: Answer = { status: 429, json: {}, headers: { "retry-after": "1" } };

function ok(result: unknown): Answer {
    return { status: 200, json: { status: "Ok", message: "Success", result } };
}

function error(message: string): Answer {
    return { status: 200, json: { status: "Error", message, result: null } };
}

const AFTER_TAKING: { readonly [fault in CgrFault]?: CgrFault } = {
    "taken-silence": "silence",
    "taken-half": "half",
    "taken-reset": "reset",
};

function isCall(call: string | undefined): call is Call {
    return call === "Auth" || call === "TruckNumbers" || call === "CamEvent";
}

/** Undefined when it is too large. */
async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request) {
        bytes += chunk.byteLength;
        if (bytes <= bytesMax) chunks.push(chunk);
    }
    return bytes > bytesMax ? undefined : Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
