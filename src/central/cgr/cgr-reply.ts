/**
 * What a reply of the CarGoRuqsat interface means. Its errors come with HTTP 200 and `"status": "Error"`; whatever is
 * neither that nor `"Ok"` is not believed to be either.
 */
import { z } from "zod";
import type { FaultCode } from "../../ports/device-health.ts";

/** What came of one call. `waitMs`: not before that, as the server or our own back-off says. */
export type CgrOutcome =
    /** Understood and done. */
    | { readonly is: "ok"; readonly result: unknown }
    /** The server understood us and said no; nobody knows yet whether to this call or to all. */
    | { readonly is: "refused"; readonly reason: string }
    | { readonly is: "too-large"; readonly reason: string }
    | { readonly is: "unauthorised"; readonly reason: string; readonly waitMs?: number }
    /** Nothing certain is known; the same call is made again later. */
    | { readonly is: "trouble"; readonly code: FaultCode; readonly reason: string; readonly waitMs?: number };

const Envelope = z.looseObject({
    status: z.string(),
    message: z.string().nullish(),
    result: z.unknown().optional(),
});

const REASON_LENGTH_MAX = 200;
/** A server may ask for patience; it may not silence us for a day. */
const ASKED_WAIT_S_MAX = 3_600;
const RETRY_AFTER = "retry-after";

/** `body` is undefined when it broke off or was too long. Never throws. */
export function readReply(status: number, headers: Headers, body: string | undefined): CgrOutcome {
    if (status === 401 || status === 403) return { is: "unauthorised", reason: `HTTP ${status}` };
    if (status === 413) return { is: "too-large", reason: "HTTP 413" };
    if (status === 400 || status === 422) return { is: "refused", reason: `HTTP ${status}` };
    if (status === 429 || status >= 500) {
        const askedS = Number(headers.get(RETRY_AFTER) ?? Number.NaN);
        const wait =
            Number.isFinite(askedS) && askedS > 0 ? { waitMs: Math.min(askedS, ASKED_WAIT_S_MAX) * 1_000 } : {};
        return { is: "trouble", code: "NO_REPLY", reason: `HTTP ${status}`, ...wait };
    }
    if (status !== 200) return { is: "trouble", code: "BAD_REPLY", reason: `unexpected HTTP ${status}` };
    if (body === undefined) return { is: "trouble", code: "BAD_REPLY", reason: "the reply broke off" };
    const envelope = parse(body);
    if (envelope?.status === "Ok") return { is: "ok", result: envelope.result };
    if (envelope?.status === "Error") return { is: "refused", reason: plain(envelope.message ?? "no message") };
    return { is: "trouble", code: "BAD_REPLY", reason: "the reply has no known form" };
}

function parse(body: string): z.infer<typeof Envelope> | undefined {
    try {
        return Envelope.safeParse(JSON.parse(body)).data;
    } catch {
        return undefined;
    }
}

/** One line, short: it goes into logs and before officers. */
function plain(text: string): string {
    return text
        .replaceAll(/[\p{C}\s]+/gu, " ")
        .trim()
        .slice(0, REASON_LENGTH_MAX);
}
