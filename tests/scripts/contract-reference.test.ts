/** The generated page of the MQTT contract is the one that the contract gives today, and leaves nothing of it out. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { contractReferenceText } from "../../scripts/contract-reference.ts";

const root = new URL("../../", import.meta.url);
const page = readFileSync(new URL("docs/reference/mqtt-messages.md", root), "utf8");
const contract = parse(readFileSync(new URL("docs/asyncapi.yaml", root), "utf8"), { merge: true });

test("the page is what the contract gives (make contracts writes it)", () => {
    expect(page).toBe(contractReferenceText());
});

test("every topic, every field and every word that a field may hold is on it", () => {
    const wanted = new Set<string>();
    const visit = (node: unknown): void => {
        if (Array.isArray(node)) for (const item of node) visit(item);
        if (typeof node !== "object" || node === null || Array.isArray(node)) return;
        const { properties, const: only, enum: words } = node as Record<string, unknown>;
        for (const name of Object.keys((properties as object | undefined) ?? {})) wanted.add(name);
        if (only !== undefined) wanted.add(String(only));
        for (const word of (words as unknown[] | undefined) ?? []) wanted.add(String(word));
        for (const value of Object.values(node)) visit(value);
    };
    visit(contract.components.schemas);
    for (const { address } of Object.values<{ address: string }>(contract.channels)) {
        wanted.add(address.replace("kordon/v1/{site}/", ""));
    }
    expect(wanted.size).toBeGreaterThan(80);
    expect([...wanted].filter((word) => !page.includes(word))).toEqual([]);
});

test("every link of the page leads somewhere on it", () => {
    const anchors = new Set(
        [...page.matchAll(/^## (.+)$/gm)].map(([, name]) => (name ?? "").toLowerCase().replaceAll(" ", "-")),
    );
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !anchors.has(anchor ?? ""))).toEqual([]);
});
