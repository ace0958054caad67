/**
 * A lane with a scale, whole: the simulated platform in its own process, the real daemon, and between them a serial server on
 * TCP or a pair of pseudo-terminals with the real serial driver.
 */
import { afterEach, expect, test } from "vitest";
import { end, hasSocat, startSerialPair } from "../transport/third-party-peers.ts";
import { Checkpoint, type SeenFact } from "./checkpoint.ts";

const SPEED = 3;
const LOADS = { 1: 31_240, 2: 46_180 };
let checkpoint: Checkpoint | undefined;
let cleanUp: () => Promise<void> = async () => undefined;

afterEach(async () => {
    await checkpoint?.close();
    await cleanUp();
    checkpoint = undefined;
    cleanUp = async () => undefined;
});

async function run(lorries: number, scale: { speaks: string; profile: string; ours?: string; theirs?: string }) {
    const { speaks, profile, ours, theirs } = scale;
    const simulated = { speaks, platform: { loadsKg: LOADS }, ...(theirs === undefined ? {} : { path: theirs }) };
    checkpoint = await Checkpoint.open({
        passages: lorries,
        seed: 41,
        speed: SPEED,
        // A busy machine polls late; a beam that is not heard in time would have to be seen with the scale at zero again.
        limits: {
            weighMsMax: 6_000,
            weightHoldMsMin: 500,
            weightAgeMsMax: 3_000,
            readingAgeMsMax: 1_000,
            clearHoldMsMin: 1_100,
            vehicleGapMsMin: 400,
        },
        scale: { simulated, profile, ...(ours === undefined ? {} : { path: ours }) },
    });
    await checkpoint.startDaemon();
    checkpoint.startOfficer();
    return checkpoint;
}

const weighings = (site: Checkpoint): readonly SeenFact[] => site.kinds("weighing.completed");
const isScaleHealthy = (fact: SeenFact): boolean =>
    fact.kind === "device.health" && fact.data["device"] === "bridge-1" && fact.data["state"] === "well";

test("over a serial server: two lorries with their true weights, one above the configured limit; then cut off", async () => {
    const site = await run(2, { speaks: "toledo", profile: "scale/toledo-continuous/mettler-toledo-continuous" });
    site.order({ do: "start" });
    await site.until("both are weighed", () => weighings(site).length === 2);
    expect(weighings(site).map(({ data }) => data)).toMatchObject([
        { grossKg: LOADS[1], problem: null, exceedsLimit: false },
        { grossKg: LOADS[2], problem: null, exceedsLimit: true, limitKg: 44_000 },
    ]);
    // The frame is the proof: six digits behind the status words.
    const raw = Buffer.from(String(weighings(site)[0]?.data["raw"]), "hex");
    expect(raw.subarray(4, 10).toString()).toBe(` ${LOADS[1]}`);
    site.order({ do: "scale-wire", lane: "lane-1", fault: { kind: "disconnect" } });
    const lost = (fact: SeenFact): boolean => fact.kind === "alarm.raised" && fact.data["code"] === "SCALE_SILENT";
    await site.until("the silent scale is an alarm", () => site.facts.some(lost));
    site.order({ do: "scale-wire", lane: "lane-1", fault: { kind: "none" } });
    const back = (fact: SeenFact): boolean => fact.kind === "alarm.cleared" && fact.data["code"] === "SCALE_SILENT";
    await site.until("it is heard again", () => site.facts.some(back));
});

test("over a serial line, asked by the maker's own protocol: weighed, and refused while the driver rocks it", async (context) => {
    if (!hasSocat) return context.skip("socat is missing: apt-get install socat");
    const pair = await startSerialPair();
    cleanUp = async () => {
        await end(pair.child);
        pair.remove();
    };
    const site = await run(2, { speaks: "tenso-m", profile: "scale/tenso-m/tenso-m", ...pair });
    site.order({ do: "start" });
    await site.until("the first is weighed", () => weighings(site).length === 1);
    expect(weighings(site)[0]?.data).toMatchObject({ grossKg: LOADS[1], problem: null });
    site.order({ do: "scale-trick", lane: "lane-1", trick: { kind: "rocking", kg: 900 } });
    await site.until("the second is not weighed", () => weighings(site).length === 2);
    expect(weighings(site)[1]?.data).toMatchObject({ problem: "UNSTABLE", exceedsLimit: null });
    await site.until(
        "the scale was well",
        () => site.facts.some(isScaleHealthy) || site.kinds("device.health").length === 0,
    );
});
