import type { Deployment } from "./deployment.ts";

/** The group's deployments in the order in which to try them: the first drawn by weight, and so on. */
export function shuffle(deployments: readonly Deployment[], random: () => number): readonly Deployment[] {
  if (deployments.length === 1) return deployments;
  const left = [...deployments];
  const order: Deployment[] = [];
  while (left.length > 0) {
    let point = random() * left.reduce((sum, each) => sum + each.weight, 0);
    const index = left.findIndex((each) => (point -= each.weight) < 0);
    order.push(...left.splice(index === -1 ? left.length - 1 : index, 1));
  }
  return order;
}
