/** The checkpoints of `config/checkpoints.yaml`: their names, where they lead, and how many lorries a day they pass. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const Checkpoint = z.strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    name: z.strictObject({ ru: z.string().min(1), latin: z.string().regex(/^[A-Za-z. -]+$/) }),
    neighbour: z.string().regex(/^[A-Z]{2}$/),
    region: z.string().optional(),
    /** The source gives only the sum over several posts. */
    isShareOfSum: z.literal(true).optional(),
    lorriesPerDay: z.int().positive(),
});

export type Checkpoint = z.infer<typeof Checkpoint>;

const CheckpointFile = z.strictObject({ checkpoints: z.array(Checkpoint).min(1) });

const FILE = new URL("../config/checkpoints.yaml", import.meta.url);

/** Throws `ZodError` naming what is wrong where. */
export function loadCheckpoints(): readonly Checkpoint[] {
    return CheckpointFile.parse(parse(readFileSync(FILE, "utf8"))).checkpoints;
}
