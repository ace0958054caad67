/**
 * One camera's HTTP interface: one request at a time, each within its time limit, digest authentication when asked for it.
 * Basic authentication shows the password to everybody on the wire: only where the site's file says that it may be used.
 */
import type { CameraHttp, CameraReply, CameraRequest } from "../ports/camera-http.ts";
import type { Clock } from "../ports/clock.ts";
import { DeviceFault, type FaultCode } from "../ports/device-health.ts";
import { CameraLogin } from "./camera-login.ts";
import type { DigestCredentials } from "./http-digest.ts";

export interface CameraHttpPlan {
    /** For errors. */
    readonly device: string;
    /** Scheme, host and port. */
    readonly url: string;
    readonly credentials?: DigestCredentials;
    /** Answer a camera that knows no digest with the password itself; absent: no. */
    readonly mayBeBasic?: boolean;
    readonly clock: Clock;
    /** From the first byte out to the last byte in; busy cameras were seen to take 12 s. */
    readonly timeoutMs: number;
}

interface Answer {
    readonly status: number;
    readonly bytes: Uint8Array;
    /** The header that asks for a login; empty without one. */
    readonly challenge: string;
}

const REPLY_BYTES_MAX = 64 * 1024;

export class CameraHttpClient implements CameraHttp {
    readonly #plan: CameraHttpPlan;
    readonly #login: CameraLogin;
    #last: Promise<unknown> = Promise.resolve();

    constructor(plan: CameraHttpPlan) {
        this.#plan = plan;
        this.#login = new CameraLogin(plan.credentials, plan.mayBeBasic);
    }

    async request(request: CameraRequest, signal?: AbortSignal): Promise<CameraReply> {
        const { status, bytes } = await this.#inTurn(request, REPLY_BYTES_MAX, signal);
        return { status, text: Buffer.from(bytes).toString("utf8") };
    }

    /** The body of a GET, at most `bytesMax` long, whatever it is. Rejects as `request` does. */
    async fetch(path: string, bytesMax: number, signal: AbortSignal): Promise<Omit<Answer, "challenge">> {
        return await this.#inTurn({ method: "GET", path }, bytesMax, signal);
    }

    #inTurn(request: CameraRequest, bytesMax: number, signal?: AbortSignal): Promise<Answer> {
        const turn = this.#last.then(() => this.#authenticated(request, bytesMax, signal));
        this.#last = turn.catch(() => undefined);
        return turn;
    }

    /** A request that was answered with 401 was not carried out, so it may be sent again; no other is. */
    async #authenticated(request: CameraRequest, bytesMax: number, signal?: AbortSignal): Promise<Answer> {
        for (let tries = 0; ; tries++) {
            const reply = await this.#exchange(request, bytesMax, signal);
            if (reply.status !== 401) return reply;
            const refusal = this.#login.refusalOf(reply.challenge, tries);
            if (refusal !== undefined) throw this.#fault("BAD_REPLY", refusal);
        }
    }

    async #exchange(
        { method, path, body }: CameraRequest,
        bytesMax: number,
        dropped: AbortSignal | undefined,
    ): Promise<Answer> {
        const { url, clock, timeoutMs } = this.#plan;
        const stop = new AbortController();
        const cancel = clock.after(timeoutMs, () => stop.abort());
        try {
            const reply = await fetch(new URL(path, url), {
                method,
                headers: {
                    ...this.#login.headers(method, path),
                    ...(body === undefined ? {} : { "content-type": "application/xml" }),
                },
                signal: dropped === undefined ? stop.signal : AbortSignal.any([stop.signal, dropped]),
                redirect: "error",
                ...(body === undefined ? {} : { body }),
            });
            const bytes = await this.#bytesOf(reply, bytesMax);
            return { status: reply.status, bytes, challenge: reply.headers.get("www-authenticate") ?? "" };
        } catch (error) {
            if (error instanceof DeviceFault) throw error;
            if (stop.signal.aborted) {
                throw this.#fault(
                    "NO_REPLY",
                    `no reply within ${timeoutMs} ms to ${method} ${path}: check power, network and load`,
                );
            }
            if (dropped?.aborted) throw this.#fault("NOT_APPLIED", "a later order took its place");
            throw this.#fault(
                "NOT_CONNECTED",
                `${method} ${path}: ${reasonOf(error)}: check address and network`,
                error,
            );
        } finally {
            cancel();
        }
    }

    async #bytesOf(reply: Response, bytesMax: number): Promise<Uint8Array> {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        for await (const chunk of reply.body ?? []) {
            bytes += chunk.length;
            if (bytes > bytesMax) throw this.#fault("BAD_REPLY", `answers more than ${bytesMax} bytes`);
            chunks.push(chunk);
        }
        return Buffer.concat(chunks);
    }

    #fault(code: FaultCode, message: string, cause?: unknown): DeviceFault {
        return new DeviceFault(this.#plan.device, code, message, cause === undefined ? {} : { cause });
    }
}

function reasonOf(error: unknown): string {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof Error && cause.message !== "") return cause.message;
    return error instanceof Error ? error.message : String(error);
}
