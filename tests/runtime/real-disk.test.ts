/**
 * A whole daemon whose state folder is on a disk that really is full, read-only or damaged: there is an alarm with its code,
 * the lanes do nothing unrecorded, and it goes on when the disk does.
 */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeLaneSite } from "../../src/cli/bench/lane-bench-site.ts";
import { askOnce } from "../../src/cli/control-client.ts";
import { SiteDaemon } from "../../src/cli/site-daemon.ts";
import { loadSite } from "../../src/config/load-site.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import type { SiteView } from "../../src/runtime/control-protocol.ts";
import type { Log } from "../../src/runtime/log.ts";
import { openBookings } from "../../src/store/booking-store.ts";
import { BookingWriter } from "../../src/store/booking-writer.ts";
import { verifyJournal } from "../../src/store/journal-audit.ts";
import { openJournal } from "../../src/store/journal-store.ts";
import { Condition } from "../central/condition.ts";
import { listOfVersion, putWhole, snapshot } from "../store/published-lists.ts";
import { SmallDisk } from "../store/small-disk.ts";
import { tempFolder } from "../store/temp-folder.ts";

const NEEDS_MOUNT = "needs the right to mount a small file system";

interface Running {
    readonly daemon: SiteDaemon;
    readonly alarms: { readonly code: unknown; readonly what: string }[];
    view(): Promise<SiteView>;
    /** Lets a fact be made: an officer asks for what the lane refuses. */
    ask(): Promise<string>;
    until(what: string, look: () => boolean): Promise<void>;
}

/** Its one lane has no devices that answer: it stands, and tells every request. */
async function start(folder: string): Promise<Running> {
    const alarms: { code: unknown; what: string }[] = [];
    const condition = new Condition();
    const note = (fields: { readonly code?: unknown }, what: string): void => {
        alarms.push({ code: fields.code, what });
        condition.poke();
    };
    const log = { debug: () => undefined, info: note, warn: note, error: note } as unknown as Log;
    const site = loadSite(writeLaneSite(folder, [9]));
    const daemon = await SiteDaemon.start(site, systemClock, log, ({ device }) => ({
        send: () => undefined,
        health: () => ({ device, state: "starting", failures: 0 }),
        stop: async () => undefined,
    }));
    const socket = join(folder, "control.sock");
    return {
        daemon,
        alarms,
        until: (what, look) => condition.until(what, look),
        view: async () => {
            const answer = await askOnce(socket, { ask: "lanes" });
            if (answer.is !== "lanes") throw new Error(`the daemon answered ${answer.is}`);
            return answer.view;
        },
        ask: async () => {
            const answer = await askOnce(socket, {
                ask: "lane",
                lane: "lane-1",
                asks: "refuse",
                by: "aigul",
                reason: "test",
            });
            return answer.is === "refused" ? answer.code : answer.is;
        },
    };
}

const codes = ({ alarms }: Running): unknown[] => alarms.map(({ code }) => code);

test("a full disk: alarm with its code, nothing done unrecorded, and on by itself when there is room", {
    timeout: 60_000,
}, async (context) => {
    const disk = SmallDisk.mount(12);
    if (disk === undefined) return context.skip(NEEDS_MOUNT);
    const running = await start(disk.folder);
    onTestFinished(() => running.daemon.stop());
    expect(await running.ask()).toBe("NOT_NOW");
    disk.fill();
    const asked = running.ask();
    await running.until("there is an alarm", () => codes(running).includes("DISK_FULL"));
    expect(await running.view()).toMatchObject({ isStoreWell: false });
    expect(await asked, "the officer is told that nothing came of it").toBe("NO_ANSWER");
    disk.free();
    await running.until("it can write again", () => running.alarms.some(({ what }) => what.includes("written again")));
    expect(await running.view()).toMatchObject({ isStoreWell: true });
    expect(await running.ask()).toBe("NOT_NOW");
    await running.daemon.stop();
    expect(verifyJournal(join(disk.folder, "state"))).toMatchObject({ isIntact: true });
});

test("a disk too full for a list: the list in force stays, the fault has its code, the next try takes it", async (context) => {
    const disk = SmallDisk.mount(6);
    if (disk === undefined) return context.skip(NEEDS_MOUNT);
    const writer = new BookingWriter(disk.folder);
    const list = openBookings(disk.folder);
    onTestFinished(async () => {
        await writer.close();
        list.close();
    });
    await putWhole(writer, snapshot(1, listOfVersion(1, 50)));
    disk.fill();
    const large = snapshot(2, listOfVersion(2, 2_000));
    await expect(putWhole(writer, large)).rejects.toMatchObject({ name: "StoreFault", code: "DISK_FULL" });
    expect(list.version().version).toBe(1);
    disk.free();
    await expect(putWhole(writer, large)).resolves.toMatchObject({ outcome: "applied" });
    expect(list.version().version).toBe(2);
});

test("a read-only file system is refused at the start, with its code and what to do", (context) => {
    const disk = SmallDisk.mount(6);
    if (disk === undefined) return context.skip(NEEDS_MOUNT);
    openJournal(disk.folder).close();
    disk.setReadOnly(true);
    expect(() => openJournal(disk.folder)).toThrow(
        expect.objectContaining({ code: "DISK_READ_ONLY", message: expect.stringContaining("mount it writable") }),
    );
    disk.setReadOnly(false);
    openJournal(disk.folder).close();
});

test("a damaged booking list is set aside at the start; without a list the officers decide", async () => {
    const folder = tempFolder();
    const state = join(folder, "state");
    mkdirSync(state);
    const writer = new BookingWriter(state);
    await putWhole(writer, snapshot(1, listOfVersion(1, 500)));
    await writer.close();
    damage(join(state, "bookings.db"), 0);
    const running = await start(folder);
    onTestFinished(() => running.daemon.stop());
    expect(codes(running)).toContain("DATABASE_CORRUPT");
    expect(await running.view()).toMatchObject({ isStoreWell: true, listVersion: 0, listAgeS: null });
    expect(readdirSync(state).filter((file) => file.startsWith("bookings.db.damaged-"))).toHaveLength(1);
});

test("a list with a damaged page in the middle: no lane is told of a booking that cannot be read, nor that there is none", async () => {
    const folder = tempFolder();
    const writer = new BookingWriter(folder);
    await putWhole(writer, snapshot(1, listOfVersion(1, 3_000)));
    await writer.close();
    const path = join(folder, "bookings.db");
    for (let page = 2; page < statSync(path).size / 4_096 - 1; page += 2) damage(path, page);
    const list = openBookings(folder);
    onTestFinished(() => list.close());
    const ids = listOfVersion(1, 3_000).map(({ id }) => id);
    const outcomes = ids.map((id) => {
        try {
            return list.byId(id)?.id === id ? "found" : "not found";
        } catch (error) {
            return error instanceof Error && "code" in error ? String(error.code) : "another error";
        }
    });
    expect(outcomes).toContain("DATABASE_CORRUPT");
    expect(outcomes).not.toContain("not found");
    expect(outcomes).not.toContain("another error");
});

function damage(path: string, page: number): void {
    if (!existsSync(path)) throw new Error(`${path} is not there`);
    const file = openSync(path, "r+");
    writeSync(file, new Uint8Array(4_096).fill(0xa5), 0, 4_096, page * 4_096);
    closeSync(file);
}
