/**
 * How recorded inputs stand in the journal. A recording is a row of chunks; a chunk is a zlib stream (RFC 1950) of JSON
 * lines, packed with the text of the chunks before it as its dictionary, so that what repeats costs a few bytes.
 * The first chunk of a recording needs no dictionary and begins with the head: program, plan, state and first image.
 */
import { deflateSync, inflateSync } from "node:zlib";
import { CONTACT_NAMES, type ContactName, type Reading } from "../core/lane/contacts.ts";
import type { LaneImage } from "../core/lane/lane-image.ts";
import type { LanePlan } from "../core/lane/lane-plan.ts";
import type { LaneState } from "../core/lane/lane-state.ts";
import type { Step } from "../core/lane/lane-step.ts";
import type { ScaleReading } from "../core/lane/scale-reading.ts";
import type { LaneOrder } from "../core/lane/turn.ts";
import { type Delta, deltaOf, withDelta } from "../core/replay/json-delta.ts";
import type { RecordedTick, Recording } from "../core/replay/replay.ts";

/** Raised with every change of what the lines mean; older ones stay readable. */
const FORMAT = 1;
/** Text of earlier chunks that a chunk may point back into; zlib looks no further than 32 KiB. */
const DICTIONARY_BYTES = 16 << 10;
/** A window no larger than the dictionary: zlib's own choice clears several times these tables for every chunk, to the same end. */
const PACKING = { windowBits: 14, memLevel: 6, chunkSize: 4 << 10 };
/** A chunk is a few seconds of a lane; one that unpacks to more than this is not ours. */
const CHUNK_BYTES_MAX = 16 << 20;

/** A tick has a handful of facts; more than this were not written by us. */
const FACTS_MAX = 1_000;

/** An image in three parts: the moment, what changes by itself with time, and what was seen. */
export interface PackedImage {
    readonly nowMs: number;
    readonly times: {
        readonly utcMs: number;
        /** Ages of the readings, in the order of `CONTACT_NAMES`. */
        readonly contacts: readonly number[];
        /** Age of the list; absent when it was never confirmed: JSON knows no infinity. */
        readonly list?: number;
        /** Age of the scale's word. */
        readonly weighing?: number;
    };
    readonly seen: {
        readonly list: Omit<LaneImage["list"], "ageMs">;
        readonly contacts: { readonly [name in ContactName]?: boolean };
        readonly weighing?: Omit<ScaleReading, "ageMs">;
    } & Omit<LaneImage, "nowMs" | "utcMs" | "list" | "contacts" | "weighing">;
}

/** The line that a recording begins with. */
export interface HeadLine {
    readonly format: number;
    readonly program: string;
    readonly plan: LanePlan;
    readonly state: LaneState;
    readonly image: PackedImage;
}

/** One tick: what differs from the tick before it. Members that say nothing new are absent. */
export interface TickLine {
    readonly ms: number;
    /** Against the times of the tick before, moved on by `ms`. */
    readonly times?: Delta;
    readonly seen?: Delta;
    readonly light?: Step["light"];
    readonly orders?: readonly LaneOrder[];
    /** First sequence and count. */
    readonly facts?: readonly [number, number];
}

/** The chunks of a passage cannot be read; the message says which and why. */
export class RecordingDamaged extends Error {
    override name = "RecordingDamaged";
}

export function headOf(program: string, plan: LanePlan, state: LaneState, image: PackedImage): HeadLine {
    return { format: FORMAT, program, plan, state, image };
}

export function packImage({ nowMs, utcMs, list, contacts, weighing, ...rest }: LaneImage): PackedImage {
    const levels: { [name in ContactName]?: boolean } = {};
    const ages: number[] = [];
    for (const name of CONTACT_NAMES) {
        const reading = contacts[name];
        if (reading === undefined) continue;
        levels[name] = reading.isActive;
        ages.push(reading.ageMs);
    }
    return {
        nowMs,
        times: {
            utcMs,
            contacts: ages,
            ...(Number.isFinite(list.ageMs) ? { list: list.ageMs } : {}),
            ...(weighing === undefined ? {} : { weighing: weighing.ageMs }),
        },
        seen: {
            ...rest,
            list: withoutAge(list),
            contacts: levels,
            ...(weighing === undefined ? {} : { weighing: withoutAge(weighing) }),
        },
    };
}

function withoutAge<T extends { readonly ageMs: number }>({ ageMs: _apart, ...rest }: T): Omit<T, "ageMs"> {
    return rest;
}

function unpackImage({ nowMs, times, seen }: PackedImage): LaneImage {
    const { contacts: levels, list, weighing, ...rest } = seen;
    const contacts: { [name in ContactName]?: Reading } = {};
    const ages = times.contacts.values();
    for (const name of CONTACT_NAMES) {
        const isActive = levels[name];
        if (isActive !== undefined) contacts[name] = { isActive, ageMs: ages.next().value ?? Number.NaN };
    }
    return {
        ...rest,
        nowMs,
        utcMs: times.utcMs,
        list: { ...list, ageMs: times.list ?? Number.POSITIVE_INFINITY },
        contacts,
        ...(weighing === undefined ? {} : { weighing: { ...weighing, ageMs: times.weighing ?? Number.NaN } }),
    };
}

/** The changes between two images; without `seen`, nothing but time has passed. */
export function changesOf(before: PackedImage, after: PackedImage): Pick<TickLine, "ms" | "times" | "seen"> {
    const ms = after.nowMs - before.nowMs;
    const times = deltaOf(later(before.times, ms), after.times);
    const seen = deltaOf(before.seen, after.seen);
    return { ms, ...(times === undefined ? {} : { times }), ...(seen === undefined ? {} : { seen }) };
}

function withChanges(before: PackedImage, { ms, times, seen }: TickLine): PackedImage {
    return {
        nowMs: before.nowMs + ms,
        times: withDelta(later(before.times, ms), times) as PackedImage["times"],
        seen: withDelta(before.seen, seen) as PackedImage["seen"],
    };
}

/** What clocks and ages come to when time passes and nothing is read anew. */
function later({ utcMs, contacts, list, weighing }: PackedImage["times"], ms: number): PackedImage["times"] {
    return {
        utcMs: utcMs + ms,
        contacts: contacts.map((age) => age + ms),
        ...(list === undefined ? {} : { list: list + ms }),
        ...(weighing === undefined ? {} : { weighing: weighing + ms }),
    };
}

/** Packs lines; `dictionary` is what `nextDictionary` gave for the chunk before, nothing for the first. */
export function packChunk(lines: readonly (HeadLine | TickLine)[], dictionary: Buffer | undefined): PackedChunk {
    const text = Buffer.from(lines.map((line) => JSON.stringify(line)).join("\n"));
    const chunk = deflateSync(text, dictionary === undefined ? PACKING : { ...PACKING, dictionary });
    return { chunk, dictionary: nextDictionary(dictionary, text) };
}

/** A chunk, and the dictionary for the one that follows it. */
export interface PackedChunk {
    readonly chunk: Uint8Array;
    readonly dictionary: Buffer;
}

function nextDictionary(dictionary: Buffer | undefined, text: Buffer): Buffer {
    return Buffer.concat(dictionary === undefined ? [text] : [dictionary, text]).subarray(-DICTIONARY_BYTES);
}

/**
 * The recordings of one passage, from its chunks in order: one, or more when the daemon was restarted within it.
 * Throws `RecordingDamaged`.
 */
export function readRecordings(chunks: readonly Uint8Array[]): readonly Recording[] {
    const recordings: { head: HeadLine; lines: TickLine[] }[] = [];
    let dictionary: Buffer | undefined;
    for (const [index, chunk] of chunks.entries()) {
        try {
            dictionary = needsDictionary(chunk) ? dictionary : undefined;
            const limit = { maxOutputLength: CHUNK_BYTES_MAX };
            const text = inflateSync(chunk, dictionary === undefined ? limit : { ...limit, dictionary });
            const lines = text.toString("utf8").split("\n").map(parseLine);
            if (dictionary === undefined) recordings.push({ head: readHead(lines.shift()), lines: [] });
            recordings.at(-1)?.lines.push(...(lines as TickLine[]));
            dictionary = nextDictionary(dictionary, text);
        } catch (error) {
            const why = error instanceof Error ? error.message : String(error);
            throw new RecordingDamaged(`chunk ${index + 1} of ${chunks.length} cannot be read: ${why}`);
        }
    }
    try {
        return recordings.map(({ head, lines }) => toRecording(head, lines));
    } catch (error) {
        throw new RecordingDamaged(
            `it does not hold images of a lane: ${error instanceof Error ? error.message : error}`,
        );
    }
}

/** Bit FDICT of the stream's second byte (RFC 1950, 2.2). */
function needsDictionary(chunk: Uint8Array): boolean {
    return ((chunk[1] ?? 0) & 0x20) !== 0;
}

function parseLine(text: string): object {
    const line: unknown = JSON.parse(text);
    if (typeof line !== "object" || line === null) throw new TypeError("a line is not an object");
    return line;
}

function readHead(line: object | undefined): HeadLine {
    if (line === undefined || !("format" in line)) throw new TypeError("it does not begin with a head");
    if (line.format !== FORMAT) {
        throw new TypeError(
            `it has format ${line.format} and this kordon reads ${FORMAT}; use the kordon that wrote it`,
        );
    }
    return line as HeadLine;
}

function toRecording({ program, plan, state, image }: HeadLine, lines: readonly TickLine[]): Recording {
    let packed = image;
    let light: Step["light"] = "red";
    const ticks = lines.map((line, index): RecordedTick => {
        if (index > 0) packed = withChanges(packed, line);
        light = line.light ?? light;
        const [first, count] = line.facts ?? [0, 0];
        if (!(count >= 0 && count <= FACTS_MAX)) throw new TypeError(`${count} facts in one tick`);
        return { image: unpackImage(packed), orders: line.orders ?? [], light, facts: { first, count } };
    });
    return { program, plan, state, ticks };
}
