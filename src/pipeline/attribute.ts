import { CrosspointError } from "../ir/error.ts";
import { checkAttribution, mergeAttribution, type Attribution } from "../spend/attribution.ts";
import type { CallContext } from "./context.ts";
import type { Stage } from "./stage.ts";

/**
 * Gives the call its attribution: what the layer was made with, what came with the trace, and what the call was made with, inner over outer. A call
 * without a field that is required is refused.
 */
export function createAttribute(
  base: Attribution | undefined,
  required: readonly (keyof Attribution)[] = [],
  inherited?: (context: CallContext) => Attribution | undefined,
): Stage {
  if (base !== undefined) checkAttribution(base);
  return (next) =>
    function attributed(request, context) {
      const outer = inherited === undefined ? base : mergeAttribution(base, inherited(context));
      if (context.attribution !== undefined) checkAttribution(context.attribution);
      context.attribution = mergeAttribution(outer, context.attribution);
      for (const field of required) {
        if ((context.attribution?.[field]?.length ?? 0) === 0) throw missing(field);
      }
      return next(request, context);
    };
}

function missing(field: keyof Attribution): CrosspointError {
  const param = `attribution.${field}`;
  return new CrosspointError(
    "BAD_REQUEST",
    `${param} is required: give it with the call, by withAttribution, or in the option attribution`,
    {
      param,
    },
  );
}
