/** Whatever comes back, a read either gives what a well-formed answer said or rejects with `DeviceFault`; nothing crashes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { DeviceFault } from "../../src/ports/device-health.ts";
import { ModbusBus } from "../../src/transport/modbus-bus.ts";
import { ModbusLink } from "../../src/transport/modbus-link.ts";
import { ModbusRtuFraming } from "../../src/transport/modbus-rtu-framing.ts";
import { ModbusTcpFraming } from "../../src/transport/modbus-tcp-framing.ts";
import { rtu, ScriptedWire } from "./scripted-wire.ts";
import { VirtualClock } from "./virtual-clock.ts";

const UNIT = 3;
const COUNT = 6;
const framings = { tcp: ModbusTcpFraming, rtu: ModbusRtuFraming };

/** Outcome of one read of six inputs when `chunks` come back. */
async function readOnce(kind: keyof typeof framings, chunks: readonly Uint8Array[]) {
    const clock = new VirtualClock();
    const wire = new ScriptedWire((_request, { emit }) => {
        queueMicrotask(() => {
            for (const chunk of chunks.filter(({ length }) => length > 0)) emit.call(wire, "data", Buffer.from(chunk));
        });
        return undefined;
    });
    const open = async () => new ModbusLink(wire, new framings[kind](), () => queueMicrotask(() => wire.emit("close")));
    const bus = new ModbusBus({ id: "fuzz", clock, open, timeoutMs: 5 });
    const outcome = await clock.until(
        bus
            .unit(UNIT)
            .readInputs(0, COUNT)
            .then((bits) => ({ bits }))
            .catch((error: unknown) => ({ error })),
        50,
    );
    await bus.close();
    return outcome;
}

const bitsOf = (byte: number): boolean[] => Array.from({ length: COUNT }, (_, place) => ((byte >> place) & 1) === 1);

/** What a right answer in `bytes` says, by the book and without the product: on TCP the one frame, on a line any frame. */
function rightAnswers(kind: keyof typeof framings, bytes: Buffer): readonly (readonly boolean[])[] {
    const candidates = Array.from({ length: 256 }, (_, byte) => byte);
    if (kind === "tcp") {
        return candidates
            .filter((byte) => bytes.equals(Buffer.from([0, 1, 0, 0, 0, 4, UNIT, 2, 1, byte])))
            .map((byte) => bitsOf(byte));
    }
    return candidates.filter((byte) => bytes.includes(rtu(UNIT, 2, 1, byte))).map((byte) => bitsOf(byte));
}

const goodReply = { tcp: Buffer.from([0, 1, 0, 0, 0, 4, UNIT, 2, 1, 0x2d]), rtu: rtu(UNIT, 2, 1, 0x2d) };

const mutated = (good: Buffer) =>
    fc
        .tuple(
            fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 3 }),
            fc.uint8Array({ maxLength: 6 }),
            fc.uint8Array({ maxLength: 6 }),
            fc.nat(good.length),
        )
        .map(([changes, before, after, keep]) => {
            const bytes = Buffer.from(good);
            for (const [at, value] of changes) bytes[at] = value;
            return Buffer.concat([before, keep < 3 ? bytes.subarray(0, keep) : bytes, after]);
        });

test.each(["tcp", "rtu"] as const)("%s: random and damaged replies never give a wrong image", async (kind) => {
    let accepted = 0;
    const replies = fc.oneof(mutated(goodReply[kind]), fc.uint8Array({ maxLength: 300 }).map(Buffer.from));
    await fc.assert(
        fc.asyncProperty(replies, fc.nat(8), async (bytes, cut) => {
            const outcome = await readOnce(kind, [bytes.subarray(0, cut), bytes.subarray(cut)]);
            if ("error" in outcome) {
                expect(outcome.error).toBeInstanceOf(DeviceFault);
            } else {
                accepted++;
                expect(rightAnswers(kind, bytes)).toContainEqual(outcome.bits);
            }
        }),
        { numRuns: 600, seed: 20_261_122 },
    );
    expect(accepted).toBeGreaterThan(0); // the oracle must have judged answers, not only refusals
});

test.each(["tcp", "rtu"] as const)("%s: a right answer is accepted wherever it is cut in two", async (kind) => {
    for (let cut = 0; cut <= goodReply[kind].length; cut++) {
        const outcome = await readOnce(kind, [goodReply[kind].subarray(0, cut), goodReply[kind].subarray(cut)]);
        expect(outcome).toEqual({ bits: [true, false, true, true, false, true] });
    }
});
