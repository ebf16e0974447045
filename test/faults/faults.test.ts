import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { page } from "../../scripts/faults.ts";
import { RUNS, runAll, runOnce } from "./run.ts";

describe.concurrent("fault scenarios over real sockets", () => {
  test.each(
    RUNS.map((run) => {
      const { scenario, channel, mode } = run;
      return [`${scenario.id} ${scenario.fault}${scenario.modes === undefined ? "" : `, recovery ${mode}`}, ${channel.name}`, run] as const;
    }),
  )(
    "%s",
    async (_, run) => {
      await runOnce(run);
    },
    60_000,
  );
});

test("the scorecard is that of this run: node scripts/faults.ts writes it", async () => {
  const report = await runAll();
  mkdirSync(".crosspoint", { recursive: true });
  writeFileSync(".crosspoint/faults.json", JSON.stringify(report));
  expect(readFileSync("docs/faults.md", "utf8")).toBe(page(report));
}, 120_000);
