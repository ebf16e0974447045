/** Compares the routing strategies in a simulated world. `--calls 20000` makes it smaller, `--write` writes the page and its drawings. */
import { writeFileSync } from "node:fs";
import { option, print } from "../report.ts";
import { claimOf, drawings, page, row, type Claim } from "./page.ts";
import { POLICIES, simulate } from "./run.ts";
import { createWorld } from "./world.ts";

const SEEDS = [1, 2, 3, 4, 5];
const CLAIMED = ["plain shuffle", "shuffle", "latency", "cache-affinity"];

const count = option("calls", 100_000);
const world = createWorld(SEEDS[0]!, count);
const results = await simulate(world, POLICIES);
const claims: Claim[] = [claimOf(world.seed, results)];
for (const seed of SEEDS.slice(1)) {
  const some = POLICIES.filter(({ name }) => CLAIMED.includes(name));
  claims.push(claimOf(seed, await simulate(createWorld(seed, count), some)));
}

print([
  { title: `Routing, simulated: seed ${world.seed}, ${count} calls`, rows: results.map(row) },
  { title: "Over five seeds", rows: claims.map((claim) => ({ ...claim })) },
]);

if (process.argv.includes("--write")) {
  const docs = new URL("../../docs/", import.meta.url);
  writeFileSync(new URL("routing-simulation.md", docs), page({ world, results, claims }));
  for (const [name, svg] of Object.entries(drawings(world, results))) writeFileSync(new URL(name, docs), svg);
}
