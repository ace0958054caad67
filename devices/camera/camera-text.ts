/** Bytes of a camera as text, XML or JSON: in the character set that it names, of bounded size, and never guessed at. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { FeedPart } from "../../src/ports/camera-feed.ts";
import type { Evidence } from "../../src/ports/plate-source.ts";

/** Events without pictures; those of known cameras are below 10 KB. */
const TEXT_BYTES_MAX = 128 * 1024;
const PICTURE_BYTES_MAX = 2 * 1024 * 1024;
/** Nothing real is nested deeper than ten. */
const XML_DEPTH_MAX = 24;
/** Nothing else is taken, so that a message cannot choose a decoder that hides signs. */
const DECODERS: ReadonlyMap<string, InstanceType<typeof TextDecoder>> = new Map(
    ["utf-8", "gbk", "gb18030", "windows-1251", "windows-1252", "us-ascii"].map((charset) => [
        charset,
        new TextDecoder(charset, { fatal: true }),
    ]),
);
const ALSO_CALLED: { readonly [name: string]: string } = { utf8: "utf-8", gb2312: "gbk", "iso-8859-1": "windows-1252" };

/** A value out of parsed JSON or XML. */
export type Tree = { readonly [key: string]: unknown };

/** Why a part cannot be read. */
export class Unreadable extends Error {}

/** Throws `Unreadable`. `bytesMax` is larger where pictures stand in the text. */
export function textOf({ type, bytes }: FeedPart, bytesMax: number = TEXT_BYTES_MAX): string {
    if (bytes.length > bytesMax) throw new Unreadable(`text of ${bytes.length} bytes`);
    const head = Buffer.from(bytes.subarray(0, 120)).toString("latin1");
    const named =
        /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ??
        /<\?xml[^>]*encoding\s*=\s*["']([\w-]+)/i.exec(head)?.[1] ??
        "utf-8";
    const charset = ALSO_CALLED[named.toLowerCase()] ?? named.toLowerCase();
    const decoder = DECODERS.get(charset);
    if (decoder === undefined) throw new Unreadable(`character set ${named}`);
    try {
        return decoder.decode(bytes);
    } catch {
        throw new Unreadable(`bytes that are not ${charset}`);
    }
}

const parser = new XMLParser({
    ignoreAttributes: true,
    removeNSPrefix: true,
    parseTagValue: false,
    processEntities: false,
    trimValues: true,
    maxNestedTags: XML_DEPTH_MAX,
});

/** Throws `Unreadable`. Document types and entities are refused whole: no camera needs them. */
export function xmlOf(text: string): Tree {
    if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text)) throw new Unreadable("XML with a document type");
    try {
        if (XMLValidator.validate(text) !== true) throw new Unreadable("not XML");
        const parsed: unknown = parser.parse(text);
        if (isTree(parsed)) return parsed;
    } catch (error) {
        if (error instanceof Unreadable) throw error;
    }
    throw new Unreadable("not XML");
}

/** Throws `Unreadable` unless it is one JSON object. */
export function jsonOf(text: string): Tree {
    try {
        const parsed: unknown = JSON.parse(text);
        if (isTree(parsed)) return parsed;
    } catch {
        // below
    }
    throw new Unreadable("not a JSON object");
}

function isTree(value: unknown): value is Tree {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The branch at a path; undefined when it is missing, a leaf, or there twice. */
export function branchAt(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
    const found = path.reduce<unknown>((at, key) => (isTree(at) && Object.hasOwn(at, key) ? at[key] : undefined), tree);
    return isTree(found) ? found : undefined;
}

/** The leaf at a path as text; undefined when it is missing, empty, a branch, or there twice. */
export function leafAt(tree: Tree | undefined, ...path: readonly string[]): string | undefined {
    const key = path.at(-1);
    const branch = branchAt(tree, ...path.slice(0, -1));
    const value = key !== undefined && branch !== undefined && Object.hasOwn(branch, key) ? branch[key] : undefined;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** A plain decimal number; undefined for anything else. */
export function numberIn(text: string | undefined): number | undefined {
    return text !== undefined && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** A JPEG by its first bytes; undefined when it is none, or larger than any full picture of known cameras. */
export function pictureOf(bytes: Uint8Array, kind: Evidence["kind"]): Evidence | undefined {
    if (bytes.length > PICTURE_BYTES_MAX) return undefined;
    const isJpeg = bytes.length > 4 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
    return isJpeg ? { jpeg: bytes, kind } : undefined;
}
