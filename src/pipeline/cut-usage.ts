import type { ModelRequest } from "../ir/request.ts";
import { makeUsage, type Usage } from "../ir/usage.ts";
import { costOf } from "../models/cost.ts";
import { estimateTokens } from "../models/estimate.ts";
import type { Call } from "./call.ts";

const CHARACTERS_PER_TOKEN = 4;

/** What an answer used that was cut after `shown` characters: what the provider `told` before, the rest estimated. Providers bill it all the same. */
export function cutUsage(request: ModelRequest, told: Usage | undefined, shown: number): Usage {
  const written = Math.max(told?.output.total ?? 0, Math.ceil(shown / CHARACTERS_PER_TOKEN));
  const usage = makeUsage({
    ...told,
    input: told?.input.total === undefined ? { total: estimateTokens(request) } : told.input,
    output: { ...told?.output, total: written },
  });
  return { ...usage, estimated: true };
}

/** Bills a whole answer that broke off: it was written, and what it came to is lost but for its input. */
export function billBroken(call: Call): void {
  bill(cutUsage(call.prepared.request, undefined, 0), call);
}

/** Puts the usage of a cut answer, and its cost, on the records, unless its own came. */
export function bill(usage: Usage, { record, context, deployment }: Pick<Call, "record" | "context" | "deployment">): void {
  if (record.usage !== undefined) return;
  const cost = costOf({ price: deployment.price, source: deployment.priceSource ?? "catalogue", usage });
  record.usage = context.usage = usage;
  if (cost !== undefined) record.cost = context.cost = cost;
}
