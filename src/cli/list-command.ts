/** `kordon list [plate]` and what is below it: looks into the local booking list, with or without a running daemon. */
import { Command } from "commander";
import { type DayListed, dayListed } from "../central/cgr/day-list.ts";
import type { Booking } from "../core/booking/booking.ts";
import { toPlateKey } from "../core/plate/plate-key.ts";
import { openBookings } from "../store/booking-store.ts";
import { listContinuityCommand } from "./list/list-continuity-command.ts";
import { listLoadCommand } from "./list/list-load-command.ts";
import { listLocalCommand } from "./list/list-local-command.ts";
import { listWithdrawCommand } from "./list/list-withdraw-command.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";
import { dayListFile } from "./site-cgr.ts";
import { siteFrom } from "./site-option.ts";
import { utcText } from "./utc-text.ts";

const NEAR_MAX = 5;

export function listCommand(): Command {
    const list = new Command("list")
        .description("look into the local booking list: its version, or what it holds for a plate")
        .argument("[plate]", "a plate in any spelling")
        // The orders below have options of the same names: what stands behind them is theirs, and so is what they require.
        .enablePositionalOptions()
        .option("--site <file>", "site file (required)")
        .option("--json", "machine-readable")
        .action((plate: string | undefined, options: { site?: string; json?: boolean }) => {
            if (options.site === undefined) throw new CommandFailure(EXIT.usage, "--site is missing");
            const { stateFolder } = siteFrom(options.site);
            const list = openBookings(stateFolder);
            try {
                const version = list.version();
                if (plate === undefined) {
                    const text =
                        version.version === 0
                            ? "no list has arrived yet"
                            : `list ${version.version}: ${version.bookings} bookings, hash ${version.hash}`;
                    printResult(options.json === true, version, text);
                    return;
                }
                const key = toPlateKey(plate);
                const exact = list.byPlate(key).map(({ booking, role }) => ({ role, booking }));
                const near = exact.some(({ role }) => role === "tractor") ? [] : list.near(key, NEAR_MAX);
                const cgrToday = dayListed(dayListFile(stateFolder), plate);
                const text = [plateText(key, exact, near), ...cgrToday.map(cgrText)].join("\n");
                printResult(options.json === true, { key, list: version, exact, near, cgrToday }, text);
            } finally {
                list.close();
            }
        });
    for (const command of [listLoadCommand(), listWithdrawCommand(), listContinuityCommand(), listLocalCommand()]) {
        list.addCommand(command.exitOverride().showHelpAfterError("(add --help to see what it takes)"));
    }
    return list;
}

/** The day's list knows no slot, no state and no trailer: it is no reason to open. */
function cgrText({ name, number, fetchedUtcMs }: DayListed): string {
    return `CarGoRuqsat, list of the day, ${utcText(fetchedUtcMs)}: ${number} is in the queue as ${name}; says nothing of slot or state`;
}

function plateText(
    key: string,
    exact: readonly { readonly role: string; readonly booking: Booking }[],
    near: readonly Booking[],
): string {
    const rows = [
        ...exact.map(({ role, booking }) => [`as ${role}`, ...bookingCells(booking)]),
        ...near.map((booking) => ["near match", ...bookingCells(booking)]),
    ];
    return rows.length === 0 ? `${key}: not in the list, and nothing near it` : `${key}\n${tableText(rows)}`;
}

function bookingCells(booking: Booking): readonly string[] {
    const slot = `${new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "UTC" }).format(booking.slotStartUtcMs)} UTC`;
    return [booking.id, booking.tractor.text, booking.status, slot, booking.checkpoint];
}
