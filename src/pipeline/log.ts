import { CrosspointError } from "../ir/error.ts";
import { sumCost, sumUsage } from "../spend/row.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { CallContext } from "./context.ts";
import type { Outcome, Stage } from "./stage.ts";

/** Writes one line for every call when it is over, and its warnings; never prompts, answers or messages of providers. */
export function createLog(logger: Logger): Stage {
  return (next) =>
    async function logged(request, context) {
      const write = (outcome: Outcome): void => {
        try {
          for (const { type, feature, details } of context.warnings) logger.warn({ call: context.id, type, feature, details }, "warning");
          logger.debug(fieldsOf(request.model, context, outcome), "call");
        } catch {
          // the call itself went well
        }
      };
      try {
        const source = await next(request, context);
        source.onSettled(write);
        return source;
      } catch (error) {
        write({ error: CrosspointError.is(error) ? error : new CrosspointError("SERVER", "not an error of the layer", { cause: error }) });
        throw error;
      }
    };
}

function fieldsOf(model: string, context: CallContext, { error, cancelled }: Outcome): Record<string, unknown> {
  const { id, answer, attempts, attribution, runtime, startedAt } = context;
  const usage = sumUsage(attempts);
  return {
    call: id,
    model,
    deployment: answer?.deployment.id,
    outcome: cancelled === true || error?.code === "ABORTED" ? "aborted" : error === undefined ? "success" : "failure",
    error: error?.code,
    durationMs: runtime.clock.now() - startedAt,
    attempts: attempts.length,
    inputTokens: usage?.input.total,
    outputTokens: usage?.output.total,
    cost: sumCost(attempts)?.total,
    team: attribution?.team,
    project: attribution?.project,
    user: attribution?.user,
  };
}
