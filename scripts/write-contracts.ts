/** Writes what is generated: the site file's JSON Schema and reference, the command line's and the contract's. Tests hold them against their sources. */
import { readFileSync, writeFileSync } from "node:fs";
import { commandLineText } from "../src/cli/program.ts";
import { siteReferenceText, siteSchemaText } from "../src/config/site-reference.ts";
import { contractReferenceText } from "./contract-reference.ts";
import { withFacts } from "./fact-contract.ts";

const root = new URL("../", import.meta.url);
writeFileSync(new URL("config/site.schema.json", root), siteSchemaText());
writeFileSync(new URL("docs/reference/site-file.md", root), siteReferenceText());
writeFileSync(new URL("docs/reference/command-line.md", root), commandLineText());
const contract = new URL("docs/asyncapi.yaml", root);
writeFileSync(contract, withFacts(readFileSync(contract, "utf8")));
writeFileSync(new URL("docs/reference/mqtt-messages.md", root), contractReferenceText());
