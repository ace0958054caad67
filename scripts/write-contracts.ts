/** Writes what is generated from the code: the site file's JSON Schema and reference, the command line's reference. Tests hold them against the code. */
import { writeFileSync } from "node:fs";
import { commandLineText } from "../src/cli/program.ts";
import { siteReferenceText, siteSchemaText } from "../src/config/site-reference.ts";

const root = new URL("../", import.meta.url);
writeFileSync(new URL("config/site.schema.json", root), siteSchemaText());
writeFileSync(new URL("docs/reference/site-file.md", root), siteReferenceText());
writeFileSync(new URL("docs/reference/command-line.md", root), commandLineText());
