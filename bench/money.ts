/** What money adds to a call: its cost, its attribution, a budget, a row in the spend log. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrosspoint, type CallRequest, type Crosspoint, type CrosspointOptions } from "crosspoint";
import { sqliteStore } from "crosspoint/sqlite";
import { answer, API_KEY, BASE_URL, MODEL, small } from "./conversation.ts";
import { isMain, option, print, rounded, type Table } from "./report.ts";
import { forCrosspoint } from "./requests.ts";
import { measure, type Subject } from "./rounds.ts";

const fetch: typeof globalThis.fetch = () => Promise.resolve(new Response(answer, { headers: { "content-type": "application/json" } }));

const PRICED = { prices: { [`bench/${MODEL}`]: { input: 0.15, output: 0.6, cacheRead: 0.075 } } };
const ATTRIBUTED = { attribution: { user: "u1", team: "search", tags: ["bench"] } };
/** More than the benchmark spends, with the output known, as a program that cares for budgets gives it. */
const BUDGETS = { budgets: [{ scope: { team: "search" }, limit: 1e6 }] };
const request: CallRequest = { ...forCrosspoint(small), maxOutputTokens: 100 };

function layer(options: CrosspointOptions): Crosspoint {
  return createCrosspoint({
    fetch,
    env: {},
    providers: { bench: { codec: "openai-chat", baseURL: BASE_URL, apiKey: API_KEY } },
    ...options,
  });
}

/** Turns are long beside a batch of 100 rows, so that hardly any row is written in a turn that is not its own. */
const PLAN = { turnMs: 200 };

export async function benchMoney(): Promise<Table> {
  const folder = mkdtempSync(join(tmpdir(), "crosspoint-bench-"));
  const sqlite = (name: string) => sqliteStore({ path: join(folder, name) });
  const plain = layer({});
  const priced = layer(PRICED);
  const budgeted = layer({ ...PRICED, ...BUDGETS });
  const logged = layer({ ...PRICED, store: sqlite("log.db") });
  const shared = layer({ ...PRICED, ...BUDGETS, store: sqlite("budget.db") });
  const attributed = { ...request, ...ATTRIBUTED };
  const subjects: Record<string, Subject> = {
    "no price, no attribution": () => plain.generate(request),
    "+ cost": () => priced.generate(request),
    "+ cost, attribution": () => priced.generate(attributed),
    "+ cost, attribution, budget and log in memory": () => budgeted.generate(attributed),
    "+ cost, attribution, log in SQLite": () => logged.generate(attributed),
    "+ cost, attribution, budget and log in SQLite": () => shared.generate(attributed),
  };
  try {
    const figures = await measure({ ...PLAN, rounds: option("rounds", 15), subjects });
    return {
      title: "Money, in memory (µs of CPU for a call, and what it adds to a call without)",
      rows: figures.map(({ name, us, added }) => ({ call: name, µs: rounded(us, 1), "added µs": rounded(added, 1) })),
    };
  } finally {
    await Promise.all([plain, priced, budgeted, logged, shared].map((each) => each.close()));
    rmSync(folder, { recursive: true });
  }
}

if (isMain(import.meta)) print([await benchMoney()]);
