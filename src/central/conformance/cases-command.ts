/** Commands as they really come: form, age, expiry, how they are addressed, and that an answered one is not sent again. */
import { parseUtcInstant } from "../../core/booking/utc-instant.ts";
import { Command, readMessage } from "../messages.ts";
import { CaseFailure, type ConformanceCase, must } from "./conformance-case.ts";
import type { ConformanceKit } from "./conformance-kit.ts";
import type { Heard } from "./scripted-box.ts";

const LIFETIME_MS_MAX = 60_000;
const SKEW_MS_MAX = 2_000;
const CORRELATION_BYTES_MAX = 256;
const COMMAND_WAITS = 6;

interface Ordered {
    readonly message: Heard;
    readonly arrivedUtcMs: number;
}

/** Two commands, answered as a box answers them. */
function commands(kit: ConformanceKit): Promise<readonly Ordered[]> {
    return kit.once("commands", async () => {
        const first = await nextCommand(kit, "send the command sync (or any other) to this site");
        const second = await nextCommand(kit, "send the same command to this site once more");
        return [first, second];
    });
}

async function nextCommand(kit: ConformanceKit, what: string): Promise<Ordered> {
    const from = kit.box.heard.length;
    kit.ask(what);
    const find = (): Heard | undefined => kit.box.heard.slice(from).find(({ topic }) => topic === "commands");
    await kit.box.until("a command", () => find() !== undefined, kit.options.waitMs * COMMAND_WAITS);
    const message = find();
    must(message !== undefined, "no command");
    const arrivedUtcMs = kit.options.clock.utcMs();
    const { responseTopic, correlationData } = message.packet.properties ?? {};
    const root = `kordon/v1/${kit.options.site}/`;
    if (responseTopic?.startsWith(`${root}answers/`) === true && correlationData !== undefined) {
        const answer = { nonce: nonceOf(message), outcome: "done", at: new Date(arrivedUtcMs).toISOString() };
        await kit.box.publish(responseTopic.slice(root.length), JSON.stringify(answer), {
            correlation: correlationData,
        });
    }
    return { message, arrivedUtcMs };
}

function nonceOf({ json }: Heard): string | null {
    const nonce = typeof json === "object" && json !== null && "nonce" in json ? json.nonce : undefined;
    return typeof nonce === "string" ? nonce : null;
}

function read(message: Heard): Command {
    const command = readMessage(Command, message.payload);
    if ("reason" in command) throw new CaseFailure(`not of the contract's form: ${command.reason}`);
    return command.message;
}

function times(message: Heard): { readonly issuedMs: number; readonly expiresMs: number } {
    const { issued, expires } = read(message);
    return { issuedMs: parseUtcInstant(issued) ?? 0, expiresMs: parseUtcInstant(expires) ?? 0 };
}

/** Holds for each of the commands. */
function each(name: string, claim: string, look: (ordered: Ordered, kit: ConformanceKit) => void): ConformanceCase {
    return {
        name,
        claim,
        async run(kit) {
            for (const ordered of await commands(kit)) look(ordered, kit);
        },
    };
}

export const COMMAND_CASES: readonly ConformanceCase[] = [
    {
        name: "command.none-kept",
        claim: "no command is retained: a box that comes later must not carry out an old one",
        async run(kit) {
            const late = kit.newBox();
            try {
                await late.connect({ isClean: true, suffix: "-late" });
                await late.subscribe();
                await kit.quiet();
                must(!late.heard.some(({ topic, packet }) => topic === "commands" && packet.retain), "one is retained");
            } finally {
                await late.end();
            }
        },
    },
    each("command.form", "has the contract's form and no field beside it", ({ message }) => {
        read(message);
    }),
    each("command.live", "is sent with QoS 1 and not retained", ({ message: { packet } }) => {
        must(packet.qos === 1 && !packet.retain, "QoS 0, or retained");
    }),
    each(
        "command.answer-topic",
        "names a response topic below answers/ of the site",
        ({ message: { packet } }, kit) => {
            const topic = packet.properties?.responseTopic ?? "";
            must(topic.startsWith(`kordon/v1/${kit.options.site}/answers/`), `response topic "${topic}"`);
        },
    ),
    each("command.correlation", "carries correlation data of 1 to 256 bytes", ({ message: { packet } }) => {
        const bytes = packet.properties?.correlationData?.byteLength ?? 0;
        must(bytes > 0 && bytes <= CORRELATION_BYTES_MAX, `${bytes} bytes`);
    }),
    each("command.expiry", "expires in the broker when it does for the box", ({ message }) => {
        const { issuedMs, expiresMs } = times(message);
        const expiryS = message.packet.properties?.messageExpiryInterval;
        must(expiryS !== undefined, "no message expiry");
        must(
            expiryS * 1_000 <= expiresMs - issuedMs + SKEW_MS_MAX,
            `the broker keeps it for ${expiryS} s, longer than it lives`,
        );
    }),
    each("command.lifetime", "lives for at most a minute", ({ message }) => {
        const { issuedMs, expiresMs } = times(message);
        must(expiresMs > issuedMs && expiresMs - issuedMs <= LIFETIME_MS_MAX, `${expiresMs - issuedMs} ms`);
    }),
    each("command.fresh", "was issued just now by the box's clock", ({ message, arrivedUtcMs }) => {
        const { issuedMs, expiresMs } = times(message);
        must(issuedMs <= arrivedUtcMs + SKEW_MS_MAX, `issued ${issuedMs - arrivedUtcMs} ms in the future`);
        must(expiresMs > arrivedUtcMs, "expired on arrival");
    }),
    {
        name: "command.nonce",
        claim: "every command has a nonce of its own",
        async run(kit) {
            const nonces = (await commands(kit)).map(({ message }) => nonceOf(message));
            must(new Set(nonces).size === nonces.length, `the nonce ${nonces[0]} was used twice`);
        },
    },
    {
        name: "command.not-repeated",
        claim: "a command that was answered is not sent again",
        async run(kit) {
            const nonces = new Set((await commands(kit)).map(({ message }) => nonceOf(message)));
            await kit.quiet();
            const count = kit.box.heard.filter(
                (heard) => heard.topic === "commands" && nonces.has(nonceOf(heard)),
            ).length;
            must(count <= 2, `${count} messages for two commands`);
        },
    },
];
