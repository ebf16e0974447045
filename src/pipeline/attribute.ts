import { checkAttribution, mergeAttribution, type Attribution, type AttributionScope } from "../spend/attribution.ts";
import type { Stage } from "./stage.ts";

/** Gives the call its attribution: what the layer was made with, the scope around the call, and the call's own, inner over outer. */
export function createAttribute(base: Attribution | undefined, scope: AttributionScope): Stage {
  if (base !== undefined) checkAttribution(base);
  return (next) =>
    function attributed(request, context) {
      const outer = mergeAttribution(base, scope.current());
      if (context.attribution !== undefined) checkAttribution(context.attribution);
      context.attribution = mergeAttribution(outer, context.attribution);
      return next(request, context);
    };
}
