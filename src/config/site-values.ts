/** Values that many parts of a site file are made of. */
import { z } from "zod";

export const Id = z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, "lower-case letters, digits and dashes, starting with a letter");
export const milliseconds = (least: number, most: number, usual: number, what: string) =>
    z.number().int().min(least).max(most).default(usual).describe(`${what}, ms`);
export const kilograms = (least: number, most: number, usual: number, what: string) =>
    z.number().int().min(least).max(most).default(usual).describe(`${what}, kg`);
/** `module:terminal`, terminals counted from 0 as the module's protocol does. */
export const Terminal = z.string().regex(/^[a-z][a-z0-9-]{0,30}:\d{1,3}$/, "module and terminal, such as io-1:0");
export const FilePath = z.string().min(1);
export const ProfileName = z.string().regex(/^[a-z0-9-]+(\/[a-z0-9-]+)+$/, "path below devices/, without .json");
