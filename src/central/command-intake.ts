/**
 * Orders from the central system: each is checked for form, age, lifetime and repetition before anybody acts, and
 * each gets an answer. An order that waited in a broker is worth nothing: it dies in seconds by its own expiry.
 */
import { parseUtcInstant } from "../core/booking/utc-instant.ts";
import type { Clock } from "../ports/clock.ts";
import type { UsedNonces } from "../ports/journal.ts";
import type { BrokerSession, IncomingMessage } from "./broker-session.ts";
import { Command, readMessage } from "./messages.ts";

/** `done`, or why not; `code` is stable and documented in `docs/reference/mqtt-contract.md`. */
export type CommandOutcome =
    | { readonly outcome: "done" }
    | { readonly outcome: "refused" | "failed"; readonly code: string; readonly detail: string };

/** Acts on a valid command. The link refuses nothing by itself that concerns a lane: that is the lane's business. */
export type CommandHandler = (command: Command) => Promise<CommandOutcome>;

export type RefusalCode =
    | "STALE" // expired
    | "NOT_YET" // issued in the future: one of the two clocks is wrong
    | "LIVES_TOO_LONG"
    | "REPEATED"
    | "CLOCK_UNTRUSTED" // nobody can say how old the order is
    | "BUSY"
    | "SWITCHED_OFF" // this site takes no commands of this kind
    | "NOT_RECORDED"; // the disk refuses to remember that it was taken

export interface CommandLimits {
    /** Longest time between `issued` and `expires`. */
    readonly lifetimeMsMax: number;
    /** How far the central system's clock may be ahead of ours. */
    readonly skewMsMax: number;
    /** Commands being carried out at once. */
    readonly runningMax: number;
    /** A handler that says nothing for so long has failed, as far as the central system hears. */
    readonly answerMsMax: number;
}

export interface CommandIntakeOptions {
    readonly clock: Clock;
    readonly limits: CommandLimits;
    readonly isAnswerTopic: (topic: string) => boolean;
    readonly isClockTrusted: () => boolean;
    readonly isSwitchedOn: (order: Command["order"]) => boolean;
    readonly nonces: UsedNonces;
    readonly handle: CommandHandler;
    /** A well-formed command was refused: worth a fact `order.refused`. */
    readonly onRefused: (command: Command, code: RefusalCode) => void;
    /** A message that is no command at all. */
    readonly onMalformed: (message: IncomingMessage, reason: string) => void;
}

interface Seen {
    readonly expiresUtcMs: number;
    outcome?: CommandOutcome["outcome"];
}

const REASONS: Readonly<Record<RefusalCode, string>> = {
    STALE: "expired; send a new command",
    NOT_YET: "issued in the future; check both clocks",
    LIVES_TOO_LONG: "expires too late after its issue; commands live for seconds",
    REPEATED: "this nonce was used before; send a new command",
    CLOCK_UNTRUSTED: "the box does not trust its clock and cannot judge the command's age",
    BUSY: "too many commands are being carried out; send a new command",
    SWITCHED_OFF: "this site takes no commands of this kind from the central system; ask an officer there",
    NOT_RECORDED: "the box cannot write down that it took the command, and does nothing; ask an officer there",
};

/** Commands remembered at once; the lifetime limit keeps real traffic far below. */
const SEEN_MAX = 10_000;
/** MQTT leaves the length of correlation data open; longer ones are not ours to carry. */
const CORRELATION_BYTES_MAX = 256;

export class CommandIntake {
    readonly #options: CommandIntakeOptions;
    /** What came of the commands of this run; the nonces themselves are on disk. */
    readonly #seen = new Map<string, Seen>();
    #running = 0;

    constructor(options: CommandIntakeOptions) {
        this.#options = options;
    }

    take(message: IncomingMessage, session: BrokerSession): void {
        const { responseTopic, correlation } = message;
        if (responseTopic === undefined || !this.#options.isAnswerTopic(responseTopic)) {
            this.#options.onMalformed(message, "no response topic below answers/ of this site");
            return;
        }
        if (correlation === undefined || correlation.byteLength > CORRELATION_BYTES_MAX) {
            this.#options.onMalformed(message, `no correlation data of at most ${CORRELATION_BYTES_MAX} bytes`);
            return;
        }
        const answer = (nonce: string | null, outcome: CommandOutcome, earlier?: Seen["outcome"]): void => {
            const at = new Date(this.#options.clock.utcMs()).toISOString();
            const payload = { nonce, ...outcome, ...(earlier === undefined ? {} : { earlier }), at };
            session.publish({ topic: responseTopic, payload: Buffer.from(JSON.stringify(payload)), correlation });
        };
        const read = message.isRetained
            ? { reason: "retained: a command must not be kept by the broker" }
            : readMessage(Command, message.payload);
        if ("reason" in read) {
            this.#options.onMalformed(message, read.reason);
            answer(null, { outcome: "refused", code: "MALFORMED", detail: read.reason });
            return;
        }
        const command = read.message;
        const seen = this.#seen.get(command.nonce);
        const refusal = this.#refusalOf(command, seen !== undefined);
        if (refusal !== undefined) {
            this.#options.onRefused(command, refusal);
            answer(command.nonce, { outcome: "refused", code: refusal, detail: REASONS[refusal] }, seen?.outcome);
            return;
        }
        void this.#carryOut(command).then((outcome) => answer(command.nonce, outcome));
    }

    #refusalOf(command: Command, isRepeated: boolean): RefusalCode | undefined {
        const { limits, clock, isClockTrusted, isSwitchedOn } = this.#options;
        if (isRepeated) return "REPEATED";
        if (!isSwitchedOn(command.order)) return "SWITCHED_OFF";
        if (!isClockTrusted()) return "CLOCK_UNTRUSTED";
        const nowUtcMs = clock.utcMs();
        const issuedUtcMs = instantMs(command.issued);
        const expiresUtcMs = instantMs(command.expires);
        if (issuedUtcMs > nowUtcMs + limits.skewMsMax) return "NOT_YET";
        if (expiresUtcMs - issuedUtcMs > limits.lifetimeMsMax) return "LIVES_TOO_LONG";
        if (expiresUtcMs <= nowUtcMs) return "STALE";
        this.#forgetExpired(nowUtcMs);
        if (this.#running >= limits.runningMax || this.#seen.size >= SEEN_MAX) return "BUSY";
        return this.#use(command, expiresUtcMs, nowUtcMs);
    }

    /** The last question of all: from here on the command counts as taken, whatever becomes of this process. */
    #use({ nonce }: Command, expiresUtcMs: number, nowUtcMs: number): RefusalCode | undefined {
        try {
            return this.#options.nonces.use(nonce, expiresUtcMs, nowUtcMs) ? undefined : "REPEATED";
        } catch {
            return "NOT_RECORDED";
        }
    }

    #forgetExpired(nowUtcMs: number): void {
        for (const [nonce, { expiresUtcMs }] of this.#seen) {
            if (expiresUtcMs <= nowUtcMs) this.#seen.delete(nonce);
        }
    }

    async #carryOut(command: Command): Promise<CommandOutcome> {
        const { clock, limits, handle } = this.#options;
        const seen: Seen = { expiresUtcMs: instantMs(command.expires) };
        this.#seen.set(command.nonce, seen);
        this.#running += 1;
        let cancel = (): void => undefined;
        const tooLate = new Promise<CommandOutcome>((resolve) => {
            cancel = clock.after(limits.answerMsMax, () =>
                resolve({ outcome: "failed", code: "NO_ANSWER", detail: "accepted, and nobody said what came of it" }),
            );
        });
        const outcome = await Promise.race([handle(command).catch(failed), tooLate]);
        cancel();
        this.#running -= 1;
        seen.outcome = outcome.outcome;
        return outcome;
    }
}

function failed(error: unknown): CommandOutcome {
    return { outcome: "failed", code: "FAILED", detail: error instanceof Error ? error.message : String(error) };
}

/** The schema has read it once already; what it could not read would count as long past. */
function instantMs(text: string): number {
    return parseUtcInstant(text) ?? 0;
}
