import type { CallContext } from "./context.ts";
import type { EventSource } from "./stage.ts";

const forgotten = typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry<() => void>((leave) => leave());

/**
 * Cancels a stream that its reader forgot: once nobody can read it any more, its connection is closed, what it used is counted and its spans end. What it
 * hands to the registry must not lead back to the source.
 */
export function endForgotten(source: EventSource, context: CallContext): EventSource {
  const { cancel } = source;
  forgotten?.register(
    source,
    () => {
      context.trace?.abandon();
      cancel();
    },
    context,
  );
  source.onSettled(() => forgotten?.unregister(context));
  return source;
}
