/** Checks the tree that it stands in against the house rules; prints each breach and fails if there is one. */
import { resolve } from "node:path";
import { checkTree } from "./check-tree.ts";

const breaches = checkTree(resolve(import.meta.dirname, "../.."));
for (const { path, line, rule, message } of breaches) console.error(`${path}:${line} ${rule}: ${message}`);
if (breaches.length > 0) {
    console.error(`house rules: ${breaches.length} breaches; CONTRIBUTING.md says what each is for`);
    process.exitCode = 1;
}
