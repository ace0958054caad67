/** Two groups of tests: `unit` runs beside itself, `e2e` afterwards and one file at a time, since it starts whole sites. */
import { defineConfig } from "vitest/config";

export default defineConfig({
    test: {
        environment: "node",
        pool: "forks",
        maxWorkers: 2,
        testTimeout: 30_000,
        hookTimeout: 60_000,
        reporters: ["default", "./scripts/closing-line-reporter.ts"],
        projects: [
            {
                extends: true,
                test: {
                    name: "unit",
                    include: ["tests/**/*.test.ts"],
                    exclude: ["tests/e2e/**"],
                    sequence: { groupOrder: 0 },
                },
            },
            {
                extends: true,
                test: {
                    name: "e2e",
                    include: ["tests/e2e/**/*.test.ts"],
                    fileParallelism: false,
                    testTimeout: 180_000,
                    hookTimeout: 180_000,
                    sequence: { groupOrder: 1 },
                },
            },
        ],
    },
});
