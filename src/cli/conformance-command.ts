/** `kordon conformance`: plays a box against somebody's central system and names the promises of the contract that it breaks. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import {
    type CaseResult,
    CONFORMANCE_CASES,
    casesNamed,
    runConformance,
} from "../central/conformance/run-conformance.ts";
import type { BrokerAddress } from "../central/mqtt-connection.ts";
import { systemClock } from "../runtime/clock.ts";
import { whole } from "./number-option.ts";
import { CommandFailure, EXIT, printResult, tableText } from "./outcome.ts";

interface Options {
    readonly broker?: string;
    readonly site?: string;
    readonly only: string;
    readonly list?: boolean;
    readonly withOperator?: boolean;
    readonly waitMs: number;
    readonly quietMs: number;
    readonly username?: string;
    readonly passwordFile?: string;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly json?: boolean;
}

const SITE = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function conformanceCommand(): Command {
    return new Command("conformance")
        .description("play a box against a central system and tell which promises of the contract it breaks")
        .option("--broker <url>", "mqtt:// or mqtts:// address of the broker")
        .option(
            "--site <id>",
            "a site that the central system knows and that is NOT in use: test events are written to it",
        )
        .option("--only <patterns>", "cases by name, such as ack.* or list.hash,snapshot.*", "*")
        .option("--list", "print the cases and what each holds the central system to; nothing is connected")
        .option("--with-operator", "somebody sits at the central system: ask for commands and changes of the list")
        .option("--wait-ms <ms>", "longest wait for what must come", whole(100, 600_000), 10_000)
        .option(
            "--quiet-ms <ms>",
            "how long nothing must come before it counts as not coming",
            whole(10, 60_000),
            1_500,
        )
        .option("--username <name>", "account at the broker")
        .option("--password-file <file>", "its password")
        .option("--ca <file>", "PEM of the authority that signed the broker's certificate")
        .option("--cert <file>", "PEM of the box's own certificate")
        .option("--key <file>", "PEM of its key")
        .option("--json", "machine-readable")
        .addHelpText("after", "\nExit code 1 when a case fails. See docs/how-to/connect-a-central-system.md.")
        .action((options: Options) => conform(options));
}

async function conform(options: Options): Promise<void> {
    const cases = casesNamed(options.only);
    if (cases.length === 0) throw new CommandFailure(EXIT.usage, `no case is named "${options.only}"; see --list`);
    if (options.list) {
        const rows = cases.map(({ name, claim }) => [name, claim]);
        printResult(
            options.json === true,
            cases.map(({ name, claim }) => ({ name, claim })),
            tableText(rows),
        );
        return;
    }
    const { site } = options;
    if (site === undefined || !SITE.test(site))
        throw new CommandFailure(EXIT.usage, "--site: lower-case letters, digits and dashes");
    const say = (text: string): void => {
        process.stderr.write(`${text}\n`);
    };
    const results = await runConformance(
        {
            site,
            broker: brokerFrom(options, site),
            clock: systemClock,
            waitMs: options.waitMs,
            quietMs: options.quietMs,
            ...(options.withOperator === true ? { ask: (what: string) => say(`>>> please ${what}`) } : {}),
        },
        cases,
        ({ outcome, name, seen }) => {
            if (options.json !== true) say(`${MARK[outcome]} ${name}${seen === "" ? "" : `: ${seen}`}`);
        },
    );
    const counts = countsOf(results);
    printResult(options.json === true, { ...counts, cases: results }, resultText(results, counts));
    if (counts.broken > 0) throw new CommandFailure(EXIT.failed, `${counts.broken} of ${results.length} cases failed`);
}

const MARK = { kept: "ok     ", broken: "FAILED ", skipped: "skipped" } as const;

function countsOf(results: readonly CaseResult[]) {
    const count = (outcome: CaseResult["outcome"]): number => results.filter((each) => each.outcome === outcome).length;
    return { kept: count("kept"), broken: count("broken"), skipped: count("skipped"), known: CONFORMANCE_CASES.length };
}

/** The promises that are broken with what was seen; then the sum. */
function resultText(results: readonly CaseResult[], counts: ReturnType<typeof countsOf>): string {
    const broken = results.filter(({ outcome }) => outcome === "broken");
    const rows = broken.flatMap(({ name, claim, seen }) => [
        [name, `must hold: ${claim}`],
        ["", `was seen:  ${seen}`],
    ]);
    const sum = `${counts.kept} kept, ${counts.broken} broken, ${counts.skipped} skipped, of ${counts.known} known`;
    return [...(rows.length === 0 ? [] : [tableText(rows)]), sum].join("\n");
}

function brokerFrom({ broker, username, passwordFile, ca, cert, key }: Options, site: string): BrokerAddress {
    if (broker === undefined || !/^mqtts?:\/\/\S+$/.test(broker)) {
        throw new CommandFailure(EXIT.usage, "--broker: an mqtt:// or mqtts:// address");
    }
    const [password, caPem, certPem, keyPem] = [passwordFile, ca, cert, key].map(readOptional);
    const tls = { ...(caPem && { ca: caPem }), ...(certPem && { cert: certPem }), ...(keyPem && { key: keyPem }) };
    return {
        url: broker,
        clientId: `kordon-${site}`,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password: password.toString("utf8").trim() }),
        ...(Object.keys(tls).length === 0 ? {} : { tls }),
    };
}

function readOptional(file: string | undefined): Buffer | undefined {
    try {
        return file === undefined ? undefined : readFileSync(file);
    } catch {
        throw new CommandFailure(EXIT.usage, `${file}: cannot be read`);
    }
}
