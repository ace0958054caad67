/**
 * Keeps the local booking list in step with the central system's. Every half minute the box says which list it has,
 * with a reference of its own; the central system sends what is missing and then an answer that repeats the reference.
 * Only such an answer confirms the list: a message that lay in the broker for an hour proves nothing about now.
 */
import type { BookingList, BookingListWriter, ListOutcome, ListVersion } from "../ports/booking-list.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import { type BackOff, backOffMs } from "./back-off.ts";
import type { BrokerSession } from "./broker-session.ts";
import type { Delta, SnapshotPart, VersionAnswer } from "./messages.ts";
import { SnapshotAssembly } from "./snapshot-assembly.ts";

export interface ListSyncLimits {
    /** Between two questions while all is well. */
    readonly askMs: number;
    /** Between two questions while something is wrong: shorter at first, then longer than `askMs`. */
    readonly troubleBackOff: BackOff;
    /** No further part for so long: the snapshot is given up and asked for again. */
    readonly partMsMax: number;
    readonly listBytesMax: number;
    /** Changes waiting for the store; more are dropped and the list is asked for again. */
    readonly waitingMax: number;
}

export interface ListSyncOptions {
    readonly topic: string;
    readonly list: Pick<BookingList, "version">;
    readonly writer: Omit<BookingListWriter, "close">;
    readonly clock: Clock;
    readonly random: () => number;
    readonly limits: ListSyncLimits;
    /** Begins every reference of this process, so that an answer to an earlier one is not taken for ours. */
    readonly runId: string;
    readonly onChanged: (now: ListVersion) => void;
    /** The central system answered a fresh question, whatever the answer. */
    readonly onHeard: () => void;
    /** A list or a change was refused. Codes `LIST_…` and `LIST_INCOMPLETE`, `LIST_TOO_LARGE`, `LIST_OVERFLOW`. */
    readonly onTrouble: (code: string, reason: string) => void;
    readonly onStoreFault: (error: unknown) => void;
}

/** Answers older than this are of no use; the broker need not keep the question. */
const QUESTION_EXPIRY_S = 60;

export class ListSync {
    readonly #options: ListSyncOptions;
    readonly #assembly: SnapshotAssembly;
    #session: BrokerSession | undefined;
    #questions = 0;
    #asked: { readonly ref: string; readonly atMs: number } | undefined;
    #confirmedMs = Number.NEGATIVE_INFINITY;
    /** Questions since the last confirmation that ended in trouble; each makes the next one wait longer. */
    #troubles = 0;
    #isTroubled = false;
    #needsSnapshot = false;
    /** A named person at the central system ordered that its list is taken although it is older than the one here. */
    #mayGoBack = false;
    #cancelQuestion: Cancel = () => undefined;
    #cancelGiveUp: Cancel = () => undefined;
    /** The store is asked one thing after the other, in the order of arrival. */
    #work: Promise<void> = Promise.resolve();
    #waiting = 0;

    constructor(options: ListSyncOptions) {
        this.#options = options;
        this.#assembly = new SnapshotAssembly(options.limits.listBytesMax);
    }

    /** Milliseconds since the list here was the central system's own, as far as that is proven; Infinity when never. */
    ageMs(): number {
        return this.#options.clock.monotonicMs() - this.#confirmedMs;
    }

    attach(session: BrokerSession): void {
        this.#session = session;
        this.ask();
    }

    /** What had begun to arrive is given up: the next connection asks anew. */
    detach(): void {
        this.#session = undefined;
        if (this.#assembly.isWaiting()) this.#forgetParts();
        this.#cancelGiveUp();
        this.#cancelQuestion();
    }

    /** Asks now, unless an answer is still arriving: which list is in force, and whatever leads there from ours. */
    ask(): void {
        const session = this.#session;
        if (session === undefined) return;
        const { clock, list, runId, topic, onStoreFault } = this.#options;
        this.#isTroubled = false;
        this.#askLater();
        if (this.#assembly.isWaiting() || this.#waiting > 0) return;
        try {
            const { version, hash } = list.version();
            this.#questions += 1;
            const ref = `${runId}-${this.#questions}`;
            this.#asked = { ref, atMs: clock.monotonicMs() };
            const wants = this.#needsSnapshot || this.#troubles > 1 ? "snapshot" : "changes";
            const question = { ref, have: { version, hash }, wants };
            session.publish({ topic, payload: Buffer.from(JSON.stringify(question)), expiryS: QUESTION_EXPIRY_S });
        } catch (error) {
            onStoreFault(error);
        }
    }

    /**
     * Asks for the whole list and takes it whatever its version, once: the central system was restored from an older copy.
     * Until it has confirmed what arrives, the list here counts as never confirmed.
     */
    startAnew(): void {
        this.#mayGoBack = true;
        this.#needsSnapshot = true;
        this.#confirmedMs = Number.NEGATIVE_INFINITY;
        this.#asked = undefined;
        if (this.#assembly.isWaiting()) this.#forgetParts();
        this.ask();
    }

    /** `text`: the message itself, which goes on to the store as it came. */
    takePart(part: SnapshotPart, text: string): void {
        const { clock, limits, writer } = this.#options;
        const result = this.#assembly.add(part, Buffer.byteLength(text));
        this.#cancelGiveUp();
        if (this.#assembly.isWaiting()) {
            this.#cancelGiveUp = clock.after(limits.partMsMax, () => {
                this.#forgetParts();
                this.#trouble("LIST_INCOMPLETE", `list ${part.version} did not arrive completely`);
            });
        }
        if (result.outcome === "refused") {
            this.#forgetParts();
            this.#trouble("LIST_TOO_LARGE", result.reason);
        }
        if (result.outcome !== "taken") return;
        const { isFirst, isLast } = result;
        this.#inTurn(() => {
            if (isFirst) writer.begin();
            writer.stage(text);
        });
        const { version, hash } = part;
        if (isLast) this.#enqueue(() => writer.replace({ version, hash, mayGoBack: this.#mayGoBack }));
    }

    #forgetParts(): void {
        this.#assembly.giveUp();
        this.#inTurn(() => this.#options.writer.begin());
    }

    #inTurn(act: () => void): void {
        this.#work = this.#work.then(act).catch((error: unknown) => this.#options.onStoreFault(error));
    }

    takeDelta({ from, to, hash, upsert, remove }: Delta): void {
        const changes = JSON.stringify({ upsert, remove });
        this.#enqueue(() => this.#options.writer.change({ from, to, hash, changes }));
    }

    /** Waits behind the changes that came before it, then holds its version against ours. */
    takeAnswer({ ref, version, hash }: VersionAnswer): void {
        const asked = this.#asked;
        if (asked === undefined || asked.ref !== ref) return;
        this.#options.onHeard();
        this.#enqueue(async () => {
            const ours = this.#options.list.version();
            if (ours.version === version && ours.hash === hash) this.#confirmed(asked.atMs);
            else {
                this.#needsSnapshot ||= ours.version >= version;
                this.#trouble("LIST_DIFFERS", `the central system has list ${version}, here is ${ours.version}`);
            }
            return undefined;
        });
    }

    #confirmed(atMs: number): void {
        this.#confirmedMs = atMs;
        this.#troubles = 0;
        this.#isTroubled = false;
        this.#needsSnapshot = false;
        this.#mayGoBack = false;
        this.#askLater();
    }

    #enqueue(act: () => Promise<ListOutcome | undefined>): void {
        if (this.#waiting >= this.#options.limits.waitingMax) {
            this.#trouble("LIST_OVERFLOW", "changes come faster than the disk takes them");
            return;
        }
        this.#waiting += 1;
        this.#work = this.#work
            .then(act)
            .then((result) => {
                if (result?.outcome === "applied") this.#options.onChanged(result.now);
                if (result?.outcome !== "refused") return;
                // A gap may be filled with changes; a list that does not add up is asked for as a whole.
                this.#needsSnapshot ||= result.code !== "LIST_GAP";
                this.#trouble(result.code, result.reason);
            })
            .catch((error: unknown) => this.#options.onStoreFault(error))
            .finally(() => {
                this.#waiting -= 1;
            });
    }

    /** One trouble a question counts, however many changes fail until the next one is asked. */
    #trouble(code: string, reason: string): void {
        this.#options.onTrouble(code, reason);
        if (this.#isTroubled) return;
        this.#isTroubled = true;
        this.#troubles += 1;
        this.#askLater();
    }

    #askLater(): void {
        const { clock, limits, random } = this.#options;
        const pauseMs =
            this.#troubles === 0 ? limits.askMs : backOffMs(limits.troubleBackOff, this.#troubles - 1, random);
        this.#cancelQuestion();
        if (this.#session !== undefined) this.#cancelQuestion = clock.after(pauseMs, () => this.ask());
    }
}
