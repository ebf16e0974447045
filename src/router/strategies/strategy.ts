import type { ModelRequest } from "../../ir/request.ts";
import type { Deployment } from "../deployment.ts";
import type { Needs } from "../needs.ts";

/** The call that a strategy finds a place for. */
export interface Ask {
  readonly request: ModelRequest;
  /** What it asks of a model. */
  readonly needs: Needs;
  readonly stream: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Nothing will be sent: no turn is taken. */
  readonly dry?: boolean;
}

/** What a strategy compared, by deployment: the lowest wins. */
export type Scores = Record<string, number>;

/** Chooses among deployments that are all able to take a call; one instance serves one group. */
export interface Strategy {
  readonly name: string;
  /** It compares figures. */
  readonly compares?: boolean;
  /** The chosen one of two or more. With `scores`, writes down the figures of those that it compared. */
  pick(candidates: readonly Deployment[], ask: Ask, scores?: Scores): Deployment;
}

/** The candidate with the lowest score; of equal ones any, by chance. */
export function lowest(
  candidates: readonly Deployment[],
  { random }: Ask,
  score: (each: Deployment) => number,
  scores?: Scores,
): Deployment {
  let best = candidates[0]!;
  let least = Infinity;
  let equal = 0;
  for (const each of candidates) {
    const value = score(each);
    if (scores !== undefined) scores[each.id] = value;
    if (value > least) continue;
    if (value < least) [best, least, equal] = [each, value, 1];
    else if (random() * ++equal < 1) best = each;
  }
  return best;
}
