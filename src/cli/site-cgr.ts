/** The CarGoRuqsat way out of a site, put together from its file: one point for the checkpoint, one for the waiting area. */
import { join } from "node:path";
import { CgrClient, type CgrPointName } from "../central/cgr/cgr-client.ts";
import { CGR_LIMITS, type CgrLimits } from "../central/cgr/cgr-limits.ts";
import { CgrPoint } from "../central/cgr/cgr-point.ts";
import { DayList } from "../central/cgr/day-list.ts";
import type { Site } from "../config/site-schema.ts";
import { type FactDraft, factOf } from "../core/fact/fact.ts";
import type { AlarmNote } from "../core/queue/book-note.ts";
import type { BookingList } from "../ports/booking-list.ts";
import type { Clock } from "../ports/clock.ts";
import type { SetAside } from "../ports/delivery.ts";
import type { DeviceHealth } from "../ports/device-health.ts";
import type { Log } from "../runtime/log.ts";
import type { EvidenceStore } from "../store/evidence-store.ts";
import type { JournalStore } from "../store/journal-store.ts";

type CgrSite = NonNullable<Site["central"]["cgr"]>;

export interface CgrParts {
    readonly journal: JournalStore;
    readonly evidence: EvidenceStore;
    readonly bookings: Pick<BookingList, "byId">;
    readonly clock: Clock;
    readonly log: Log;
    /** Alarms about facts that were raised and not cleared, in this run or in one before. */
    readonly alarms: () => readonly AlarmNote[];
}

/** Everything of it that the daemon needs; without a `central.cgr` in the site file it does nothing. */
export interface CgrWay {
    start(): void;
    wake(): void;
    health(): readonly DeviceHealth[];
    /** Alarms that have come or gone: a passage was set aside, or a person has released it. Said again until they are committed. */
    chores(): readonly FactDraft[];
    stop(): Promise<void>;
}

/** The name under which a point's mark stands in the journal. */
export function wayOf(point: CgrPointName): string {
    return `cgr-${point}`;
}

export function dayListFile(stateFolder: string): string {
    return join(stateFolder, "cgr-day-list.json");
}

/** The points that a site file sets up, with their registration token's file. */
export function pointsOf(cgr: CgrSite): readonly (readonly [CgrPointName, string])[] {
    const points = [
        ["checkpoint", cgr.checkpoint],
        ["waiting-area", cgr.waitingArea],
    ] as const;
    return points.flatMap(([point, set]) => (set === undefined ? [] : [[point, set.registrationTokenFile] as const]));
}

export function openCgr(site: Site, parts: CgrParts): CgrWay {
    const { cgr } = site.central;
    const points =
        cgr === undefined ? [] : pointsOf(cgr).map(([point, file]) => openPoint(site, cgr, point, file, parts));
    return {
        start() {
            for (const { point, dayList } of points) {
                point.start();
                dayList?.start();
            }
        },
        wake() {
            for (const { point } of points) point.wake();
        },
        health: () => points.map(({ point }) => point.health()),
        chores: () => points.flatMap(({ name, point }) => alarmsOf(name, point.leftBehind(), parts.alarms())),
        async stop() {
            for (const { dayList } of points) dayList?.stop();
            await Promise.all(points.map(({ point }) => point.stop()));
        },
    };
}

function openPoint(site: Site, cgr: CgrSite, name: CgrPointName, registrationTokenFile: string, parts: CgrParts) {
    const { clock, log, journal, evidence, bookings } = parts;
    const limits: CgrLimits = { ...CGR_LIMITS, callMsMax: cgr.callMsMax, pauseMs: 60_000 / cgr.reportsPerMinuteMax };
    const common = { point: name, clock, random: Math.random, limits };
    const client = new CgrClient({
        ...common,
        url: cgr.url,
        registrationTokenFile,
        tokenFile: join(site.stateFolder, `${wayOf(name)}.token`),
        onTokenNotKept: (error) => log.error({ point: name, error: String(error) }, "the point's token cannot be kept"),
    });
    const point = new CgrPoint({
        ...common,
        client,
        journal,
        delivery: journal.openDelivery(wayOf(name)),
        pictures: evidence,
        pictureBytesMax: cgr.pictureBytesMax,
        form: cgr,
        knownAlready: cgr.knownAlready,
        bookedPlate: (id) => bookings.byId(id)?.tractor.key,
        on: {
            setAside: (_point, { sequence, reason }) => {
                log.error(
                    { point: name, sequence, reason },
                    "a passage cannot be told to CarGoRuqsat and was set aside",
                );
            },
            untold: (_point, sequence) =>
                log.info({ point: name, sequence }, "no plate is known of this passage, CarGoRuqsat is not told of it"),
            trouble: (_point, code, reason) =>
                log.warn({ point: name, code, reason }, "CarGoRuqsat did not take a report"),
            storeFault: (error) =>
                log.error({ point: name, error: String(error) }, "the CarGoRuqsat way cannot use the disk"),
        },
    });
    if (name !== "checkpoint") return { name, point };
    const dayList = new DayList({
        client,
        file: dayListFile(site.stateFolder),
        periodMs: cgr.dayListMs,
        clock,
        onTrouble: (reason) => log.warn({ point: name, reason }, "the list of the day was not fetched"),
    });
    return { name, point, dayList };
}

const SET_ASIDE = "CGR_SET_ASIDE";

function alarmsOf(point: CgrPointName, left: readonly SetAside[], raised: readonly AlarmNote[]): readonly FactDraft[] {
    const own = raised.filter((alarm) => alarm.code === SET_ASIDE && alarm.point === point);
    const come = left.filter(({ sequence }) => !own.some((alarm) => alarm.sequence === sequence));
    const gone = own.filter(({ sequence }) => !left.some((each) => each.sequence === sequence));
    return [
        ...come.map(({ sequence, reason }) => factOf("alarm.raised", { code: SET_ASIDE, point, sequence, reason })),
        ...gone.map(({ sequence }) => factOf("alarm.cleared", { code: SET_ASIDE, point, sequence })),
    ];
}
