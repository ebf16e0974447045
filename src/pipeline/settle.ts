import { CrosspointError } from "../ir/error.ts";
import type { SpendLog } from "../spend/log.ts";
import { sumCost, sumUsage, toEntry, type OnSpend, type SpendRow } from "../spend/row.ts";
import type { CallContext } from "./context.ts";
import type { EventSource, Outcome, Stage } from "./stage.ts";

/** Writes every call to the spend log and tells `onSpend` of it, once, however it ends. */
export function createSettle(onSpend: OnSpend | undefined, log: SpendLog | undefined): Stage {
  return (next) =>
    function settled(request, context) {
      const write = (outcome: Outcome): void => {
        const row = toRow(request.model, context, outcome);
        log?.add(toEntry(row));
        if (onSpend !== undefined) tell(onSpend, row);
      };
      // Attempts that lost a race may be over a little later than the call; the row has them all.
      const report = (outcome: Outcome): void => {
        if (context.account === undefined) write(outcome);
        else context.account.whenIdle(() => write(outcome));
      };
      const onSource = (source: EventSource): EventSource => {
        source.onSettled(report);
        return source;
      };
      const onFailure = (error: unknown): never => {
        report({ error: CrosspointError.is(error) ? error : new CrosspointError("SERVER", String(error), { cause: error }) });
        throw error;
      };
      return next(request, context).then(onSource, onFailure);
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
