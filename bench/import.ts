/** How long a fresh process takes to import: built `crosspoint`, beside packages of its neighbourhood. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { median } from "./rounds.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SUBJECTS = ["crosspoint", "zod", "openai", "ai", "@langchain/core/language_models/chat_models"];

/** Milliseconds of the import alone, without the start of Node itself; CPU and wall. */
function timeOf(subject: string): { readonly cpu: number; readonly wall: number } {
  const script = `const start = performance.now(); const cpu = process.cpuUsage(); await import(${JSON.stringify(subject)});
    const { user, system } = process.cpuUsage(cpu); console.log(JSON.stringify({ cpu: (user + system) / 1000, wall: performance.now() - start }));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${subject}: ${stderr}`);
  return JSON.parse(stdout) as { cpu: number; wall: number };
}

export function benchImport(): Table {
  if (!existsSync(`${ROOT}dist/src/index.js`)) throw new Error("build first: npm run build");
  const rounds = option("rounds", 15);
  const times = new Map(SUBJECTS.map((subject) => [subject, [] as { cpu: number; wall: number }[]]));
  for (let round = 0; round < rounds; round++) {
    for (const subject of SUBJECTS.toSorted(() => Math.random() - 0.5)) times.get(subject)!.push(timeOf(subject));
  }
  return {
    title: "Import in a fresh process (ms, median)",
    rows: SUBJECTS.map((subject) => {
      const own = times.get(subject)!;
      return { subject, wall: rounded(median(own.map(({ wall }) => wall)), 1), cpu: rounded(median(own.map(({ cpu }) => cpu)), 1) };
    }),
  };
}

if (isMain(import.meta)) print([benchImport()]);
