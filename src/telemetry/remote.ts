import { SPAN_KEY } from "./nesting.ts";
import { otel } from "./otel.ts";

/** A response of a gateway says in it which trace tells what the call used. */
export const USAGE_OWNER = "x-crosspoint-usage-owner";

const GETTER = {
  get: (headers: Headers, name: string): string | undefined => headers.get(name) ?? undefined,
  keys: (headers: Headers): string[] => [...headers.keys()],
};

/** Runs a client's call within the trace that its headers continue, unless the program is in a span already. */
export function continued<T>(headers: Headers, body: () => T): T {
  const { context, propagation } = otel() ?? {};
  if (context === undefined || propagation === undefined) return body();
  const active = context.active();
  if (active.getValue(SPAN_KEY) !== undefined || !propagation.fields().some((name) => headers.has(name))) return body();
  return context.with(propagation.extract(active, headers, GETTER), body);
}
