/** What a camera's messages come to: reads by our own clock, and everything that must not become one. */
import { describe, expect, test } from "vitest";
import { hikvisionHeartbeat, hikvisionParts, pushOf } from "../../../simulators/wire/reading-camera/maker-words.ts";
import { sightingOf } from "../../../simulators/wire/reading-camera/sighting.ts";
import { openCamera, part } from "./camera-bench.ts";

const HIK = "camera/hikvision-isapi/alert-stream";
const FF = "camera/axis-ff/license-plate-verifier";

describe("one event", () => {
    test("is a read of the moment it came in, with the vendor's number on a scale of one, and its pictures", async () => {
        const { clock, feed, camera } = openCamera(HIK);
        await clock.advance(5_000);
        // The camera believes it is 1970.
        const [event, ...pictures] = hikvisionParts(sightingOf("123ABC02", 60_000, { confidence: 0.93, id: "u-1" }));
        if (event === undefined) throw new Error("no event");
        feed.say(event);
        for (const picture of pictures) feed.say(picture);
        expect(camera.reads()).toEqual([
            {
                camera: "anpr",
                track: "u-1",
                text: "123ABC02",
                confidence: 0.93,
                frames: 1,
                agreeing: 1,
                firstSeenMs: clock.monotonicMs(),
                lastSeenMs: clock.monotonicMs(),
                recogniser: "Hikvision ISAPI camera, alert stream",
                corners: [],
                told: { time: "1970-01-01T00:01:00.000+00:00", line: "1", direction: "forward", region: "KZ" },
                evidence: [
                    { kind: "plate", jpeg: pictures[0]?.body },
                    { kind: "frame", jpeg: pictures[1]?.body },
                ],
            },
        ]);
        expect(camera.health()).toEqual({ device: "anpr", state: "well", failures: 0 });
    });

    test("in a form, pictures may stand before it", () => {
        const { feed, camera } = openCamera(HIK);
        expect(feed.say(...hikvisionParts(sightingOf("123ABC02", 0)).toReversed())).toBe(true);
        expect(camera.reads()[0]?.evidence).toHaveLength(2);
    });

    test.each([
        ["above the scale", 1.2],
        ["below it", -0.1],
    ])("a confidence %s means another scale: unrated", (_name, confidence) => {
        const { feed, camera } = openCamera(FF);
        feed.say(...pushOf("ff", sightingOf("123ABC02", 0, { confidence })).parts);
        expect(camera.reads()[0]).toMatchObject({ text: "123ABC02", confidence: 0, isUnrated: true });
    });

    test("without a confidence it is unrated", () => {
        const { feed, camera } = openCamera(FF);
        feed.say(part("application/json", '{"carState":"new","plateUTF8":"123ABC02","carID":1}'));
        expect(camera.reads()[0]).toMatchObject({ confidence: 0, isUnrated: true });
    });
});

describe("never becomes a read", () => {
    const late = "late";
    test.each([
        ["what the camera says was kept", { isLate: true }, late],
        ["a vehicle that has left the picture", { isGone: true }, "gone"],
    ] as const)("%s", (_name, change, why) => {
        const name = why === "gone" ? FF : HIK;
        const { feed, camera, texts } = openCamera(name);
        const sighting = sightingOf("123ABC02", 0, change);
        feed.say(...(why === "gone" ? pushOf("ff", sighting).parts : hikvisionParts(sighting)));
        expect(texts()).toEqual([]);
        expect(camera.count(why)).toBe(1);
    });

    test("what a broker kept", () => {
        const { feed, camera, texts } = openCamera("camera/onvif-m/profile-m-mqtt");
        feed.keep(part("application/json", '{"Data":{"LicensePlateInfo":{"PlateNumber":"123ABC02"}}}'));
        expect(texts()).toEqual([]);
        expect(camera.count("stored")).toBe(1);
    });

    test("a repetition, whatever it calls itself: neither seen again nor seen later", async () => {
        const { clock, feed, camera } = openCamera(HIK);
        const sighting = sightingOf("123ABC02", 1_000, { id: "u-1" });
        feed.say(...hikvisionParts(sighting).slice(0, 1));
        const [first] = camera.reads();
        await clock.advance(3_000);
        feed.say(...hikvisionParts(sighting));
        feed.say(...hikvisionParts({ ...sighting, id: "u-2" }));
        expect(camera.reads()).toEqual([{ ...first, evidence: camera.reads()[0]?.evidence }]);
        expect(camera.count("repeated")).toBe(2);
        // The full message brings the pictures that the first one promised; another one brings no more.
        feed.say(...hikvisionParts(sighting));
        expect(camera.reads()[0]?.evidence).toHaveLength(2);
    });

    test.each(["unknown", "Unknown", "noPlate", "----", "無", ""])("a plate of «%s»", (text) => {
        const { feed, texts } = openCamera(HIK);
        feed.say(...hikvisionParts(sightingOf(text, 0)));
        expect(texts().filter((each) => each !== "無")).toEqual([]);
    });

    test.each(["123&amp;ABC02", "12;34", "A".repeat(40), "123<b/>"])("a text that is no plate: %s", (text) => {
        const { feed, texts } = openCamera(HIK);
        feed.say(...hikvisionParts(sightingOf(text, 0)));
        expect(texts()).toEqual([]);
    });

    test("an event of another line, or of a vehicle that goes the other way", () => {
        const { feed, camera, texts } = openCamera(HIK, { line: "2", direction: "approaching" });
        feed.say(...hikvisionParts(sightingOf("111AAA01", 0, { line: 1 })));
        feed.say(...hikvisionParts(sightingOf("222BBB02", 0, { line: 2, direction: "leaving" })));
        feed.say(...hikvisionParts(sightingOf("333CCC03", 0, { line: 2, direction: "unknown" })));
        feed.say(...hikvisionParts(sightingOf("444DDD04", 0, { line: 2 })));
        expect(texts().toSorted()).toEqual(["333CCC03", "444DDD04"]);
        expect([camera.count("other-line"), camera.count("other-way")]).toEqual([1, 1]);
    });
});

describe("a message that has lain somewhere", () => {
    /** Camera time and ours run side by side from different zeros. */
    async function running() {
        const opened = openCamera(HIK);
        const say = (plate: string, cameraMs: number) =>
            opened.feed.say(...hikvisionParts(sightingOf(plate, cameraMs)));
        feedHeartbeat(opened, 0);
        await opened.clock.advance(60_000);
        return { ...opened, say };
    }
    const feedHeartbeat = ({ feed }: ReturnType<typeof openCamera>, cameraMs: number) =>
        feed.say(hikvisionHeartbeat(cameraMs));

    test("is late by the camera's own stopwatch, and never a read", async () => {
        const { say, camera, texts } = await running();
        say("111AAA01", 59_900);
        say("222BBB02", 40_000);
        expect(texts()).toEqual(["111AAA01"]);
        expect(camera.count("late")).toBe(1);
    });

    test("a clock that is set right, forward, costs nothing", async () => {
        const { say, clock, texts } = await running();
        const jump = 1_795_000_000_000;
        say("111AAA01", jump);
        await clock.advance(10_000);
        say("222BBB02", jump + 10_000);
        expect(texts()).toEqual(["222BBB02", "111AAA01"]);
    });

    test("a clock that is set back is believed after a minute of the same, a backlog never", async () => {
        const { say, clock, texts } = await running();
        for (let minute = 0; minute < 4; minute++) {
            say(`${minute}${minute}${minute}AAA01`, 1_000 + minute * 30_000);
            await clock.advance(30_000);
        }
        expect(texts()).toEqual(["333AAA01", "222AAA01"]);
        // Eight seconds of traffic for each second: a queue that drains.
        for (let n = 0; n < 60; n++) {
            say(`${100 + n}BBB02`, n * 2_000 - 600_000);
            await clock.advance(250);
        }
        expect(texts().filter((text) => text.endsWith("BBB02"))).toEqual([]);
    });
});

describe("health", () => {
    test("silence is a failure after three heart-beats or what the site says, and heals", async () => {
        const { clock, feed, camera } = openCamera(HIK, { silentMsMax: 30_000 });
        expect(camera.health().state).toBe("starting");
        feed.say(hikvisionHeartbeat(0));
        expect(camera.health().state).toBe("well");
        await clock.advance(30_001);
        expect(camera.health()).toMatchObject({ state: "failed", code: "NO_REPLY" });
        feed.say(hikvisionHeartbeat(30_001));
        expect(camera.health().state).toBe("well");
    });

    test("one that never speaks fails as well", async () => {
        const { clock, camera } = openCamera(HIK, { silentMsMax: 30_000 });
        await clock.advance(30_001);
        expect(camera.health()).toMatchObject({ state: "failed", code: "NO_REPLY" });
    });

    test("nonsense is counted and a failure until something is understood", () => {
        const { feed, camera } = openCamera(HIK);
        expect(feed.say(part("application/xml", "<html>"))).toBe(false);
        feed.garble("no boundary in sight");
        expect(camera.health()).toMatchObject({ state: "failed", code: "BAD_REPLY", failures: 2 });
        expect(camera.health().detail).toContain("no boundary in sight");
        expect(feed.say(hikvisionHeartbeat(0))).toBe(true);
        expect(camera.health()).toMatchObject({ state: "well", failures: 2 });
    });

    test("of a lost connection is the connection's", () => {
        const { feed, camera } = openCamera(HIK);
        feed.state = { state: "failed", code: "NOT_CONNECTED", detail: "no way" };
        expect(camera.health()).toMatchObject({ device: "anpr", state: "failed", code: "NOT_CONNECTED" });
    });

    test("people are told what became of all that was said", () => {
        const { feed, camera } = openCamera(HIK);
        const sighting = sightingOf("123ABC02", 0);
        for (let n = 0; n < 3; n++) feed.say(...hikvisionParts(sighting));
        expect(camera.describe()).toContain("1 reads, 2 repeated");
    });
});

test("memory is bounded: tracks, pictures and ids of a busy lane", async () => {
    const { clock, feed, camera } = openCamera(HIK);
    for (let n = 0; n < 5_000; n++) feed.say(...hikvisionParts(sightingOf(`${n % 900}ABC02`, n)));
    expect(camera.reads().length).toBeLessThanOrEqual(8);
    expect(camera.reads().every(({ evidence }) => evidence.length <= 4)).toBe(true);
    await clock.advance(600_001);
    expect(camera.reads()).toEqual([]);
});

test("a camera that changes its mind about one vehicle: the last word counts, and only for itself", () => {
    const { feed, camera } = openCamera(FF);
    const sighting = sightingOf("123ABC02", 0, { object: "car-7" });
    feed.say(...pushOf("ff", sighting).parts);
    feed.say(...pushOf("ff", { ...sighting, plate: "123ABC03", count: 2, clockMs: 400 }).parts);
    expect(camera.reads()).toMatchObject([{ track: "car-7", text: "123ABC03", frames: 2, agreeing: 1 }]);
});
