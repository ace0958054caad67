import { expect, test } from "vitest";
import { parseCentralConfig } from "../../../simulators/central/central-config.ts";

const good = { site: "nur-zholy", ledger: "events.jsonl" };

test("what is left out has a default", () => {
    expect(parseCentralConfig(JSON.stringify(good), "f.json")).toMatchObject({ port: 0, ackMs: 50, bookings: [] });
});

test.each([
    ["{", "not JSON"],
    [JSON.stringify({ ...good, site: "a/b" }), "site"],
    [JSON.stringify({ ...good, ackMs: 101 }), "ackMs"],
    [JSON.stringify({ ...good, acksMs: 50 }), "acksMs"],
    [JSON.stringify({ ...good, bookings: [{ id: "B" }] }), "version"],
    [JSON.stringify({ ledger: "x" }), "site"],
])("%s is refused, naming %s and the file", (json, named) => {
    expect(() => parseCentralConfig(json, "f.json")).toThrow(new RegExp(`f\\.json[^]*${named}`));
});

test("a day and a list of one's own exclude each other", () => {
    const day = { seed: 1, passages: 1, checkpoint: "c", startUtcMs: 1 };
    const both = { ...good, day, bookings: [{ id: "B", version: 1 }] };
    expect(() => parseCentralConfig(JSON.stringify(both), "f.json")).toThrow("not both");
});
