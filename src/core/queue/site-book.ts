/**
 * The site's own book: what follows, for the queue, from the facts of this site. It is a fold over the journal: the same facts
 * give the same book, so that it can be kept beside the journal and made again from it. No clock, no I/O.
 */
import { type Booking, PRIORITY_CATEGORIES, type PriorityCategory } from "../booking/booking.ts";
import { parseUtcInstant } from "../booking/utc-instant.ts";
import type { Fact, Json } from "../fact/fact.ts";
import { type PlateKey, toPlateKey } from "../plate/plate-key.ts";
import { alarmId, type BookChange, type BookNote, noteKey } from "./book-note.ts";
import { hasReached, type KnownBooking, type PlateKnowledge, STAGES, type Stage } from "./local-knowledge.ts";
import { localDay, type QueueCalendar } from "./queue-calendar.ts";

type Data = Fact["data"];
type NoteOf<Is extends BookNote["is"]> = Extract<BookNote, { is: Is }>;

/** Holds the notes; `apply` is the fold, everything else only looks. */
export class SiteBook {
    readonly #calendar: QueueCalendar;
    readonly #notes = new Map<string, BookNote>();
    /** The same kind by kind, for there are tens of thousands of notes of progress and a handful of all others. */
    readonly #ofKind = new Map<BookNote["is"], Map<string, BookNote>>();
    readonly #entriesByPlate = new Map<PlateKey, Map<string, Booking>>();
    #revision = 0;

    constructor(calendar: QueueCalendar, notes: Iterable<BookNote>) {
        this.#calendar = calendar;
        for (const note of notes) this.#put(note);
    }

    /** Grows with every change. */
    get revision(): number {
        return this.#revision;
    }

    /** Every note of one kind. */
    notes<Is extends BookNote["is"]>(is: Is): readonly NoteOf<Is>[] {
        return [...(this.#ofKind.get(is)?.values() ?? [])] as NoteOf<Is>[];
    }

    /** The note of this kind and id. */
    find<Is extends BookNote["is"]>(is: Is, id: string): NoteOf<Is> | undefined {
        return this.#notes.get(noteKey({ is, id })) as NoteOf<Is> | undefined;
    }

    /** What is known of a plate and of these bookings; undefined when that is nothing. */
    know(key: PlateKey, bookings: readonly Pick<Booking, "id">[]): PlateKnowledge | undefined {
        const outOfTurn = [...(this.#entriesByPlate.get(key)?.values() ?? [])];
        const isInside = this.find("inside", key) !== undefined;
        const known = [...bookings, ...outOfTurn].flatMap(({ id }) => {
            const one = this.knowBooking(id);
            return one === undefined ? [] : [[id, one] as const];
        });
        if (outOfTurn.length === 0 && known.length === 0 && !isInside) return undefined;
        return { outOfTurn, bookings: Object.fromEntries(known), isInside };
    }

    /** What is known of one booking; undefined when that is nothing. A call counts until the central system has answered it. */
    knowBooking(id: string): KnownBooking | undefined {
        const progress = this.find("progress", id);
        const call = this.find("call", id);
        const isCalled = call !== undefined && !call.isContradicted && !call.isConfirmed;
        if (progress === undefined && !isCalled) return undefined;
        return {
            ...(progress === undefined ? {} : { stage: progress.stage }),
            ...(isCalled ? { calledUntilUtcMs: call.untilUtcMs } : {}),
            ...(progress?.isContradicted ? { isContradicted: true } : {}),
        };
    }

    /** Lorries that have used up a quota on the local day of this moment. */
    used(quota: string, utcMs: number): number {
        return this.find("used", `${localDay(utcMs, this.#calendar)} ${quota}`)?.count ?? 0;
    }

    /** Takes one fact in, in the order of the journal; what changed is for the caller to keep. */
    apply(fact: Fact): readonly BookChange[] {
        switch (fact.kind) {
            case "passage.completed":
                return this.#passed(fact);
            case "out-of-turn.loaded":
                return this.#loaded(fact);
            case "out-of-turn.withdrawn":
                return this.#withdrawn(text(fact.data["list"]) ?? "");
            case "booking.called":
                return this.#called(fact);
            case "booking.contradicted":
                return this.#contradicted(fact.data);
            case "booking.confirmed":
                return this.#confirmed(fact.data);
            case "continuity.started":
                return this.#permitted(fact.data);
            case "continuity.ended":
                return this.#drop("continuity", "site");
            case "alarm.raised":
            case "alarm.cleared":
                return this.#alarmed(fact);
            default:
                return [];
        }
    }

    /** Notes that time or the central system has made useless, or that have learnt what they are waiting for. */
    amend(changes: readonly BookChange[]): readonly BookChange[] {
        return changes.flatMap(({ key, note }) => {
            const before = this.#notes.get(key);
            if (note !== undefined) return this.#write(note);
            return before === undefined ? [] : this.#drop(before.is, before.id);
        });
    }

    #passed({ data, sequence, utcMs }: Fact): readonly BookChange[] {
        const stage = STAGES.find((each) => each === data["means"]);
        if (stage === undefined) return [];
        const bookingId = text(data["bookingId"]) ?? null;
        const plate = text(data["plate"]);
        const changes: BookChange[] = [];
        if (bookingId !== null) changes.push(...this.#moveOn(bookingId, stage, sequence, utcMs));
        if (stage === "entered") {
            if (plate !== undefined) changes.push(...this.#write({ is: "inside", id: plate, bookingId, utcMs }));
            for (const quota of texts(data["quotas"])) changes.push(...this.#use(quota, utcMs));
        }
        if (stage === "crossed") changes.push(...this.#left(plate, bookingId));
        return changes;
    }

    #moveOn(id: string, stage: Stage, sequence: number, utcMs: number): readonly BookChange[] {
        if (hasReached(this.find("progress", id)?.stage, stage)) return [];
        return this.#write({ is: "progress", id, stage, sequence, utcMs });
    }

    /** By its plate, or by its booking where another plate was read on the way out. */
    #left(plate: string | undefined, bookingId: string | null): readonly BookChange[] {
        const gone = this.notes("inside").filter(
            (note) => note.id === plate || (bookingId !== null && note.bookingId === bookingId),
        );
        return gone.flatMap(({ id }) => this.#drop("inside", id));
    }

    #use(quota: string, utcMs: number): readonly BookChange[] {
        const id = `${localDay(utcMs, this.#calendar)} ${quota}`;
        return this.#write({ is: "used", id, count: (this.find("used", id)?.count ?? 0) + 1 });
    }

    #loaded({ data, utcMs }: Fact): readonly BookChange[] {
        const id = text(data["list"]);
        const category = PRIORITY_CATEGORIES.find((each) => each === data["category"]);
        const validFromUtcMs = instant(data["validFrom"]);
        const validUntilUtcMs = instant(data["validUntil"]);
        const { quotaPerDay } = data;
        if (id === undefined || category === undefined || typeof quotaPerDay !== "number") return [];
        if (validFromUtcMs === undefined || validUntilUtcMs === undefined) return [];
        const entries = list(data["entries"]).flatMap((entry) => {
            const booking = entryBooking(entry, { list: id, category, checkpoint: text(data["checkpoint"]) ?? "" });
            return booking === undefined ? [] : [booking];
        });
        const before = this.find("list", id)?.entries ?? 0;
        return [
            ...this.#write({
                is: "list",
                id,
                by: text(data["by"]) ?? "",
                utcMs,
                category,
                validFromUtcMs,
                validUntilUtcMs,
                quotaPerDay,
                entries: before + entries.length,
            }),
            ...entries.flatMap((booking) => this.#write({ is: "entry", id: booking.id, booking })),
        ];
    }

    #withdrawn(id: string): readonly BookChange[] {
        const entries = this.notes("entry").filter(({ booking }) => booking.list === id);
        return [...this.#drop("list", id), ...entries.flatMap((entry) => this.#drop("entry", entry.id))];
    }

    #called({ data, sequence, utcMs }: Fact): readonly BookChange[] {
        const id = text(data["bookingId"]);
        const untilUtcMs = instant(data["until"]);
        if (id === undefined || untilUtcMs === undefined) return [];
        return this.#write({ is: "call", id, sequence, utcMs, untilUtcMs, quotas: texts(data["quotas"]) });
    }

    #contradicted(data: Data): readonly BookChange[] {
        const note = this.#claimed(data);
        return note === undefined ? [] : this.#write({ ...note, isContradicted: true });
    }

    /** What is confirmed is the list's to say from then on; a call still counts for the hour it was made in. */
    #confirmed(data: Data): readonly BookChange[] {
        const note = this.#claimed(data);
        if (note === undefined) return [];
        if (note.is === "progress") return this.#drop("progress", note.id);
        const { isContradicted: _over, ...rest } = note;
        return this.#write({ ...rest, isConfirmed: true });
    }

    #claimed(data: Data): NoteOf<"progress"> | NoteOf<"call"> | undefined {
        return this.find(data["known"] === "called" ? "call" : "progress", text(data["bookingId"]) ?? "");
    }

    #permitted(data: Data): readonly BookChange[] {
        const untilUtcMs = instant(data["until"]);
        if (untilUtcMs === undefined) return [];
        const [by, why] = [text(data["by"]) ?? "", text(data["why"]) ?? ""];
        return this.#write({ is: "continuity", id: "site", by, why, untilUtcMs });
    }

    /** Other alarms are levels that are judged anew after every start; one about a fact is remembered until it is cleared. */
    #alarmed({ kind, data, utcMs }: Fact): readonly BookChange[] {
        const [code, point] = [text(data["code"]), text(data["point"])];
        const { sequence } = data;
        if (code === undefined || point === undefined || typeof sequence !== "number") return [];
        const id = alarmId({ code, point, sequence });
        if (kind === "alarm.cleared") return this.#drop("alarm", id);
        return this.#write({ is: "alarm", id, code, point, sequence, utcMs });
    }

    #write(note: BookNote): readonly BookChange[] {
        this.#put(note);
        return [{ key: noteKey(note), note }];
    }

    #put(note: BookNote): void {
        this.#revision += 1;
        this.#notes.set(noteKey(note), note);
        const ofKind = this.#ofKind.get(note.is) ?? new Map<string, BookNote>();
        this.#ofKind.set(note.is, ofKind.set(note.id, note));
        if (note.is !== "entry") return;
        const { key } = note.booking.tractor;
        const ofPlate = this.#entriesByPlate.get(key) ?? new Map<string, Booking>();
        this.#entriesByPlate.set(key, ofPlate.set(note.id, note.booking));
    }

    #drop(is: BookNote["is"], id: string): readonly BookChange[] {
        const key = noteKey({ is, id });
        const note = this.#notes.get(key);
        if (note === undefined) return [];
        this.#revision += 1;
        this.#notes.delete(key);
        this.#ofKind.get(is)?.delete(id);
        if (note.is === "entry") this.#entriesByPlate.get(note.booking.tractor.key)?.delete(id);
        return [{ key }];
    }
}

/** An entry of a fact as the decision needs it; undefined for one that this version does not understand. */
function entryBooking(
    entry: Json,
    of: { readonly list: string; readonly category: PriorityCategory; readonly checkpoint: string },
): Booking | undefined {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry)) return undefined;
    const data = entry as Data;
    const id = text(data["id"]);
    const plate = text(data["plate"]);
    const slotStartUtcMs = instant(data["from"]);
    const slotEndUtcMs = instant(data["until"]);
    if (id === undefined || plate === undefined || slotStartUtcMs === undefined || slotEndUtcMs === undefined)
        return undefined;
    const country = text(data["country"]);
    return {
        id,
        slotStartUtcMs,
        slotEndUtcMs,
        checkpoint: of.checkpoint,
        tractor: { text: plate, key: toPlateKey(plate), ...(country === undefined ? {} : { country }) },
        trailers: texts(data["trailers"]).map((trailer) => ({ text: trailer, key: toPlateKey(trailer) })),
        status: "called",
        isLate: false,
        priority: "out-of-turn",
        category: of.category,
        list: of.list,
        version: 1,
    };
}

function text(value: Json | undefined): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

function list(value: Json | undefined): readonly Json[] {
    return Array.isArray(value) ? value : [];
}

function texts(value: Json | undefined): readonly string[] {
    return list(value).filter((each): each is string => typeof each === "string");
}

function instant(value: Json | undefined): number | undefined {
    return typeof value === "string" ? parseUtcInstant(value) : undefined;
}
