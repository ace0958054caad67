/** What a command and the process that reads picture files for it say to each other over IPC. */
import { z } from "zod";

export const FileOrder = z.strictObject({
    path: z.string(),
    /** "crop": the picture is one plate already cut out, and is straightened and read without being searched. */
    kind: z.enum(["full", "crop", "video"]),
    /** Where to write the picture with the boxes drawn on it. */
    drawTo: z.string().optional(),
});

export type FileOrder = z.infer<typeof FileOrder>;

const Fraction = z.number().min(0).max(1);
const Corner = z.tuple([z.number(), z.number()]).readonly();

const FilePlate = z.strictObject({
    /** Empty when a plate is there and cannot be read. */
    text: z.string(),
    /** How probably the text is right. */
    confidence: Fraction,
    /** Other texts that the picture may show, likeliest first. */
    alternatives: z.array(z.strictObject({ text: z.string(), probability: Fraction })).readonly(),
    /** Countries whose forms have the text (ISO 3166-1 alpha-2), in the order of the table of forms; a guess. */
    countries: z.array(z.string()).readonly(),
    /** In pixels of the picture, clockwise from the plate's top left. */
    corners: z.array(Corner).readonly(),
    /** Of a video: frames that showed it, and when it was seen first and last, in ms from the start. */
    seen: z.strictObject({ frames: z.int(), fromMs: z.number(), toMs: z.number() }).optional(),
});

export type FilePlate = z.infer<typeof FilePlate>;

export const FileAnswer = z.strictObject({
    path: z.string(),
    plates: z.array(FilePlate).readonly(),
    /** From decoded picture to plates; for a video of each frame in the mean. */
    ms: z.number().min(0),
    width: z.int().min(0),
    height: z.int().min(0),
    /** Why this file gave nothing; the process goes on with the next. */
    error: z.string().optional(),
});

export type FileAnswer = z.infer<typeof FileAnswer>;
