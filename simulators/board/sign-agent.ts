/** An SNMP agent (RFC 1157 and 1905) before a simulated sign, on UDP, with the faults that a wire and an agent can have. */
import { createSocket, type RemoteInfo } from "node:dgram";
import type { Clock } from "../world/clock.ts";
import type { Random } from "../world/random.ts";
import { type Element, element, elements, integerElement, integerOf, oidOf, TAG } from "./ber.ts";
import type { BoardConfig, BoardFault, BoardShows, SimulatedBoard } from "./board-messages.ts";
import { DmsSign, SnmpRefusal, type Value } from "./dms-sign.ts";

type Plan = Extract<BoardConfig, { speaks: "ntcip-1203" }>;

/** Rejects when the port cannot be had. Listens on the loopback interface only. */
export async function openSign(
    plan: Plan,
    clock: Clock,
    random: Random,
    tell: (shows: BoardShows) => void,
): Promise<SimulatedBoard> {
    const sign = new DmsSign(plan, clock, tell);
    let fault: BoardFault = { kind: "none" };
    let isClosed = false;
    const socket = createSocket("udp4");
    const send = (reply: Buffer, to: RemoteInfo): void => {
        if (fault.kind === "garbage") for (let at = 0; at < reply.length; at += 1) reply[at] = random.int(256);
        const said = fault.kind === "partial" ? reply.subarray(0, -3) : reply;
        if (!isClosed) socket.send(said, to.port, to.address);
    };
    socket.on("message", (bytes, from) => {
        if (fault.kind === "silence" || fault.kind === "disconnect") return;
        sign.heard();
        const reply = answer(bytes, sign, fault.kind === "snmp-error" ? fault.status : undefined);
        if (reply === undefined || fault.kind === "lost-reply") return;
        if (fault.kind === "delay") clock.after(fault.ms, () => send(reply, from));
        else send(reply, from);
    });
    await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.bind(plan.port, "127.0.0.1", resolve);
    });
    return {
        port: socket.address().port,
        fault(next) {
            fault = next;
            sign.isLocal = next.kind === "refuses";
            sign.activateError = next.kind === "activate-error" ? next.code : undefined;
        },
        powerCycle: () => sign.powerCycle(),
        async close() {
            isClosed = true;
            sign.stop();
            await new Promise<void>((resolve) => socket.close(() => resolve()));
        },
    };
}

/** Undefined for what is no SNMP request: an agent says nothing to that. */
function answer(bytes: Buffer, sign: DmsSign, writeError: number | undefined): Buffer | undefined {
    try {
        const [message] = elements(bytes);
        const [version, community, pdu] = elements(message?.content ?? Buffer.alloc(0));
        if (version === undefined || community === undefined || pdu === undefined) return undefined;
        const [id, , , list] = elements(pdu.content);
        if (id === undefined || list === undefined) return undefined;
        const asked = elements(list.content).map(({ content }) => elements(content));
        const { status, index, varbinds } = carryOut(pdu.tag, asked, sign, writeError);
        const body = [element(TAG.integer, id.content), integerElement(status), integerElement(index)];
        return element(
            TAG.sequence,
            element(TAG.integer, version.content),
            element(TAG.octets, community.content),
            element(TAG.response, ...body, element(TAG.sequence, ...varbinds)),
        );
    } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
    }
}

interface Outcome {
    readonly status: number;
    readonly index: number;
    readonly varbinds: readonly Buffer[];
}

function carryOut(
    tag: number,
    asked: readonly (readonly Element[])[],
    sign: DmsSign,
    writeError: number | undefined,
): Outcome {
    const varbinds: Buffer[] = [];
    for (const [place, [name, value]] of asked.entries()) {
        if (name === undefined || value === undefined) throw new RangeError("a varbind has a name and a value");
        try {
            if (tag === TAG.set && writeError !== undefined) throw new SnmpRefusal(writeError);
            varbinds.push(varbind(name, carryOutOne(tag, oidOf(name), value, sign)));
        } catch (error) {
            if (!(error instanceof SnmpRefusal)) throw error;
            const same = asked.map(([each, given]) => varbind(each, given));
            return { status: error.status, index: place + 1, varbinds: same };
        }
    }
    return { status: 0, index: 0, varbinds };
}

/** The value that stands in the answer. Throws `SnmpRefusal`. */
function carryOutOne(tag: number, oid: string, value: Element, sign: DmsSign): Element {
    if (tag === TAG.get) return valueElement(sign.get(oid));
    if (tag !== TAG.set) throw new SnmpRefusal(5);
    sign.set(oid, value.tag === TAG.integer ? integerOf(value) : Buffer.from(value.content));
    return value;
}

function varbind(name: Element | undefined, value: Element | undefined): Buffer {
    const encoded = ({ tag, content }: Element): Buffer => element(tag, content);
    return element(TAG.sequence, ...[name, value].flatMap((each) => (each === undefined ? [] : [encoded(each)])));
}

function valueElement(value: Value): Element {
    if (typeof value !== "number") return { tag: TAG.octets, content: value };
    const [encoded] = elements(integerElement(value));
    if (encoded === undefined) throw new RangeError("an integer is one element");
    return encoded;
}
