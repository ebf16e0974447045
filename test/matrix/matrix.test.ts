import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { page } from "../../scripts/matrix.ts";
import { WIRES } from "./harness.ts";
import { CAPABILITIES, CLIENTS, HELPERS } from "./matrix.ts";
import { runCell, runMatrix } from "./report.ts";

describe.each(CLIENTS)("$wire client", (client) => {
  describe.each(WIRES)("on %s", (provider) => {
    for (const capability of [...CAPABILITIES, ...HELPERS[client.wire]]) {
      if (capability.cannot?.(client, provider) !== undefined) continue;
      test.each(capability.forms)(`${capability.id}, %s`, (form) => runCell(client.wire, provider, capability.id, form));
    }
  });
});

test("the page of the matrix says what this run gave", { timeout: 60_000 }, async () => {
  const report = await runMatrix();
  mkdirSync(".crosspoint", { recursive: true });
  writeFileSync(".crosspoint/matrix.json", JSON.stringify(report));
  expect(readFileSync("docs/matrix.md", "utf8"), "write it anew: node scripts/matrix.ts").toBe(page(report));
});
