/**
 * One connection made by mqtt.js, with what mqtt.js leaves out: the broker's receive maximum is kept, and every
 * PUBACK's reason code is passed on, also the one that says that nobody listens.
 */
import type { IConnackPacket, MqttClient } from "mqtt";
import type { BrokerSession, OutgoingMessage } from "./broker-session.ts";

/** MQTT 5.0, 3.2.2.3.3 and 3.2.2.3.6: what holds where the broker names no limit. */
const RECEIVE_MAXIMUM = 65_535;
const PACKET_BYTES_MAX = 268_435_455;

interface Waiting {
    readonly message: OutgoingMessage;
    readonly onPuback: (reasonCode: number) => void;
}

export class MqttSession implements BrokerSession {
    inFlightMax = RECEIVE_MAXIMUM;
    packetBytesMax = PACKET_BYTES_MAX;
    /** Why we ended the connection ourselves; undefined where we did not. */
    dropReason: string | undefined;
    readonly #client: MqttClient;
    readonly #waiting: Waiting[] = [];
    /** By packet id. */
    readonly #inFlight = new Map<number, Waiting["onPuback"]>();

    constructor(client: MqttClient) {
        this.#client = client;
        client.on("packetreceive", (packet) => {
            if (packet.cmd === "puback") this.#acknowledged(packet.messageId ?? 0, packet.reasonCode ?? 0);
        });
    }

    /** Takes up the limits of the broker's CONNACK. */
    begin(connack: IConnackPacket): void {
        this.inFlightMax = connack.properties?.receiveMaximum ?? RECEIVE_MAXIMUM;
        this.packetBytesMax = connack.properties?.maximumPacketSize ?? PACKET_BYTES_MAX;
    }

    publish(message: OutgoingMessage, onPuback: (reasonCode: number) => void = () => undefined): void {
        if (message.isFleeting === true) {
            if (this.#client.connected && !this.#client.disconnecting) this.#give(message, 0);
            return;
        }
        this.#waiting.push({ message, onPuback });
        this.#send();
    }

    drop(reason: string): void {
        this.dropReason = reason;
        this.#client.end(true);
    }

    #send(): void {
        while (this.#inFlight.size < this.inFlightMax && this.#client.connected && !this.#client.disconnecting) {
            const next = this.#waiting.shift();
            if (next === undefined) return;
            this.#give(next.message, 1);
            this.#inFlight.set(this.#client.getLastMessageId(), next.onPuback);
        }
    }

    #give({ topic, payload, isRetained, ...rest }: OutgoingMessage, qos: 0 | 1): void {
        this.#client.publish(
            topic,
            Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
            { qos, retain: isRetained ?? false, properties: propertiesOf(rest) },
            () => undefined, // It cannot tell "taken" from "nobody listens"; the PUBACK itself can.
        );
    }

    #acknowledged(messageId: number, reasonCode: number): void {
        const onPuback = this.#inFlight.get(messageId);
        this.#inFlight.delete(messageId);
        onPuback?.(reasonCode);
        this.#send();
    }
}

function propertiesOf({ contentType, expiryS, correlation }: Omit<OutgoingMessage, "topic" | "payload">) {
    return {
        contentType: contentType ?? "application/json",
        ...(expiryS === undefined ? {} : { messageExpiryInterval: expiryS }),
        ...(correlation === undefined ? {} : { correlationData: Buffer.from(correlation) }),
    };
}
