/**
 * Cuts a multipart stream (RFC 2046) into parts as bytes come, within fixed limits. A part with a length is given out with its
 * last byte: a camera may be silent for long before the next boundary. Bytes between parts are skipped and counted.
 */
import type { FeedPart } from "../ports/camera-feed.ts";

const LIMITS = {
    /** Full pictures of known cameras are below 2 MB. */
    partBytesMax: 4 * 1024 * 1024,
    headerBytesMax: 4 * 1024,
    /** Skipped in one go; a stream that is none gives up here. */
    noiseBytesMax: 64 * 1024,
    boundaryLengthMax: 100,
} as const;

/** The stream cannot be followed any more: connect anew. */
export class BadMultipart extends Error {
    constructor(message: string) {
        super(message);
        this.name = "BadMultipart";
    }
}

type State =
    | { readonly at: "between" }
    | { readonly at: "headers" }
    | { readonly at: "body"; readonly type: string; readonly name: string; readonly length: number | undefined }
    | { readonly at: "end" };

/** The boundary in a `content-type`; undefined when it is not multipart. */
export function boundaryOf(contentType: string): string | undefined {
    if (!/^multipart\//i.test(contentType)) return undefined;
    const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
    const boundary = (quoted ?? bare ?? "").replace(/^-+/, "");
    return boundary === "" || boundary.length > LIMITS.boundaryLengthMax ? undefined : boundary;
}

export class MultipartReader {
    /** Some cameras count the two dashes in front as part of the boundary, so dashes before it are never significant. */
    readonly #delimiter: Buffer;
    #state: State = { at: "between" };
    #chunks: Buffer[] = [];
    #bytes = 0;
    /** Bytes below which looking again is of no use. */
    #needed = 1;
    /** How far a body without a length was looked through. */
    #searched = 0;
    #noise = 0;

    constructor(boundary: string) {
        this.#delimiter = Buffer.from(`--${boundary}`, "latin1");
    }

    /** Bytes outside of parts so far, line ends apart. */
    get noise(): number {
        return this.#noise;
    }

    /** True once the closing boundary was seen, or nothing is half read. */
    get isComplete(): boolean {
        return this.#state.at === "end" || (this.#state.at === "between" && this.#bytes < this.#delimiter.length);
    }

    /** Throws `BadMultipart`; after that the reader is of no use. */
    push(chunk: Uint8Array): readonly FeedPart[] {
        this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
        this.#bytes += chunk.length;
        const parts: FeedPart[] = [];
        while (this.#bytes >= this.#needed && this.#state.at !== "end") {
            const before = this.#bytes;
            const state = this.#state;
            const part = this.#step(this.#held(), state);
            if (part !== undefined) parts.push(part);
            if (this.#bytes === before && this.#state === state) break;
        }
        return parts;
    }

    #step(held: Buffer, state: State): FeedPart | undefined {
        switch (state.at) {
            case "between":
                return this.#findBoundary(held);
            case "headers":
                return this.#readHeaders(held);
            case "body":
                return state.length === undefined
                    ? this.#bodyToBoundary(held, state)
                    : this.#bodyOfLength(held, state, state.length);
            case "end":
                return undefined;
        }
    }

    #findBoundary(held: Buffer): undefined {
        const at = held.indexOf(this.#delimiter);
        if (at < 0) {
            const gone = Math.max(0, held.length - this.#delimiter.length);
            this.#skip(held, gone);
            this.#needed = this.#bytes + 1;
            return undefined;
        }
        const behind = at + this.#delimiter.length;
        if (held.length < behind + 2) {
            this.#skip(held, at);
            this.#needed = this.#delimiter.length + 2;
            return undefined;
        }
        this.#skip(held, at);
        this.#drop(this.#delimiter.length);
        const ending = held.toString("latin1", behind, behind + 2);
        if (ending === "--") this.#enter({ at: "end" });
        else if (/^[\r\n \t]/.test(ending)) this.#enter({ at: "headers" });
        return undefined;
    }

    #readHeaders(held: Buffer): undefined {
        const { headerBytesMax, partBytesMax } = LIMITS;
        const text = held.toString("latin1", 0, headerBytesMax);
        const end = /^[ \t]*\r?\n(?:\r?\n|[\s\S]*?\n\r?\n)/.exec(text)?.[0].length;
        if (end === undefined) {
            if (held.length >= headerBytesMax) throw new BadMultipart(`headers of more than ${headerBytesMax} bytes`);
            this.#needed = held.length + 1;
            return undefined;
        }
        const headers = text.slice(0, end);
        const of = (name: string): string =>
            new RegExp(`^${name}[ \\t]*:[ \\t]*([^\\r\\n]*)`, "im").exec(headers)?.[1]?.trim() ?? "";
        const length = /^\d{1,9}$/.test(of("content-length")) ? Number(of("content-length")) : undefined;
        if (length !== undefined && length > partBytesMax) throw new BadMultipart(`a part of ${length} bytes`);
        this.#drop(end);
        this.#enter({
            at: "body",
            type: of("content-type"),
            name: nameIn(of("content-disposition"), of("content-id")),
            length,
        });
        this.#needed = length ?? 1;
        return undefined;
    }

    #bodyOfLength(held: Buffer, { type, name }: Extract<State, { at: "body" }>, length: number): FeedPart | undefined {
        if (held.length < length) return undefined;
        const bytes = Buffer.from(held.subarray(0, length));
        this.#drop(length);
        this.#enter({ at: "between" });
        return { type, name, bytes };
    }

    #bodyToBoundary(held: Buffer, { type, name }: Extract<State, { at: "body" }>): FeedPart | undefined {
        const { partBytesMax } = LIMITS;
        const at = held.indexOf(this.#delimiter, this.#searched);
        if (at < 0) {
            if (held.length > partBytesMax) throw new BadMultipart(`a part of more than ${partBytesMax} bytes`);
            this.#searched = Math.max(0, held.length - this.#delimiter.length);
            this.#needed = held.length + 1;
            return undefined;
        }
        const end = /[-\s]*$/.exec(held.toString("latin1", Math.max(0, at - 8), at))?.[0].length ?? 0;
        const bytes = Buffer.from(held.subarray(0, at - end));
        this.#drop(at);
        this.#enter({ at: "between" });
        return { type, name, bytes };
    }

    #enter(state: State): void {
        this.#state = state;
        this.#needed = 1;
        this.#searched = 0;
    }

    #held(): Buffer {
        const [only, second] = this.#chunks;
        if (only !== undefined && second === undefined) return only;
        const held = Buffer.concat(this.#chunks);
        this.#chunks = [held];
        return held;
    }

    #drop(count: number): void {
        const rest = this.#held().subarray(count);
        this.#chunks = rest.length === 0 ? [] : [rest];
        this.#bytes = rest.length;
    }

    #skip(held: Buffer, count: number): void {
        if (count > LIMITS.noiseBytesMax) throw new BadMultipart("no boundary in sight");
        this.#noise += held.toString("latin1", 0, count).replaceAll(/[\s-]/g, "").length;
        if (this.#noise > LIMITS.noiseBytesMax) throw new BadMultipart("more noise than parts");
        this.#drop(count);
    }
}

function nameIn(disposition: string, contentId: string): string {
    const said = (key: string): string | undefined =>
        new RegExp(`[;\\s]${key}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(disposition)?.slice(1).find(Boolean);
    return [said("name"), said("filename"), contentId.replaceAll(/[<>]/g, "")]
        .filter((part) => part !== undefined && part !== "")
        .join(" ");
}
