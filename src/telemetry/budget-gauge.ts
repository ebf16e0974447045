import type { Attribution } from "../spend/attribution.ts";
import type { BudgetQuery, BudgetState } from "../spend/budget-state.ts";
import { LABEL_ATTRIBUTES, type MetricLabel } from "./options.ts";
import type { Attributes, Meter, ObservableResult } from "./otel.ts";

/** Asks where the budgets stand that concern a query; without fields, those that count all their calls together. */
export type Budgets = (query: BudgetQuery) => Promise<readonly BudgetState[]>;

/** Budgets that count each team by itself are told of so many whose calls came last. */
const MAX_SEEN = 100;

/**
 * Observes what is left of each budget whenever somebody reads the gauge, and never else. The result is told whose calls come, because a budget
 * that counts each value by itself does not know its values; fields that are no labels are left out.
 */
export function observeBudgets(
  meter: Meter,
  budgets: Budgets,
  labels: readonly MetricLabel[],
): ((attribution: Attribution | undefined) => void) | undefined {
  const gauge = meter.createObservableGauge?.("crosspoint.budget.remaining", {
    description: "What is left of a budget in its window, in US dollars or the unit that crosspoint.budget.unit says",
  });
  if (gauge === undefined) return undefined;
  const seen = new Map<string, BudgetQuery>();
  const observe = async (result: ObservableResult): Promise<void> => {
    const told = new Set<string>();
    const states = await Promise.all([{}, ...seen.values()].map(budgets));
    for (const { id, scope, unit, onExceed, remaining } of states.flat()) {
      const attributes: Attributes = { "crosspoint.budget.id": id, "crosspoint.budget.unit": unit };
      for (const label of labels) if (scope[label] !== undefined) attributes[LABEL_ATTRIBUTES[label]] = scope[label];
      const name = JSON.stringify(attributes);
      if (onExceed === "limit" || told.has(name)) continue;
      told.add(name);
      result.observe(remaining, attributes);
    }
  };
  gauge.addCallback((result) => observe(result).catch(() => {})); // a store that fails is told of elsewhere
  return (attribution) => {
    const query: Record<string, string> = {};
    for (const label of labels) if (attribution?.[label] !== undefined) query[label] = attribution[label];
    const name = JSON.stringify(query);
    if (name === "{}") return;
    seen.delete(name);
    seen.set(name, query);
    if (seen.size > MAX_SEEN) seen.delete(seen.keys().next().value!);
  };
}
