// One of everything at once: the site file with four lanes under the real daemon, every device that can be simulated on its wire.
import { afterEach, expect, test } from "vitest";
import { MOSQUITTO, NEEDS_MOSQUITTO } from "../central/mosquitto.ts";
import { hasSocat } from "../transport/third-party-peers.ts";
import { FourLaneRig } from "./four-lanes/four-lane-rig.ts";

const LORRIES = 3;
const LOAD_KG = 31_240;
/** What no machine that tests has: the lines of a Raspberry Pi, and the USB camera of this name. */
const ABSENT = ["arrivals-cabin", "io-box"];
/** Known to be well once something was reported. */
const SILENT_YET = ["cgr-checkpoint", "cgr-waiting-area"];
/** All modules, cameras of both kinds with their listener, scales, boards, barriers, and the two ways out. */
const DEVICES = 42;
let rig: FourLaneRig | undefined;

afterEach(async () => {
    await rig?.close();
    rig = undefined;
});

test("every simulated device gets well, the two absent ones are failed and hold nobody up; lorries get in and are called", {
    timeout: 300_000,
}, async (context) => {
    context.skip(MOSQUITTO === undefined, NEEDS_MOSQUITTO);
    context.skip(!hasSocat, "socat is missing: apt-get install socat");
    const site = await FourLaneRig.open(LORRIES, 3);
    rig = site;
    await site.startDaemon();
    const page = await fetch(`http://127.0.0.1:${site.devices.screensPort}/boards/hall/live`);
    await site.untilWell(DEVICES, [...ABSENT, ...SILENT_YET]);
    for (const device of ABSENT) expect(site.healths.get(device)).toMatchObject({ state: "failed" });

    site.order({ do: "start" });
    const done = (): number => site.facts.filter(({ kind }) => kind === "passage.completed").length;
    await site.until("all lorries are in", () => done() === LORRIES);
    // Each of the two points of CarGoRuqsat has been told of somebody by now, or is about to be.
    await site.untilWell(DEVICES, ABSENT);

    // The lane with the dead camera and the dead key switch decides by its other camera, without an officer.
    const outcomes = (lane: string): readonly unknown[] =>
        site.of("decision.made", lane).map(({ data }) => data["reason"]);
    expect(outcomes("arrivals")).toEqual(site.of("passage.completed", "arrivals").map(() => "BOOKED"));
    expect(outcomes("entry")).toEqual(site.of("passage.completed", "entry").map(() => "BOOKED"));
    expect(new Set(site.facts.flatMap(({ kind, lane }) => (kind === "passage.completed" ? [lane] : [])))).toEqual(
        new Set(["arrivals", "entry"]),
    );
    for (const { data } of site.of("weighing.completed", "entry"))
        expect(data).toMatchObject({ grossKg: LOAD_KG, problem: null });
    expect(site.facts.filter(({ kind }) => kind === "emergency.raised" || kind === "lane.fault")).toEqual([]);

    const [first] = site.worldSaid.filter(({ is, lane }) => is === "stopped" && lane === "entry");
    const plate = first?.plate ?? "none";
    for (const board of [site.devices.yard, site.devices.sign])
        expect(board.shown.some(({ lines }) => lines.join(" ").includes(plate))).toBe(true);
    const green = site.devices.display.shown.filter(({ tone }) => tone === "go").map(({ lines }) => lines.join(" "));
    expect(green.some((text) => text.includes(plate))).toBe(true);
    await page.body?.cancel();
});
