/**
 * A camera that reads plates, as a process of its own, for trying a site file at the desk. Every line that is typed is a plate
 * that it sees. User name and password are `camera`.
 *
 *     node simulators/wire/reading-camera/main.ts --make hikvision|dahua [--port N]        serves its stream
 *     node simulators/wire/reading-camera/main.ts --make hikvision|dahua|ff --push URL     pushes
 *     node simulators/wire/reading-camera/main.ts --broker URL --prefix gate/camera-1      publishes as ONVIF does
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { realClock } from "../../world/clock.ts";
import { BrokerCamera } from "./broker-camera.ts";
import { PUSH_MAKES, STREAM_MAKES } from "./maker-words.ts";
import { PushCamera } from "./push-camera.ts";
import { StreamCamera } from "./stream-camera.ts";

interface Desk {
    readonly url: string;
    /** Resolves with what became of it. */
    see(plate: string): unknown;
    close(): unknown;
}

const account = { username: "camera", password: "camera" };
const { values } = parseArgs({
    options: {
        make: { type: "string", default: "hikvision" },
        port: { type: "string", default: "0" },
        push: { type: "string" },
        broker: { type: "string" },
        prefix: { type: "string", default: "camera" },
    },
});

async function open(): Promise<Desk> {
    const { make, port, push, broker, prefix } = values;
    if (broker !== undefined) {
        const camera = await BrokerCamera.connect(broker, prefix, realClock);
        return { url: broker, see: (plate) => camera.see(plate), close: () => camera.close() };
    }
    if (push !== undefined) {
        const camera = new PushCamera({ make: oneOf(PUSH_MAKES, make), url: push, account, clock: realClock });
        return { url: push, see: (plate) => camera.see(plate), close: () => camera.close() };
    }
    const plan = { make: oneOf(STREAM_MAKES, make), account, clock: realClock, port: Number(port) };
    return await StreamCamera.listen(plan);
}

function oneOf<T extends string>(known: readonly T[], make: string): T {
    const found = known.find((each) => each === make);
    if (found === undefined) throw new Error(`--make ${known.join("|")}, not ${make}`);
    return found;
}

const desk = await open();
console.log(JSON.stringify({ is: "ready", url: desk.url }));
const lines = createInterface({ input: process.stdin });
lines.on("line", async (line) => {
    const plate = line.trim();
    if (plate !== "") console.log(JSON.stringify({ is: "seen", plate, outcome: (await desk.see(plate)) ?? null }));
});
lines.on("close", () => void desk.close());
