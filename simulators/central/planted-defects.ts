/**
 * Mistakes that somebody's central system may make, planted one by one on its wire: what it should hear or say is taken
 * away or spoilt. So the conformance kit is shown to find each of them.
 */

/** A message on its way out, with the options that matter here. */
export interface Said {
    readonly topic: string;
    readonly message: Fields;
    readonly qos?: 0 | 1;
    readonly retain?: boolean;
    readonly properties?: Properties;
}

interface Properties {
    readonly responseTopic?: string;
    readonly correlationData?: Buffer;
    readonly messageExpiryInterval?: number;
}

type Fields = { readonly [field: string]: unknown };
type Spoil = (said: Said, memory: Memory) => readonly Said[];
/** What is left of an incoming message; undefined: nothing. */
type Hear = (fields: Fields | undefined, memory: Memory, text: string) => Fields | undefined;

interface Defect {
    /** Below `kordon/v1/{site}/`. */
    readonly topic: string;
    readonly says?: Spoil;
    readonly hears?: Hear;
}

/** What a defect needs to know of the past. */
interface Memory {
    readonly hashes: Map<string, string>;
    readonly said: Said[];
    journal: string;
    highest: number;
    isDead: boolean;
}

const HOUR_MS = 3_600_000;
const LARGE_TEXT = 100_000;
const KNOWN_TYPE =
    /^kz\.kordon\.(alarm|lane|vehicle|passage|boom|device|clock|list|decision|officer|order|emergency|weighing|evidence|journal|fact)\b/;

const ack = (says: Spoil): Defect => ({ topic: "ack", says });
const hears = (act: (event: Fields, memory: Memory, text: string) => boolean): Defect => ({
    topic: "events",
    hears: (event, memory, text) => (event === undefined || act(event, memory, text) ? event : undefined),
});
const command = (spoil: (message: Fields) => Fields, properties?: (known: Properties) => Properties): Defect => ({
    topic: "commands",
    says: (said) => [
        {
            ...said,
            message: spoil(said.message),
            ...(properties === undefined ? {} : { properties: properties(said.properties ?? {}) }),
        },
    ],
});
const instead =
    (fields: (message: Fields) => Fields): Spoil =>
    (said) => [{ ...said, message: { ...said.message, ...fields(said.message) } }];
const later = (text: unknown, byMs: number): string => new Date(Date.parse(String(text)) + byMs).toISOString();

const DEFECTS = {
    "acks-over-gaps": ack((said, { highest, hashes, journal }) => [
        { ...said, message: { upTo: highest, hash: hashes.get(`${journal}-${highest}`) } },
    ]),
    "waits-for-the-lost": { topic: "status", hears: () => undefined },
    "acks-ahead": ack(instead(({ upTo }) => ({ upTo: Number(upTo) + 1, hash: "f".repeat(64) }))),
    "acks-without-hash": ack((said) => [said, { ...said, message: { upTo: said.message["upTo"] } }]),
    "acks-wrong-hash": ack((said) => [said, { ...said, message: { ...said.message, hash: "9".repeat(64) } }]),
    "acks-not-retained": ack((said) => [{ ...said, retain: false }]),
    "acks-qos0": ack((said) => [{ ...said, qos: 0 }]),
    "acks-go-back": ack((said, { hashes, journal }) => [
        said,
        { ...said, message: { upTo: 1, hash: hashes.get(`${journal}-1`) } },
        said,
    ]),
    "adopts-conflicts": ack((said, { hashes, journal }) => [
        { ...said, message: { ...said.message, hash: hashes.get(`${journal}-${said.message["upTo"]}`) } },
    ]),
    "never-acks": ack(() => []),
    "ignores-repetitions": hears(({ id, hash }, { hashes, journal }) => {
        const [own, sequence] = String(id).split("-");
        return own !== journal || hashes.get(`${own}-${Number(sequence)}`) !== hash;
    }),
    "dies-on-malformed": {
        topic: "events",
        hears(event, memory) {
            memory.isDead ||= event === undefined;
            return memory.isDead ? undefined : event;
        },
    },
    "drops-unknown-types": hears(({ type }) => KNOWN_TYPE.test(String(type))),
    "drops-withheld": hears(({ type }) => type !== "kz.kordon.fact.withheld.v1"),
    "drops-large": hears((_event, _memory, text) => text.length < LARGE_TEXT),
    "drops-other-scripts": hears((_event, _memory, text) => !/[^\x20-\x7e]/.test(text)),
    "drops-untrusted-times": hears(({ clocktrusted }) => clocktrusted === true),
    "drops-site-facts": hears(({ subject }) => subject !== undefined),
    "drops-broken-links": hears(({ id, previoushash }, { hashes }) => {
        const [journal, sequence] = String(id).split("-");
        const before = hashes.get(`${journal}-${Number(sequence) - 1}`);
        return before === undefined || before === previoushash;
    }),
    "knows-one-journal": hears(({ id }, { hashes }) => {
        const [journal = ""] = String(id).split("-");
        const first = hashes.get("first") ?? journal;
        hashes.set("first", first);
        return first === journal;
    }),
    "answers-wrong-ref": {
        topic: "bookings/version",
        says: instead(({ ref }) => ({ ref: `${String(ref).slice(0, -1)}x` })),
    },
    "answers-retained": { topic: "bookings/version", says: (said) => [{ ...said, retain: true }] },
    "answers-first": {
        topic: "bookings/",
        says(said, { said: held }) {
            if (said.topic === "bookings/version") return [said, ...held.splice(0)];
            held.push(said);
            return [];
        },
    },
    "loses-last-part": {
        topic: "bookings/snapshot",
        says: (said) => (said.message["part"] === said.message["parts"] ? [] : [said]),
    },
    "sums-up-wrongly": { topic: "bookings/", says: instead(() => ({ hash: "c".repeat(64) })) },
    "tells-names": {
        topic: "bookings/snapshot",
        says: instead(({ bookings }) => ({
            bookings: listOf(bookings).map((each) => ({ ...each, driver: "A. Name" })),
        })),
    },
    "lists-twice": {
        topic: "bookings/snapshot",
        says: instead(({ bookings }) => ({ bookings: [...listOf(bookings), ...listOf(bookings)] })),
    },
    "mixes-versions": {
        topic: "bookings/snapshot",
        says: instead(({ version, part }) => ({ version: Number(version) + Number(part) - 1 })),
    },
    "always-sends-all": { topic: "requests", hears: (request) => ({ ...request, wants: "snapshot" }) },
    "never-sends-all": { topic: "bookings/snapshot", says: () => [] },
    "deltas-skip": { topic: "bookings/delta", says: instead(({ from }) => ({ from: Number(from) + 1 })) },
    "deltas-wrong-hash": { topic: "bookings/delta", says: instead(() => ({ hash: "d".repeat(64) })) },
    "deltas-silent": { topic: "bookings/delta", says: () => [] },
    "commands-retained": { topic: "commands", says: (said) => [{ ...said, retain: true }] },
    "commands-kept-for-ever": command(
        (message) => message,
        ({ messageExpiryInterval: _none, ...rest }) => rest,
    ),
    "commands-live-long": command(({ issued, ...rest }) => ({ ...rest, issued, expires: later(issued, HOUR_MS) })),
    "commands-same-nonce": command((message) => ({ ...message, nonce: "always-the-same" })),
    "commands-without-correlation": command(
        (message) => message,
        ({ correlationData: _none, ...rest }) => rest,
    ),
    "commands-answered-elsewhere": command(
        (message) => message,
        (known) => ({ ...known, responseTopic: "kordon/v1/other/answers/x" }),
    ),
    "commands-more-fields": command((message) => ({ ...message, urgent: true })),
    "commands-twice": { topic: "commands", says: (said) => [said, said] },
    "commands-from-future": command(({ issued, expires, ...rest }) => ({
        ...rest,
        issued: later(issued, HOUR_MS),
        expires: later(expires, HOUR_MS),
    })),
} as const satisfies { readonly [name: string]: Defect };

export type DefectName = keyof typeof DEFECTS;
export const DEFECT_NAMES = Object.keys(DEFECTS) as readonly DefectName[];

export class PlantedDefects {
    readonly #defects: readonly Defect[];
    readonly #memory: Memory = { hashes: new Map(), said: [], journal: "", highest: 0, isDead: false };

    constructor(names: readonly DefectName[]) {
        this.#defects = names.map((name) => DEFECTS[name]);
    }

    /** What the central system gets to hear of a payload; undefined: nothing at all. */
    hear(topic: string, payload: Buffer): Buffer | undefined {
        if (this.#defects.length === 0) return payload;
        const text = payload.toString();
        const fields = fieldsOf(text);
        let heard = fields;
        for (const defect of this.#defects) {
            if (defect.hears === undefined || defect.topic !== topic) continue;
            heard = defect.hears(heard, this.#memory, text);
            if (heard === undefined) break;
        }
        if (topic === "events" && heard !== undefined) this.#remember(heard);
        if (heard === undefined) return fields === undefined && !this.#memory.isDead ? payload : undefined;
        return heard === fields ? payload : Buffer.from(JSON.stringify(heard));
    }

    /** What really goes out instead of a message. */
    say(said: Said): readonly Said[] {
        return this.#defects.reduce<readonly Said[]>(
            (all, { topic, says }) =>
                says === undefined
                    ? all
                    : all.flatMap((each) => (each.topic.startsWith(topic) ? says(each, this.#memory) : [each])),
            [said],
        );
    }

    #remember({ id, sequence, hash }: Fields): void {
        const [journal = ""] = String(id).split("-");
        const memory = this.#memory;
        if (journal !== memory.journal) memory.highest = 0;
        memory.journal = journal;
        memory.highest = Math.max(memory.highest, Number(sequence));
        memory.hashes.set(`${journal}-${Number(sequence)}`, String(hash));
    }
}

function fieldsOf(text: string): Fields | undefined {
    try {
        const json: unknown = JSON.parse(text);
        return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : undefined;
    } catch {
        return undefined;
    }
}

function listOf(bookings: unknown): readonly Fields[] {
    return Array.isArray(bookings) ? bookings : [];
}
