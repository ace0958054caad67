/** A camera that reads plates and pushes to a listener, in three makes' words, with the faults that such cameras have. */
import { randomBytes } from "node:crypto";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import type { Clock } from "../../world/clock.ts";
import { type Account, loginFor } from "../digest-desk.ts";
import { itsapiKeepAlive, multipartOf, type Push, type PushMake, pushOf } from "./maker-words.ts";
import { type Sighting, sightingOf } from "./sighting.ts";

export type PushFault =
    | { readonly kind: "none" }
    /** Random bytes in place of the body. */
    | { readonly kind: "garbage" }
    /** The body breaks off in its middle, and so does the connection. */
    | { readonly kind: "partial" }
    /** The connection stays open, and half of the body never comes. */
    | { readonly kind: "silence" }
    /** Every event comes so often. */
    | { readonly kind: "duplicates"; readonly times: number }
    | { readonly kind: "wrong-auth" };

export interface PushCameraOptions {
    readonly make: PushMake;
    /** Where to; more may be put behind its path. */
    readonly url: string;
    readonly account: Account;
    readonly clock: Clock;
    readonly clockMs?: number;
}

export class PushCamera {
    fault: PushFault = { kind: "none" };
    readonly #options: PushCameraOptions;
    readonly #startedMs: number;
    readonly #open = new Set<ClientRequest>();
    #asked: string | undefined;

    constructor(options: PushCameraOptions) {
        this.#options = options;
        this.#startedMs = options.clock.monotonicMs();
    }

    get clockMs(): number {
        const { clock, clockMs = 0 } = this.#options;
        return Math.round(clockMs + clock.monotonicMs() - this.#startedMs);
    }

    /** A vehicle comes into the picture. Resolves with the last answer: a status, 0 where there was none. */
    see(plate: string, change: Partial<Sighting> = {}): Promise<number> {
        return this.repeat(sightingOf(plate, this.clockMs, change));
    }

    async repeat(sighting: Sighting): Promise<number> {
        let status = 0;
        const times = this.fault.kind === "duplicates" ? this.fault.times : 1;
        for (let time = 0; time < times; time++) status = await this.send(pushOf(this.#options.make, sighting));
        return status;
    }

    keepAlive(): Promise<number> {
        return this.send(itsapiKeepAlive());
    }

    /** One push; with a login when one is asked for, as cameras do it: the whole body twice. */
    async send(push: Push): Promise<number> {
        const first = await this.#once(push);
        if (first.status !== 401 || first.asked === this.#asked) return first.status;
        this.#asked = first.asked;
        const second = await this.#once(push);
        this.#asked = undefined;
        return second.status;
    }

    close(): void {
        for (const open of this.#open) open.destroy();
    }

    #once({ path, parts, isForm }: Push): Promise<{ readonly status: number; readonly asked: string }> {
        const { url, account } = this.#options;
        const target = new URL(url + path);
        const boundary = `----${randomBytes(8).toString("hex")}`;
        const whole = isForm ? multipartOf(parts, boundary, true) : (parts[0]?.body ?? Buffer.alloc(0));
        const body = this.fault.kind === "garbage" ? randomBytes(500) : whole;
        const secret = this.fault.kind === "wrong-auth" ? { ...account, password: "guess" } : account;
        const headers = {
            "content-type": isForm ? `multipart/form-data; boundary=${boundary}` : (parts[0]?.type ?? ""),
            "content-length": body.length,
            ...(this.#asked === undefined
                ? {}
                : { authorization: loginFor(this.#asked, secret, "POST", target.pathname) }),
        };
        return new Promise((resolve) => {
            const sent = request(target, { method: "POST", headers, agent: false }, (answer) => {
                answer.resume();
                answer.on("end", () => resolve({ status: answer.statusCode ?? 0, asked: askedIn(answer) }));
            });
            this.#open.add(sent);
            sent.on("close", () => {
                this.#open.delete(sent);
                resolve({ status: 0, asked: "" });
            });
            sent.on("error", () => resolve({ status: 0, asked: "" }));
            if (this.fault.kind === "partial") sent.write(body.subarray(0, body.length / 2), () => sent.destroy());
            else if (this.fault.kind === "silence") sent.write(body.subarray(0, body.length / 2));
            else sent.end(body);
        });
    }
}

function askedIn({ headers }: IncomingMessage): string {
    return headers["www-authenticate"] ?? "";
}
