/**
 * The listener's side of a login: who pushes must know the camera's password. Digest with nonces of our own that live for
 * minutes and cannot be used twice with the same count; basic, and a maker's digest without a nonce, only where a site says so.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { DigestCredentials } from "./http-digest.ts";

/** `digest-without-nonce`: what Dahua's ITSAPI was seen to send; whoever hears it once can send it again [U]. */
export type Login = "digest" | "basic" | "digest-without-nonce" | "none";

const REALM = "kordon";
const NONCE_MS_MAX = 300_000;
const NONCES_MAX = 256;
const HASHES = { MD5: "md5", "SHA-256": "sha256" } as const;

export class LoginKeeper {
    /** Newest last: until when, and the highest count that was used. */
    readonly #nonces = new Map<string, { readonly untilMs: number; count: number }>();

    /** Values of `www-authenticate`. */
    challenges(login: Login, isStale: boolean, nowMs: number): readonly string[] {
        if (login === "basic") return [`Basic realm="${REALM}", charset="UTF-8"`];
        if (login === "digest-without-nonce") return [`Digest realm="", nonce="", qop="auth", algorithm=MD5`];
        const nonce = randomBytes(16).toString("hex");
        this.#nonces.set(nonce, { untilMs: nowMs + NONCE_MS_MAX, count: 0 });
        const [oldest] = this.#nonces.keys();
        if (this.#nonces.size > NONCES_MAX && oldest !== undefined) this.#nonces.delete(oldest);
        return Object.keys(HASHES).map(
            (algorithm) =>
                `Digest realm="${REALM}", qop="auth", nonce="${nonce}", stale=${isStale}, algorithm=${algorithm}`,
        );
    }

    /** `stale`: the password was right, the nonce too old or used; one is given anew. */
    judge(
        login: Login,
        request: IncomingMessage,
        credentials: DigestCredentials,
        nowMs: number,
    ): "right" | "stale" | "wrong" {
        const header = request.headers.authorization ?? "";
        if (login === "none") return "right";
        if (login === "basic") return isBasic(header, credentials) ? "right" : "wrong";
        const said = fieldsOf(header);
        if (said === undefined || said.get("uri") !== request.url) return "wrong";
        const isWithout = login === "digest-without-nonce";
        if (isWithout ? (said.get("nonce") ?? "") !== "" : said.get("realm") !== REALM) return "wrong";
        if (!isAnswer(said, request.method ?? "", credentials)) return "wrong";
        return isWithout || this.#isFresh(said, nowMs) ? "right" : "stale";
    }

    #isFresh(said: ReadonlyMap<string, string>, nowMs: number): boolean {
        const nonce = this.#nonces.get(said.get("nonce") ?? "");
        const count = Number.parseInt(said.get("nc") ?? "", 16);
        if (nonce === undefined || nowMs > nonce.untilMs || said.get("qop") !== "auth" || !(count > nonce.count))
            return false;
        nonce.count = count;
        return true;
    }
}

function isBasic(header: string, { username, password }: DigestCredentials): boolean {
    const [, encoded = ""] = /^Basic\s+([\w+/=-]+)\s*$/i.exec(header) ?? [];
    return isEqual(Buffer.from(encoded, "base64"), Buffer.from(`${username}:${password}`));
}

function fieldsOf(header: string): ReadonlyMap<string, string> | undefined {
    if (header.length > 2_000 || !/^Digest\s/i.test(header)) return undefined;
    const pairs = header.slice(6).matchAll(/([a-z-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,]*))/gi);
    return new Map([...pairs].map(([, key = "", quoted, bare]) => [key.toLowerCase(), quoted ?? bare ?? ""] as const));
}

function isAnswer(
    said: ReadonlyMap<string, string>,
    method: string,
    { username, password }: DigestCredentials,
): boolean {
    const of = (name: string): string => said.get(name) ?? "";
    const algorithm = (said.get("algorithm") ?? "MD5").toUpperCase();
    if (algorithm !== "MD5" && algorithm !== "SHA-256") return false;
    if (of("username") !== username) return false;
    const hash = (text: string): string => createHash(HASHES[algorithm]).update(text).digest("hex");
    const secret = hash(`${username}:${of("realm")}:${password}`);
    const asked = hash(`${method}:${of("uri")}`);
    const middle = of("qop") === "" ? of("nonce") : [of("nonce"), of("nc"), of("cnonce"), of("qop")].join(":");
    const expected = hash(`${secret}:${middle}:${asked}`);
    return isEqual(Buffer.from(of("response").toLowerCase()), Buffer.from(expected));
}

function isEqual(a: Buffer, b: Buffer): boolean {
    return a.length === b.length && timingSafeEqual(a, b);
}
