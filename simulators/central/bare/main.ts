/**
 * How fast mqtt.js alone publishes to this broker: `node simulators/central/bare/main.ts --broker URL --messages N --bytes B`.
 * QoS 1, a few hundred at a time, nobody listening; the yardstick for the box's own link. Prints one JSON object.
 */
import { parseArgs } from "node:util";
import { connectAsync } from "mqtt";
import { realClock } from "../../world/clock.ts";

const AT_ONCE = 256;
const MS_PER_S = 1_000;

const { values } = parseArgs({
    options: { broker: { type: "string" }, messages: { type: "string" }, bytes: { type: "string" } },
});
const [messages, bytes] = [Number(values.messages), Number(values.bytes)];
if (values.broker === undefined || !(messages > 0) || !(bytes > 0)) {
    throw new Error("usage: node simulators/central/bare/main.ts --broker URL --messages N --bytes B");
}
const client = await connectAsync(values.broker, { protocolVersion: 5, clientId: "bare" });
const payload = Buffer.alloc(bytes, "x");
const startMs = realClock.monotonicMs();
let given = 0;
let taken = 0;
await new Promise<void>((resolve, reject) => {
    const give = (): void => {
        given += 1;
        client.publish("bare/events", payload, { qos: 1 }, (error) => {
            if (error) return reject(error);
            taken += 1;
            if (taken === messages) resolve();
            else if (given < messages) give();
        });
    };
    for (let n = 0; n < Math.min(AT_ONCE, messages); n++) give();
});
const perS = (messages * MS_PER_S) / (realClock.monotonicMs() - startMs);
await client.endAsync();
console.log(JSON.stringify({ perS }));
