/** Our side of digest authentication over several requests to one camera: the nonce in hand, and when to give up. */
import { randomBytes } from "node:crypto";
import { answerChallenge, type DigestChallenge, type DigestCredentials, parseChallenge } from "./http-digest.ts";

/** A camera with several clients may let a nonce grow old between its asking and our answer. */
const TRIES_MAX = 3;

export class DigestSession {
    readonly #credentials: DigestCredentials | undefined;
    #challenge: DigestChallenge | undefined;
    #uses = 0;

    /** Without credentials nothing is ever answered. */
    constructor(credentials: DigestCredentials | undefined) {
        this.#credentials = credentials;
    }

    /** Empty until the camera has asked for a login. */
    headers(method: string, uri: string): { readonly authorization?: string } {
        if (this.#challenge === undefined || this.#credentials === undefined) return {};
        const cnonce = randomBytes(8).toString("hex");
        const request = { method, uri, count: ++this.#uses, cnonce };
        return { authorization: answerChallenge(this.#challenge, this.#credentials, request) };
    }

    /** Hears what a 401 asked for, the `tries`-th in a row from 0. A sentence when there is no use in trying again. */
    refusalOf(wwwAuthenticate: string, tries: number): string | undefined {
        this.#challenge = parseChallenge(wwwAuthenticate);
        this.#uses = 0;
        if (this.#challenge === undefined) return "asks for a login that is not digest: switch digest on";
        if (this.#credentials === undefined) return "asks for a login: give username and passwordFile";
        const isWorthIt = tries === 0 || (this.#challenge.isStale && tries < TRIES_MAX);
        return isWorthIt ? undefined : "refuses user name or password";
    }
}
