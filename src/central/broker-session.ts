/**
 * One connection to the broker, from its CONNACK to its end, as the parts of the link see it. A new connection is a
 * new session object, so nobody can mistake an old connection's answers for a new one's.
 */

export interface OutgoingMessage {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly isRetained?: boolean;
    /** Sent at QoS 0: it is worth nothing later, and nobody waits for its PUBACK. */
    readonly isFleeting?: boolean;
    /** `application/json` where nothing is said. */
    readonly contentType?: string;
    /** Broker drops the message when nobody took it for so long. */
    readonly expiryS?: number;
    readonly correlation?: Uint8Array;
}

export interface IncomingMessage {
    readonly topic: string;
    readonly payload: Uint8Array;
    /** Kept by the broker from an earlier time; a live message says false. */
    readonly isRetained: boolean;
    readonly responseTopic?: string;
    readonly correlation?: Uint8Array;
}

export interface BrokerSession {
    /** How many QoS 1 messages the broker lets us have unacknowledged at once (Receive Maximum), 1..65535. */
    readonly inFlightMax: number;
    /** Largest packet the broker takes, bytes. */
    readonly packetBytesMax: number;
    /**
     * Publishes at QoS 1, in the order of the calls; waits its turn when the broker's receive maximum is reached. A
     * fleeting message goes at once or not at all.
     * `onPuback` hears the reason code (0: taken), and nothing at all when the connection ends first.
     */
    publish(message: OutgoingMessage, onPuback?: (reasonCode: number) => void): void;
    /** Ends this connection; the link then makes a new one. */
    drop(reason: string): void;
}
