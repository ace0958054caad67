/** `kordon devices`: which device families and models this program knows, and how far each was proved. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { z } from "zod";
import { printResult, tableText } from "./outcome.ts";

/** What every profile says of itself, whatever its family. */
const Profile = z.looseObject({
    maker: z.string(),
    model: z.string(),
    transport: z.string().optional(),
    maturity: z.enum(["simulated", "bench-tested", "in-service"]),
});

interface KnownDevice {
    /** Folder below `devices/`. */
    readonly family: string;
    /** As a site file names it. */
    readonly profile: string;
    readonly maker: string;
    readonly model: string;
    readonly transport: string;
    readonly maturity: z.infer<typeof Profile>["maturity"];
}

export function devicesCommand(): Command {
    return new Command("devices")
        .description("list the device models that this program knows, and how far each was proved")
        .option("--json", "machine-readable")
        .action((options: { json?: boolean }) => {
            const devices = knownDevices();
            printResult(options.json === true, { devices }, devicesText(devices));
        });
}

/** Every profile below `devices/`, by name. */
function knownDevices(): readonly KnownDevice[] {
    const folder = fileURLToPath(new URL("../../devices", import.meta.url));
    return globSync("**/*.json", { cwd: folder })
        .toSorted()
        .map((file) => {
            const profile = Profile.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
            const { maker, model, transport = "", maturity } = profile;
            return {
                family: dirname(file),
                profile: file.slice(0, -".json".length),
                maker,
                model,
                transport,
                maturity,
            };
        });
}

function devicesText(devices: readonly KnownDevice[]): string {
    const proved = devices.filter(({ maturity }) => maturity !== "simulated").length;
    const head = ["profile", "maker and model", "wire", "proved"];
    const rows = devices.map((each) => [each.profile, `${each.maker} ${each.model}`, each.transport, each.maturity]);
    const count =
        proved === 0
            ? "none of them was on a bench with real hardware yet"
            : `${proved} of them proved on real hardware`;
    return `${tableText([head, ...rows])}\n\n${devices.length} profiles; ${count}. What is known of each stands in its file below devices/.`;
}
