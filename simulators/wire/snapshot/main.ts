/**
 * A camera that gives single pictures, as a process of its own: `node simulators/wire/snapshot/main.ts --login digest`. User
 * name `gate`, password `gate`; prints its address. A line with the name of a fault switches it on; `--plate` is what it shows.
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SNAPSHOT_FAULTS, SnapshotCamera } from "./snapshot-camera.ts";

const { values } = parseArgs({
    options: { login: { type: "string", default: "digest" }, plate: { type: "string", default: "375SN04" } },
});
const { login, plate } = values;
if (login !== "digest" && login !== "basic" && login !== "none")
    throw new Error("usage: node simulators/wire/snapshot/main.ts [--login digest|basic|none] [--plate TEXT]");
const camera = await SnapshotCamera.listen({ kind: login, username: "gate", password: "gate" }, plate);
console.log(JSON.stringify({ is: "ready", url: camera.url }));
for await (const line of createInterface({ input: process.stdin })) {
    const fault = SNAPSHOT_FAULTS.find((name) => name === line.trim());
    if (fault !== undefined) camera.fault = fault;
    console.log(JSON.stringify({ is: camera.fault, served: camera.served }));
}
process.exit();
