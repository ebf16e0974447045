import { reportUnsupported } from "../codec.ts";
import type { Message } from "../../ir/content.ts";
import type { JSONObject } from "../../ir/json.ts";
import type { ReasoningEffort, ModelRequest } from "../../ir/request.ts";
import type { Warning } from "../../ir/response.ts";
import type { Target } from "../../ir/target.ts";
import { isObject, text, type Draft } from "./wire.ts";

/** Efforts in rising order, with the share of the largest output that a budget for it takes. */
const SHARES = { minimal: 0.02, low: 0.1, medium: 0.3, high: 0.6, xhigh: 0.9, max: 0.95 } as const;
const EFFORTS = Object.keys(SHARES);
const DEFAULT_EFFORTS = EFFORTS.slice(1);
/** The smallest budget that the API takes. */
const MIN_BUDGET = 1024;

/** The effort itself where the model takes it, else the next lower, else the next higher one. */
function nearestEffort(effort: string, allowed: readonly string[]): string | undefined {
  const at = EFFORTS.indexOf(effort);
  if (at < 0 || allowed.includes(effort)) return effort;
  return EFFORTS.slice(0, at).findLast((each) => allowed.includes(each)) ?? EFFORTS.slice(at).find((each) => allowed.includes(each));
}

/** Whether this `thinking` object lets the model think before it answers. */
export function thinks(thinking: unknown): boolean {
  return isObject(thinking) && (thinking["type"] === "enabled" || thinking["type"] === "adaptive");
}

/** Whether the turn under way began with tool calls and without thinking: the API lets a model with a budget go on only after its own thoughts. */
function lacksThinking({ messages }: ModelRequest): boolean {
  const isQuestion = ({ role, content }: Message): boolean =>
    role === "user" && (typeof content === "string" || content.some((part) => part.type !== "tool-result"));
  const asked = messages.slice(messages.findLastIndex(isQuestion) + 1).find(({ role }) => role === "assistant")?.content;
  if (asked === undefined || typeof asked === "string" || !asked.some((part) => part.type === "tool-call")) return false;
  return asked[0]?.type !== "reasoning" || !asked[0].opaque?.length;
}

/**
 * Sets `thinking`, `output_config.effort` and, where a budget would not fit, a higher `max_tokens`. A `thinking` object or an
 * effort among the provider options replaces what `reasoning` says.
 */
export function encodeThinking(request: ModelRequest, target: Target, options: JSONObject, body: Draft, warnings: Warning[]): void {
  const { traits, quirks } = target;
  const given = options["thinking"];
  const config = options["output_config"];
  if (isObject(given)) body["thinking"] = given;
  else if (!isObject(config) || config["effort"] === undefined) derive();
  if (isObject(body["thinking"]) && body["thinking"]["type"] === "enabled" && !traits.alwaysThinks && lacksThinking(request)) {
    body["thinking"] = { type: "disabled" };
    note("reasoning", "off for this turn: it began with tool calls that no thinking of this model led to");
  }
  const { thinking } = body;
  if (!isObject(thinking) || thinking["type"] !== "enabled" || typeof thinking["budget_tokens"] !== "number") return;
  const budget = thinking["budget_tokens"];
  const limit = body["max_tokens"] as number;
  if (budget < limit || options["max_tokens"] !== undefined) return;
  const raised = Math.min(limit + budget, traits.maxOutput ?? Infinity);
  body["max_tokens"] = raised;
  if (budget >= raised && given === undefined) body["thinking"] = { ...thinking, budget_tokens: Math.max(MIN_BUDGET, raised - 1) };

  function note(feature: string, details: string): void {
    warnings.push({ type: "compatibility", feature, details });
  }

  function effort(word: ReasoningEffort, allowed: readonly string[] = traits.efforts ?? DEFAULT_EFFORTS): void {
    const nearest = nearestEffort(word, allowed);
    if (nearest === undefined) return reportUnsupported(target, warnings, "reasoning.effort", "the model takes no effort");
    if (nearest !== word) note("reasoning.effort", `${word} was changed to ${nearest}`);
    if (quirks.coreFieldsOnly) return reportUnsupported(target, warnings, "reasoning.effort", "the endpoint takes no effort");
    body["output_config"] = { ...(body["output_config"] as JSONObject | undefined), effort: nearest };
  }

  function derive(): void {
    const { effort: word, budget, visibility } = request.reasoning ?? {};
    if (word === undefined && budget === undefined) {
      if (visibility !== undefined) reportUnsupported(target, warnings, "reasoning.visibility", "it needs an effort or a budget");
      return;
    }
    if (word === "none" || budget === 0) {
      const set = word === "none" ? undefined : word;
      const toHigh = (traits.efforts ?? DEFAULT_EFFORTS).filter((each) => EFFORTS.indexOf(each) < 4);
      if (traits.alwaysThinks) {
        note("reasoning", "the model cannot stop thinking; it thinks as little as it can");
        if (traits.betweenTools) body["thinking"] = { type: "between_tools" };
        if (traits.betweenTools ? set !== undefined : traits.thinking !== "budget") effort(set ?? "low", toHigh);
      } else if (traits.reasoning !== false) {
        body["thinking"] = { type: "disabled" };
        if (set !== undefined) effort(set, traits.thinksAboveHigh ? toHigh : undefined);
      }
      return;
    }
    if (traits.reasoning === false) return reportUnsupported(target, warnings, "reasoning", "the model does not think");
    const counted = typeof budget === "number";
    const mode = traits.thinking ?? (counted || quirks.coreFieldsOnly ? "budget" : "adaptive");
    const display = visibility === undefined ? undefined : { display: visibility === "none" ? "omitted" : "summarized" };
    if (mode === "adaptive") {
      if (counted) note("reasoning.budget", "the model chooses its own budget");
      body["thinking"] = { type: "adaptive", ...display };
      if (word !== undefined) effort(word);
    } else if (mode === "budget" || counted) {
      const most = traits.maxOutput ?? (body["max_tokens"] as number);
      const wanted = counted ? budget : Math.round(most * SHARES[word ?? "medium"]);
      const least = Math.max(traits.minBudget ?? 0, MIN_BUDGET);
      const tokens = Math.max(least, Math.min(wanted, traits.maxBudget ?? (counted ? Infinity : Math.max(most, least))));
      if (counted && tokens !== budget) note("reasoning.budget", `${budget} was changed to ${tokens}`);
      body["thinking"] = { type: "enabled", budget_tokens: tokens, ...display };
      if (word !== undefined && (traits.efforts?.length || (counted && traits.thinking !== "budget"))) effort(word);
    } else if (word !== undefined) effort(word);
  }
}

/** Reads what `encodeThinking` writes. Returns what the IR has no word for, to be kept among the provider options. */
export function decodeThinking(
  thinking: unknown,
  outputConfig: JSONObject,
): { reasoning?: ModelRequest["reasoning"]; thinking?: JSONObject; effort?: string } {
  const raw = text(outputConfig["effort"]);
  const word = raw !== undefined && EFFORTS.includes(raw) ? (raw as ReasoningEffort) : undefined;
  const effort = word === undefined ? undefined : { effort: word };
  if (!isObject(thinking)) return { ...(effort && { reasoning: effort }), ...(raw !== undefined && { effort: raw }) };
  const { type, budget_tokens: budget, display, ...more } = thinking;
  const known = Object.keys(more).length === 0 && (raw === undefined || word !== undefined);
  const keep = { thinking, ...(raw !== undefined && { effort: raw }) };
  const visibility =
    display === "omitted" ? { visibility: "none" as const } : display === "summarized" ? { visibility: "auto" as const } : undefined;
  if (type === "disabled") return { reasoning: word === undefined ? { effort: "none" } : { budget: 0, effort: word }, ...(!known && keep) };
  if (type === "adaptive") return { reasoning: { budget: "dynamic", ...effort, ...visibility }, ...(!known && keep) };
  if (type === "enabled" && typeof budget === "number") return { reasoning: { budget, ...effort, ...visibility }, ...(!known && keep) };
  return { ...(effort && { reasoning: effort }), ...keep };
}
