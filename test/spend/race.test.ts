import { expect, test } from "vitest";
import { makeUsage } from "../../src/ir/usage.ts";
import { openAccount } from "../../src/pipeline/account.ts";
import type { AttemptRecord, CallContext } from "../../src/pipeline/context.ts";
import { createRegistry } from "../../src/providers/registry.ts";
import { createGroups } from "../../src/router/groups.ts";
import { createLedger } from "../../src/spend/ledger.ts";
import { createBook } from "../../src/models/book.ts";
import { memoryStore } from "../../src/spend/memory.ts";
import { createRules } from "../../src/spend/rules.ts";
import { systemClock } from "../../src/transport/clock.ts";

test("attempts that race hold and settle each for itself; the call counts once, and is idle when the last is over", () => {
  const store = memoryStore();
  const prices = { "openai-chat/gpt-4o": { input: 1, output: 1 }, "groq/llama-3.3-70b-versatile": { input: 2, output: 2 } };
  const groups = createGroups({
    registry: createRegistry({}, {}),
    models: {},
    book: createBook(prices, () => {}),
    unsupported: "warn",
    defaultModel: undefined,
  } as never);
  const [first, second] = Object.keys(prices).map((name) => groups.get(name).deployments[0]!);
  const rules = createRules({
    budgets: [
      { id: "usd", limit: 1, window: "lifetime" },
      { id: "calls", unit: "requests", limit: 9, window: "lifetime" },
      { id: "attempts", unit: "requests", limit: 9, window: "lifetime", scope: { provider: ["openai-chat", "groq"] } },
    ],
  });
  const ledger = createLedger({ store, clock: systemClock, tell: (alert) => expect.fail(JSON.stringify(alert)) });
  const context = { id: "call", runtime: { clock: systemClock }, attribution: undefined, signal: undefined } as unknown as CallContext;
  const request = { model: "m", messages: [{ role: "user", content: "Hi" }], maxOutputTokens: 100 } as const;
  const used = (): unknown =>
    (store.counters(rules.map(({ id }) => ({ key: id, from: 0 })), 0) as readonly { used: number; reserved: number }[]).map(({ used, reserved }) => [used, reserved > 0]); // oxfmt-ignore

  const account = openAccount(request, context, rules, ledger);
  const [winner, loser] = [{ outcome: "success" }, { outcome: "aborted" }] as unknown as [AttemptRecord, AttemptRecord];
  void account.begin(request, first!, loser);
  void account.begin(request, second!, winner);
  for (const record of [loser, winner]) account.sends(record);
  account.saw(winner, [{ type: "text-delta", id: "1", text: "ignored, because the provider counts" }]);
  account.saw(loser, [{ type: "text-delta", id: "1", text: "12345678" }]);
  winner.usage = makeUsage({ input: { total: 10 }, output: { total: 5 } });
  winner.cost = { total: 0, nanoUsd: 30_000, items: [], source: "override" };
  account.end(winner);
  let idle = 0;
  account.close();
  account.whenIdle(() => idle++);
  expect([used(), idle]).toEqual([[[30_000, true], [1, false], [1, true]], 0]); // oxfmt-ignore
  account.end(loser);
  expect(loser.usage).toMatchObject({ output: { total: 2 }, estimated: true });
  expect([used(), idle]).toEqual([[[30_000 + loser.cost!.nanoUsd, false], [1, false], [2, false]], 1]); // oxfmt-ignore
});
