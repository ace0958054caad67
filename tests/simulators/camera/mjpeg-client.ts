/** A plain MJPEG client for the tests, written from RFC 2046 and what camera clients do: boundary line, headers, counted body. */
import { get, type IncomingMessage } from "node:http";

export interface Part {
    readonly headers: ReadonlyMap<string, string>;
    readonly body: Buffer;
}

export class MjpegClient {
    readonly response: IncomingMessage;
    readonly #boundary: string;
    #bytes = Buffer.alloc(0);
    #hasEnded = false;
    #wake: () => void = () => undefined;

    private constructor(response: IncomingMessage, boundary: string) {
        this.response = response;
        this.#boundary = boundary;
        response.on("data", (chunk: Buffer) => {
            this.#bytes = Buffer.concat([this.#bytes, chunk]);
            this.#wake();
        });
        response.on("close", () => {
            this.#hasEnded = true;
            this.#wake();
        });
        response.on("error", () => undefined); // A cut connection: `close` follows.
    }

    static async open(port: number): Promise<MjpegClient> {
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
            get({ host: "127.0.0.1", port, path: "/stream.mjpg", agent: false }, resolve).on("error", reject);
        });
        const type = response.headers["content-type"] ?? "";
        const boundary = /^multipart\/x-mixed-replace;\s*boundary=(\S+)$/.exec(type)?.[1];
        if (response.statusCode !== 200 || boundary === undefined)
            throw new Error(`no MJPEG: ${response.statusCode} ${type}`);
        return new MjpegClient(response, boundary);
    }

    get bytesWaiting(): number {
        return this.#bytes.length;
    }

    /** The next part; undefined when the stream ended before it was complete. */
    async next(): Promise<Part | undefined> {
        for (;;) {
            const part = this.#parse();
            if (part !== undefined) return part;
            if (this.#hasEnded) return undefined;
            await new Promise<void>((resolve) => {
                this.#wake = resolve;
            });
        }
    }

    close(): void {
        this.response.destroy();
    }

    #parse(): Part | undefined {
        const headEnd = this.#bytes.indexOf("\r\n\r\n");
        if (headEnd < 0) return undefined;
        const [first, ...lines] = this.#bytes.subarray(0, headEnd).toString("latin1").split("\r\n");
        if (first !== `--${this.#boundary}`) throw new Error(`expected the boundary, got ${JSON.stringify(first)}`);
        const headers = new Map(
            lines.map((line) => {
                const colon = line.indexOf(":");
                return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
            }),
        );
        const length = Number(headers.get("content-length"));
        const end = headEnd + 4 + length;
        if (!Number.isInteger(length)) throw new Error("a part without Content-Length");
        if (this.#bytes.length < end + 2) return undefined;
        if (this.#bytes.subarray(end, end + 2).toString("latin1") !== "\r\n")
            throw new Error("the length does not end at the line's end");
        const body = Buffer.from(this.#bytes.subarray(headEnd + 4, end));
        this.#bytes = this.#bytes.subarray(end + 2);
        return { headers, body };
    }
}
