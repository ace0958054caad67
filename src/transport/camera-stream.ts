/**
 * A camera's own event stream: one GET whose answer never ends, cut into parts as it comes. Kept open: asked for again with
 * back-off whenever it is lost, falls silent, or cannot be followed any more.
 */
import type { CameraFeed, FeedListener } from "../ports/camera-feed.ts";
import type { Clock } from "../ports/clock.ts";
import { DeviceFault, type DeviceHealth, type FaultCode } from "../ports/device-health.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import { CameraLogin } from "./camera-login.ts";
import type { DigestCredentials } from "./http-digest.ts";
import { BadMultipart, boundaryOf, MultipartReader } from "./multipart-reader.ts";

export interface CameraStreamPlan {
    readonly device: string;
    /** Scheme, host and port. */
    readonly url: string;
    /** Begins with `/` and may hold a query. */
    readonly path: string;
    readonly credentials?: DigestCredentials;
    readonly clock: Clock;
    /** Until the answer begins, and between two bytes of it. */
    readonly silentMsMax: number;
    /** Default 1 to 30 s. */
    readonly backOff?: BackOff;
}

/** Cameras lock an account after a few wrong passwords. */
const LOGIN_REFUSED_MS = 60_000;
/** An answer that is no stream is looked at no further. */
const REFUSAL_BYTES_MAX = 4_096;

export class CameraStream implements CameraFeed {
    readonly #plan: CameraStreamPlan;
    readonly #login: CameraLogin;
    readonly #backOff: BackOff;
    readonly #stopping = new AbortController();
    #listener: FeedListener | undefined;
    #keeping: Promise<void> | undefined;
    #isOpen = false;
    #fault: DeviceFault | undefined;
    #failures = 0;
    #failuresInRow = 0;
    #isLoginRefused = false;

    constructor(plan: CameraStreamPlan) {
        this.#plan = plan;
        this.#login = new CameraLogin(plan.credentials);
        this.#backOff = plan.backOff ?? { minMs: 1_000, maxMs: 30_000, random: Math.random };
    }

    listen(listener: FeedListener): void {
        this.#listener = listener;
    }

    start(): void {
        this.#keeping ??= this.#keep();
    }

    async stop(): Promise<void> {
        this.#stopping.abort();
        await this.#keeping;
    }

    health(): DeviceHealth {
        const common = { device: this.#plan.device, failures: this.#failures };
        if (this.#fault !== undefined) {
            return { ...common, state: "failed", code: this.#fault.code, detail: this.#fault.message };
        }
        return { ...common, state: this.#isOpen ? "well" : "starting" };
    }

    async #keep(): Promise<void> {
        const { signal } = this.#stopping;
        while (!signal.aborted) {
            this.#isLoginRefused = false;
            this.#fault = await this.#once(signal);
            this.#isOpen = false;
            if (signal.aborted) return;
            this.#failures++;
            this.#failuresInRow++;
            const waitMs = this.#isLoginRefused ? LOGIN_REFUSED_MS : backOffMs(this.#failuresInRow, this.#backOff);
            await this.#plan.clock.sleep(waitMs, signal).catch(() => undefined);
        }
    }

    /** One connection, from asking to its end; gives the reason of the end. */
    async #once(stopped: AbortSignal): Promise<DeviceFault> {
        const { clock, silentMsMax } = this.#plan;
        const silence = new AbortController();
        const fallSilent = (): void => silence.abort();
        let cancel = clock.after(silentMsMax, fallSilent);
        const heard = (): void => {
            cancel();
            cancel = clock.after(silentMsMax, fallSilent);
        };
        try {
            const reply = await this.#open(AbortSignal.any([stopped, silence.signal]), heard);
            await this.#follow(reply, heard);
            return this.#faultOf("NOT_CONNECTED", "the camera ended its stream: is another program taking it?");
        } catch (error) {
            if (error instanceof DeviceFault) return error;
            if (error instanceof BadMultipart) {
                this.#listener?.garbled(error.message);
                return this.#faultOf("BAD_REPLY", `its stream cannot be followed (${error.message})`);
            }
            if (silence.signal.aborted) {
                return this.#faultOf("NO_REPLY", `silent for ${silentMsMax} ms: check power, network and load`);
            }
            const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
            const why = cause instanceof Error ? cause.message : String(cause);
            return this.#faultOf("NOT_CONNECTED", `${why}: check address and network`);
        } finally {
            cancel();
            silence.abort();
        }
    }

    async #open(signal: AbortSignal, heard: () => void): Promise<Response> {
        const { url, path } = this.#plan;
        for (let tries = 0; ; tries++) {
            const headers = { ...this.#login.headers("GET", path), accept: "multipart/*, */*" };
            const reply = await fetch(new URL(path, url), { headers, signal, redirect: "error" });
            heard();
            if (reply.status === 200) return reply;
            await discard(reply);
            if (reply.status !== 401) {
                throw this.#faultOf(
                    "BAD_REPLY",
                    `HTTP ${reply.status} to GET ${path}: check model, rights and profile`,
                );
            }
            const refusal = this.#login.refusalOf(reply.headers.get("www-authenticate") ?? "", tries);
            this.#isLoginRefused = refusal !== undefined;
            if (refusal !== undefined) throw this.#faultOf("BAD_REPLY", refusal);
        }
    }

    async #follow(reply: Response, heard: () => void): Promise<void> {
        const boundary = boundaryOf(reply.headers.get("content-type") ?? "");
        if (boundary === undefined || reply.body === null) {
            await discard(reply);
            throw this.#faultOf(
                "BAD_REPLY",
                "answers with something that is no multipart stream: check model and profile",
            );
        }
        const reader = new MultipartReader(boundary);
        this.#isOpen = true;
        this.#fault = undefined;
        for await (const chunk of reply.body) {
            heard();
            for (const part of reader.push(chunk)) {
                if (this.#stopping.signal.aborted) return;
                if (this.#listener?.heard([part], false) === true) this.#failuresInRow = 0;
            }
        }
    }

    #faultOf(code: FaultCode, message: string): DeviceFault {
        return new DeviceFault(this.#plan.device, code, message);
    }
}

/** Reads no more than a little of an answer that nobody wants, and lets its connection go. */
async function discard(reply: Response): Promise<void> {
    let bytes = 0;
    for await (const chunk of reply.body ?? []) {
        bytes += chunk.length;
        if (bytes > REFUSAL_BYTES_MAX) break;
    }
}
