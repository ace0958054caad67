/** Cutting a multipart stream: wherever its bytes are split, whatever stands in between, and within its limits. */
import { describe, expect, test } from "vitest";
import type { FeedPart } from "../../src/ports/camera-feed.ts";
import { BadMultipart, boundaryOf, MultipartReader } from "../../src/transport/multipart-reader.ts";

const text = ({ type, name, bytes }: FeedPart): string => `${type}|${name}|${Buffer.from(bytes).toString("latin1")}`;
const JPEG = "\xff\xd8\xff\r\n--b\r\nContent-Type: text/plain\r\n\r\nnot a part\r\n\xff\xd9";
const STREAM = [
    `--b\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nHeartbeat\r\n`,
    `--b\r\nContent-Type: image/jpeg\r\nContent-Length: ${JPEG.length}\r\nContent-Disposition: form-data; name="x"; filename="plate.jpg"\r\n\r\n${JPEG}\r\n`,
    `--b\r\ncontent-type: application/xml; charset="GBK"\r\nContent-ID: <picture1>\r\n\r\n<a/>\r\n`,
    `--b\r\n\r\nbare\r\n--b--\r\nepilogue`,
].join("");
const PARTS = [
    "text/plain||Heartbeat",
    `image/jpeg|x plate.jpg|${JPEG}`,
    'application/xml; charset="GBK"|picture1|<a/>',
    "||bare",
];

test("parts come out whole, wherever the stream is cut in two; a length protects what looks like a boundary", () => {
    const bytes = Buffer.from(STREAM, "latin1");
    for (let cut = 0; cut <= bytes.length; cut++) {
        const reader = new MultipartReader("b");
        const parts = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
        expect(parts.map(text)).toEqual(PARTS);
        expect(reader.isComplete).toBe(true);
    }
});

test("byte by byte too", () => {
    const reader = new MultipartReader("b");
    const parts = [...Buffer.from(STREAM, "latin1")].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(parts.map(text)).toEqual(PARTS);
});

test("a part with a length is there with its last byte: a camera may be silent before the next boundary", () => {
    const reader = new MultipartReader("b");
    expect(reader.push(Buffer.from("--b\r\nContent-Length: 5\r\n\r\nplate")).map(text)).toEqual(["||plate"]);
});

test("what stands between parts is skipped and counted, line ends apart", () => {
    const reader = new MultipartReader("b");
    const parts = reader.push(
        Buffer.from("rubbish\r\n--b\r\nContent-Length: 1\r\n\r\nXleft over\r\n\r\n--b\r\nContent-Length: 1\r\n\r\nY"),
    );
    expect(parts.map(text)).toEqual(["||X", "||Y"]);
    expect(reader.noise).toBe("rubbish".length + "leftover".length);
});

describe("gives up", () => {
    test.each([
        ["headers without end", `--b\r\n${"X-A: 1\r\n".repeat(1_000)}`],
        ["a part that announces too much", "--b\r\nContent-Length: 99999999\r\n\r\n"],
        ["noise without end", "x".repeat(200_000)],
        ["a part without length and without end", `--b\r\n\r\n${"x".repeat(5_000_000)}`],
    ])("%s", (_name, stream) => {
        const reader = new MultipartReader("b");
        expect(() => {
            for (let at = 0; at < stream.length; at += 60_000) reader.push(Buffer.from(stream.slice(at, at + 60_000)));
        }).toThrow(BadMultipart);
    });
});

test.each([
    ["multipart/mixed; boundary=boundary", "boundary"],
    ['multipart/form-data; charset=utf-8; boundary="a b"', "a b"],
    ["multipart/x-mixed-replace;boundary=--myboundary", "myboundary"],
    ["multipart/mixed", undefined],
    ["multipart/mixed; boundary=", undefined],
    [`multipart/mixed; boundary=${"x".repeat(200)}`, undefined],
    ["application/xml; boundary=b", undefined],
])("the boundary in %s", (type, boundary) => expect(boundaryOf(type)).toBe(boundary));

test("a form that breaks off is not complete", () => {
    const reader = new MultipartReader("b");
    reader.push(Buffer.from("--b\r\nContent-Length: 10\r\n\r\nhalf"));
    expect(reader.isComplete).toBe(false);
});
