/**
 * Writes a film of the gate as pictures, to look at what liveness is judged on:
 * `node simulators/world/camera/clip/main.ts --kind held-up --seed 1 --light night --out FOLDER`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FRAUD_CLIPS, gateClip, HONEST_CLIPS } from "../gate-clip.ts";

const { values } = parseArgs({
    options: {
        kind: { type: "string", default: "held-up" },
        seed: { type: "string", default: "1" },
        light: { type: "string", default: "day" },
        plate: { type: "string", default: "375SN04" },
        out: { type: "string" },
    },
});
const kind = [...HONEST_CLIPS, ...FRAUD_CLIPS].find((name) => name === values.kind);
const light = (["day", "dusk", "night"] as const).find((name) => name === values.light);
const { out } = values;
if (kind === undefined || light === undefined || out === undefined) {
    const kinds = [...HONEST_CLIPS, ...FRAUD_CLIPS].join("|");
    throw new Error(`usage: main.ts --out FOLDER [--kind ${kinds}] [--seed N] [--light day|dusk|night] [--plate TEXT]`);
}
mkdirSync(out, { recursive: true });
const plate = { text: values.plate, country: "KZ", rows: 1 } as const;
const size = { width: 1280, height: 720, fps: 5 };
let count = 0;
for await (const { jpeg } of gateClip({ kind, seed: Number(values.seed), light, plate, ...size })) {
    writeFileSync(join(out, `frame${String(count++).padStart(4, "0")}.jpg`), jpeg);
}
console.log(`${count} pictures in ${out}`);
