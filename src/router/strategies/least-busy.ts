import { glance, lowest, type Strategy } from "./strategy.ts";

/** The fewest calls under way, for its weight. */
export function createLeastBusy(): Strategy {
  return {
    name: "least-busy",
    compares: true,
    pick: (candidates, ask, scores) =>
      lowest(glance(candidates, ask), ask, ({ state, weight }) => ((state?.inFlight ?? 0) + 1) / (weight || 1e-9), scores),
  };
}
