/**
 * A camera with a barrier on its relay, as a process of its own, for trying a site file at the desk:
 * `node simulators/wire/camera/main.ts --make hikvision`. User name `gate`, password `gate`; prints its address.
 */
import { parseArgs } from "node:util";
import { realClock } from "../../world/clock.ts";
import { CameraGate } from "../camera-gate.ts";

const { values } = parseArgs({ options: { make: { type: "string", default: "hikvision" } } });
const { make } = values;
if (make !== "hikvision" && make !== "dahua")
    throw new Error("usage: node simulators/wire/camera/main.ts --make hikvision|dahua");
const gate = await CameraGate.listen({ make, username: "gate", password: "gate", clock: realClock, travelMs: 2_500 });
console.log(JSON.stringify({ is: "ready", url: gate.url }));
for (const end of ["SIGINT", "SIGTERM"]) process.once(end, () => void gate.close());
