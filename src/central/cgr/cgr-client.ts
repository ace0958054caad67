/**
 * Calls of one CarGoRuqsat point (checkpoint or waiting area): its token, time limits and replies. The registration token
 * is spent at most once per back-off, however many calls are refused: a wrong one must not become a loop.
 */
import type { Cancel, Clock } from "../../ports/clock.ts";
import { backOffMs } from "../back-off.ts";
import type { CgrLimits } from "./cgr-limits.ts";
import { type CgrOutcome, readReply } from "./cgr-reply.ts";
import { readSecret, writeSecret } from "./secret-file.ts";

/** Paths of the interface, by whose events they are. */
export const CGR_PATHS = { checkpoint: "Checkpoint", "waiting-area": "WaitingArea" } as const;

export type CgrPointName = keyof typeof CGR_PATHS;

export interface CgrClientOptions {
    /** `https://…/`; the token goes into its query once. */
    readonly url: string;
    readonly point: CgrPointName;
    /** Read anew for every registration, so that a person can put a new one there while the daemon runs. */
    readonly registrationTokenFile: string;
    /** The point's own token, which the interface gives once. */
    readonly tokenFile: string;
    readonly clock: Clock;
    /** 0..1. */
    readonly random: () => number;
    readonly limits: CgrLimits;
    /** The token could not be kept: after a restart a new registration will be needed. */
    readonly onTokenNotKept: (error: unknown) => void;
}

export class CgrClient {
    readonly #options: CgrClientOptions;
    readonly #stop = new AbortController();
    #token: string | undefined;
    /** This token did not hold: it is kept until a new one has come, but not trusted. */
    #isTokenDoubted = false;
    #registering: Promise<CgrOutcome> | undefined;
    #registrations = 0;
    #registerNotBeforeMs = Number.NEGATIVE_INFINITY;

    constructor(options: CgrClientOptions) {
        this.#options = options;
        this.#token = readSecret(options.tokenFile);
    }

    /** Ends every call under way. */
    stop(): void {
        this.#stop.abort(new Error("the daemon ends"));
    }

    get(call: "TruckNumbers"): Promise<CgrOutcome> {
        return this.#authorised((token) => this.#call("GET", call, token));
    }

    post(call: "CamEvent", body: object): Promise<CgrOutcome> {
        const text = JSON.stringify(body);
        return this.#authorised((token) => this.#call("POST", call, token, text));
    }

    async #authorised(act: (token: string) => Promise<CgrOutcome>): Promise<CgrOutcome> {
        if (this.#token === undefined || this.#isTokenDoubted) {
            const registered = await this.#register();
            if (registered.is !== "ok") return registered;
        }
        const token = this.#token ?? "";
        const outcome = await act(token);
        if (outcome.is === "unauthorised" && token === this.#token) this.#isTokenDoubted = true;
        else if (outcome.is === "ok") this.#registrations = 0;
        return outcome;
    }

    /** Calls that come meanwhile wait for the same registration. */
    #register(): Promise<CgrOutcome> {
        const { clock } = this.#options;
        const waitMs = this.#registerNotBeforeMs - clock.monotonicMs();
        if (this.#registering === undefined && waitMs > 0) {
            return Promise.resolve({ is: "unauthorised", reason: "waiting before the next registration", waitMs });
        }
        this.#registering ??= this.#registerNow().finally(() => {
            this.#registering = undefined;
        });
        return this.#registering;
    }

    async #registerNow(): Promise<CgrOutcome> {
        const { clock, limits, random, registrationTokenFile, tokenFile, onTokenNotKept } = this.#options;
        this.#registerNotBeforeMs = clock.monotonicMs() + backOffMs(limits.registration, this.#registrations, random);
        this.#registrations += 1;
        const registration = readSecret(registrationTokenFile);
        if (registration === undefined) {
            return { is: "unauthorised", reason: `${registrationTokenFile} holds no registration token` };
        }
        const outcome = await this.#call(
            "GET",
            `Auth?RegistrationToken=${encodeURIComponent(registration)}`,
            undefined,
        );
        // An unreachable server says nothing about the token: that is not what the long back-off is for.
        if (outcome.is === "trouble") this.#registerNotBeforeMs = Number.NEGATIVE_INFINITY;
        if (outcome.is !== "ok") return outcome.is === "refused" ? { ...outcome, is: "unauthorised" } : outcome;
        if (typeof outcome.result !== "string" || !/^[\x21-\x7e]{1,4096}$/.test(outcome.result)) {
            return { is: "trouble", code: "BAD_REPLY", reason: "the registration gave no token" };
        }
        this.#token = outcome.result;
        this.#isTokenDoubted = false;
        try {
            writeSecret(tokenFile, outcome.result);
        } catch (error) {
            onTokenNotKept(error);
        }
        return outcome;
    }

    async #call(method: "GET" | "POST", call: string, token: string | undefined, body?: string): Promise<CgrOutcome> {
        const { url, point, clock, limits } = this.#options;
        const late = new AbortController();
        const cancel: Cancel = clock.after(limits.callMsMax, () => late.abort(LATE));
        try {
            const response = await fetch(new URL(`${CGR_PATHS[point]}/${call}`, url), {
                method,
                // A redirect would carry the token to somebody else.
                redirect: "manual",
                signal: AbortSignal.any([late.signal, this.#stop.signal]),
                headers: {
                    accept: "application/json",
                    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
                    ...(body === undefined ? {} : { "content-type": "application/json" }),
                },
                ...(body === undefined ? {} : { body }),
            });
            return this.#discreet(readReply(response.status, response.headers, await this.#textOf(response)));
        } catch (error) {
            if (error === LATE)
                return { is: "trouble", code: "NO_REPLY", reason: `no reply in ${limits.callMsMax} ms` };
            return { is: "trouble", code: "NOT_CONNECTED", reason: causeOf(error) };
        } finally {
            cancel();
        }
    }

    /** Undefined when the body broke off or is too long; being late is the caller's to tell. */
    async #textOf(response: Response): Promise<string | undefined> {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        try {
            for await (const chunk of response.body ?? []) {
                bytes += chunk.byteLength;
                if (bytes > this.#options.limits.replyBytesMax) return undefined;
                chunks.push(chunk);
            }
        } catch (error) {
            if (error === LATE) throw error;
            return undefined;
        }
        return Buffer.concat(chunks).toString("utf8");
    }

    /** A server may repeat what it was sent; secrets go no further. */
    #discreet(outcome: CgrOutcome): CgrOutcome {
        if (!("reason" in outcome)) return outcome;
        const secrets = [this.#token, readSecret(this.#options.registrationTokenFile)];
        const reason = secrets.reduce<string>(
            (text, secret) => (secret === undefined ? text : text.replaceAll(secret, "(secret)")),
            outcome.reason,
        );
        return { ...outcome, reason };
    }
}

const LATE = new Error("late");

/** The system's own word, such as `ECONNREFUSED`; never the address, which may hold the registration token. */
function causeOf(error: unknown): string {
    const cause = error instanceof Error ? (error.cause ?? error) : undefined;
    if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
    return "the connection failed";
}
