/** The login of a simulated HTTP camera: digest (RFC 7616, MD5) or basic, written independently of the daemon's client. */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface LoginPlan {
    readonly kind: "none" | "digest" | "basic";
    readonly username: string;
    readonly password: string;
}

const REALM = "camera";

export class HttpLogin {
    readonly #plan: LoginPlan;
    readonly #nonces = new Set<string>();

    constructor(plan: LoginPlan) {
        this.#plan = plan;
    }

    isGood({ headers: { authorization = "" }, method = "", url = "" }: IncomingMessage): boolean {
        const { kind, username, password } = this.#plan;
        if (kind === "none") return true;
        if (kind === "basic") {
            return authorization === `Basic ${Buffer.from([username, password].join(":")).toString("base64")}`;
        }
        const said = Object.fromEntries(
            [...authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^",\s]+))/g)].map(([, key, quoted, bare]) => [
                key,
                quoted ?? bare,
            ]),
        );
        const md5 = (...parts: readonly string[]): string => createHash("md5").update(parts.join(":")).digest("hex");
        const { nonce = "", nc = "", cnonce = "", qop = "", uri = "" } = said;
        const expected = md5(md5(username, REALM, password), nonce, nc, cnonce, qop, md5(method, url));
        return this.#nonces.has(nonce) && uri === url && said["response"] === expected;
    }

    ask(response: ServerResponse): void {
        const nonce = randomBytes(12).toString("hex");
        this.#nonces.add(nonce);
        const digest = `Digest realm="${REALM}", qop="auth", nonce="${nonce}", algorithm=MD5`;
        const challenge = this.#plan.kind === "basic" ? `Basic realm="${REALM}"` : digest;
        response.writeHead(401, { "www-authenticate": challenge }).end();
    }
}
