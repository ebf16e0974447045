import { CrosspointError } from "../ir/error.ts";
import type { SpendLog } from "../spend/log.ts";
import { sumCost, sumUsage, toEntry, type OnSpend, type SpendRow } from "../spend/row.ts";
import type { CallContext } from "./context.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Writes every call to the spend log and tells `onSpend` of it, once, however it ends. */
export function createSettle(onSpend: OnSpend | undefined, log: SpendLog | undefined): Stage {
  return (next) =>
    async function settled(request, context) {
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
      try {
        const source = await next(request, context);
        source.onSettled(report);
        return source;
      } catch (error) {
        report({ error: CrosspointError.is(error) ? error : new CrosspointError("SERVER", String(error), { cause: error }) });
        throw error;
      }
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
  return {
    id: context.id,
    time: context.startedAt,
    model,
    outcome: cancelled === true || error?.code === "ABORTED" ? "aborted" : error === undefined ? "success" : "failure",
    durationMs: context.runtime.clock.now() - context.startedAt,
    attempts,
    ...(answer === undefined ? undefined : { provider: answer.deployment.provider.id, deployment: answer.deployment.id }),
    ...(attribution === undefined ? undefined : { attribution }),
    ...(usage === undefined ? undefined : { usage }),
    ...(cost === undefined ? undefined : { cost }),
    ...(error === undefined ? undefined : { error }),
  };
}
