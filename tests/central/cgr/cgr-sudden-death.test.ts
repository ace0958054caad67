/** The daemon killed between a report and its Ok, again and again: nothing is lost, and only what was under way comes twice. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { CgrBox } from "./cgr-box.ts";
import { CgrChild } from "./cgr-child.ts";

const PASSAGES = 40;
const KILLS = 5;
/** Each death costs the start of another process. */
const TEST_MS_MAX = 90_000;

test(
    "killed between report and Ok",
    async () => {
        const server = await CgrChild.start();
        const box = new CgrBox(server.url);
        const plates = Array.from({ length: PASSAGES }, (_, i) => `${100 + i}KLL02`);
        const last = plates.map((plate) => box.pass(plate)).at(-1) ?? 0;
        const victim = (): ChildProcess => {
            const file = new URL("./cgr-victim.ts", import.meta.url).pathname;
            return fork(file, [server.url, box.folder], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
        };
        try {
            for (let kill = 1; kill <= KILLS; kill++) {
                const child = victim();
                // Some die the moment their report arrives, some with an answer that never comes.
                if (kill % 2 === 0) await server.order({ do: "fault", fault: "taken-silence" });
                const before = server.calls("CamEvent");
                await server.until("a report came in", () => server.calls("CamEvent") > before + (kill % 5));
                child.kill("SIGKILL");
                await once(child, "exit");
            }
            const survivor = victim();
            const way = box.journal.openDelivery("cgr-checkpoint");
            await server.until("all have arrived", () => new Set(server.plates()).size === PASSAGES);
            survivor.kill("SIGKILL");
            await once(survivor, "exit");
            expect(way.settledUpTo()).toBeLessThanOrEqual(last);
            const firsts = server.plates().filter((plate, i, all) => all.indexOf(plate) === i);
            expect(firsts).toEqual(plates);
            const { distinct, duplicates } = await server.report();
            expect(distinct).toBe(PASSAGES);
            expect(duplicates).toBeLessThanOrEqual(2 * KILLS);
        } finally {
            await box.close();
            await server.stop();
        }
    },
    TEST_MS_MAX,
);
