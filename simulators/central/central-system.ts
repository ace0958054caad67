/**
 * The central system as a site sees it: stores events and acknowledges them, answers questions about the list, sends
 * commands. A client of its broker like any other, so the same code runs beside an own broker, Mosquitto or a cluster.
 */
import { randomUUID } from "node:crypto";
import { connect, type IPublishPacket, type MqttClient } from "mqtt";
import type { Cancel } from "../world/clock.ts";
import type { FromCentral } from "./central-messages.ts";
import type { CentralClock } from "./clock.ts";
import type { EventLedger } from "./event-ledger.ts";
import { type DefectName, PlantedDefects, type Said } from "./planted-defects.ts";
import type { ListDelta, PublishedList, WireBooking } from "./published-list.ts";

export interface CentralSystemOptions {
    readonly site: string;
    readonly ledger: EventLedger;
    readonly list: PublishedList;
    readonly clock: CentralClock;
    readonly ackMs: number;
    readonly bookingsPerPart: number;
    readonly defects: readonly DefectName[];
    readonly tell: (message: FromCentral) => void;
}

const RECONNECT_MS = 200;
const COMMAND_LIFETIME_MS = 15_000;

export class CentralSystem {
    readonly #options: CentralSystemOptions;
    readonly #root: string;
    readonly #defects: PlantedDefects;
    #client: MqttClient | undefined;
    #cancelAck: Cancel | undefined;
    #acksToLose = 0;
    #snapshotsToCut = 0;
    #requests = 0;

    constructor(options: CentralSystemOptions) {
        this.#options = options;
        this.#defects = new PlantedDefects(options.defects);
        this.#root = `kordon/v1/${options.site}/`;
    }

    /** Resolves when it listens. */
    async connect(url: string): Promise<void> {
        const client = connect(url, {
            protocolVersion: 5,
            clientId: `central-${this.#options.site}`,
            clean: false,
            reconnectPeriod: RECONNECT_MS,
            properties: { sessionExpiryInterval: 3_600 },
        });
        this.#client = client;
        client.on("message", (topic, payload, packet) => this.#take(topic.slice(this.#root.length), payload, packet));
        client.on("error", () => undefined); // mqtt.js tries again by itself
        await new Promise<void>((resolve) => {
            client.on("connect", () => {
                const topics = ["events", "status", "devices/+", "requests", "answers/#"];
                client.subscribe(
                    topics.map((topic) => `${this.#root}${topic}`),
                    { qos: 1 },
                    () => {
                        this.#ackSoon();
                        resolve();
                    },
                );
            });
        });
    }

    async disconnect(): Promise<void> {
        this.#cancelAck?.();
        this.#cancelAck = undefined;
        const client = this.#client;
        this.#client = undefined;
        await client?.endAsync(true);
    }

    loseAcks(count: number): void {
        this.#acksToLose += count;
    }

    cutSnapshots(count: number): void {
        this.#snapshotsToCut += count;
    }

    repeatAck(): void {
        const stored = this.#options.ledger.flush();
        if (stored !== undefined) this.#say("ack", stored, { retain: true });
    }

    ackAhead(ahead: number): void {
        const stored = this.#options.ledger.flush();
        this.#say("ack", { upTo: (stored?.upTo ?? 0) + ahead, hash: "f".repeat(64) });
    }

    change(upsert: readonly WireBooking[], remove: readonly string[], isAnnounced: boolean): void {
        const delta = this.#options.list.change(upsert, remove);
        if (isAnnounced) this.#sayDelta(delta);
    }

    /** False when there is no such booking. */
    setStatus(id: string, status: string): boolean {
        const booking = this.#options.list.booking(id);
        if (booking === undefined) return false;
        this.change([{ ...booking, status, version: booking.version + 1 }], [], true);
        return true;
    }

    /** Any text on any topic of the site. */
    sayRaw(topic: string, text: string, retain: boolean): void {
        this.#client?.publish(`${this.#root}${topic}`, text, { qos: 1, retain });
    }

    command(fields: Readonly<Record<string, unknown>>): void {
        const nowMs = this.#options.clock.utcMs();
        const command = {
            nonce: randomUUID(),
            issued: new Date(nowMs).toISOString(),
            expires: new Date(nowMs + COMMAND_LIFETIME_MS).toISOString(),
            who: "centre-duty",
            why: "requested by the central system",
            ...fields,
        };
        this.#say("commands", command, {
            properties: {
                responseTopic: `${this.#root}answers/central`,
                correlationData: Buffer.from(String(command.nonce)),
                messageExpiryInterval: COMMAND_LIFETIME_MS / 1000,
            },
        });
    }

    report(): FromCentral {
        const { ledger, list } = this.#options;
        return { is: "report", requests: this.#requests, list: list.version, ...ledger.report() };
    }

    #take(topic: string, received: Buffer, packet: IPublishPacket): void {
        const { tell, ledger } = this.#options;
        const payload = this.#defects.hear(topic, received);
        if (payload === undefined) return;
        if (topic === "events") {
            ledger.take(payload.toString());
            this.#ackSoon();
        } else if (topic === "requests") this.#answer(parse(payload));
        else if (topic === "status") this.#hearStatus(parse(payload));
        else if (topic.startsWith("devices/")) {
            tell({ is: "device", device: topic.slice("devices/".length), health: parse(payload) });
        } else if (topic.startsWith("answers/")) {
            const correlation = packet.properties?.correlationData?.toString() ?? "";
            tell({ is: "answer", correlation, answer: parse(payload) });
        }
    }

    #hearStatus(status: unknown): void {
        this.#options.tell({ is: "status", status });
        if (!isOnline(status)) return;
        this.#options.ledger.beginAt(status.head.journalId, status.firstWaiting);
        this.#ackSoon();
    }

    #ackSoon(): void {
        this.#cancelAck ??= this.#options.clock.after(this.#options.ackMs, () => {
            this.#cancelAck = undefined;
            const stored = this.#options.ledger.flush();
            if (stored === undefined) return;
            const isLost = this.#acksToLose > 0;
            if (isLost) this.#acksToLose -= 1;
            else this.#say("ack", stored, { retain: true });
            this.#options.tell({ is: "stored", upTo: stored.upTo, isLost });
        });
    }

    /** First what is missing, then the answer: whoever has taken the one can believe the other. */
    #answer(request: unknown): void {
        const { list, tell } = this.#options;
        this.#requests += 1;
        tell({ is: "request", request });
        if (!isRequest(request)) return;
        const { ref, have, wants } = request;
        const deltas = wants === "changes" ? list.deltasSince(have.version, have.hash) : undefined;
        if (deltas !== undefined) for (const delta of deltas) this.#sayDelta(delta);
        else this.#saySnapshot();
        this.#say("bookings/version", { version: list.version, hash: list.hash, ref });
    }

    #saySnapshot(): void {
        const parts = this.#options.list.snapshot(this.#options.bookingsPerPart);
        const isCut = this.#snapshotsToCut > 0;
        if (isCut) this.#snapshotsToCut -= 1;
        for (const part of isCut ? parts.slice(0, -1) : parts) this.#say("bookings/snapshot", part);
    }

    #sayDelta(delta: ListDelta): void {
        this.#say("bookings/delta", delta);
    }

    #say(topic: string, message: object, options: Omit<Said, "topic" | "message"> = {}): void {
        for (const said of this.#defects.say({ topic, message: { ...message }, ...options })) {
            const { qos = 1, retain = false, properties } = said;
            this.#client?.publish(`${this.#root}${said.topic}`, JSON.stringify(said.message), {
                qos,
                retain,
                properties: { contentType: "application/json", ...properties },
            });
        }
    }
}

interface Request {
    readonly ref: string;
    readonly have: { readonly version: number; readonly hash: string };
    readonly wants: "changes" | "snapshot";
}

function isRequest(value: unknown): value is Request {
    if (typeof value !== "object" || value === null || !("ref" in value) || !("have" in value)) return false;
    const { have } = value;
    return typeof value.ref === "string" && typeof have === "object" && have !== null && "version" in have;
}

interface OnlineStatus {
    readonly head: { readonly journalId: string };
    readonly firstWaiting: number;
}

function isOnline(value: unknown): value is OnlineStatus {
    if (typeof value !== "object" || value === null || !("head" in value) || !("firstWaiting" in value)) return false;
    const { head, firstWaiting } = value;
    const isNamed = typeof head === "object" && head !== null && "journalId" in head;
    return isNamed && typeof head.journalId === "string" && Number.isSafeInteger(firstWaiting);
}

function parse(payload: Buffer): unknown {
    try {
        return JSON.parse(payload.toString());
    } catch {
        return undefined;
    }
}
