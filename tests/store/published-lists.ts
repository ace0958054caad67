/**
 * Booking lists as a central system would publish them, and their hashes by an implementation of its own.
 * Every version can be made again from its number alone, so that a crashed process's file can be held against it.
 */
import { createHash } from "node:crypto";

export interface WireRecord {
    readonly id: string;
    readonly queueNumber?: number;
    readonly slotStart: string;
    readonly slotEnd: string;
    readonly checkpoint: string;
    readonly tractor: { readonly plate: string; readonly country?: string };
    readonly trailers: readonly { readonly plate: string; readonly country?: string }[];
    readonly status: string;
    readonly late: boolean;
    readonly priority: string;
    readonly version: number;
}

export const EMPTY_HASH = "0".repeat(64);

export function record(id: string, about: Partial<WireRecord> = {}): WireRecord {
    return {
        id,
        slotStart: "2026-11-22T08:00:00Z",
        slotEnd: "2026-11-22T09:00:00Z",
        checkpoint: "nur-zholy",
        tractor: { plate: "123AB02", country: "KZ" },
        trailers: [],
        status: "В очереди",
        late: false,
        priority: "in-turn",
        version: 1,
        ...about,
    };
}

/** Members sorted at every depth: what the contract hashes. */
export function wireText(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(wireText).join(",")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${wireText(member)}`).join(",")}}`;
}

/** Byte by byte, so that it shares nothing with the hash under test. */
export function listHash(records: readonly WireRecord[]): string {
    const sum = new Uint8Array(32);
    for (const each of records) {
        const digest = createHash("sha256").update(wireText(each)).digest();
        let carry = 0;
        for (let place = 31; place >= 0; place -= 1) {
            const total = (sum[place] ?? 0) + (digest[place] ?? 0) + carry;
            sum[place] = total & 255;
            carry = total >> 8;
        }
    }
    return Buffer.from(sum).toString("hex");
}

export function snapshot(version: number, records: readonly WireRecord[], perPart = 1_000) {
    const parts: string[] = [];
    for (let from = 0; from < records.length; from += perPart)
        parts.push(partText(records.slice(from, from + perPart)));
    return { version, hash: listHash(records), parts };
}

/** As much of a part's message as the store looks at. */
export function partText(bookings: readonly unknown[]): string {
    return JSON.stringify({ bookings });
}

/** Gives a whole list to its writer, part by part, as it comes over the wire. */
export function putWhole<Outcome>(
    writer: {
        begin(): void;
        stage(part: string): void;
        replace(list: { version: number; hash: string }): Outcome;
    },
    { version, hash, parts }: ReturnType<typeof snapshot>,
): Outcome {
    writer.begin();
    for (const part of parts) writer.stage(part);
    return writer.replace({ version, hash });
}

export function delta(from: number, to: number, after: readonly WireRecord[], upsert: unknown, remove: unknown = []) {
    return { from, to, hash: listHash(after), changes: JSON.stringify({ upsert, remove }) };
}

/** The list that a made-up central system has in force as version `version`: most bookings stay, some change, come or go. */
export function listOfVersion(version: number, size: number): readonly WireRecord[] {
    return Array.from({ length: size }, (_, place) => place)
        .filter((place) => (place + version) % 7 !== 0)
        .map((place) => {
            const changes = Math.floor((version + (place % 13)) / 13);
            return record(`b-${String((place * 7_919) % 1_000_003).padStart(7, "0")}`, {
                queueNumber: place + 1,
                tractor: {
                    plate: `${String(place % 1_000).padStart(3, "0")}AB${String((place % 20) + 1).padStart(2, "0")}`,
                },
                status: changes % 2 === 0 ? "В очереди" : "Вызван на пункт пропуска",
                version: changes + 1,
            });
        });
}

/** How many different lists `list-mill-victim.ts` goes through, again and again. */
export const LISTS_OF_MILL = 26;
const BOOKINGS_OF_MILL = 90;

/** What it has in force as this version. */
export function listOfMill(version: number): readonly WireRecord[] {
    return listOfVersion(version % LISTS_OF_MILL, BOOKINGS_OF_MILL);
}
