import type { ModelRequest } from "../ir/request.ts";
import type { ModelTraits } from "../ir/target.ts";
import { estimateTokens } from "../models/estimate.ts";
import type { Deployment } from "../router/deployment.ts";
import type { Groups } from "../router/groups.ts";
import { mediaOf, type Media } from "../router/needs.ts";
import { worstCost, worstOutput } from "../spend/worst-case.ts";

/**
 * The cheapest name of the `models` option that can take a call for less than the model it was meant for: every deployment behind it has a price,
 * takes the call's media, thinks if the call asks for it, enforces a schema if the call has one, and has room for the conversation.
 */
export function findCheaper(request: ModelRequest, groups: Groups): string | undefined {
  const tokens = estimateTokens(request);
  const media = mediaOf(request);
  const output = worstOutput(request, 1_000, undefined);
  const costs = ({ deployments }: { readonly deployments: readonly Deployment[] }): number[] =>
    deployments.map(({ price }) => (price === undefined ? Infinity : worstCost(price, tokens, output, request)));
  let found: string | undefined;
  let least = Math.min(...costs(groups.get(request.model)));
  for (const name of groups.names()) {
    const group = groups.get(name);
    const most = Math.max(...costs(group));
    if (name === request.model || most >= least) continue;
    if (group.deployments.every(({ target }) => suits(target.traits, request, tokens, media))) [found, least] = [name, most];
  }
  return found;
}

function suits(traits: ModelTraits, request: ModelRequest, tokens: number, media: ReadonlySet<Media>): boolean {
  const { input, contextWindow, maxOutput, reasoning, jsonSchema, tools } = traits;
  if (input !== undefined && [...media].some((each) => !input.includes(each))) return false;
  if (input === undefined && media.size > 0) return false;
  if (contextWindow !== undefined && tokens + (request.maxOutputTokens ?? 0) > contextWindow) return false;
  if (maxOutput !== undefined && (request.maxOutputTokens ?? 0) > maxOutput) return false;
  if (tools === false && (request.tools?.length ?? 0) > 0) return false;
  const thinks = request.reasoning?.effort !== undefined && request.reasoning.effort !== "none";
  if (thinks && reasoning !== true) return false;
  return !(request.output?.type === "json" && request.output.schema !== undefined && jsonSchema === false);
}
