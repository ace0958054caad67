/** `kordon list load`: what a person sees before anything counts, from CSV in two encodings and from XLSX, and what goes to the daemon. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { Question } from "../../../src/runtime/control-protocol.ts";
import { tempFolder } from "../../store/temp-folder.ts";
import { runKordon } from "../run-kordon.ts";
import { xlsxFile } from "./xlsx-file.ts";

const EXAMPLE = fileURLToPath(new URL("../../../config/example-site.yaml", import.meta.url));
const FRAME = ["--who", "o-17", "--valid", "2026-11-22..2026-12-02", "--category", "perishable", "--quota", "5"];

function fileOf(name: string, content: string | Uint8Array): string {
    const file = join(tempFolder(), name);
    writeFileSync(file, content);
    return file;
}

async function preview(file: string, ...more: readonly string[]) {
    const run = await runKordon("list", "load", file, "--site", EXAMPLE, ...FRAME, "--json", ...more);
    expect(run.error).toBe("");
    const { entries, errors, columns, ignored, isApplied } = JSON.parse(run.out);
    return {
        entries: entries.map(({ line, key }: { line: number; key: string }) => `${line} ${key}`),
        errors: errors.map(({ line }: { line: number }) => line),
        columns,
        ignored,
        isApplied,
        whole: entries,
    };
}

const TEXT =
    'Список;;\r\nНомер;Прицеп;ФИО\r\n123 abc-02;55AAA02;Иванов\r\nСкания;;\r\n"777 KKK";;\r\n"777\r\nKKK05";;\r\n';

describe("a CSV file", () => {
    test("in UTF-8 with a byte order mark", async () => {
        const found = await preview(fileOf("a.csv", `\ufeff${TEXT}`));
        // A cell with a line break ends on the line after.
        expect(found).toMatchObject({
            entries: ["3 123ABC02", "5 777KKK", "7 777KKK05"],
            errors: [4],
            columns: { plate: "Номер", trailer: "Прицеп" },
            ignored: ["ФИО"],
            isApplied: false,
        });
    });

    test("in Windows-1251, with commas", async () => {
        const cp1251 = Buffer.from([
            ...[0xcd, 0xee, 0xec, 0xe5, 0xf0], // Номер
            ...Buffer.from(",x\n"),
            ...[0xc0, 0xc2], // АВ
            ...Buffer.from("123477,1\n"),
        ]);
        expect(await preview(fileOf("b.csv", cp1251))).toMatchObject({ entries: ["2 AB123477"], errors: [] });
    });

    test("without headings, by number", async () => {
        const found = await preview(fileOf("c.csv", "1\t123ABC02\n2\t777KKK05\n"), "--column", "plate=2");
        expect(found.entries).toEqual(["1 123ABC02", "2 777KKK05"]);
    });
});

test("an XLSX file, with days as Excel stores them and lines as Excel counts them", async () => {
    // 46348 is 2026-11-22 in Excel's count.
    const book = xlsxFile([
        ["Тізім", "", ""],
        ["Мемлекеттік нөмір", "с", "по"],
        ["123ABC02", { day: 46_348 }, { day: 46_349 }],
        ["", "", ""],
        ["жоқ", "", ""],
        [7_770_001, "", ""],
    ]);
    const found = await preview(fileOf("d.xlsx", book));
    expect(found).toMatchObject({ entries: ["3 123ABC02", "6 7770001"], errors: [5] });
    expect(found.whole[0]).toMatchObject({
        fromUtcMs: Date.UTC(2026, 10, 21, 19),
        untilUtcMs: Date.UTC(2026, 10, 23, 19) - 1,
    });
});

test.each<[string, string | undefined, readonly string[], string]>([
    ["no such file", undefined, [], "cannot be read as a table"],
    ["no column of plates", "a,b\n1,2\n", [], "no column of plates"],
    ["days in the wrong order", "plate\n123ABC02\n", ["--valid", "2026-12-02..2026-11-22"], "two days in order"],
])("wrong usage: %s", async (_name, content, more, message) => {
    const file = content === undefined ? "/nowhere/x.csv" : fileOf("x.csv", content);
    const run = await runKordon("list", "load", file, "--site", EXAMPLE, ...FRAME, ...more);
    expect(run.code).toBe(2);
    expect(run.error).toContain(message);
});

test("nothing is loaded without a daemon", async () => {
    const file = fileOf("e.csv", "plate\n123ABC02\n");
    const run = await runKordon("list", "load", file, "--site", EXAMPLE, ...FRAME, "--apply");
    expect(run).toMatchObject({ code: 1, error: expect.stringContaining("no daemon is running here") });
});

test("with --apply the whole list goes to the daemon in one question that it understands", async () => {
    const folder = tempFolder();
    const site = join(folder, "site.yaml");
    const socket = join(folder, "control.sock");
    writeFileSync(site, readFileSync(EXAMPLE, "utf8").replace("../var/nur-zholy.sock", socket));
    const heard: unknown[] = [];
    const server = createServer((peer) =>
        createInterface({ input: peer }).on("line", (line) => {
            heard.push(Question.parse(JSON.parse(line)));
            peer.write('{"is":"done"}\n');
        }),
    );
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const rows = Array.from({ length: 500 }, (_, index) => `${String(index).padStart(3, "0")}ABC02,55AAA02,KZ`);
    const file = fileOf("f.csv", ["plate,trailer,country", ...rows, "?,,"].join("\n"));
    const run = await runKordon("list", "load", file, "--site", site, ...FRAME, "--apply");
    expect(run).toMatchObject({ code: 0, error: "" });
    expect(run.out).toContain("500 vehicles, 1 rows left out\nloaded as ot-20261202-");
    expect(heard).toEqual([
        {
            ask: "order-queue",
            order: expect.objectContaining({
                do: "load-list",
                by: "o-17",
                category: "perishable",
                quotaPerDay: 5,
                validFrom: "2026-11-21T19:00:00.000Z",
                validUntil: "2026-12-02T18:59:59.999Z",
                file: "f.csv",
            }),
        },
    ]);
    expect(JSON.stringify(heard)).toContain('"line":501,"plate":"499ABC02","country":"KZ","trailers":["55AAA02"]');
});
