/**
 * House rules about time: one clock for the daemon, one for the simulators, and no test that sleeps.
 * Real time outside the clock makes a run unrepeatable; a sleep makes a test slow and, one day, red.
 */
import { type ArrowFunctionExpression, type Function as FunctionNode, Visitor } from "oxc-parser";
import type { Breach, TreeFile } from "./tree-file.ts";

const clockFiles = /^(src\/runtime|simulators\/[a-z-]+)\/clock\.ts$/;
const timers = new Set(["setTimeout", "setInterval", "setImmediate"]);
const globals = new Set(["globalThis", "global"]);
const timeModules = /^(node:)?(timers(\/promises)?|perf_hooks)$/;
const clockReads = new Set(["Date.now", "performance.now", "performance.timeOrigin", "process.hrtime"]);

export function oneClock(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder("src", "devices", "simulators", "simulation") || clockFiles.test(file.path))
        return [];
    const found = new Map<number, string>();
    const names = new Set<number>(); // where a timer's name is a mere property or member, as in `socket.setTimeout`
    const asName = (key: { start: number }): unknown => names.add(key.start);
    new Visitor({
        Identifier: (node) => {
            if (timers.has(node.name)) found.set(node.start, node.name);
        },
        MemberExpression: (node) => {
            if (node.computed || node.property.type !== "Identifier") return;
            const object = node.object.type === "Identifier" ? node.object.name : "";
            if (!globals.has(object)) asName(node.property);
            if (clockReads.has(`${object}.${node.property.name}`)) {
                found.set(node.start, `${object}.${node.property.name}`);
            }
        },
        Property: (node) => !node.shorthand && asName(node.key),
        PropertyDefinition: (node) => asName(node.key),
        MethodDefinition: (node) => asName(node.key),
        TSPropertySignature: (node) => asName(node.key),
        TSMethodSignature: (node) => asName(node.key),
        NewExpression: (node) => {
            const isDate = node.callee.type === "Identifier" && node.callee.name === "Date";
            if (isDate && node.arguments.length === 0) found.set(node.start, "new Date()");
        },
        CallExpression: (node) => {
            if (node.callee.type === "Identifier" && node.callee.name === "Date") found.set(node.start, "Date()");
        },
        ImportDeclaration: (node) => {
            if (timeModules.test(node.source.value)) found.set(node.start, node.source.value);
        },
    }).visit(file.syntax.program);
    return [...found]
        .filter(([offset]) => !names.has(offset))
        .map(([offset, what]) => file.breach("one-clock", offset, `${what}: take a Clock instead`));
}

/** A sleep is a promise that a timer resolves. A timer that rejects is a deadline, and a delay of 0 only yields. */
export function noTestSleeps(file: TreeFile): Breach[] {
    if (!file.isTypeScript || !file.isUnder("tests")) return [];
    const executors: { readonly start: number; readonly end: number; readonly resolve: string }[] = [];
    const breaches: Breach[] = [];
    new Visitor({
        NewExpression: (node) => {
            const executor = node.arguments[0];
            if (node.callee.type !== "Identifier" || node.callee.name !== "Promise" || !isFunction(executor)) return;
            const resolve = executor.params[0];
            if (resolve?.type === "Identifier")
                executors.push({ start: node.start, end: node.end, resolve: resolve.name });
        },
        CallExpression: (node) => {
            if (node.callee.type !== "Identifier" || node.callee.name !== "setTimeout") return;
            const [callback, delay] = node.arguments;
            if (callback === undefined || (delay?.type === "Literal" && delay.value === 0)) return;
            const code = file.text.slice(callback.start, callback.end);
            const isSleep = executors.some(
                ({ start, end, resolve }) =>
                    start < node.start && node.end <= end && new RegExp(`\\b${resolve}\\b`).test(code),
            );
            if (isSleep) breaches.push(file.breach("test-sleep", node.start, "await the event or the condition"));
        },
        ImportDeclaration: (node) => {
            if (/^(node:)?timers\/promises$/.test(node.source.value)) {
                breaches.push(file.breach("test-sleep", node.start, `${node.source.value} is for sleeping`));
            }
        },
    }).visit(file.syntax.program);
    return breaches;
}

function isFunction(node: { type: string } | undefined): node is FunctionNode | ArrowFunctionExpression {
    return node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
}
