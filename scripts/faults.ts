/** Writes docs/faults.md from the last run of the scenarios: `vitest run test/faults`, then `node scripts/faults.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import type { FaultReport } from "../test/faults/run.ts";

const root = new URL("../", import.meta.url);

/** The page's text. */
export function page({ channels, scenarios }: FaultReport): string {
  const held = scenarios.filter(({ rows }) => rows.every(({ cells }) => cells.every(({ failed }) => failed !== true))).length;
  const runs = scenarios.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells));
  const failures = runs.filter(({ failed }) => failed === true);
  const lines = scenarios.flatMap(({ id, fault, rows }) =>
    rows.map(
      ({ mode, cells }) =>
        `| ${id} | ${fault} | ${mode ?? ""} | ${cells.map(({ outcome, failed }) => (failed === true ? "✗" : `✓ ${outcome}`)).join(" | ")} |`,
    ),
  );
  return `# Faults

${held} of ${scenarios.length} scenarios hold, in ${runs.length} runs${failures.length === 0 ? "" : `; ${failures.length} failed`}. Each run has a provider that fails, another one as fallback, and a layer with two
retries, all over real sockets with the simulator of \`crosspoint/testing\`; "in process" is the layer itself, the other columns are the official
clients through \`serve\`, with their own retries off. Times are as written and pass ten times faster. No real provider was called.

The scenarios are those of the public FailoverBench scorecard, run here by our own tests.

| | what goes wrong | \`recovery\` | ${channels.join(" | ")} |
| --- | --- | --- | ${channels.map(() => "---").join(" | ")} |
${lines.join("\n")}

**answer**: the whole answer of the provider that was asked · **fallback**: the whole answer of the other one · **continued**: one answer, begun by the first and ended by the
other, nothing shown twice · **error told**: the client gets an
error that it cannot mistake for an end. The streams of the HTTP wires cannot take back what they sent: there \`restart\` tells the error, and no
second answer is paid for.

## What must happen

${scenarios.map(({ id, behaviour }) => `- **${id}** ${behaviour}.`).join("\n")}

This page is made by \`scripts/faults.ts\` from the run of \`test/faults\`; a test holds it to that run.
`;
}

if (import.meta.main) {
  const report = JSON.parse(readFileSync(new URL(".crosspoint/faults.json", root), "utf8")) as FaultReport;
  writeFileSync(new URL("docs/faults.md", root), page(report));
}
