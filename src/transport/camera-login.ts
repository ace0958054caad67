/** Our side of a camera's login over several requests: the nonce in hand, whether the password itself may go, when to give up. */
import { randomBytes } from "node:crypto";
import { answerChallenge, type DigestChallenge, type DigestCredentials, parseChallenge } from "./http-digest.ts";

/** A camera with several clients may let a nonce grow old between its asking and our answer. */
const TRIES_MAX = 3;

export class CameraLogin {
    readonly #credentials: DigestCredentials | undefined;
    readonly #mayBeBasic: boolean;
    /** What the camera has asked for: a digest, or with `basic` the password itself. */
    #asked: DigestChallenge | "basic" | undefined;
    #uses = 0;

    /** Without credentials nothing is ever answered. `mayBeBasic`: the password itself goes to a camera that knows no digest. */
    constructor(credentials: DigestCredentials | undefined, mayBeBasic = false) {
        this.#credentials = credentials;
        this.#mayBeBasic = mayBeBasic;
    }

    /** Empty until the camera has asked for a login. */
    headers(method: string, uri: string): { readonly authorization?: string } {
        if (this.#asked === undefined || this.#credentials === undefined) return {};
        const { username, password } = this.#credentials;
        if (this.#asked === "basic") {
            return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
        }
        const cnonce = randomBytes(8).toString("hex");
        const request = { method, uri, count: ++this.#uses, cnonce };
        return { authorization: answerChallenge(this.#asked, this.#credentials, request) };
    }

    /** Hears what a 401 asked for, the `tries`-th in a row from 0. A sentence when there is no use in trying again. */
    refusalOf(wwwAuthenticate: string, tries: number): string | undefined {
        const digest = parseChallenge(wwwAuthenticate);
        const isBasic = digest === undefined && this.#mayBeBasic && /\bBasic\b/i.test(wwwAuthenticate);
        this.#asked = isBasic ? "basic" : digest;
        this.#uses = 0;
        if (this.#credentials === undefined)
            return "asks for a login and has none: give its username and passwordFile in the site file";
        if (this.#asked === undefined) return "asks for a login that is not digest: switch digest on in the camera";
        if (tries === 0 || (digest?.isStale === true && tries < TRIES_MAX)) return undefined;
        const { username, password } = this.#credentials;
        return password === ""
            ? `refuses ${username} without a password: put it into the file that passwordFile names`
            : "refuses user name or password: look at username and what is in passwordFile";
    }
}
