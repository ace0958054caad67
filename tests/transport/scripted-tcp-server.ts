/** A Modbus TCP server that says exactly the bytes a test gives it, over a real socket. Knows nothing of the product. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** `request` is the whole frame as received. Returned bytes go back at once. */
export type TcpScript = (request: Buffer, socket: Socket) => Buffer | undefined;

export class ScriptedTcpServer {
    readonly requests: Buffer[] = [];
    connections = 0;
    readonly #server: Server;
    readonly #sockets = new Set<Socket>();
    #script: TcpScript;
    #waiting: (() => void)[] = [];

    private constructor(script: TcpScript) {
        this.#script = script;
        this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
    }

    static async start(script: TcpScript): Promise<ScriptedTcpServer> {
        const server = new ScriptedTcpServer(script);
        server.#server.listen(0, "127.0.0.1");
        await once(server.#server, "listening");
        return server;
    }

    get port(): number {
        return (this.#server.address() as AddressInfo).port;
    }

    get openSockets(): number {
        return this.#sockets.size;
    }

    script(script: TcpScript): void {
        this.#script = script;
    }

    /** Resolves as soon as `isTrue`; looked at after every request, connection and closing. */
    async until(isTrue: () => boolean): Promise<void> {
        while (!isTrue()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }

    async stop(): Promise<void> {
        for (const socket of this.#sockets) socket.destroy();
        this.#server.close();
        await once(this.#server, "close");
    }

    #serve(socket: Socket): void {
        this.connections++;
        this.#sockets.add(socket);
        socket.on("error", () => undefined);
        socket.on("close", () => {
            this.#sockets.delete(socket);
            this.#wake();
        });
        let received = Buffer.alloc(0);
        socket.on("data", (bytes) => {
            received = Buffer.concat([received, bytes]);
            while (received.length >= 6 && received.length >= 6 + received.readUInt16BE(4)) {
                const length = 6 + received.readUInt16BE(4);
                const request = received.subarray(0, length);
                received = received.subarray(length);
                this.requests.push(request);
                const reply = this.#script(request, socket);
                if (reply !== undefined && !socket.destroyed) socket.write(reply);
                this.#wake();
            }
        });
        this.#wake();
    }

    #wake(): void {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const wake of waiting) wake();
    }
}

/** `unit`, function and data behind a header that repeats the request's transaction. */
export function answer(request: Buffer, ...body: readonly number[]): Buffer {
    return Buffer.from([request.readUInt8(0), request.readUInt8(1), 0, 0, 0, body.length, ...body]);
}
