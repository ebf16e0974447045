import { CrosspointError } from "../ir/error.ts";
import type { Attempt, Cost } from "../ir/response.ts";
import type { Usage } from "../ir/usage.ts";
import type { Attribution } from "../spend/attribution.ts";
import type { CallContext } from "./context.ts";
import type { Outcome, Stage } from "./stage.ts";

/** What one call used and cost, and for whom. */
export interface SpendRow {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The name that was asked for. */
  readonly model: string;
  readonly outcome: "success" | "failure" | "aborted";
  /** Who answered; absent when nobody did. */
  readonly provider?: string;
  readonly deployment?: string;
  readonly attribution?: Attribution;
  readonly usage?: Usage;
  readonly cost?: Cost;
  readonly durationMs: number;
  readonly attempts: readonly Attempt[];
  readonly error?: CrosspointError;
}

/** Hears of every call when it is over. What it throws or rejects with is swallowed: accounting never breaks a call. */
export type OnSpend = (row: SpendRow) => void | Promise<void>;

/** Tells `onSpend` once for every call, however it ends. */
export function createSettle(onSpend: OnSpend): Stage {
  return (next) =>
    async function settled(request, context) {
      const report = (outcome: Outcome): void => tell(onSpend, toRow(request.model, context, outcome));
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
  const { answer, attribution, usage, cost } = context;
  return {
    id: context.id,
    time: context.startedAt,
    model,
    outcome: cancelled === true || error?.code === "ABORTED" ? "aborted" : error === undefined ? "success" : "failure",
    durationMs: context.runtime.clock.now() - context.startedAt,
    attempts: context.attempts,
    ...(answer === undefined ? undefined : { provider: answer.deployment.provider.id, deployment: answer.deployment.id }),
    ...(attribution === undefined ? undefined : { attribution }),
    ...(usage === undefined ? undefined : { usage }),
    ...(cost === undefined ? undefined : { cost }),
    ...(error === undefined ? undefined : { error }),
  };
}
