/** The list of the day: fetched, kept, asked for a plate; what cannot be understood leaves the older list in place. */
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DayList, dayListed } from "../../../src/central/cgr/day-list.ts";
import { systemClock } from "../../../src/runtime/clock.ts";
import { CgrBox } from "./cgr-box.ts";
import { CgrChild } from "./cgr-child.ts";

let server: CgrChild;
let box: CgrBox;
let list: DayList;
let file: string;
const told: string[] = [];

beforeAll(async () => {
    server = await CgrChild.start({ trucks: [{ name: "4711:2026-11-22-17", number: "123 ABC-02" }] });
});

beforeEach(async () => {
    await server.forgetAll();
    box = new CgrBox(server.url);
    file = join(box.folder, "cgr-day-list.json");
    told.length = 0;
    list = new DayList({
        client: box.client,
        file,
        periodMs: 20,
        clock: systemClock,
        onTrouble: (reason) => told.push(reason),
    });
    list.start();
});

afterEach(async () => {
    list.stop();
    await box.close();
});

afterAll(() => server.stop());

test("a plate of the list is found in any spelling, with the application's name", async () => {
    await vi.waitFor(() => expect(dayListed(file, "123авс02")).toHaveLength(1), { timeout: 5_000, interval: 5 });
    expect(dayListed(file, "123abc02")).toMatchObject([{ name: "4711:2026-11-22-17", number: "123 ABC-02" }]);
    expect(dayListed(file, "124ABC02")).toEqual([]);
    await server.order({ do: "set-trucks", trucks: [{ name: "1:2026-11-23-1", number: "5KK02" }] });
    await vi.waitFor(() => expect(dayListed(file, "5KK02")).toHaveLength(1), { timeout: 5_000, interval: 5 });
    expect(dayListed(file, "123ABC02")).toEqual([]);
});

test.each(["error", "garbage", "unknown-form", "server-error", "half"] as const)(
    "%s leaves the older list in place and is said",
    async (fault) => {
        await vi.waitFor(() => expect(dayListed(file, "123ABC02")).toHaveLength(1), { timeout: 5_000, interval: 5 });
        await server.order({ do: "fault", fault, call: "TruckNumbers" });
        await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 5_000, interval: 5 });
        expect(dayListed(file, "123ABC02")).toHaveLength(1);
    },
);

test("without any list nothing is listed", () => {
    expect(dayListed(join(box.folder, "nothing.json"), "123ABC02")).toEqual([]);
});
