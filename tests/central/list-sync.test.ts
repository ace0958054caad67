import { expect, test } from "vitest";
import { ListSync } from "../../src/central/list-sync.ts";
import type { ListDelta, ListOutcome, ListSnapshot, ListVersion } from "../../src/ports/booking-list.ts";
import { settle, VirtualClock } from "../transport/virtual-clock.ts";
import { ScriptedSession } from "./scripted-session.ts";

const hashOf = (version: number): string => String(version % 10).repeat(64);

/** A store that believes every hash and knows versions only, and a session that keeps what was asked. */
function scene() {
    const clock = new VirtualClock();
    const session = new ScriptedSession();
    const store = {
        now: { version: 0, hash: hashOf(0), bookings: 0 } as ListVersion,
        next: undefined as ListOutcome | Promise<ListOutcome> | Error | undefined,
        written: [] as string[],
        staged: [] as string[],
    };
    const take = (what: string, version: number, hash: string): Promise<ListOutcome> => {
        const { next } = store;
        store.next = undefined;
        store.written.push(what);
        if (next instanceof Error) return Promise.reject(next);
        if (next !== undefined) return Promise.resolve(next);
        store.now = { version, hash, bookings: 1 };
        return Promise.resolve({ outcome: "applied", now: store.now });
    };
    const troubles: string[] = [];
    const faults: unknown[] = [];
    const counts = { changed: 0, heard: 0 };
    const lists = new ListSync({
        topic: "requests",
        list: { version: () => store.now },
        writer: {
            begin: () => {
                store.staged = [];
            },
            stage: (part: string) => store.staged.push(part),
            replace: ({ version, hash, mayGoBack }: ListSnapshot) =>
                take(`replace ${version} of ${store.staged.length}${mayGoBack ? ", any" : ""}`, version, hash),
            change: ({ from, to, hash, changes }: ListDelta) => take(`change ${from} to ${to} ${changes}`, to, hash),
        },
        clock,
        random: () => 1,
        limits: {
            askMs: 30_000,
            troubleBackOff: { firstMs: 2_000, longestMs: 120_000 },
            partMsMax: 10_000,
            listBytesMax: 10_000,
            waitingMax: 5,
        },
        runId: "run",
        onChanged: () => counts.changed++,
        onHeard: () => counts.heard++,
        onTrouble: (code) => troubles.push(code),
        onStoreFault: (fault) => faults.push(fault),
    });
    const answer = (version: number, hash = hashOf(version), ref = String(session.json(-1)["ref"])): void =>
        lists.takeAnswer({ version, hash, ref });
    const part = (version: number, number: number, parts: number): void =>
        lists.takePart({ version, hash: hashOf(version), part: number, parts, bookings: [] }, `${number} of ${parts}`);
    const delta = (from: number, to: number): void =>
        lists.takeDelta({ from, to, hash: hashOf(to), upsert: [{ id: "B" }], remove: ["C"] });
    return { clock, session, store, troubles, faults, counts, lists, answer, part, delta };
}

const question = (version: number, wants: string) => ({ have: { version, hash: hashOf(version) }, wants });

test("a new connection asks at once; a list that arrives and agrees is confirmed as of the question", async () => {
    const { clock, session, store, lists, part, answer, counts } = scene();
    lists.attach(session);
    expect(session.json(0)).toMatchObject(question(0, "changes"));
    await clock.advance(700);
    part(4, 2, 2);
    part(4, 1, 2);
    answer(4);
    expect(lists.ageMs(), "not before the list is written").toBe(Number.POSITIVE_INFINITY);
    await settle();
    expect(store.written).toEqual(["replace 4 of 2"]);
    expect(lists.ageMs()).toBe(700);
    expect(counts).toEqual({ changed: 1, heard: 1 });
});

test("while all is well the question is repeated, and only its answer keeps the list young", async () => {
    const { clock, session, lists, part, answer, delta } = scene();
    lists.attach(session);
    part(1, 1, 1);
    answer(1);
    await clock.advance(30_000);
    expect(session.sent).toHaveLength(2);
    delta(1, 2);
    await settle();
    expect(lists.ageMs(), "a change may have lain in the broker for an hour").toBe(30_000);
    answer(2, hashOf(2), "run-1");
    answer(2, hashOf(2), "other-2");
    await settle();
    expect(lists.ageMs()).toBe(30_000);
    answer(2);
    await settle();
    expect(lists.ageMs()).toBe(0);
    answer(2);
    await clock.advance(10);
    expect(lists.ageMs(), "an answer counts once").toBe(10);
});

test("changes reach the store in the order of arrival, in the store's own form", async () => {
    const { session, store, lists, part, delta } = scene();
    lists.attach(session);
    part(1, 1, 1);
    delta(1, 2);
    delta(2, 3);
    await settle();
    const changes = '{"upsert":[{"id":"B"}],"remove":["C"]}';
    expect(store.written).toEqual(["replace 1 of 1", `change 1 to 2 ${changes}`, `change 2 to 3 ${changes}`]);
});

test("a gap is asked to be filled, a second failure asks for the whole list, and the pauses grow", async () => {
    const { clock, session, store, troubles, lists, delta } = scene();
    lists.attach(session);
    const asked: [number, unknown][] = [];
    for (let i = 0; i < 4; i++) {
        for (let repeated = 0; repeated < 3; repeated++) {
            store.next = { outcome: "refused", code: "LIST_GAP", reason: "does not follow" };
            delta(7, 8);
            await settle();
        }
        const beganMs = clock.monotonicMs();
        const sent = session.sent.length;
        while (session.sent.length === sent) await clock.advance(500);
        asked.push([clock.monotonicMs() - beganMs, session.json(-1)["wants"]]);
    }
    expect(asked).toEqual([
        [2_000, "changes"],
        [4_000, "snapshot"],
        [8_000, "snapshot"],
        [16_000, "snapshot"],
    ]);
    expect(troubles).toHaveLength(12);
});

test.each(["LIST_HASH", "LIST_CONTENT"] as const)("after %s the whole list is asked for", async (code) => {
    const { clock, session, store, lists, part } = scene();
    lists.attach(session);
    store.next = { outcome: "refused", code, reason: "does not add up" };
    part(1, 1, 1);
    await clock.advance(2_000);
    expect(session.json(-1)).toMatchObject(question(0, "snapshot"));
});

test.each([
    ["a newer version", 6, hashOf(6), "changes"],
    ["an older version", 4, hashOf(4), "snapshot"],
    ["the same version with another hash", 5, hashOf(9), "snapshot"],
])("an answer with %s does not confirm and leads to a question for the rest", async (_, version, hash, wants) => {
    const { clock, session, store, troubles, lists, answer } = scene();
    store.now = { version: 5, hash: hashOf(5), bookings: 1 };
    lists.attach(session);
    answer(version, hash);
    await clock.advance(2_000);
    expect(troubles).toEqual(["LIST_DIFFERS"]);
    expect(lists.ageMs()).toBe(Number.POSITIVE_INFINITY);
    expect(session.json(-1)).toMatchObject(question(5, wants));
});

test("nothing is asked while parts are arriving; when they stay away the list is asked for again", async () => {
    const { clock, session, troubles, lists, part } = scene();
    lists.attach(session);
    for (let number = 1; number <= 6; number++) {
        part(1, number, 9);
        await clock.advance(9_000);
    }
    expect(session.sent, "54 seconds of parts").toHaveLength(1);
    await clock.advance(1_000);
    expect(troubles).toEqual(["LIST_INCOMPLETE"]);
    await clock.advance(2_000);
    expect(session.sent).toHaveLength(2);
});

test("nothing is asked while the store is writing, for what it has is about to change", async () => {
    const { clock, session, store, lists, part } = scene();
    let finish: () => void = () => undefined;
    store.next = new Promise((resolve) => {
        finish = () => resolve({ outcome: "applied", now: store.now });
    });
    lists.attach(session);
    part(1, 1, 1);
    await clock.advance(90_000);
    expect(session.sent).toHaveLength(1);
    finish();
    await clock.advance(30_000);
    expect(session.sent).toHaveLength(2);
});

test("a list that is too large is trouble and takes no memory", async () => {
    const { session, troubles, lists } = scene();
    lists.attach(session);
    lists.takePart({ version: 1, hash: hashOf(1), part: 1, parts: 2, bookings: [] }, "я".repeat(10_000));
    expect(troubles).toEqual(["LIST_TOO_LARGE"]);
});

test("more changes than the disk takes are dropped and asked for again", async () => {
    const { clock, session, store, troubles, lists, delta } = scene();
    lists.attach(session);
    for (let version = 1; version < 9; version++) delta(version, version + 1);
    await settle();
    expect(store.written).toHaveLength(5);
    expect(troubles).toEqual(["LIST_OVERFLOW", "LIST_OVERFLOW", "LIST_OVERFLOW"]);
    await clock.advance(2_000);
    expect(session.sent).toHaveLength(2);
});

test("a disk that refuses is told, and what comes next is tried again", async () => {
    const { session, store, faults, lists, part, delta } = scene();
    lists.attach(session);
    store.next = new Error("disk full");
    part(1, 1, 1);
    delta(1, 2);
    await settle();
    expect(faults).toHaveLength(1);
    expect(store.written).toHaveLength(2);
});

test("without a connection nothing is asked, no timer is left, and a new one asks at once", async () => {
    const { clock, session, lists, part } = scene();
    lists.ask();
    lists.attach(session);
    part(1, 1, 2);
    lists.detach();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(100_000);
    expect(session.sent).toHaveLength(1);
    lists.attach(session);
    expect(session.sent).toHaveLength(2);
});

test("a list of a lower version is taken when a person ordered it, once, and counts for nothing until it is confirmed", async () => {
    const { clock, session, store, lists, part, answer } = scene();
    store.now = { version: 9, hash: hashOf(9), bookings: 1 };
    lists.attach(session);
    answer(9);
    await settle();
    expect(lists.ageMs()).toBe(0);
    lists.startAnew();
    expect(lists.ageMs()).toBe(Number.POSITIVE_INFINITY);
    expect(session.json(-1)).toMatchObject(question(9, "snapshot"));
    part(4, 1, 1);
    await settle();
    expect(store.written).toEqual(["replace 4 of 1, any"]);
    expect(lists.ageMs()).toBe(Number.POSITIVE_INFINITY);
    answer(4);
    await settle();
    expect(lists.ageMs()).toBe(0);
    part(3, 1, 1);
    await clock.advance(1);
    expect(store.written).toEqual(["replace 4 of 1, any", "replace 3 of 1"]);
});
