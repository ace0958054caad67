/** Whatever comes back from a board, a text counts as applied only when the board truly says so: mutated good answers, tens of thousands of them. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadBoardProfile, type ModbusTextProfile, type NtcipProfile } from "../../../devices/board/board-profile.ts";
import { ModbusTextBoard } from "../../../devices/board/modbus-text/modbus-text-board.ts";
import { NtcipSign } from "../../../devices/board/ntcip-1203/ntcip-sign.ts";
import { Random } from "../../../simulators/world/random.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { SnmpValue } from "../../../src/ports/snmp-agent.ts";
import { faceOf } from "./board-child.ts";

const profile = (name: string) =>
    loadBoardProfile(JSON.parse(readFileSync(new URL(`../../../devices/board/${name}.json`, import.meta.url), "utf8")));
const random = new Random(11, "board-fuzz");

/** Time passes only where somebody sleeps. */
function clockOf(): Clock {
    let nowMs = 0;
    const sleep = async (delayMs: number): Promise<void> => {
        nowMs += delayMs;
    };
    return {
        monotonicMs: () => nowMs,
        utcMs: () => 0,
        after: () => () => undefined,
        every: () => () => undefined,
        sleep,
    };
}

/** Words of the status that must be right: all others (lines, columns, time left, reserved) may be anything. */
const PROOF = [0, 1, 6, 7, 8, 11];

test("Modbus: one wrong bit in what proves it, and it is not applied", async () => {
    const known = { ...(profile("modbus-text/kordon-text-board-1") as ModbusTextProfile), applyMsMax: 100 };
    let accepted = 0;
    for (let run = 0; run < 30_000; run += 1) {
        const place = PROOF[random.int(PROOF.length)] ?? 0;
        const isMutated = run % 10 !== 0;
        const words = [0x4b54, 1, 8, 24, 512, 0b1_1110, 0, 0, 0, 60, 0, 0];
        const kept = new Map<number, readonly number[]>();
        const unit = {
            async readHolding(address: number, count: number) {
                if (address !== 0x0110) return (kept.get(address) ?? []).slice(0, count);
                const answer = [...words];
                const bit = 1 << random.int(16);
                if (isMutated && words[6] !== 0) answer[place] = (answer[place] ?? 0) ^ bit;
                return answer;
            },
            async writeHoldings(address: number, values: readonly number[]) {
                kept.set(address, values);
                const [value = 0, , , , crc = 0] = values;
                if (address === 0x0100) words[8] = crc;
                if (address === 0x0105) [words[6], words[7], words[11]] = [value, 1, 1];
            },
        };
        const board = new ModbusTextBoard({
            id: "b",
            unit,
            profile: known,
            charset: "kz-1048",
            lostLines: ["-"],
            clock: clockOf(),
        });
        const proof = await board.show(faceOf(["123ABC02"]), 60_000).catch(() => undefined);
        if (proof !== undefined) accepted += 1;
        expect(proof === undefined).toBe(isMutated);
    }
    expect(accepted).toBe(3_000);
});

test("NTCIP: whatever an agent answers, «read back» means that text and source were read back", async () => {
    const known = { ...(profile("ntcip-1203/generic-sign") as NtcipProfile), validateMsMax: 200 };
    let proofs = 0;
    for (let run = 0; run < 3_000; run += 1) {
        const there = new Map<string, SnmpValue>();
        const isHonest = run % 3 === 0;
        const agent = {
            async get(oids: readonly string[]): Promise<readonly SnmpValue[]> {
                return oids.map((oid) => {
                    if (isHonest || random.chance(0.7)) return there.get(oid) ?? { is: "integer", value: 2 };
                    return random.chance(0.5)
                        ? { is: "integer", value: random.int(12) }
                        : { is: "octets", value: Uint8Array.of(random.int(256), random.int(256)) };
                });
            },
            async set(objects: readonly { readonly oid: string; readonly to: SnmpValue }[]): Promise<void> {
                for (const { oid, to } of objects) there.set(oid, to);
            },
            close: () => undefined,
        };
        there.set("1.3.6.1.4.1.1206.4.2.3.6.1.0", { is: "integer", value: 4 });
        const sign = new NtcipSign({
            id: "s",
            agent,
            profile: known,
            charset: "ascii",
            lostLines: ["-"],
            clock: clockOf(),
        });
        const proof = await sign.show(faceOf(["123ABC02"]), 60_000).catch(() => undefined);
        if (proof !== undefined) proofs += 1;
    }
    // The agent stores what it is told and displays nothing of it: no answer of it can be the read-back of a text.
    expect(proofs).toBe(0);
});
