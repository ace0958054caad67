/** Acknowledgements: what is stored without a gap, proven by the hash of the event that they name. */
import { Ack, readMessage } from "../messages.ts";
import { type ConformanceCase, must } from "./conformance-case.ts";
import type { ConformanceKit } from "./conformance-kit.ts";
import type { TestJournal } from "./test-journal.ts";

/** «Within a second or so», with room for a slow line. */
const PROMPT_MS = 3_000;
/** As many as a box ever leaves unacknowledged. */
const WINDOW = 900;

async function acknowledged(kit: ConformanceKit, count: number): Promise<TestJournal> {
    const journal = kit.journal();
    await kit.sendAll(journal.several(count));
    await kit.untilAcked(journal);
    return journal;
}

export const ACK_CASES: readonly ConformanceCase[] = [
    {
        name: "ack.first",
        claim: "acknowledges the first event of a new journal",
        async run(kit) {
            await acknowledged(kit, 1);
        },
    },
    {
        name: "ack.prompt",
        claim: "acknowledges within three seconds",
        async run(kit) {
            const journal = kit.journal();
            const event = journal.next();
            await kit.send(event);
            await kit.box.until("an ack in time", () => kit.highestAck(journal) === 1, PROMPT_MS);
        },
    },
    {
        name: "ack.form",
        claim: "every ack has the contract's form",
        async run(kit) {
            await acknowledged(kit, 1);
            for (const { topic, payload } of kit.box.heard) {
                const read = topic === "ack" ? readMessage(Ack, payload) : {};
                must(!("reason" in read), `an ack: ${"reason" in read ? read.reason : ""}`);
            }
        },
    },
    {
        name: "ack.qos1",
        claim: "acks are published with QoS 1",
        async run(kit) {
            const journal = await acknowledged(kit, 1);
            must(
                kit.acksOf(journal).every(({ message }) => message.packet.qos === 1),
                "QoS 0",
            );
        },
    },
    {
        name: "ack.retained",
        claim: "the newest ack is retained: a box without a session learns it on subscribing",
        async run(kit) {
            const journal = await acknowledged(kit, 3);
            await kit.quiet();
            await kit.box.end();
            kit.box = kit.newBox();
            await kit.box.connect({ isClean: true });
            await kit.box.subscribe();
            await kit.box.until("a retained ack of the newest event", () =>
                kit.acksOf(journal).some(({ upTo, message }) => upTo === 3 && message.packet.retain),
            );
        },
    },
    {
        name: "ack.content-type",
        claim: "acks say that they are JSON",
        async run(kit) {
            const journal = await acknowledged(kit, 1);
            const type = kit.acksOf(journal).at(-1)?.message.packet.properties?.contentType;
            must(type?.startsWith("application/json") === true, `content type ${type ?? "missing"}`);
        },
    },
    {
        name: "ack.hash",
        claim: "the hash is that of the event named, in every ack",
        async run(kit) {
            const journal = kit.journal();
            const from = kit.acks().length;
            for (let n = 0; n < 5; n++) await kit.sendAndSee(journal, journal.next({ n }));
            must(kit.strangeAck(from) === undefined, kit.strangeAck(from) ?? "");
        },
    },
    {
        name: "ack.batch",
        claim: "acknowledges the last of a hundred events sent at once",
        async run(kit) {
            await acknowledged(kit, 100);
        },
    },
    {
        name: "ack.window",
        claim: "acknowledges 900 events, the most that a box leaves unacknowledged",
        async run(kit) {
            await acknowledged(kit, WINDOW);
        },
    },
    {
        name: "ack.monotonic",
        claim: "acks never go back",
        async run(kit) {
            const journal = await acknowledged(kit, 30);
            const order = kit.acksOf(journal).map(({ upTo }) => upTo);
            const isRising = order.every((upTo, i) => upTo >= (order[i - 1] ?? 0));
            must(isRising, `acks in the order ${order.join(", ")}`);
        },
    },
    {
        name: "ack.not-ahead",
        claim: "acknowledges nothing that was not sent",
        async run(kit) {
            const from = kit.acks().length;
            await acknowledged(kit, 2);
            await kit.quiet();
            must(kit.strangeAck(from) === undefined, kit.strangeAck(from) ?? "");
        },
    },
    {
        name: "ack.gap-holds",
        claim: "acknowledges nothing beyond a missing event",
        async run(kit) {
            const journal = await acknowledged(kit, 2);
            journal.next();
            const [, later] = [journal.next(), journal.next()];
            await kit.send(later);
            await kit.quiet();
            must(kit.highestAck(journal) <= 2, `3 is missing and ${kit.highestAck(journal)} was acknowledged`);
        },
    },
    {
        name: "ack.gap-filled",
        claim: "acknowledges what lies beyond a gap as soon as it is filled",
        async run(kit) {
            const journal = await acknowledged(kit, 1);
            const [missing, later] = journal.several(2);
            await kit.send(later ?? {});
            await kit.quiet();
            await kit.sendAndSee(journal, missing ?? {});
        },
    },
    {
        name: "ack.reversed",
        claim: "takes events in any order",
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAndSee(journal, ...journal.several(10).toReversed());
        },
    },
    {
        name: "ack.duplicate",
        claim: "an event that comes twice changes nothing",
        async run(kit) {
            const journal = kit.journal();
            const event = journal.next();
            await kit.send(event, event, event);
            await kit.sendAndSee(journal, journal.next());
        },
    },
    {
        name: "ack.replay-answered",
        claim: "acknowledges again when a box that lost the ack sends everything again",
        async run(kit) {
            const journal = kit.journal();
            const events = journal.several(20);
            await kit.sendAll(events);
            await kit.untilAcked(journal);
            await kit.quiet();
            const from = kit.acksOf(journal).length;
            await kit.sendAll(events);
            await kit.box.until("an ack after the repetition", () =>
                kit
                    .acksOf(journal)
                    .slice(from)
                    .some(({ upTo }) => upTo === 20),
            );
        },
    },
    {
        name: "ack.conflict",
        claim: "keeps the event it has when another one comes with its id",
        async run(kit) {
            const journal = kit.journal();
            const first = journal.next();
            await kit.sendAndSee(journal, first);
            const from = kit.acks().length;
            await kit.send({ ...first, hash: "e".repeat(64), data: { code: "ANOTHER" } });
            await kit.quiet();
            const adopted = kit
                .acks()
                .slice(from)
                .some(({ hash }) => hash === "e".repeat(64));
            must(!adopted, "the second one was acknowledged by its own hash");
        },
    },
    {
        name: "journal.new",
        claim: "a box with a new disk begins a new journal at 1",
        async run(kit) {
            await acknowledged(kit, 5);
            await acknowledged(kit, 2);
        },
    },
    {
        name: "journal.lost-beginning",
        claim: "counts from what status names as first waiting: what it lost before that never comes again",
        async run(kit) {
            const journal = kit.journal();
            const events = journal.several(7);
            const [head, firstWaiting] = [{ journalId: journal.id, sequence: 7, hash: journal.hashOf(7) ?? "" }, 5];
            try {
                await kit.sayOnline({ head, firstWaiting, waitingFacts: 3 });
                await kit.sendAndSee(journal, ...events.slice(firstWaiting - 1));
            } finally {
                await kit.box.publish("status", JSON.stringify({ state: "offline", reason: "stopped" }), {
                    retain: true,
                });
            }
        },
    },
    {
        name: "journal.apart",
        claim: "two journals of one site are counted apart",
        async run(kit) {
            await acknowledged(kit, 5);
            const young = kit.journal();
            const from = kit.acks().length;
            await kit.sendAndSee(young, ...young.several(2));
            await kit.quiet();
            must(kit.strangeAck(from) === undefined, kit.strangeAck(from) ?? "");
        },
    },
    {
        name: "journal.old-goes-on",
        claim: "an older journal can go on after a younger one, as after a disk was put back",
        async run(kit) {
            const old = await acknowledged(kit, 3);
            await acknowledged(kit, 1);
            await kit.sendAndSee(old, old.next());
        },
    },
];
