import { defineConfig } from "vitest/config";

const conditions = ["crosspoint:source", "module", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: ["dot", "./test/support/tally.ts"],
    sequence: { shuffle: true },
    testTimeout: 20_000,
    maxWorkers: "100%",
    projects: [
      { extends: true, test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["test/edge/**"] } },
      { extends: true, test: { name: "edge", include: ["test/edge/**/*.test.ts"], environment: "edge-runtime" } },
    ],
  },
});
