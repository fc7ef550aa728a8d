import { defineConfig } from "vitest/config";

// Vitest takes its configuration from a default export.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "node_modules/**"],
    testTimeout: 60_000,
    // Every core: by itself vitest leaves one alone, which is half of a small machine.
    maxWorkers: "100%",
  },
});
