import type { Deployment } from "../deployment.ts";
import { readAverage } from "../moving-average.ts";
import { lowest, type Ask, type Strategy } from "./strategy.ts";

/** Output tokens that a call is taken to have when it does not say. */
const USUAL_OUTPUT = 256;
/** What a deployment that was never measured counts as while its first call is under way. */
const UNPROVEN_MS = 60_000;
/** So many are compared with each other; of more, two. */
const FEW = 8;

/**
 * The fastest of a few, of many the faster one of two drawn by chance: milliseconds until the first event and for the output tokens, peaks counting
 * at once, squared, times the calls under way. Drawing two spares a glance at all, and keeps calls that come together from all running to the same one.
 */
export function createLatency(): Strategy {
  return {
    name: "latency",
    compares: true,
    pick(candidates, ask, scores) {
      const score = (each: Deployment): number => scoreOf(each, ask);
      return lowest(candidates.length <= FEW ? candidates : twoOf(candidates, ask), ask, score, scores);
    },
  };
}

function twoOf(candidates: readonly Deployment[], { random }: Ask): readonly Deployment[] {
  const first = Math.floor(random() * candidates.length);
  const other = Math.floor(random() * (candidates.length - 1));
  return [candidates[first]!, candidates[other >= first ? other + 1 : other]!];
}

function scoreOf({ state }: Deployment, { request, now }: Ask): number {
  if (state === undefined) return 0;
  const { firstEvent, perToken, inFlight, silent } = state;
  const output = Math.min(request.maxOutputTokens ?? USUAL_OUTPUT, USUAL_OUTPUT);
  if (firstEvent.at === 0 && perToken.at === 0) return inFlight * UNPROVEN_MS ** 2;
  // A bad time that lies back is forgiven for one call, which finds out; the next ones wait for what it says.
  if (inFlight === 0) return (readAverage(firstEvent, now) + readAverage(perToken, now) * output) ** 2;
  // Who has waited for longer than is usual tells of trouble before any answer does.
  let waited = 0;
  for (const { startedAt } of silent) {
    waited = now - startedAt;
    break;
  }
  // Squared: calls go where they are fast, not only where few are, and a slow spell is left at once.
  return (Math.max(firstEvent.value, waited) + perToken.value * output) ** 2 * (inFlight + 1);
}
