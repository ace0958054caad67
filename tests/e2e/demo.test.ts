/** The demonstration as anybody runs it: camera, vision, lane, broker, all real; its counts held against what they must be. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const KORDON = new URL("../../kordon", import.meta.url).pathname;

test("five lorries: nobody let in wrongly, nothing lost, and something read", { timeout: 300_000 }, () => {
    const args = ["demo", "--passages", "5", "--seed", "7", "--speed", "4", "--json"];
    const { status, stdout, stderr } = spawnSync(KORDON, args, { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ passages: 5, wrongOpens: 0, readsWrongSure: 0, strikes: 0, lowersOnVehicle: 0 });
    expect(result.events).toMatchObject({ lost: 0, duplicated: 0, acknowledged: result.events.recorded });
    expect(result.admitted + result.refused + result.referred + result.undecided).toBe(5);
    expect(result.readsExact).toBeGreaterThanOrEqual(1);
    expect(result.stopToOpenMs.p50).toBeGreaterThan(0);
    expect(stderr.split("\n").filter((line) => / (through|turned away)$/.test(line))).toHaveLength(5);
});
