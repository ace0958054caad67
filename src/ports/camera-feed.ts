/** What a camera that reads plates says by itself. Whether it is asked for a stream, pushes, or uses a broker is the transport's. */
import type { DeviceHealth } from "./device-health.ts";

/** One piece: an event, a picture, a heart-beat. */
export interface FeedPart {
    /** Media type as sent, with its parameters: `application/xml; charset=gbk`. Empty when nothing was said. */
    readonly type: string;
    /** Name of the form field or file; empty when nothing was said. */
    readonly name: string;
    /** At most what the transport lets through; 4 MiB in a stream. */
    readonly bytes: Uint8Array;
}

/** Who makes sense of the parts. */
export interface FeedListener {
    /** Parts that came together, in order. `isStored`: kept by a broker, so nobody knows how old they are. True: understood. */
    heard(parts: readonly FeedPart[], isStored: boolean): boolean;
    /** Bytes that could not be cut into parts. */
    garbled(why: string): void;
}

/** One camera's way to us. Loses and finds its connection by itself. */
export interface CameraFeed {
    listen(listener: FeedListener): void;
    start(): void;
    stop(): Promise<void>;
    /** Of the connection; what comes over it is the listener's to judge. `well`: connected, or ready to be pushed to. */
    health(): DeviceHealth;
}
