import type { Deployment } from "../deployment.ts";
import { readAverage } from "../moving-average.ts";
import type { Ask, Strategy } from "./strategy.ts";

/** Output tokens that a call is taken to have when it does not say. */
const USUAL_OUTPUT = 256;
/** What a deployment that was never measured counts as while its first call is under way. */
const UNPROVEN_MS = 60_000;

/**
 * The faster one of two drawn by chance: milliseconds until the first event and for the output tokens, peaks counting at once, times the
 * calls under way. Drawing two spares a glance at all, and keeps calls that come together from all running to the same one.
 */
export function createLatency(): Strategy {
  return {
    name: "latency",
    compares: true,
    pick(candidates, ask, scores) {
      const { random } = ask;
      const first = Math.floor(random() * candidates.length);
      const other = Math.floor(random() * (candidates.length - 1));
      const [a, b] = [candidates[first]!, candidates[other >= first ? other + 1 : other]!];
      const [ofA, ofB] = [scoreOf(a, ask), scoreOf(b, ask)];
      if (scores !== undefined) [scores[a.id], scores[b.id]] = [ofA, ofB];
      return ofB < ofA ? b : a;
    },
  };
}

function scoreOf({ state }: Deployment, { request, now }: Ask): number {
  if (state === undefined) return 0;
  const { firstEvent, perToken, inFlight } = state;
  const output = Math.min(request.maxOutputTokens ?? USUAL_OUTPUT, USUAL_OUTPUT);
  if (firstEvent.at === 0 && perToken.at === 0) return inFlight * UNPROVEN_MS;
  // A bad time that lies back is forgiven for one call, which finds out; the next ones wait for what it says.
  if (inFlight === 0) return readAverage(firstEvent, now) + readAverage(perToken, now) * output;
  return (firstEvent.value + perToken.value * output) * (inFlight + 1);
}
