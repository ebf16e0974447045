import { scopeOf } from "./ledger.ts";
import { countersOf, type Place, type Rule, type Subject } from "./rules.ts";
import type { Store } from "./store.ts";

/** Where a budget or limit stands. Amounts are in its unit. */
export interface BudgetState {
  readonly id: string;
  /** Whom it counts, by field. */
  readonly scope: Readonly<Record<string, string>>;
  readonly unit: "usd" | "tokens" | "requests" | "parallel";
  readonly onExceed: "block" | "downgrade" | "alert" | "limit";
  readonly limit: number;
  readonly used: number;
  /** Held by calls that run. */
  readonly reserved: number;
  /** What is left for further calls, never below 0. */
  readonly remaining: number;
  /** When its calendar window begins anew; absent for one that rolls or never ends. */
  readonly resetAt?: number;
}

/** Whom `budgets` is asked for: what a call's attribution would say, and where it would go. */
export interface BudgetQuery extends Subject {
  /** `provider/model`, or a name of the `models` option. */
  readonly model?: string;
  readonly provider?: string;
}

/**
 * The state of every rule that counts all its calls together, and of those that count each value by itself for the values that the query
 * gives. A query with fields leaves out the rules that do not concern it.
 */
export async function budgetStates(store: Store, rules: readonly Rule[], query: BudgetQuery, now: number): Promise<readonly BudgetState[]> {
  const asked = Object.keys(query).length > 0;
  const counters = rules.flatMap((rule) => keysOf(rule, query, asked).map((key) => ({ rule, key, ...rule.window.at(now) })));
  const states = await store.counters(counters, now);
  return counters.map(({ rule, key, bucket, from, bucketEnd }, index) => {
    const scale = rule.unit === "usd" ? 1e9 : 1;
    const { used, reserved } = states[index]!;
    return {
      id: rule.id,
      scope: scopeOf(rule, key),
      unit: rule.unit,
      onExceed: rule.onExceed,
      limit: rule.limit / scale,
      used: used / scale,
      reserved: reserved / scale,
      remaining: Math.max(0, rule.limit - used - reserved) / scale,
      ...(bucketEnd === undefined || from !== bucket ? undefined : { resetAt: bucketEnd }),
    };
  });
}

function keysOf(rule: Rule, { model, provider, ...subject }: BudgetQuery, asked: boolean): readonly string[] {
  if (!asked) return rule.scope.some(([, wanted]) => wanted === "*") ? [] : rule.whole;
  const slash = model?.indexOf("/") ?? -1;
  const place: Place | undefined =
    model === undefined && provider === undefined
      ? undefined
      : { asked: model ?? "", provider: provider ?? model?.slice(0, Math.max(0, slash)) ?? "", model: model?.slice(slash + 1) ?? "" };
  return countersOf(rule, subject, place);
}
