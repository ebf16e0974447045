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

/** What is worked out of a list is kept while the same list comes again: a group's own, as long as all is well. */
export function perList<T>(make: (candidates: readonly Deployment[]) => T): (candidates: readonly Deployment[]) => T {
  let last: readonly Deployment[] | undefined;
  let made: T | undefined;
  return (candidates) => {
    if (candidates !== last) [last, made] = [candidates, make(candidates)];
    return made as T;
  };
}

/** A glance at more would cost more than the best of so many is worse than the best of all. */
const GLANCE = 32;

/** The candidates to compare where any good one will do: all, or of a long list so many neighbours, from a place drawn by chance. */
export function glance(candidates: readonly Deployment[], { random }: Ask): readonly Deployment[] {
  const count = candidates.length;
  if (count <= GLANCE) return candidates;
  const start = Math.floor(random() * count);
  const part = candidates.slice(start, start + GLANCE);
  return part.length === GLANCE ? part : part.concat(candidates.slice(0, GLANCE - part.length));
}

/** The candidate with the lowest score; of equal ones any, by chance. */
export function lowest(
  candidates: readonly Deployment[],
  { random }: Ask,
  score: (each: Deployment) => number,
  scores?: Scores,
): Deployment {
  let least = Infinity;
  let best = 0;
  let equal: number[] | undefined;
  for (let index = 0; index < candidates.length; index++) {
    const value = score(candidates[index]!);
    if (scores !== undefined) scores[candidates[index]!.id] = value;
    if (value < least) [least, best, equal] = [value, index, undefined];
    else if (value === least) (equal ??= [best]).push(index);
  }
  return candidates[equal === undefined ? best : equal.at(-1 - Math.floor(random() * equal.length))!]!;
}
