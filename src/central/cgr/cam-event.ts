/**
 * A completed passage as the `cameraEvent` of the CarGoRuqsat interface. Pure: the same facts and pictures give the same
 * body on every retry, so that a receiver can recognise a repetition by its content.
 */
import { z } from "zod";
import type { Fact } from "../../core/fact/fact.ts";
import type { CgrPointName } from "./cgr-client.ts";

/** What the interface's documentation leaves open, as the site's configuration answers it. */
export interface CamEventForm {
    /** `utc` 2026-11-22T08:30:00Z; `local` the same moment without a zone; `offset` with one. */
    readonly dateTimeAs: "utc" | "local" | "offset";
    /** Of local time, minutes east of UTC. */
    readonly utcOffsetMinutes: number;
    /** Words for the direction of travel, seen from the country's inside of this point. */
    readonly directions: { readonly in: string; readonly out: string };
}

/** What is to be told of one passage. */
export interface CamReport {
    readonly sequence: number;
    readonly passage: string;
    readonly way: "in" | "out";
    /** Canonical Latin key. */
    readonly plate: string;
    /** Percent; 0 where a person named the booking and no camera read its plate. */
    readonly confidencePercent: number;
    readonly related: readonly string[];
    readonly utcMs: number;
    /** SHA-256 of the pictures behind the read, where one is kept. */
    readonly pictures: readonly string[];
}

/** Why a passage cannot be told by itself. */
export type Untellable = "CLOCK_UNTRUSTED" | "NO_PLATE";

/** Body of `CamEvent`; picture fields are base64 of a JPEG. */
export interface CameraEvent {
    readonly plateNumber: string;
    readonly dateTime: string;
    readonly recognitionConfidence: number;
    readonly relatedPlateNumbers: readonly string[];
    readonly direction: string;
    readonly fullImage?: string;
    readonly plateImage?: string;
}

const MEANS = {
    arrived: { point: "waiting-area", way: "in" },
    "left-waiting-area": { point: "waiting-area", way: "out" },
    entered: { point: "checkpoint", way: "in" },
    crossed: { point: "checkpoint", way: "out" },
} as const;

const Completed = z.looseObject({
    means: z.enum(["arrived", "left-waiting-area", "entered", "crossed"]),
    plate: z.string().nullish(),
    bookingId: z.string().nullish(),
});

const Recognised = z.looseObject({
    key: z.string().min(1),
    confidence: z.number(),
    evidence: z.array(z.string()).default([]),
    isSure: z.boolean().default(false),
});
type Recognised = z.infer<typeof Recognised>;

/** Whether a fact is to be told to this point at all. */
export function concerns(point: CgrPointName, fact: Pick<Fact, "kind" | "data">): boolean {
    if (fact.kind !== "passage.completed") return false;
    const { data } = Completed.safeParse(fact.data);
    return data !== undefined && MEANS[data.means].point === point;
}

/**
 * What to tell of a passage, from its facts. `bookedPlate` is the tractor's key in the booking that the passage was let in
 * with, where one is known: an officer's word stands above what the camera read.
 */
export function camReportOf(
    completed: Fact,
    passageFacts: readonly Fact[],
    bookedPlate: (bookingId: string) => string | undefined,
): CamReport | Untellable {
    const { means, plate, bookingId } = Completed.parse(completed.data);
    if (!completed.isClockTrusted) return "CLOCK_UNTRUSTED";
    const reads = passageFacts
        .filter(({ kind, sequence }) => kind === "vehicle.recognised" && sequence < completed.sequence)
        .flatMap(({ data }) => Recognised.safeParse(data).data ?? [])
        .toSorted((a, b) => b.confidence - a.confidence);
    const booked = bookingId === null || bookingId === undefined ? undefined : bookedPlate(bookingId);
    const key = booked ?? plate ?? reads[0]?.key;
    if (key === undefined || key === "") return "NO_PLATE";
    const own = reads.find((read) => read.key === key);
    return {
        sequence: completed.sequence,
        passage: completed.passage ?? "",
        way: MEANS[means].way,
        plate: key,
        confidencePercent: Math.round((own?.confidence ?? 0) * 1_000) / 10,
        related: [...new Set(relatedTo(key, own, reads))],
        utcMs: completed.utcMs,
        pictures: (own ?? reads[0])?.evidence ?? [],
    };
}

/** Other sure plates; where the camera never read the plate in question, also what it read instead. */
function relatedTo(key: string, own: Recognised | undefined, reads: readonly Recognised[]): readonly string[] {
    return reads.flatMap((read) => (read.key !== key && (read.isSure || own === undefined) ? [read.key] : []));
}

/** The body as it goes out. Fields for which the box has nothing are left out. */
export function cameraEventOf(
    report: CamReport,
    form: CamEventForm,
    pictures: { readonly full?: Uint8Array; readonly plate?: Uint8Array },
): CameraEvent {
    return {
        plateNumber: report.plate,
        dateTime: dateTimeText(report.utcMs, form),
        recognitionConfidence: report.confidencePercent,
        relatedPlateNumbers: report.related,
        direction: form.directions[report.way],
        ...(pictures.full === undefined ? {} : { fullImage: base64(pictures.full) }),
        ...(pictures.plate === undefined ? {} : { plateImage: base64(pictures.plate) }),
    };
}

function dateTimeText(utcMs: number, { dateTimeAs, utcOffsetMinutes }: CamEventForm): string {
    const shownMs = dateTimeAs === "utc" ? utcMs : utcMs + utcOffsetMinutes * 60_000;
    const text = new Date(shownMs).toISOString().slice(0, 19);
    if (dateTimeAs === "local") return text;
    return dateTimeAs === "utc" ? `${text}Z` : `${text}${offsetText(utcOffsetMinutes)}`;
}

function offsetText(minutes: number): string {
    const two = (value: number): string => String(value).padStart(2, "0");
    const size = Math.abs(minutes);
    return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function base64(bytes: Uint8Array): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
