/** What counts as having seen a relay: an image asked for after the order, showing it as ordered, in time. */
import { expect, test } from "vitest";
import { OutputWatch } from "../../../devices/io-module/output-watch.ts";
import { VirtualClock } from "../../transport/virtual-clock.ts";

const image = (atMs: number, ...outputs: boolean[]) => ({ atMs, inputs: [], outputs });

test.each([
    ["asked for before the order", -1, [true], "unseen"],
    ["asked for in the same moment", 0, [true], "seen"],
    ["asked for later", 10, [true], "seen"],
    ["showing the opposite", 10, [false], "unseen"],
    ["showing another relay", 10, [false, true], "unseen"],
    ["without this relay", 10, [], "unseen"],
] as const)("an image %s", async (_name, laterMs, outputs, expected) => {
    const clock = new VirtualClock();
    const watch = new OutputWatch(clock);
    const orderedMs = clock.monotonicMs();
    const sighting = watch.await(0, true, 100);
    watch.look(image(orderedMs + laterMs, ...outputs));
    await clock.advance(100);
    expect(await sighting).toBe(expected);
    expect(clock.pendingTimers).toBe(0);
});

test("a later order on the same relay takes the place of the first; another relay's does not", async () => {
    const clock = new VirtualClock();
    const watch = new OutputWatch(clock);
    const first = watch.await(0, true, 100);
    const other = watch.await(1, true, 100);
    const second = watch.await(0, false, 100);
    expect(await first).toBe("superseded");
    watch.look(image(clock.monotonicMs(), false, true));
    expect(await Promise.all([other, second])).toEqual(["seen", "seen"]);
});
