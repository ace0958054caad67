import { expect, test } from "vitest";
import { Topics } from "../../src/central/topics.ts";

test("topics are those of the contract", () => {
    const topics = new Topics("nur-zholy");
    const { events, status, requests, ack, commands, snapshot, delta, version } = topics;
    expect([events, status, requests, ack, commands, snapshot, delta, version, topics.device("camera-1")]).toEqual(
        [
            ...["events", "status", "requests", "ack", "commands"],
            ...["bookings/snapshot", "bookings/delta", "bookings/version", "devices/camera-1"],
        ].map((name) => `kordon/v1/nur-zholy/${name}`),
    );
});

test.each(["", "a/b", "+", "#", "A", "a b", "-a", "ж", "a".repeat(64)])("the site id %j is refused", (site) => {
    expect(() => new Topics(site)).toThrow(RangeError);
});

test.each([
    ["kordon/v1/a/answers/x", true],
    ["kordon/v1/a/answers/x/y", true],
    ["kordon/v1/b/answers/x", false],
    ["kordon/v1/a/events", false],
    ["kordon/v1/a/answers", false],
    ["kordon/v1/a/answers/#", false],
    ["kordon/v1/a/answers/+/x", false],
    ["kordon/v1/a/answers/\0", false],
])("answering on %j: %s", (topic, isAllowed) => {
    expect(new Topics("a").isAnswerTopic(topic)).toBe(isAllowed);
});
