/**
 * One SNMP agent over UDP, with `net-snmp` doing the encoding. One request at a time, since field devices have no room for more;
 * repeats are the library's, the judgement of what came back is ours.
 */
import { isIPv6 } from "node:net";
import {
    createSession,
    isVarbindError,
    ObjectType,
    RequestFailedError,
    RequestTimedOutError,
    type Session,
    type Varbind,
    Version1,
    Version2c,
    varbindError,
} from "net-snmp";
import { DeviceFault } from "../ports/device-health.ts";
import type { SnmpAgent, SnmpValue } from "../ports/snmp-agent.ts";

export interface SnmpClientPlan {
    /** In words, for messages. */
    readonly device: string;
    readonly host: string;
    readonly port: number;
    /** SNMP versions 1 and 2c know nothing better; the line to a sign belongs into a network of its own. */
    readonly community: string;
    readonly version: "1" | "2c";
    /** For one try, of which there are two. */
    readonly timeoutMs: number;
}

const RETRIES = 1;
const INTEGERS: ReadonlySet<number> = new Set([
    2, // INTEGER
    0x41, // Counter32
    0x42, // Gauge32, Unsigned32
    0x43, // TimeTicks
]);

export class SnmpClient implements SnmpAgent {
    readonly #plan: SnmpClientPlan;
    #session: Session | undefined;
    #last: Promise<unknown> = Promise.resolve();
    #isClosed = false;

    constructor(plan: SnmpClientPlan) {
        this.#plan = plan;
    }

    async get(oids: readonly string[]): Promise<readonly SnmpValue[]> {
        const varbinds = await this.#ask((session, done) => session.get([...oids], done));
        return oids.map((oid, place) => this.#value(oid, varbinds[place]));
    }

    async set(objects: readonly { readonly oid: string; readonly to: SnmpValue }[]): Promise<void> {
        const { Integer, OctetString } = ObjectType;
        const wanted = objects.map(({ oid, to }) =>
            to.is === "integer"
                ? { oid, type: Integer, value: to.value }
                : { oid, type: OctetString, value: Buffer.from(to.value) },
        );
        const varbinds = await this.#ask((session, done) => session.set(wanted, done));
        for (const [place, { oid }] of wanted.entries()) this.#value(oid, varbinds[place]);
    }

    close(): void {
        this.#isClosed = true;
        this.#session?.close();
        this.#session = undefined;
    }

    #ask(
        request: (session: Session, done: (error: Error | null, varbinds?: Varbind[]) => void) => void,
    ): Promise<readonly Varbind[]> {
        const answer = this.#last.then(
            () =>
                new Promise<readonly Varbind[]>((resolve, reject) => {
                    if (this.#isClosed) return reject(this.#fault("NOT_CONNECTED", "the connection is closed"));
                    this.#session ??= this.#open();
                    request(this.#session, (error, varbinds) => {
                        if (error === null) resolve(varbinds ?? []);
                        else reject(this.#faultOf(error));
                    });
                }),
        );
        this.#last = answer.catch(() => undefined);
        return answer;
    }

    /** A socket that has failed is given up; the next request opens another. */
    #open(): Session {
        const { host, port, community, version, timeoutMs } = this.#plan;
        const session = createSession(host, community, {
            port,
            retries: RETRIES,
            timeout: timeoutMs,
            version: version === "1" ? Version1 : Version2c,
            transport: isIPv6(host) ? "udp6" : "udp4",
            reportOidMismatchErrors: true,
        });
        session.on("error", () => {
            if (this.#session === session) this.#session = undefined;
        });
        return session;
    }

    #value(oid: string, varbind: Varbind | undefined): SnmpValue {
        if (varbind === undefined) throw this.#fault("BAD_REPLY", `answered without ${oid}`);
        if (isVarbindError(varbind)) {
            throw this.#fault("REFUSED", `has no object ${oid} (${varbindError(varbind)}): is this its protocol?`);
        }
        const { value, type } = varbind;
        if (typeof value === "number" && INTEGERS.has(type)) return { is: "integer", value };
        if (value instanceof Uint8Array) return { is: "octets", value };
        throw this.#fault("BAD_REPLY", `${oid} is neither a number nor octets`);
    }

    #faultOf(error: Error): DeviceFault {
        if (error instanceof RequestTimedOutError) {
            const advice = "check power, address, port and community";
            return this.#fault("NO_REPLY", `no reply within ${(RETRIES + 1) * this.#plan.timeoutMs} ms: ${advice}`);
        }
        if (error instanceof RequestFailedError) return this.#fault("REFUSED", `refuses: ${error.message}`);
        return this.#fault("BAD_REPLY", error.message);
    }

    #fault(code: DeviceFault["code"], message: string): DeviceFault {
        return new DeviceFault(this.#plan.device, code, message);
    }
}
