/** A camera that does what the test tells it: every picture, and every silence, is sent by hand. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const BOUNDARY = "frame";

export class MjpegServer {
    readonly #server: Server;
    readonly #viewers = new Set<ServerResponse>();
    #connected: () => void = () => {};
    /** When false, connections are taken and never answered. */
    isAnswering = true;
    connections = 0;

    private constructor(server: Server) {
        this.#server = server;
        server.on("request", (_request, response: ServerResponse) => this.#welcome(response));
    }

    static async start(): Promise<MjpegServer> {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return new MjpegServer(server);
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/stream.mjpg`;
    }

    /** Resolves when somebody watches. */
    async viewer(): Promise<void> {
        if (this.#viewers.size === 0) await new Promise<void>((resolve) => (this.#connected = resolve));
    }

    /** Sends one picture to whoever watches. */
    picture(bytes: Buffer): void {
        this.raw(`--${BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: ${bytes.length}\r\n\r\n`, bytes, "\r\n");
    }

    raw(...parts: readonly (string | Buffer)[]): void {
        for (const viewer of this.#viewers) for (const part of parts) viewer.write(part);
    }

    async close(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
    }

    #welcome(response: ServerResponse): void {
        this.connections++;
        if (!this.isAnswering) return;
        response.writeHead(200, { "Content-Type": `multipart/x-mixed-replace; boundary=${BOUNDARY}` });
        response.flushHeaders();
        this.#viewers.add(response);
        response.once("close", () => this.#viewers.delete(response));
        this.#connected();
    }
}
