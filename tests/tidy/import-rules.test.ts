/** The import table must bite: a small tree full of forbidden imports is written to a temporary folder and checked. */
import { expect, test } from "vitest";
import { checkTree } from "../../scripts/tidy/check-tree.ts";
import type { Breach } from "../../scripts/tidy/tree-file.ts";
import { PlantedTree } from "./planted-tree.ts";

type Planted = readonly (readonly [path: string, code: string])[];

function boundaryBreaches(planted: Planted): Breach[] {
    const tree = new PlantedTree();
    for (const [path, code] of planted) tree.plant(path, `/** Planted. */\n${code}\n`);
    return checkTree(tree.root).filter(({ rule }) => rule === "import-boundary");
}

const forbidden: Planted = [
    ["src/core/a.ts", 'import { z } from "zod";'],
    ["src/core/b.ts", 'import { readFileSync } from "node:fs";'],
    ["src/core/c.ts", 'import { readFileSync } from "fs";'],
    ["src/core/d.ts", 'import type { Clock } from "../ports/clock.ts";'],
    ["src/core/lane/e.ts", 'import { open } from "../../store/open.ts";'],
    ["src/core/f.ts", 'type A = import("zod").ZodType;'],
    ["src/core/g.ts", 'export { open } from "../store/open.ts";'],
    ["src/core/h.ts", 'export * from "../ports/clock.ts";'],
    ["src/core/i.ts", 'const open = await import("../store/open.ts");'],
    ["src/core/j.ts", 'const fs = require("node:fs");'],
    ["src/core/k.ts", 'const fs = createRequire(import.meta.url)("node:fs");'],
    ["src/ports/a.ts", 'import type { Buffer } from "node:buffer";'],
    ["src/ports/b.ts", 'import type { Queue } from "../transport/queue.ts";'],
    ["src/transport/a.ts", 'import { open } from "../store/open.ts";'],
    ["src/transport/b.ts", 'import Database from "better-sqlite3";'],
    ["src/vision/a.ts", 'import ModbusRTU from "modbus-serial";'],
    ["src/store/a.ts", 'import cv from "@u4/opencv4nodejs";'],
    ["src/central/a.ts", 'import Database from "better-sqlite3";'],
    ["src/central/b.ts", 'import { createWorker } from "tesseract.js";'],
    ["src/runtime/a.ts", 'import { Gpio } from "onoff";'],
    ["src/runtime/b.ts", 'import { parse } from "yaml";'],
    ["src/config/a.ts", 'import { Command } from "commander";'],
    ["src/console/a.ts", 'import { link } from "../central/link.ts";'],
    ["src/cli/a.ts", 'import { stringify } from "yaml";'],
    ["src/cli/b.ts", 'import { arm } from "../../simulators/world/arm.ts";'],
    ["src/main.ts", 'import { arm } from "../simulators/world/arm.ts";'],
    ["src/vision-main.ts", 'import { Command } from "commander";'],
    ["src/elsewhere/a.ts", "const a = 1;"],
    ["devices/scale/x/a.ts", 'import { SerialPort } from "serialport";'],
    ["devices/scale/x/b.ts", 'import { bus } from "../../../src/transport/bus.ts";'],
    ["devices/scale/x/c.ts", 'import { weigher } from "../../../simulators/world/weigher.ts";'],
    ["simulators/wire/a.ts", 'import type { Clock } from "../../src/ports/clock.ts";'],
    ["simulators/wire/b.ts", 'import { driver } from "../../devices/scale/x/driver.ts";'],
    ["simulators/wire/c.ts", 'import { key } from "../../src/core/plate/plate-key.ts";'],
    ["simulators/wire/d.ts", "await import(process.cwd());"],
    ["simulators/central/f.ts", 'import { link } from "../../src/central/link.ts";'],
    ["simulators/wire/g.ts", 'import mqtt from "mqtt";'],
    ["simulators/wire/e.ts", 'import ModbusRTU from "modbus-serial";'],
];

const allowed: Planted = [
    ["src/core/a.ts", 'import { key } from "./plate/plate-key.ts";\nconst text = "import x from \'zod\'";'],
    ["src/ports/a.ts", 'import type { Fact } from "../core/fact/fact.ts";'],
    ["src/transport/a.ts", 'import ModbusRTU from "modbus-serial";\nimport { connect } from "node:net";'],
    ["src/vision/a.ts", 'import cv from "@u4/opencv4nodejs";\nimport { createWorker } from "tesseract.js";'],
    ["src/store/a.ts", 'import Database from "better-sqlite3";\nimport { z } from "zod/mini";'],
    ["src/main.ts", 'import { Command } from "commander";\nimport { x } from "../devices/scale/x/driver.ts";'],
    ["src/vision-main.ts", 'import { read } from "./vision/read.ts";'],
    ["devices/scale/x/a.ts", 'import type { Scale } from "../../../src/ports/scale.ts";\nimport { z } from "zod";'],
    ["simulators/wire/a.ts", 'import profile from "../../devices/scale/x/a.json" with { type: "json" };'],
    ["simulators/central/a.ts", 'import mqtt from "mqtt";\nimport { arm } from "../world/arm.ts";'],
    ["tests/a.test.ts", 'import { arm } from "../simulators/world/arm.ts";\nimport { key } from "../src/core/key.ts";'],
];

test("every forbidden import is found, and only those", () => {
    const found = boundaryBreaches(forbidden).map(({ path }) => path);
    expect(found).toEqual(forbidden.map(([path]) => path).sort());
});

test("what the table allows is left alone", () => {
    expect(boundaryBreaches(allowed)).toEqual([]);
});

test("the message names the folder, the target and the line", () => {
    expect(boundaryBreaches([["src/core/lane/a.ts", '\nimport { open } from "../../store/open.ts";']])).toEqual([
        {
            path: "src/core/lane/a.ts",
            line: 3,
            rule: "import-boundary",
            message: "src/core may not import src/store/open.ts",
        },
    ]);
});
