/** Whom a message from the broker is for: by its topic, and only when it has the form of the contract. */
import type { BrokerSession, IncomingMessage } from "./broker-session.ts";
import type { CommandIntake } from "./command-intake.ts";
import type { ListSync } from "./list-sync.ts";
import { Ack, Delta, readMessage, SnapshotPart, VersionAnswer } from "./messages.ts";
import type { OutboxDrain } from "./outbox-drain.ts";
import type { Topics } from "./topics.ts";

export interface Recipients {
    readonly topics: Topics;
    readonly drain: OutboxDrain;
    readonly lists: ListSync;
    readonly commands: CommandIntake;
}

/** Hands a message on. Gives the reason why it could not be, undefined when it was. */
export function deliver(message: IncomingMessage, session: BrokerSession, to: Recipients): string | undefined {
    const { topics, drain, lists, commands } = to;
    switch (message.topic) {
        case topics.ack:
            return read(Ack, message, ({ upTo, hash }) => drain.acknowledge(upTo, hash));
        case topics.snapshot:
            return read(SnapshotPart, message, (part, text) => lists.takePart(part, text));
        case topics.delta:
            return read(Delta, message, (delta) => lists.takeDelta(delta));
        case topics.version:
            return read(VersionAnswer, message, (answer) => lists.takeAnswer(answer));
        case topics.commands:
            commands.take(message, session);
            return undefined;
        default:
            return "not a topic that this site listens to";
    }
}

function read<T>(
    schema: Parameters<typeof readMessage<T>>[0],
    { payload }: IncomingMessage,
    act: (read: T, text: string) => void,
): string | undefined {
    const told = readMessage(schema, payload);
    if ("reason" in told) return told.reason;
    act(told.message, told.text);
    return undefined;
}
