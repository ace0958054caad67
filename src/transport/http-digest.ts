/** Digest authentication (RFC 7616) as cameras ask for it: MD5 or SHA-256, with `qop=auth` or, from old firmware, without. */
import { createHash } from "node:crypto";

export interface DigestCredentials {
    readonly username: string;
    readonly password: string;
}

export interface DigestChallenge {
    readonly realm: string;
    readonly nonce: string;
    readonly opaque: string | undefined;
    readonly algorithm: "MD5" | "SHA-256";
    readonly hasQop: boolean;
    /** The answer was right, only its nonce was too old. */
    readonly isStale: boolean;
}

const ALGORITHMS = { MD5: "md5", "SHA-256": "sha256" } as const;

/** The first challenge in `www-authenticate` that can be answered; undefined when there is none. */
export function parseChallenge(header: string): DigestChallenge | undefined {
    for (const part of header.split(/(?=\bDigest\s)/i)) {
        if (!/^Digest\s/i.test(part)) continue;
        const fields = new Map<string, string>();
        for (const [, key = "", quoted, bare] of part
            .slice(6)
            .matchAll(/([a-z-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s,]+))/gi)) {
            fields.set(key.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "");
        }
        const [realm, nonce] = [fields.get("realm"), fields.get("nonce")];
        const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase();
        const qop = fields.get("qop")?.split(/\s*,\s*/);
        if (realm === undefined || nonce === undefined || !isKnown(algorithm)) continue;
        if (qop !== undefined && !qop.includes("auth")) continue;
        const isStale = fields.get("stale")?.toLowerCase() === "true";
        return { realm, nonce, opaque: fields.get("opaque"), algorithm, hasQop: qop !== undefined, isStale };
    }
    return undefined;
}

/** Value of the `authorization` header. `count` grows by one with each use of a nonce; `cnonce` is fresh and random. */
export function answerChallenge(
    { realm, nonce, opaque, algorithm, hasQop }: DigestChallenge,
    { username, password }: DigestCredentials,
    {
        method,
        uri,
        count,
        cnonce,
    }: { readonly method: string; readonly uri: string; readonly count: number; readonly cnonce: string },
): string {
    const hash = (text: string): string => createHash(ALGORITHMS[algorithm]).update(text).digest("hex");
    const nc = count.toString(16).padStart(8, "0");
    const [secret, asked] = [hash(`${username}:${realm}:${password}`), hash(`${method}:${uri}`)];
    const response = hash(hasQop ? `${secret}:${nonce}:${nc}:${cnonce}:auth:${asked}` : `${secret}:${nonce}:${asked}`);
    const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
    return [
        `Digest username=${quote(username)}`,
        `realm=${quote(realm)}`,
        `nonce=${quote(nonce)}`,
        `uri=${quote(uri)}`,
        `response="${response}"`,
        `algorithm=${algorithm}`,
        ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
        ...(hasQop ? [`qop=auth`, `nc=${nc}`, `cnonce="${cnonce}"`] : []),
    ].join(", ");
}

function isKnown(name: string): name is keyof typeof ALGORITHMS {
    return Object.hasOwn(ALGORITHMS, name);
}
