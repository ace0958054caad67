/** Both sides of digest authentication as cameras know it, for simulated ones: written from RFC 7616, apart from the daemon's. */
import { createHash, randomBytes } from "node:crypto";

export interface Account {
    readonly username: string;
    readonly password: string;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const REALM = "IP Camera(31)";

/** Fields of a `www-authenticate` or `authorization` header. */
function fieldsIn(header: string): ReadonlyMap<string, string> {
    const pairs = header.matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g);
    return new Map([...pairs].map(([, key = "", quoted, bare]) => [key, quoted ?? bare ?? ""] as const));
}

function responseTo(fields: ReadonlyMap<string, string>, { username, password }: Account, method: string): string {
    const of = (key: string): string => fields.get(key) ?? "";
    const middle = ["nonce", "nc", "cnonce", "qop"].map(of).join(":");
    return md5(`${md5(`${username}:${of("realm")}:${password}`)}:${middle}:${md5(`${method}:${of("uri")}`)}`);
}

/** What a camera's server asks for. */
export function challenge(): string {
    return `Digest realm="${REALM}", qop="auth", nonce="${randomBytes(12).toString("hex")}", algorithm=MD5`;
}

/** Whether a client knows the account; nonces are good for ever. */
export function isLogin(header: string | undefined, account: Account, method: string, url: string): boolean {
    const fields = fieldsIn(header ?? "");
    if (fields.get("uri") !== url || fields.get("username") !== account.username) return false;
    return fields.get("response") === responseTo(fields, account, method);
}

/** What a camera's client answers to a server that asks for a login: digest if it can, else basic. */
export function loginFor(asked: string, account: Account, method: string, url: string): string {
    if (!/Digest/.test(asked)) {
        return `Basic ${Buffer.from(`${account.username}:${account.password}`).toString("base64")}`;
    }
    const said = fieldsIn(asked);
    const of = (key: string): string => said.get(key) ?? "";
    const fields = new Map([
        ["username", account.username],
        ["realm", of("realm")],
        ["nonce", of("nonce")],
        ["uri", url],
        ["qop", "auth"],
        ["nc", "00000001"],
        ["cnonce", randomBytes(6).toString("hex")],
    ]);
    const response = responseTo(fields, account, method);
    return `Digest ${[...fields, ["response", response]].map(([key, value]) => `${key}="${value}"`).join(", ")}`;
}
