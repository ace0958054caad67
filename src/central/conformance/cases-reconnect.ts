/** Boxes vanish: what was under way is sent again, what was waiting arrives, and nobody is confused by it. */
import { type ConformanceCase, must } from "./conformance-case.ts";

const STORM = 15;

export const RECONNECT_CASES: readonly ConformanceCase[] = [
    {
        name: "reconnect.sent-again",
        claim: "a box that was cut off in the middle sends everything again, and all is acknowledged",
        async run(kit) {
            const journal = kit.journal();
            const events = journal.several(30);
            for (const event of events.slice(0, 20)) kit.box.throwIn("events", JSON.stringify(event));
            await kit.box.drop();
            await kit.connect();
            await kit.sendAll(events);
            await kit.untilAcked(journal);
        },
    },
    {
        name: "reconnect.ack-waits",
        claim: "an ack that was given while the box was away reaches it when it is back",
        async run(kit) {
            const journal = kit.journal();
            await kit.send(...journal.several(3));
            await kit.box.drop();
            await kit.quiet();
            await kit.connect();
            await kit.untilAcked(journal);
        },
    },
    {
        name: "reconnect.storm",
        claim: "a box that connects fifteen times in a row is served like any other",
        async run(kit) {
            const journal = kit.journal();
            for (let i = 0; i < STORM; i++) {
                kit.box.throwIn("events", JSON.stringify(journal.next()));
                await kit.box.drop();
                await kit.connect();
            }
            const again = kit.journal();
            await kit.sendAndSee(again, ...again.several(3));
        },
    },
    {
        name: "reconnect.list",
        claim: "a question is answered on the connection after a cut one",
        async run(kit) {
            kit.box.throwIn(
                "requests",
                JSON.stringify({ ref: kit.ref(), have: { version: 0, hash: "0".repeat(64) }, wants: "changes" }),
            );
            await kit.box.drop();
            await kit.connect();
            await kit.askList();
        },
    },
    {
        name: "reconnect.goodbye",
        claim: "a box that said goodbye and comes back is acknowledged as before",
        async run(kit) {
            const journal = kit.journal();
            await kit.sendAndSee(journal, journal.next());
            await kit.box.end();
            await kit.connect();
            await kit.sendAndSee(journal, journal.next());
            must(kit.highestAck(journal) === 2, "not acknowledged");
        },
    },
];
