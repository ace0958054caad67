/** The box calls lorries itself while the broker is gone: a running daemon, the officer's own command, a real Mosquitto. */
import { afterEach, expect, test } from "vitest";
import { MOSQUITTO, Mosquitto, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import type { TestBooking } from "../central/wire-bookings.ts";
import { runKordon } from "../cli/run-kordon.ts";
import { Checkpoint } from "./checkpoint.ts";

const HOUR_MS = 3_600_000;
const CAPACITY_PER_HOUR = 4;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
});

/** In the queue, its slot an hour from now unless said otherwise. */
function waiting(id: string, queueNumber: number, about: Partial<TestBooking> = {}): TestBooking {
    const slot = (ms: number): string => `${new Date(Date.now() + ms).toISOString().slice(0, 19)}Z`;
    return {
        id,
        queueNumber,
        slotStart: slot(HOUR_MS),
        slotEnd: slot(2 * HOUR_MS),
        checkpoint: "nur-zholy",
        tractor: { plate: `${100 + queueNumber}ABC02`, country: "KZ" },
        trailers: [],
        status: "В очереди",
        late: false,
        priority: "in-turn",
        version: 1,
        ...about,
    };
}

const LIST = [
    ...[11, 12, 13, 14, 15].map((number) => waiting(`turn-${number}`, number)),
    // One a day by the quota of 1 % of 100; both come before all others by their own order.
    waiting("fast-31", 31, { priority: "accelerated" }),
    waiting("fast-32", 32, { priority: "accelerated" }),
    waiting("tomorrow-1", 1, {
        slotStart: `${new Date(Date.now() + 30 * HOUR_MS).toISOString().slice(0, 19)}Z`,
        slotEnd: `${new Date(Date.now() + 31 * HOUR_MS).toISOString().slice(0, 19)}Z`,
    }),
    waiting("elsewhere-2", 2, { checkpoint: "dostyk" }),
    waiting("held-3", 3, { holds: ["customs"] }),
];

test("calls within capacity, quota and slots, each told as the box's own and settled with the central system later", {
    timeout: 240_000,
}, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    const broker = await Mosquitto.start();
    closing.push(() => broker.kill());
    const queue = { continuity: "allowed", capacityPerDay: 100, capacityPerHour: CAPACITY_PER_HOUR };
    const site = { queue };
    const day = await Checkpoint.open({ passages: 1, seed: 5, speed: 6, broker: broker.url, bookings: LIST, site });
    closing.push(() => day.close());
    await day.startDaemon();
    await day.untilView("the list is there", ({ listVersion }) => listVersion > 0);
    // A box that starts without its broker has not heard of the central system at all: it is away at once.
    await broker.kill();
    await day.stopDaemon();
    await day.startDaemon();
    const officer = ["--site", day.siteFile, "--who", "o-17", "--reason", "centre away"];
    const until = new Date(Date.now() + 5 * HOUR_MS + 6 * HOUR_MS).toISOString().slice(0, 16);
    expect(await runKordon("list", "continuity", "on", ...officer, "--until", until)).toMatchObject({ code: 0 });

    const called = (): readonly unknown[] => day.kinds("booking.called").map(({ data }) => data["bookingId"]);
    await day.until("lorries are called", () => called().length >= CAPACITY_PER_HOUR);
    expect(called()).toEqual(["fast-31", "turn-11", "turn-12", "turn-13"]);
    for (const { data } of day.kinds("booking.called")) expect(data).toMatchObject({ isLocal: true, by: "o-17" });

    await broker.open();
    const stored = (): number => day.central.heard.filter(({ is }) => is === "stored").length;
    const before = stored();
    await day.untilView("the facts are told", ({ outbox, isOnline }) => isOnline && outbox === 0);
    await day.central.until("the central system stores again", () => stored() > before);
    for (const id of ["fast-31", "turn-11", "turn-12"]) {
        day.central.order({ do: "set-status", id, status: "Вызван на пункт пропуска" });
    }
    day.central.order({ do: "set-status", id: "turn-13", status: "Пропуск отозван" });
    const ids = (kind: string): unknown[] => day.kinds(kind).map(({ data }) => data["bookingId"]);
    await day.until("three are confirmed", () => ids("booking.confirmed").length === 3);
    await day.until("one is contradicted", () => ids("booking.contradicted").length === 1);
    expect(ids("booking.confirmed").toSorted()).toEqual(["fast-31", "turn-11", "turn-12"]);
    expect(day.kinds("booking.contradicted").map(({ data }) => data)).toMatchObject([
        { bookingId: "turn-13", known: "called", status: "revoked" },
    ]);
    await day.untilView("it is an alarm", ({ alarms }) => alarms.includes("BOOKING_CONTRADICTED"));
    expect(await runKordon("list", "continuity", "off", ...officer)).toMatchObject({ code: 0 });
    await day.until("it is off", () => day.kinds("continuity.ended").length === 1);
    expect(called(), "nobody beyond the capacity of the hour in all this time").toHaveLength(CAPACITY_PER_HOUR);
});
