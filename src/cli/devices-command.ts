/** `kordon devices`: the devices of a running site and how they are; without a site, the models that this program knows. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { z } from "zod";
import type { DevicesView } from "../runtime/control-protocol.ts";
import { askOnce, ControlFailure } from "./control-client.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { siteFrom } from "./site-option.ts";

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
        .description("show how the devices of a running daemon are; without --site, the models that this program knows")
        .option("--site <file>", "site file of the daemon")
        .option("--json", "machine-readable")
        .addHelpText(
            "after",
            "\nWith --site, exit code 1: not all devices are well. kordon probe asks the devices where no daemon is running.",
        )
        .action(async (options: { site?: string; json?: boolean }) => {
            if (options.site !== undefined) return await showSite(options.site, options.json === true);
            const devices = knownDevices();
            printResult(options.json === true, { devices }, devicesText(devices));
        });
}

async function showSite(file: string, isJson: boolean): Promise<void> {
    const { site, controlSocket } = siteFrom(file);
    const answer = await askOnce(controlSocket, { ask: "devices" }).catch((error: unknown) => {
        const advice = `or ask the devices themselves with kordon probe --site ${file}`;
        if (error instanceof ControlFailure) throw new CommandFailure(EXIT.failed, `${error.message}, ${advice}`);
        throw error;
    });
    if (answer.is !== "devices") throw new CommandFailure(EXIT.failed, "the daemon answered something else");
    const { devices } = answer.view;
    printResult(isJson, { site, ...answer.view }, siteText(answer.view));
    const ill = devices.filter(({ state }) => state !== "well").length;
    if (ill > 0) throw new CommandFailure(EXIT.failed, `${ill} of ${devices.length} devices are not well`);
}

/** A row per device, then a row per Modbus unit. */
function siteText({ devices, buses }: DevicesView): string {
    const stands = devices.map(({ device, state, code, detail, failures }) => [
        device,
        state === "failed" ? `${code}: ${detail}` : state === "starting" ? "no answer yet" : "well",
        failures === 0 ? "" : `failed ${failures} times`,
    ]);
    const head = ["modbus unit", "requests", "time-outs", "late", "bad", "refused", "mean ms"];
    const units = buses.flatMap(({ bus, units: on }) =>
        on.map(({ unit, requests, timeouts, lateReplies, badReplies, exceptions, meanRoundTripMs }) => [
            `${bus} unit ${unit}`,
            ...[requests, timeouts, lateReplies, badReplies, exceptions].map(String),
            meanRoundTripMs === undefined ? "" : meanRoundTripMs.toFixed(1),
        ]),
    );
    return [tableText(stands), ...(units.length === 0 ? [] : ["", tableText([head, ...units])])].join("\n");
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
