import { expect, test } from "vitest";
import { RefusedMessages } from "../../src/central/refused-messages.ts";
import { VirtualClock } from "../transport/virtual-clock.ts";

const message = { topic: "t", payload: Buffer.from("x"), isRetained: false };

test("a flood is counted in full and written in part, anew every minute", async () => {
    const clock = new VirtualClock();
    const kept: string[] = [];
    const told: string[] = [];
    const quarantine = { put: (source: string) => void kept.push(source), count: () => kept.length };
    const listener = {
        messageRefused: (_: string, reason: string) => void told.push(reason),
        storeFault: () => undefined,
    };
    const refused = new RefusedMessages(quarantine, clock, listener);
    for (let i = 0; i < 1_000; i++) refused.put(message, "nonsense");
    expect([refused.count(), kept.length, told.length]).toEqual([1_000, 20, 20]);
    await clock.advance(60_000);
    refused.put(message, "nonsense");
    expect([refused.count(), kept.length, told.length]).toEqual([1_001, 21, 21]);
});

test("a disk that refuses is told, and the message still counts", () => {
    const faults: unknown[] = [];
    const quarantine = {
        put: () => {
            throw new Error("disk full");
        },
        count: () => 0,
    };
    const listener = { messageRefused: () => undefined, storeFault: (fault: unknown) => void faults.push(fault) };
    const refused = new RefusedMessages(quarantine, new VirtualClock(), listener);
    refused.put(message, "nonsense");
    expect([refused.count(), faults.length]).toEqual([1, 1]);
});
