/**
 * The booking list as the daemon uses it, in a process that ticks like one: parts and changes go in as they come from the
 * broker, look-ups are made on a connection of its own. Told what to do by `list-bench.ts`, one result at the end.
 */
import { createHash } from "node:crypto";
import { LINK_LIMITS } from "../../central/link-limits.ts";
import { ListSync } from "../../central/list-sync.ts";
import { readMessage, SnapshotPart } from "../../central/messages.ts";
import { toPlateKey } from "../../core/plate/plate-key.ts";
import { systemClock } from "../../runtime/clock.ts";
import { TICK_MS } from "../../runtime/site-runner.ts";
import { openBookings } from "../../store/booking-store.ts";
import { BookingWriter } from "../../store/booking-writer.ts";
import { openLastingJournal } from "../../store/journal-store.ts";
import { BookingMaker } from "./booking-maker.ts";
import type { FromLists } from "./list-bench-messages.ts";
import { passageFacts } from "./passage-facts.ts";

const PER_PART = 400;
const SNAPSHOTS = 5;
const DELTAS = 60;
const KEY_LOOK_UPS = 20_000;
const NEAR_LOOK_UPS = 2_000;
/** Look-ups of a turn; then the process does whatever else it has to. */
const PER_TURN = 20;
const NEAR_MAX = 5;
const WARM_UP = 200;

const [folder = "", bookings = "0", manyBookings = "0"] = process.argv.slice(2);
const clock = systemClock;
const { journal, upkeep } = openLastingJournal(folder);
const store = openBookings(folder);
const writer = new BookingWriter(folder);
const maker = new BookingMaker();
const tickLateMs: number[] = [];
let beatMs: number | undefined;
/** Ticks count only then: making lists is this bench's own work. */
let isListArriving = false;
let ticks = 0;
let version = 0;
let onChanged: () => void = () => undefined;

const lists = new ListSync({
    topic: "requests",
    list: store,
    writer,
    clock,
    random: Math.random,
    limits: { ...LINK_LIMITS.lists, listBytesMax: Number.MAX_SAFE_INTEGER },
    runId: "bench",
    onChanged: () => onChanged(),
    onHeard: () => undefined,
    onTrouble: (code, reason) => fail(`${code}: ${reason}`),
    onStoreFault: (error) => fail(String(error)),
});

/** A lane that is busy: every tick has facts, and the tick waits for the disk. */
function tick(): void {
    const nowMs = clock.monotonicMs();
    if (beatMs !== undefined) tickLateMs.push(Math.max(0, nowMs - beatMs - TICK_MS));
    beatMs = isListArriving ? nowMs : undefined;
    ticks += 1;
    store.version();
    const facts = passageFacts("lane-1", ticks).slice(0, 3);
    journal.commit({ facts }, { utcMs: clock.utcMs(), isClockTrusted: true });
}

function fail(why: string): never {
    process.stderr.write(`${why}\n`);
    process.exit(1);
}

function changed(): Promise<number> {
    return new Promise((resolve) => {
        onChanged = () => resolve(clock.monotonicMs());
    });
}

/** One list in parts, as many a turn as a broker's packets allow: one. From its first and from its last part to "in force". */
async function takeSnapshot(count: number): Promise<{ wholeMs: number; lastPartMs: number }> {
    const parts: unknown[][] = [];
    const sum = new HashSum();
    for (let from = 0; from < count; from += PER_PART) {
        const part = Array.from({ length: Math.min(PER_PART, count - from) }, (_, n) => maker.booking(from + n));
        for (const booking of part) sum.add(JSON.stringify(booking));
        parts.push(part);
    }
    version += 1;
    const hash = sum.hex();
    const texts = parts
        .splice(0)
        .map((part, index) =>
            Buffer.from(
                JSON.stringify({ version, hash, part: index + 1, parts: Math.ceil(count / PER_PART), bookings: part }),
            ),
        );
    isListArriving = true;
    await clock.sleep(TICK_MS * 10);
    const inForce = changed();
    const startMs = clock.monotonicMs();
    let lastMs = startMs;
    for (const text of texts) {
        lastMs = clock.monotonicMs();
        const said = readMessage(SnapshotPart, text);
        if ("reason" in said) return fail(said.reason);
        lists.takePart(said.message, said.text);
        await clock.sleep(0);
    }
    const endMs = await inForce;
    await clock.sleep(TICK_MS * 10); // The log is moved into the file now.
    isListArriving = false;
    beatMs = undefined;
    return { wholeMs: endMs - startMs, lastPartMs: endMs - lastMs };
}

/** The hash of a list, computed once more and otherwise than the store does. */
class HashSum {
    #sum = 0n;

    add(text: string): void {
        this.#sum += BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
    }

    swap(before: string, after: string): void {
        this.#sum -= BigInt(`0x${createHash("sha256").update(before).digest("hex")}`);
        this.add(after);
    }

    hex(): string {
        return BigInt.asUintN(256, this.#sum).toString(16).padStart(64, "0");
    }
}

/** One booking called, again and again: from receipt until a look-up gives the new status. */
async function takeDeltas(count: number): Promise<number[]> {
    const sum = new HashSum();
    for (let n = 0; n < count; n++) sum.add(JSON.stringify(maker.booking(n)));
    const tookMs: number[] = [];
    isListArriving = true;
    for (let n = 0; n < DELTAS; n++) {
        const before = maker.booking(n);
        const after = { ...before, status: "Вызван на пункт пропуска", version: 2 };
        sum.swap(JSON.stringify(before), JSON.stringify(after));
        const inForce = changed();
        const startMs = clock.monotonicMs();
        lists.takeDelta({ from: version, to: version + 1, hash: sum.hex(), upsert: [after], remove: [] });
        await inForce;
        if (store.byId(before.id)?.version !== 2) fail(`the change of ${before.id} is not to be seen`);
        tookMs.push(clock.monotonicMs() - startMs);
        version += 1;
        await clock.sleep(TICK_MS);
    }
    isListArriving = false;
    return tookMs;
}

async function lookUp(times: number, look: (plate: string, n: number) => void): Promise<number[]> {
    const tookMs: number[] = [];
    for (let n = 0; n < times + WARM_UP; n++) {
        const plate = maker.plateOf(Math.floor(maker.random() * Number(manyBookings)));
        const startMs = clock.monotonicMs();
        look(plate, n);
        if (n >= WARM_UP) tookMs.push(clock.monotonicMs() - startMs);
        if (n % PER_TURN === 0) await clock.sleep(0);
    }
    return tookMs;
}

function say(message: FromLists): void {
    process.send?.(message);
}

async function main(): Promise<void> {
    const cancel = clock.every(TICK_MS, tick);
    const count = Number(bookings);
    const wholeMs: number[] = [];
    const lastPartMs: number[] = [];
    for (let n = 0; n < SNAPSHOTS; n++) {
        const took = await takeSnapshot(count);
        wholeMs.push(took.wholeMs);
        lastPartMs.push(took.lastPartMs);
    }
    const deltaMs = await takeDeltas(count);
    const late = tickLateMs.splice(0);
    await takeSnapshot(Number(manyBookings));
    tickLateMs.length = 0;
    const keyMs = await lookUp(KEY_LOOK_UPS, (plate) => {
        if (store.byPlate(toPlateKey(plate)).length === 0) fail(`${plate} is booked and was not found`);
    });
    const nearMs = await lookUp(
        NEAR_LOOK_UPS,
        (plate, n) => void store.near(toPlateKey(maker.misread(plate, n)), NEAR_MAX),
    );
    cancel();
    say({ is: "found", wholeMs, lastPartMs, deltaMs, tickLateMs: late, keyMs, nearMs });
}

process.once("SIGTERM", () => process.exit(0));
await main();
await writer.close();
store.close();
journal.close();
await upkeep.close();
