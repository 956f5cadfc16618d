import { defineConfig } from "vitest/config";
import { ClosingLine } from "./test/helpers/closingLine.js";

const shared = { pool: "forks" as const, setupFiles: ["test/helpers/egressGuard.ts"] };

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", new ClosingLine()],
    globalSetup: ["test/helpers/globalSetup.ts"],
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.integration.test.ts", "test/clients/**", "test/soak/**"],
          testTimeout: 5_000,
        },
      },
      {
        test: {
          ...shared,
          name: "integration",
          include: ["test/**/*.integration.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          ...shared,
          name: "clients",
          include: ["test/clients/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          ...shared,
          name: "soak",
          include: ["test/soak/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
