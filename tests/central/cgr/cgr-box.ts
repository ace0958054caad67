/** The box's side of one CarGoRuqsat point in a test: the real journal in a folder, the real client, quick limits. */
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CgrClient } from "../../../src/central/cgr/cgr-client.ts";
import { CGR_LIMITS, type CgrLimits } from "../../../src/central/cgr/cgr-limits.ts";
import { CgrPoint, type CgrPointOptions } from "../../../src/central/cgr/cgr-point.ts";
import type { FactDraft } from "../../../src/core/fact/fact.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { type EvidenceStore, openEvidence } from "../../../src/store/evidence-store.ts";
import { type JournalStore, openJournal } from "../../../src/store/journal-store.ts";
import { REGISTRATION } from "./cgr-child.ts";

export const NOON_MS = Date.UTC(2026, 10, 22, 7, 0, 0);
const MEANING = { in: "entered", out: "crossed" } as const;

const QUICK: CgrLimits = {
    ...CGR_LIMITS,
    callMsMax: 3_000,
    pauseMs: 1,
    retry: { firstMs: 10, longestMs: 40 },
    registration: { firstMs: 40, longestMs: 160 },
    farewellMs: 100,
};

export interface BoxOptions {
    readonly folder?: string;
    readonly registration?: string;
    readonly limits?: Partial<CgrLimits>;
    readonly point?: Partial<CgrPointOptions>;
}

export class CgrBox {
    readonly folder: string;
    readonly journal: JournalStore;
    readonly evidence: EvidenceStore;
    readonly client: CgrClient;
    readonly point: CgrPoint;
    /** Everything that would be logged. */
    readonly told: string[] = [];
    readonly setAside: { readonly sequence: number; readonly reason: string }[] = [];
    #utcMs = NOON_MS;

    constructor(url: string, options: BoxOptions = {}) {
        this.folder = options.folder ?? mkdtempSync(join(tmpdir(), "kordon-cgr-box-"));
        const registrationTokenFile = join(this.folder, "registration");
        writeFileSync(registrationTokenFile, `${options.registration ?? REGISTRATION.checkpoint}\n`);
        const limits = { ...QUICK, ...options.limits };
        const tokenFile = join(this.folder, "cgr-checkpoint.token");
        const common = { clock: systemClock, random: Math.random, limits };
        this.journal = openJournal(this.folder);
        this.evidence = openEvidence(this.folder, { bytesMax: 1e9, ageMsMax: 1e12 });
        this.client = new CgrClient({
            ...common,
            url,
            point: "checkpoint",
            registrationTokenFile,
            tokenFile,
            onTokenNotKept: (error) => this.told.push(String(error)),
        });
        this.point = new CgrPoint({
            ...common,
            point: "checkpoint",
            client: this.client,
            journal: this.journal,
            delivery: this.journal.openDelivery("cgr-checkpoint"),
            pictures: this.evidence,
            pictureBytesMax: 100_000,
            form: { dateTimeAs: "offset", utcOffsetMinutes: 300, directions: { in: "IN", out: "OUT" } },
            knownAlready: [],
            bookedPlate: () => undefined,
            on: {
                setAside: (_point, left) => this.setAside.push(left),
                untold: (point, sequence) => this.told.push(`${point} untold ${sequence}`),
                trouble: (point, code, reason) => this.told.push(`${point} ${code} ${reason}`),
                storeFault: (error) => this.told.push(String(error)),
            },
            ...options.point,
        });
    }

    /** One passage through the lane; returns the sequence of its completion. */
    pass(plate: string | null, about: { readonly way?: "in" | "out"; readonly isClockTrusted?: boolean } = {}): number {
        const passage = `lane-1-${this.journal.head().sequence + 1}`;
        const facts: FactDraft[] = [];
        const add = (kind: FactDraft["kind"], data: FactDraft["data"]): number =>
            facts.push({ kind, lane: "lane-1", passage, data });
        add("vehicle.arrived", {});
        if (plate !== null) {
            add("vehicle.recognised", { key: plate, confidence: 0.913, isSure: true, evidence: [hashOf(plate)] });
        }
        add("passage.completed", { means: MEANING[about.way ?? "in"], plate, bookingId: null });
        this.#utcMs += 60_000;
        const time = { utcMs: this.#utcMs, isClockTrusted: about.isClockTrusted ?? true };
        const last = this.journal.commit({ facts }, time).at(-1);
        this.point.wake();
        return last?.sequence ?? 0;
    }

    async close(): Promise<void> {
        await this.point.stop();
        await this.evidence.close();
        this.journal.close();
    }
}

export function pictureOf(plate: string): Buffer {
    return Buffer.from(`picture of ${plate}`);
}

function hashOf(plate: string): string {
    return createHash("sha256").update(pictureOf(plate)).digest("hex");
}
