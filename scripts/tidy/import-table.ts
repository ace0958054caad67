/**
 * Who may import whom. This is the table of ARCHITECTURE.md as data; `import-rules.ts` enforces it.
 * Every folder may import itself. The longest matching `folder` is the row of a file.
 */

export interface ImportRow {
    readonly folder: string;
    /** Folders or files that it may import beside itself; `X/*.json` means only the JSON files below X. */
    readonly folders: readonly string[];
    readonly packages: readonly string[];
    readonly node: boolean;
}

const inner = ["src/core", "src/ports"];

export const importTable: readonly ImportRow[] = [
    { folder: "src/core", folders: [], packages: [], node: false },
    { folder: "src/ports", folders: ["src/core"], packages: [], node: false },
    {
        folder: "src/transport",
        folders: inner,
        packages: ["modbus-serial", "serialport", "onoff", "mqtt", "net-snmp", "zod"],
        node: true,
    },
    {
        folder: "src/vision",
        folders: inner,
        packages: ["@u4/opencv4nodejs", "onnxruntime-node", "tesseract.js", "@tesseract.js-data/eng", "zod"],
        node: true,
    },
    { folder: "src/store", folders: inner, packages: ["better-sqlite3", "zod"], node: true },
    { folder: "src/central", folders: inner, packages: ["mqtt", "zod"], node: true },
    { folder: "src/console", folders: inner, packages: ["zod"], node: true },
    { folder: "src/config", folders: ["src/core"], packages: ["yaml", "zod"], node: true },
    { folder: "src/runtime", folders: inner, packages: ["pino", "zod"], node: true },
    { folder: "src/cli", folders: ["src", "devices", "package.json"], packages: ["commander", "zod"], node: true },
    {
        folder: "src/cli/list",
        folders: ["src", "package.json"],
        packages: ["commander", "csv-parse/sync", "csv-parse", "read-excel-file"],
        node: true,
    },
    { folder: "src/main.ts", folders: ["src", "devices", "package.json"], packages: ["commander"], node: true },
    { folder: "src/vision-main.ts", folders: ["src", "package.json"], packages: [], node: true },
    { folder: "devices", folders: inner, packages: ["zod"], node: true },
    { folder: "devices/board", folders: [...inner, "devices"], packages: ["iconv-lite", "zod"], node: true },
    { folder: "devices/camera", folders: [...inner, "devices"], packages: ["fast-xml-parser", "zod"], node: true },
    { folder: "simulators", folders: ["devices/*.json"], packages: ["@napi-rs/canvas", "zod"], node: true },
    {
        folder: "simulators/central",
        folders: ["simulators"],
        packages: ["mqtt", "mqtt-packet", "zod"],
        node: true,
    },
    {
        folder: "simulators/wire/reading-camera",
        folders: ["simulators"],
        packages: ["mqtt", "zod"],
        node: true,
    },
    // The one place where the daemon's own code meets the simulated world in one process; nothing imports it.
    {
        folder: "simulation",
        folders: ["src", "devices", "simulators"],
        packages: ["commander", "yaml", "zod"],
        node: true,
    },
    { folder: "console", folders: ["src/core"], packages: [], node: false },
];

/** Folders in which a file without a row is a mistake; elsewhere (tests, scripts) anything may be imported. */
export const guardedFolders = ["src", "devices", "simulators", "simulation", "console"];
