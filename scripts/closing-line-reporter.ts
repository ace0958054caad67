/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, after the reasons for what was skipped.
 * A run in which no test ran fails, whatever was skipped.
 */
import type { Reporter, SerializedError, TestModule } from "vitest/node";

export default class ClosingLineReporter implements Reporter {
    onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
        const tests = modules.flatMap((module) => [...module.children.allTests()]);
        const passed = tests.filter((test) => test.result().state === "passed").length;
        const skipped = tests.filter((test) => test.result().state === "skipped");
        // A file that cannot be loaded and a hook that throws fail no test of their own: each counts as one.
        const broken = modules
            .flatMap((module) => [module, ...module.children.allSuites()])
            .filter((suite) => suite.errors().length > 0).length;
        const failed = tests.length - passed - skipped.length + broken + unhandledErrors.length;

        const reasons = skipped.map((test) => {
            const result = test.result();
            const note = result.state === "skipped" ? result.note : undefined;
            return `skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${note ?? "its condition was not met"}`;
        });
        if (passed + failed === 0) process.exitCode = 1;
        // At exit, so that nothing which vitest still has to say comes after it.
        process.once("exit", () => {
            process.stdout.write(
                [...reasons, `${passed} passed, ${failed} failed, ${skipped.length} skipped\n`].join("\n"),
            );
        });
    }
}
