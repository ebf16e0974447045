import { createBook } from "../../src/models/book.ts";
import { createRegistry } from "../../src/providers/registry.ts";
import type { Deployment } from "../../src/router/deployment.ts";
import { createGroups, type DeploymentOption, type Groups, type ModelGroupOption } from "../../src/router/groups.ts";
import { createMonitor, type Monitor } from "../../src/router/monitor.ts";
import { needsOf } from "../../src/router/needs.ts";
import type { Ask } from "../../src/router/strategies/strategy.ts";
import type { Attempt, ModelRequest } from "../../src/index.ts";

export const NOW = 1_700_000_000_000;

export function groupsOf(
  models: Record<string, string | ModelGroupOption>,
  more: { defaultModel?: string; fallbacks?: string[] } = {},
): Groups {
  const env = { OPENAI_API_KEY: "sk-test-openai-000000", GROQ_API_KEY: "gsk_test_groq_00000000" };
  const groups: Groups = createGroups({
    registry: createRegistry({}, env),
    models,
    book: createBook({}, () => groups.reset()),
    unsupported: "warn",
    defaultModel: more.defaultModel,
    strategy: undefined,
    fallbacks: more.fallbacks ?? [],
  });
  return groups;
}

/** The deployments of a group, watched by a monitor. */
export function watched(options: readonly DeploymentOption[]): { readonly list: readonly Deployment[]; readonly monitor: Monitor } {
  const monitor = createMonitor();
  const list = groupsOf({ all: { deployments: options } }).get("all").deployments;
  for (const each of list) monitor.stateOf(each);
  return { list, monitor };
}

/** A stream under way at a deployment. */
export function begun({ id, provider, model }: Deployment, startedAt = NOW): Attempt {
  return { provider: provider.id, model, deployment: id, reason: "first", outcome: "failure", startedAt };
}

export function ask(random: () => number, request: Partial<ModelRequest> = {}, now = NOW): Ask {
  const whole: ModelRequest = { model: "all", messages: [{ role: "user", content: "Hi" }], ...request };
  return { request: whole, needs: needsOf(whole), stream: true, now, random };
}
