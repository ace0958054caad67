/**
 * A camera with a barrier on its relay, as seen over HTTP: Hikvision's ISAPI and Dahua's CGI, digest authentication, and
 * faults that can be switched on while it runs. Written from the makers' calls, independently of the daemon's client.
 */
import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../world/clock.ts";

export type CameraGateFault =
    | { readonly kind: "none" }
    /** Carried out at once, answered late. */
    | { readonly kind: "delay"; readonly ms: number }
    /** Nothing is carried out, nothing is answered. */
    | { readonly kind: "silence" }
    /** Carried out, but the connection is cut before the answer. */
    | { readonly kind: "lost-reply" }
    /** Connections are cut at once. */
    | { readonly kind: "disconnect" }
    /** Carried out, answered with bytes that mean nothing. */
    | { readonly kind: "garbage" }
    /** Carried out, answered without end. */
    | { readonly kind: "flood" }
    /** Not carried out, answered with this HTTP status. */
    | { readonly kind: "refusal"; readonly status: number }
    /** Taken with thanks, and nothing moves. */
    | { readonly kind: "deaf" };

export interface CameraGateOptions {
    readonly make: "hikvision" | "dahua";
    readonly username: string;
    readonly password: string;
    readonly clock: Clock;
    readonly algorithm?: "MD5" | "SHA-256";
    /** Requests that one nonce is good for. */
    readonly usesPerNonce?: number;
    /** Full travel of the boom. */
    readonly travelMs?: number;
    /** Limit contacts are wired to the camera. */
    readonly hasContacts?: boolean;
    /** 0 the camera opens by its own list, 1 the platform decides, 2 both. */
    readonly ctrlMode?: 0 | 1 | 2;
}

interface Answer {
    readonly status: number;
    readonly text: string;
}

const REALM = 'gate "A"';
const NOTHING: Answer = { status: 404, text: "" };

export class CameraGate {
    /** Orders that reached the relay, in order. */
    readonly orders: ("open" | "close")[] = [];
    /** Complete requests that came in, also those without a login. */
    requests = 0;
    fault: CameraGateFault = { kind: "none" };
    /** Where the boom is; a test may set it. */
    boom: "up" | "down" | "moving" = "down";
    readonly #options: CameraGateOptions;
    readonly #server: Server;
    /** How often each nonce may still be used. */
    readonly #nonces = new Map<string, number>();

    private constructor(options: CameraGateOptions) {
        this.#options = options;
        this.#server = createServer((request, response) => void this.#serve(request, response));
    }

    /** On a free port of the loopback interface. */
    static async listen(options: CameraGateOptions): Promise<CameraGate> {
        const gate = new CameraGate(options);
        await new Promise<void>((resolve, reject) => {
            gate.#server.once("error", reject);
            gate.#server.listen(0, "127.0.0.1", resolve);
        });
        return gate;
    }

    get url(): string {
        const address = this.#server.address();
        if (address === null || typeof address === "string") throw new Error("the camera is closed");
        return `http://127.0.0.1:${address.port}`;
    }

    async close(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        this.requests++;
        const { fault } = this;
        if (fault.kind === "silence") return;
        if (fault.kind === "disconnect") return void request.socket.destroy();
        const login = this.#loginOf(request);
        if (login !== "good") return this.#askForLogin(response, login === "stale");
        if (fault.kind === "refusal") return void response.writeHead(fault.status).end("<ResponseStatus/>");
        const answer = this.#carryOut(request.method ?? "", new URL(request.url ?? "/", "http://camera"), body);
        if (fault.kind === "lost-reply") return void request.socket.destroy();
        if (fault.kind === "flood") return void response.writeHead(200).end("x".repeat(1_000_000));
        const text = fault.kind === "garbage" ? randomBytes(64).toString("latin1") : answer.text;
        const reply = (): void => void response.writeHead(answer.status).end(text);
        if (fault.kind === "delay") this.#options.clock.after(fault.ms, reply);
        else reply();
    }

    #carryOut(method: string, url: URL, body: string): Answer {
        return this.#options.make === "hikvision" ? this.#isapi(method, url.pathname, body) : this.#cgi(url);
    }

    #isapi(method: string, path: string, body: string): Answer {
        const { hasContacts = true, ctrlMode = 1 } = this.#options;
        const xml = (inner: string): Answer => ({
            status: 200,
            text: `<?xml version="1.0" encoding="UTF-8"?>\n${inner}`,
        });
        const gate = "/ISAPI/Parking/channels/1/barrierGate";
        if (method === "PUT" && path === gate) {
            const asked = /<ctrlMode>(open|close)<\/ctrlMode>/.exec(body)?.[1];
            const isTaken = asked === "open" || asked === "close";
            if (isTaken) this.#move(asked);
            return xml(`<ResponseStatus><statusCode>${isTaken ? 1 : 6}</statusCode></ResponseStatus>`);
        }
        if (method !== "GET") return NOTHING;
        if (path === `${gate}/barrierGateStatus`) {
            const said = !hasContacts || this.boom === "moving" ? 0 : this.boom === "up" ? 2 : 1;
            return xml(`<BarrierGateStatus><barrierGateStatus>${said}</barrierGateStatus></BarrierGateStatus>`);
        }
        if (path !== "/ISAPI/ITC/Entrance/entranceParam") return NOTHING;
        return xml(
            `<EntranceParamList><EntranceParam><ctrlMode>${ctrlMode}</ctrlMode></EntranceParam></EntranceParamList>`,
        );
    }

    #cgi(url: URL): Answer {
        if (url.pathname === "/") return { status: 200, text: "<html></html>" };
        const action = url.searchParams.get("action");
        if (url.pathname !== "/cgi-bin/trafficSnap.cgi" || url.searchParams.get("channel") !== "1") return NOTHING;
        if (action !== "openStrobe" && action !== "closeStrobe")
            return { status: 501, text: "Error\r\nNot Implemented!" };
        this.#move(action === "openStrobe" ? "open" : "close");
        return { status: 200, text: "OK\r\n" };
    }

    #move(order: "open" | "close"): void {
        if (this.fault.kind === "deaf") return;
        this.orders.push(order);
        const end = order === "open" ? "up" : "down";
        if (this.boom === end) return;
        this.boom = "moving";
        this.#options.clock.after(this.#options.travelMs ?? 50, () => {
            this.boom = end;
        });
    }

    #askForLogin(response: ServerResponse, isStale: boolean): void {
        const { algorithm = "MD5", usesPerNonce = 1_000 } = this.#options;
        const nonce = randomBytes(12).toString("hex");
        this.#nonces.set(nonce, usesPerNonce);
        const realm = REALM.replaceAll('"', '\\"');
        const challenge = `Digest realm="${realm}", qop="auth,auth-int", nonce="${nonce}", opaque="5ccc", stale=${isStale}, algorithm=${algorithm}`;
        response.writeHead(401, { "www-authenticate": ['Basic realm="old"', challenge] }).end();
    }

    #loginOf({ headers, method = "", url = "" }: IncomingMessage): "good" | "stale" | "none" {
        const { username, password, algorithm = "MD5" } = this.#options;
        const said = (key: string): string =>
            new RegExp(`[ ,]${key}=(?:"([^"]*)"|([^," ]+))`)
                .exec(headers.authorization ?? "")
                ?.slice(1)
                .find(Boolean) ?? "";
        if (said("uri") !== url || said("opaque") !== "5ccc" || said("username") !== username) return "none";
        const digest = (text: string): string =>
            createHash(algorithm === "MD5" ? "md5" : "sha256")
                .update(text)
                .digest("hex");
        const secret = digest([username, REALM, password].join(":"));
        const asked = digest([method, url].join(":"));
        const expected = digest([secret, said("nonce"), said("nc"), said("cnonce"), said("qop"), asked].join(":"));
        if (said("response") !== expected) return "none";
        const usesLeft = this.#nonces.get(said("nonce")) ?? 0;
        this.#nonces.set(said("nonce"), usesLeft - 1);
        return usesLeft > 0 ? "good" : "stale";
    }
}
