/** What was taken is remembered over a crash, forgotten with a reboot, and never guessed from a broken file. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bootId, GpioLease } from "../../src/transport/gpio-lease.ts";

const folder = mkdtempSync(join(tmpdir(), "kordon-lease-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("lines are remembered for this start of the machine alone", () => {
    const file = join(folder, "new/gpio.json");
    const lease = new GpioLease(file, "boot-1");
    expect([...lease.numbers()]).toEqual([]);
    lease.add([3, 4]);
    lease.add([4, 5]);
    lease.remove([3]);
    expect([...new GpioLease(file, "boot-1").numbers()]).toEqual([4, 5]);
    expect([...new GpioLease(file, "boot-2").numbers()]).toEqual([]);
});

test.each(["", "{", "[]", '{"boot":"boot-1"}', '{"boot":"boot-1","numbers":["3"]}'])(
    "a file with %j holds nothing",
    (text) => {
        const file = join(folder, "broken.json");
        writeFileSync(file, text);
        expect([...new GpioLease(file, "boot-1").numbers()]).toEqual([]);
    },
);

test("the kernel names this start", () => {
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
});
