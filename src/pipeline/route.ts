import type { ModelRequest } from "../ir/request.ts";
import type { Groups } from "../router/groups.ts";
import { attempt } from "./attempt.ts";
import type { CallContext } from "./context.ts";
import type { Routing } from "./routing.ts";
import type { EventSource, Handler } from "./stage.ts";

/**
 * Finds who answers: `route( fallback( retry( attempt ) ) )`. A layer that names no groups sends its calls to the one place that their model names, and
 * loads the rest when one of them fails.
 */
export function createRoute(groups: Groups, routing: { readonly load: () => Promise<Routing>; readonly atOnce: boolean }): Handler {
  let loaded: Routing | undefined;
  const load = (): Promise<Routing> => routing.load().then((each) => (loaded = each));
  if (routing.atOnce) load().catch(() => {}); // each call hears of it
  return function routed(request: ModelRequest, context: CallContext): Promise<EventSource> {
    if (loaded !== undefined) return loaded.open(request, context);
    const group = groups.get(request.model);
    if (routing.atOnce || isGuided(context)) return load().then((each) => each.open(request, context));
    const [deployment] = group.deployments;
    return attempt(request, deployment!, "first", context).catch((error: unknown) => {
      // Another call's failure may have loaded it while this one ran.
      const isHeard = context.runtime.monitor !== undefined;
      return load().then((each) => each.rescue(request, context, deployment!, error, isHeard));
    });
  };
}

/** Whether a call asks for more than one place. */
function isGuided({ fallbacks, recovery, hedge, region }: CallContext): boolean {
  return fallbacks !== undefined || recovery !== "error" || hedge !== undefined || region !== undefined;
}
