import type { SpendLog } from "../spend/log.ts";
import { sumCost, sumUsage, toEntry, type OnSpend, type SpendRow } from "../spend/row.ts";
import type { CallContext } from "./context.ts";
import type { Outcome } from "./stage.ts";

/** Hears of a call when it is over. */
export type Report = (model: string, context: CallContext, outcome: Outcome) => void;

/** Writes calls to the spend log and tells `onSpend` of them. */
export function createReport(onSpend: OnSpend | undefined, log: SpendLog | undefined): Report {
  return (model, context, outcome) => {
    const row = toRow(model, context, outcome);
    log?.add(toEntry(row));
    if (onSpend !== undefined) tell(onSpend, row);
  };
}

function tell(onSpend: OnSpend, row: SpendRow): void {
  try {
    const result = onSpend(row);
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // the call itself went well
  }
}

function toRow(model: string, context: CallContext, { error, cancelled }: Outcome): SpendRow {
  const { answer, attribution, attempts } = context;
  const usage = sumUsage(attempts);
  const cost = sumCost(attempts);
  const row: { -readonly [K in keyof SpendRow]: SpendRow[K] } = {
    id: context.id,
    time: context.startedAt,
    model,
    outcome: cancelled === true || error?.code === "ABORTED" ? "aborted" : error === undefined ? "success" : "failure",
    durationMs: context.runtime.clock.now() - context.startedAt,
    attempts,
  };
  if (answer !== undefined) {
    row.provider = answer.deployment.provider.id;
    row.deployment = answer.deployment.id;
  }
  if (attribution !== undefined) row.attribution = attribution;
  if (usage !== undefined) row.usage = usage;
  if (cost !== undefined) row.cost = cost;
  if (error !== undefined) row.error = error;
  return row;
}
