/** The booking list: questions answered, snapshots whole, hashes that add up, changes that follow. */
import { hash } from "node:crypto";
import { z } from "zod";
import { parseWireBooking } from "../../core/booking/booking-wire.ts";
import { canonicalJson } from "../../core/fact/canonical-json.ts";
import type { Json } from "../../core/fact/fact.ts";
import { Delta, readMessage, SnapshotPart } from "../messages.ts";
import { CaseFailure, type ConformanceCase, must } from "./conformance-case.ts";
import { type ConformanceKit, type ListReply, NO_LIST } from "./conformance-kit.ts";
import type { Heard } from "./scripted-box.ts";

const PACKET_BYTES_MAX = 256 << 10;
const MODULUS = 1n << 256n;
const FAR_AHEAD = 1_000_000_000;
const CHANGE_WAITS = 6;

const WithId = z.looseObject({ id: z.string().min(1) });

interface Snapshot {
    readonly reply: ListReply;
    readonly messages: readonly Heard[];
    readonly parts: readonly SnapshotPart[];
    readonly bookings: readonly unknown[];
}

/** A whole list as a new box asks for it; shared by the cases that look at it. */
function snapshot(kit: ConformanceKit): Promise<Snapshot> {
    return kit.once("snapshot", async () => {
        const reply = await kit.askList({ wants: "snapshot" });
        const messages = reply.before.filter(({ topic }) => topic === "bookings/snapshot");
        must(messages.length > 0, "no part of a snapshot before the answer");
        const parts = messages.map(({ payload }) => {
            const read = readMessage(SnapshotPart, payload);
            if ("reason" in read) throw new CaseFailure(`a part is not of the contract's form: ${read.reason}`);
            return read.message;
        });
        return { reply, messages, parts, bookings: parts.flatMap(({ bookings }) => bookings) };
    });
}

function listHash(bookings: readonly unknown[]): string {
    const sum = bookings.reduce<bigint>(
        (total, booking) => (total + BigInt(`0x${hash("sha256", canonicalJson(booking as Json))}`)) % MODULUS,
        0n,
    );
    return sum.toString(16).padStart(64, "0");
}

function partsIn(reply: ListReply): number {
    return reply.before.filter(({ topic }) => topic === "bookings/snapshot").length;
}

function deltasIn(messages: readonly Heard[]): readonly Delta[] {
    return messages.flatMap(({ topic, payload }) => {
        if (topic !== "bookings/delta") return [];
        const read = readMessage(Delta, payload);
        if ("reason" in read) throw new CaseFailure(`a delta is not of the contract's form: ${read.reason}`);
        return [read.message];
    });
}

interface Change {
    readonly before: Snapshot;
    readonly messages: readonly Heard[];
    readonly deltas: readonly Delta[];
}

/** Somebody changes a booking while the box listens. */
function change(kit: ConformanceKit): Promise<Change> {
    return kit.once("change", async () => {
        const reply = await kit.askList({ wants: "snapshot" });
        const parts = deltasOrParts(reply);
        const bookings = parts.flatMap((part) => part.bookings);
        const from = kit.box.heard.length;
        kit.ask("change one booking of this site's list");
        const isChange = ({ topic }: Heard): boolean => topic === "bookings/delta" || topic === "bookings/snapshot";
        await kit.box.until(
            "a change of the list",
            () => kit.box.heard.slice(from).some(isChange),
            kit.options.waitMs * CHANGE_WAITS,
        );
        await kit.quiet();
        const messages = kit.box.heard.slice(from).filter(isChange);
        return { before: { reply, messages: [], parts, bookings }, messages, deltas: deltasIn(messages) };
    });
}

function deltasOrParts(reply: ListReply): readonly SnapshotPart[] {
    return reply.before.flatMap(({ topic, payload }) => {
        const read = topic === "bookings/snapshot" ? readMessage(SnapshotPart, payload) : { reason: "" };
        return "reason" in read ? [] : [read.message];
    });
}

function applied(bookings: readonly unknown[], deltas: readonly Delta[]): readonly unknown[] {
    const byId = new Map(bookings.map((booking) => [WithId.parse(booking).id, booking]));
    for (const { upsert, remove } of deltas) {
        for (const booking of upsert) byId.set(WithId.parse(booking).id, booking);
        for (const id of remove) byId.delete(id);
    }
    return [...byId.values()];
}

const ANSWER_CASES: readonly ConformanceCase[] = [
    {
        name: "list.answered",
        claim: "answers a question on bookings/version, repeating its reference",
        async run(kit) {
            await kit.askList();
        },
    },
    {
        name: "list.answer-live",
        claim: "answers are neither retained nor sent with QoS 0",
        async run(kit) {
            const { message } = await kit.askList();
            must(!message.packet.retain && message.packet.qos === 1, "retained, or QoS 0");
            const late = kit.newBox();
            try {
                await late.connect({ isClean: true, suffix: "-late" });
                await late.subscribe();
                await kit.quiet();
                const kept = late.heard.find(({ topic, packet }) => topic.startsWith("bookings/") && packet.retain);
                must(kept === undefined, `a retained message lies on ${kept?.topic}`);
            } finally {
                await late.end();
            }
        },
    },
    {
        name: "list.each-question",
        claim: "answers each of several questions at once with its own reference",
        async run(kit) {
            await Promise.all([kit.askList(), kit.askList(), kit.askList()]);
        },
    },
    {
        name: "list.long-ref",
        claim: "repeats a reference of 64 characters unchanged",
        async run(kit) {
            const ref = `${"r".repeat(60)}-é1`;
            await kit.box.publish("requests", JSON.stringify({ ref, have: NO_LIST, wants: "changes" }));
            const isAnswer = ({ topic, json }: Heard): boolean =>
                topic === "bookings/version" &&
                typeof json === "object" &&
                json !== null &&
                "ref" in json &&
                json.ref === ref;
            await kit.box.until("an answer with the same reference", () => kit.box.heard.some(isAnswer));
        },
    },
    {
        name: "list.stable",
        claim: "names one hash for one version",
        async run(kit) {
            const [one, two] = [(await kit.askList()).answer, (await kit.askList()).answer];
            must(one.version !== two.version || one.hash === two.hash, `version ${one.version} with two hashes`);
        },
    },
    {
        name: "list.nothing-missing",
        claim: "sends a box that has the list nothing but the answer",
        async run(kit) {
            const { answer } = await kit.askList();
            const again = await kit.askList({ have: answer });
            must(again.before.length === 0, `${again.before.length} further messages`);
        },
    },
    {
        name: "list.new-box",
        claim: "gives a box without a list the whole of it, also when it asks for changes",
        async run(kit) {
            const reply = await kit.askList({ wants: "changes" });
            must(partsIn(reply) > 0, "no snapshot before the answer");
        },
    },
    {
        name: "list.wrong-hash",
        claim: "gives the whole list to a box whose hash is wrong, although its version is right",
        async run(kit) {
            const { answer } = await kit.askList();
            const reply = await kit.askList({ have: { version: answer.version, hash: "a".repeat(64) } });
            must(partsIn(reply) > 0, "no snapshot: it believed the version");
        },
    },
    {
        name: "list.box-ahead",
        claim: "gives the whole list to a box whose version was never published",
        async run(kit) {
            const { answer } = await kit.askList();
            const have = { version: answer.version + FAR_AHEAD, hash: "b".repeat(64) };
            must(partsIn(await kit.askList({ have })) > 0, "no snapshot");
        },
    },
    {
        name: "list.asked-for-whole",
        claim: "gives the whole list to a box that asks for it, although it has it",
        async run(kit) {
            const { answer } = await kit.askList();
            must(partsIn(await kit.askList({ have: answer, wants: "snapshot" })) > 0, "no snapshot");
        },
    },
];

const SNAPSHOT_CASES: readonly ConformanceCase[] = [
    {
        name: "snapshot.complete",
        claim: "sends every part of a snapshot before the answer",
        async run(kit) {
            const { parts } = await snapshot(kit);
            const wanted = parts[0]?.parts ?? 0;
            const have = new Set(parts.map(({ part }) => part));
            const missing = Array.from({ length: wanted }, (_, i) => i + 1).filter((part) => !have.has(part));
            must(missing.length === 0, `of ${wanted} parts these are missing: ${missing.slice(0, 5).join(", ")}`);
        },
    },
    {
        name: "snapshot.one-list",
        claim: "all parts name the version, hash and number of parts of one list",
        async run(kit) {
            const { parts } = await snapshot(kit);
            const names = new Set(parts.map(({ version, hash: own, parts: count }) => `${version} ${own} ${count}`));
            must(names.size === 1, `${names.size} different ones`);
        },
    },
    {
        name: "snapshot.same-as-answer",
        claim: "the answer names the list that was sent",
        async run(kit) {
            const { parts, reply } = await snapshot(kit);
            const isSame = parts.every(
                ({ version, hash: own }) => version === reply.answer.version && own === reply.answer.hash,
            );
            must(isSame, `snapshot ${parts[0]?.version}, answer ${reply.answer.version}, or another hash`);
        },
    },
    {
        name: "snapshot.hash",
        claim: "the list's hash is the sum of its bookings' hashes",
        async run(kit) {
            const { bookings, reply } = await snapshot(kit);
            must(listHash(bookings) === reply.answer.hash, `the bookings sum up to ${listHash(bookings).slice(0, 8)}…`);
        },
    },
    {
        name: "snapshot.bookings",
        claim: "every booking has the contract's form, and no field beside it",
        async run(kit) {
            for (const booking of (await snapshot(kit)).bookings) mustBeBooking(booking);
        },
    },
    {
        name: "snapshot.ids",
        claim: "no booking stands in the list twice",
        async run(kit) {
            const ids = (await snapshot(kit)).bookings.map((booking) => WithId.safeParse(booking).data?.id);
            const twice = ids.find((id, i) => ids.indexOf(id) !== i);
            must(twice === undefined, `${twice} stands there twice`);
        },
    },
    {
        name: "snapshot.part-size",
        claim: "no part is larger than 256 KiB",
        async run(kit) {
            const { messages } = await snapshot(kit);
            const largest = Math.max(...messages.map(({ payload }) => payload.byteLength));
            must(largest <= PACKET_BYTES_MAX - 512, `a part of ${largest} bytes`);
        },
    },
    {
        name: "snapshot.live",
        claim: "parts are sent with QoS 1 and not retained",
        async run(kit) {
            const { messages } = await snapshot(kit);
            must(
                messages.every(({ packet }) => packet.qos === 1 && !packet.retain),
                "QoS 0, or retained",
            );
        },
    },
];

const CHANGE_CASES: readonly ConformanceCase[] = [
    {
        name: "delta.announced",
        claim: "a change of the list is published as a delta or a snapshot without being asked for",
        async run(kit) {
            await change(kit);
        },
    },
    {
        name: "delta.follows",
        claim: "a delta goes from the version before to a higher one",
        async run(kit) {
            const { before, deltas } = await change(kit);
            let version = before.reply.answer.version;
            for (const { from, to } of deltas) {
                must(from === version && to > from, `a delta from ${from} to ${to} after version ${version}`);
                version = to;
            }
        },
    },
    {
        name: "delta.hash",
        claim: "a delta's hash is that of the list after it",
        async run(kit) {
            const { before, deltas } = await change(kit);
            for (const [i, delta] of deltas.entries()) {
                const list = applied(before.bookings, deltas.slice(0, i + 1));
                must(listHash(list) === delta.hash, `the list after ${delta.to} sums up to another hash`);
            }
        },
    },
    {
        name: "delta.bookings",
        claim: "every booking of a delta has the contract's form",
        async run(kit) {
            for (const { upsert } of (await change(kit)).deltas) for (const booking of upsert) mustBeBooking(booking);
        },
    },
    {
        name: "delta.missed",
        claim: "a box that missed a change gets what leads from its version to the newest",
        async run(kit) {
            const { before } = await change(kit);
            const { version, hash: own } = before.reply.answer;
            const reply = await kit.askList({ have: { version, hash: own } });
            const deltas = deltasIn(reply.before);
            const leads = deltas.at(-1)?.to === reply.answer.version && deltas[0]?.from === version;
            must(partsIn(reply) > 0 || leads, "neither deltas from there to the newest version nor a snapshot");
        },
    },
];

function mustBeBooking(booking: unknown): void {
    try {
        parseWireBooking(booking);
    } catch (error) {
        const id = WithId.safeParse(booking).data?.id ?? "without an id";
        throw new CaseFailure(`booking ${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
}

export const LIST_CASES: readonly ConformanceCase[] = [...ANSWER_CASES, ...SNAPSHOT_CASES, ...CHANGE_CASES];
